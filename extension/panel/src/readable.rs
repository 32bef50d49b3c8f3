//! The report as people read it, outside of any program of ours. In English names of fields and the person's own words: it has to be understood by
//! whoever gets it, in ten years.

use recourse_wire::engine::Outgoing;

/// `report.txt`.
pub(crate) fn readable(outgoing: &Outgoing) -> String {
    let mut text = String::from("REPORT\n\n");
    let draft = serde_json::to_value(&outgoing.draft).unwrap_or_default();
    let mut line = |depth: usize, name: &str, value: &str| {
        text.push_str(&"  ".repeat(depth));
        text.push_str(name);
        text.push_str(": ");
        // Lines of a text stay lines, and never look like a field.
        text.push_str(&value.replace('\n', &["\n", &"  ".repeat(depth), "  | "].concat()));
        text.push('\n');
    };
    fields(&draft, 0, &mut line);
    for (name, value) in [("contact name", &outgoing.contact.name), ("contact", &outgoing.contact.reach)] {
        if let Some(value) = value {
            line(0, name, value);
        }
    }
    for (file, place) in outgoing.files.iter().zip(1..) {
        line(0, &format!("item {place}"), &file.name);
        if let Some(description) = &file.description {
            line(1, "shows", description);
        }
        if !file.url.is_empty() {
            line(1, "from", &file.url);
        }
    }
    text
}

fn fields(value: &serde_json::Value, depth: usize, line: &mut impl FnMut(usize, &str, &str)) {
    let Some(object) = value.as_object() else { return };
    for (name, value) in object {
        let name = name.replace('_', " ");
        match value {
            serde_json::Value::String(text) if !text.is_empty() => line(depth, &name, text),
            serde_json::Value::Bool(flag) => line(depth, &name, if *flag { "yes" } else { "no" }),
            serde_json::Value::Number(number) => line(depth, &name, &number.to_string()),
            serde_json::Value::Array(list) if !list.is_empty() => {
                let words: Vec<&str> = list.iter().filter_map(serde_json::Value::as_str).collect();
                if words.is_empty() {
                    for (one, place) in list.iter().zip(1..) {
                        line(depth, &name, &place.to_string());
                        fields(one, depth + 1, line);
                    }
                } else {
                    line(depth, &name, &words.join(", "));
                }
            }
            serde_json::Value::Object(inner) if !inner.is_empty() => {
                line(depth, &name, "");
                fields(value, depth + 1, line);
            }
            _ => {}
        }
    }
}
