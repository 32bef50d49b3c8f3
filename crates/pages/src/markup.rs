//! HTML by calls: every text and every value is escaped where it is written, and there is no other way to write one.

/// Elements that have no end.
const EMPTY: [&str; 3] = ["input", "meta", "br"];

/// Stands between a text and its English: see `recourse-locale`.
const ENGLISH: char = '\u{2}';

/// HTML in the making.
#[derive(Debug, Default)]
pub(crate) struct Markup {
    out: String,
    open: Vec<&'static str>,
    /// The last element may still get attributes.
    in_tag: bool,
}

impl Markup {
    /// Begins an element; an empty class is none.
    pub(crate) fn open(&mut self, tag: &'static str, class: &str) -> &mut Self {
        self.end_tag();
        self.out.push('<');
        self.out.push_str(tag);
        self.open.push(tag);
        self.in_tag = true;
        if class.is_empty() { self } else { self.set("class", class) }
    }

    /// An attribute of the element that was just begun.
    pub(crate) fn set(&mut self, name: &'static str, value: &str) -> &mut Self {
        if self.in_tag {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            // An attribute has room for one language.
            escape(&mut self.out, value.split(ENGLISH).next().unwrap_or_default());
            self.out.push('"');
        }
        self
    }

    /// An attribute without a value, if it is on.
    pub(crate) fn flag(&mut self, name: &'static str, on: bool) -> &mut Self {
        if on && self.in_tag {
            self.out.push(' ');
            self.out.push_str(name);
        }
        self
    }

    /// Text, with its English behind it where the locale has both.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.end_tag();
        if let Some((own, english)) = text.split_once(ENGLISH) {
            escape(&mut self.out, own);
            return self.open("span", "beside").set("lang", "en").set("dir", "ltr").text(english).close();
        }
        escape(&mut self.out, text);
        self
    }

    /// Ends the innermost element.
    pub(crate) fn close(&mut self) -> &mut Self {
        self.end_tag();
        if let Some(tag) = self.open.pop()
            && !EMPTY.contains(&tag)
        {
            self.out.push_str("</");
            self.out.push_str(tag);
            self.out.push('>');
        }
        self
    }

    /// A whole element with a text.
    pub(crate) fn line(&mut self, tag: &'static str, class: &str, text: &str) -> &mut Self {
        self.open(tag, class).text(text).close()
    }

    /// Text as somebody wrote it: line by line.
    pub(crate) fn quote(&mut self, text: &str) -> &mut Self {
        self.open("p", "typed").set("dir", "auto").text(text).close()
    }

    /// What was written, with every element ended.
    pub(crate) fn done(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn end_tag(&mut self) {
        if self.in_tag {
            self.out.push('>');
            self.in_tag = false;
        }
    }
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // No character of HTML at all.
            '\0' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_stays_text() {
        let mut html = Markup::default();
        html.open("p", "a\"b").set("title", "'><script>").text("<b>&amp;\0");
        html.open("input", "").set("value", "\n\"").close().close();
        assert_eq!(
            html.done(),
            "<p class=\"a&quot;b\" title=\"&#39;&gt;&lt;script&gt;\">&lt;b&gt;&amp;amp;\u{fffd}<input value=\"\n&quot;\"></p>"
        );
    }

    #[test]
    fn english_stands_beside_what_nobody_has_checked() {
        let mut html = Markup::default();
        html.open("p", "").set("title", "a\u{2}b").text("a\u{2}b<");
        assert_eq!(html.done(), "<p title=\"a\">a<span class=\"beside\" lang=\"en\" dir=\"ltr\">b&lt;</span></p>");
    }

    #[test]
    fn an_attribute_after_its_element_is_left_out_and_all_is_ended() {
        let mut html = Markup::default();
        html.open("div", "").text("x").set("class", "late");
        html.open("p", "");
        assert_eq!(html.done(), "<div>x<p></p></div>");
    }
}
