//! What a page gets of good locales, and what is said of bad ones.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

use std::fs;

use recourse_locale::{FIRST, Language, Locales, Part};

const ENGLISH: &str = r##"{"start.title": "Hello {name}", "files#one": "{count} file", "files#other": "{count} files",
    "files-more": "More", "about.title": "About", "who.title": "Who", "who.lead": "Say \"who\""}"##;

/// Two files, English and German of one surface.
fn pair(surface: &str, german: &str) -> Result<Locales, String> {
    let (en, de) = (format!("en.{surface}.json"), format!("de.{surface}.json"));
    Locales::of([(&*en, ENGLISH), (&*de, german)]).map_err(|fault| fault.to_string())
}

/// German that says what English says, with one thing replaced.
fn german(from: &str, to: &str) -> String {
    assert!(ENGLISH.contains(from));
    ENGLISH.replacen(from, to, 1)
}

#[test]
fn a_surface_of_one_part_is_packed_in_the_order_of_its_keys() {
    let locales = pair("console", &german("More", "Mehr")).unwrap();
    let surface = locales.surface("console").unwrap();
    let names: Vec<&str> = surface.keys().iter().map(|key| &*key.name).collect();
    assert_eq!(names, ["about.title", "files", "files-more", "start.title", "who.lead", "who.title"]);
    assert_eq!(surface.languages().collect::<Vec<_>>(), ["de", "en"]);
    let packed = locales.packed();
    assert_eq!(packed.iter().map(|file| &*file.name).collect::<Vec<_>>(), ["de.console.json", "en.console.json"]);
    assert_eq!(
        packed[0].json,
        r#"["About","\u0001one\u0001{count} file\u0001other\u0001{count} files","Mehr","Hello {name}","Say \"who\"","Who"]"#
    );
    assert!(surface.pack("fr", Part::First).is_none());
}

#[test]
fn the_form_comes_in_two_parts_and_the_later_one_is_numbered_after_the_first() {
    let locales = pair("form", ENGLISH).unwrap();
    let surface = locales.surface("form").unwrap();
    let names: Vec<(&str, Part)> = surface.keys().iter().map(|key| (&*key.name, key.part)).collect();
    let (first, later) = (Part::First, Part::Later);
    assert_eq!(
        names,
        [
            ("about.title", first),
            ("start.title", first),
            ("files", later),
            ("files-more", later),
            ("who.lead", later),
            ("who.title", later)
        ]
    );
    let packed = locales.packed();
    assert_eq!(
        packed.iter().map(|file| (&*file.name, &*file.source)).collect::<Vec<_>>(),
        [
            ("de.form.json", "de.form.json"),
            ("de.form-later.json", "de.form.json"),
            ("en.form.json", "en.form.json"),
            ("en.form-later.json", "en.form.json")
        ]
    );
    assert_eq!(packed[2].json, r#"["About","Hello {name}"]"#);
    let mut whole = surface.texts("en", first).unwrap();
    whole.extend(surface.texts("en", later).unwrap());
    assert_eq!(whole.len(), surface.keys().len());
}

#[test]
fn what_surfaces_share_stands_at_the_end_of_each() {
    let shared = r##"{"card.busy": "Busy", "card.count#one": "{count} card", "card.count#other": "{count} cards"}"##;
    let files =
        [("en.form.json", ENGLISH), ("en.follow-up.json", r#"{"who.title": "Who"}"#), ("en.console.json", "{}")];
    let with = |more: &[(&'static str, &'static str)]| {
        Locales::of(files.into_iter().chain(more.iter().copied())).map_err(|fault| fault.to_string())
    };
    let locales = with(&[("en.evidence.json", shared)]).unwrap();
    assert_eq!(
        locales.surfaces().iter().map(|surface| surface.name()).collect::<Vec<_>>(),
        ["console", "follow-up", "form"]
    );
    let keys = |name: &str| locales.surface(name).unwrap().keys().to_vec();
    for (surface, part) in [("form", Part::Later), ("follow-up", Part::First)] {
        let last: Vec<_> = keys(surface).into_iter().rev().take(2).collect();
        assert!(last.iter().all(|key| key.shared == Some("evidence") && key.part == part), "{last:?}");
        let texts = locales.surface(surface).unwrap().texts("en", part).unwrap();
        assert_eq!(texts[texts.len() - 2..], ["Busy", "\u{1}one\u{1}{count} card\u{1}other\u{1}{count} cards"]);
    }
    assert!(keys("console").is_empty() && keys("form").iter().filter(|key| key.shared.is_some()).count() == 2);

    let lacks = with(&[("en.evidence.json", shared), ("de.follow-up.json", r#"{"who.title": "Wer"}"#)]).unwrap_err();
    assert_eq!(lacks, "de.evidence.json: there is none, and follow-up shows its texts");
    let twice = with(&[("en.evidence.json", r#"{"who.title": "Who"}"#)]).unwrap_err();
    assert_eq!(twice, "en.evidence.json: who.title: en.follow-up.json has it too");
    let half = with(&[("en.evidence.json", shared), ("de.evidence.json", r#"{"card.busy": "Moment"}"#)]).unwrap_err();
    assert_eq!(half, "de.evidence.json: card.count#other: it is missing");
}

#[test]
fn a_language_has_the_plural_forms_that_it_needs() {
    let polish = german(
        r##""files#one": "{count} file", "files#other": "{count} files""##,
        r##""files#other": "{count} pliku", "files#many": "{count} plików", "files#few": "{count} pliki", "files#one": "plik""##,
    );
    let locales = pair("console", &polish).unwrap();
    let texts = locales.surface("console").unwrap().texts("de", Part::First).unwrap();
    let forms = [("one", "plik"), ("few", "{count} pliki"), ("many", "{count} plików"), ("other", "{count} pliku")];
    assert_eq!(texts[1], forms.map(|(form, text)| format!("\u{1}{form}\u{1}{text}")).concat());
}

#[test]
fn faults_name_file_and_key() {
    for (from, to, said) in [
        (r##""who.title": "Who", "##, "", "who.title: it is missing"),
        (r##""files#other": "{count} files","##, "", "files#other: it is missing"),
        ("Hello {name}", "Hallo {Name}", "start.title: it has the placeholders {Name}, and English has {name}"),
        ("Hello {name}", "Hallo", "start.title: it has the placeholders (none), and English has {name}"),
        ("{count} files", "Dateien", "files#other: it has the placeholders (none), and English has {count}"),
        ("{count} file\"", "{n} Datei\"", "files#one: it has the placeholders {n}, and English has {count}"),
        ("Hello {name}", "Hallo {name", "start.title: a brace has no other"),
        ("Hello {name}", "Hallo }name{", "start.title: a brace has no other"),
        ("Hello {name}", "{{name}}", "start.title: a brace has no other"),
        ("files#one", "files#lots", "files#lots: no language has such a plural form"),
        ("files#one", "files", "files#other: it is a plural and a plain text at once"),
        ("who.title", "who.name", "who.name: English does not have it"),
        ("files-more\"", "files-more#other\"", "files-more#other: English does not have it"),
        ("who.title", "who title", "who title: keys are ASCII letters"),
        ("\"About\"", "\" \"", "about.title: it is empty"),
        ("\"About\"", "\"\\u0001\"", "about.title: it has a control character"),
        ("who.title", "about.title", "about.title is there twice at line 2"),
        ("\"About\"", "{\"a\": \"b\"}", "not one flat object of texts: invalid type: map, expected a string at line 2"),
        ("\"About\"", "7", "not one flat object of texts: invalid type: integer `7`, expected a string at line 2"),
        ("{\"start", "[\"start", "not one flat object of texts"),
        ("\\\"who\\\"\"}", "x\"} {}", "not one flat object of texts: trailing characters"),
    ] {
        let fault = pair("form", &german(from, to)).unwrap_err();
        assert!(fault.starts_with("de.form.json: ") && fault.contains(said), "{from} -> {to}: {fault}");
    }
    let plural = Locales::of([("en.form.json", r##"{"a#one": "x"}"##)]).unwrap_err().to_string();
    assert_eq!(plural, "en.form.json: a#other: it is missing");
    let lonely = Locales::of([("de.form.json", ENGLISH)]).unwrap_err().to_string();
    assert!(lonely.starts_with("en.form.json: there is none"), "{lonely}");
}

#[test]
fn files_of_other_names_are_refused() {
    for name in ["en.json", "en.form.yaml", "en.form.json.orig", "e n.form.json", ".form.json", "en-.form.json"]
        .into_iter()
        .chain(["en.form-later.json", "en..json", "en.Form.json", "notes"])
    {
        let fault = Locales::of([(name, "{}")]).unwrap_err().to_string();
        assert!(fault.starts_with(&format!("{name}: locales are called")), "{fault}");
    }
    for name in ["en.form.json", "en.follow-up.json"] {
        assert!(Locales::of([(name, "{}")]).is_ok(), "{name}");
    }
    let tags = [("en.form.json", "{}"), ("pt-BR.form.json", "{}"), ("zh-Hans.form.json", "{}")];
    assert!(Locales::of(tags).is_ok());
}

#[test]
fn a_folder_is_read_and_a_missing_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("en.form.json"), ENGLISH).unwrap();
    assert_eq!(Locales::read(folder.path()).unwrap().packed().len(), 2);
    let fault = Locales::read(&folder.path().join("none")).unwrap_err().to_string();
    assert!(fault.contains("none: "), "{fault}");
    fs::create_dir(folder.path().join("de.form.json")).unwrap();
    let fault = Locales::read(folder.path()).unwrap_err().to_string();
    assert!(fault.contains("de.form.json: "), "{fault}");
}

/// A start that no key has any more would be forgotten here, and its successor be loaded too late.
#[test]
fn every_start_of_a_first_part_has_a_key() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/locales");
    let locales = Locales::read(folder.as_ref()).unwrap();
    for (surface, starts) in FIRST {
        let keys = locales.surface(surface).unwrap().keys();
        for start in starts {
            assert!(keys.iter().any(|key| key.name.starts_with(start)), "{surface}: no key begins with {start}");
        }
    }
}

#[test]
fn a_language_lacks_none_of_its_own_plural_forms() {
    let of = |tag: &str, text: &str| {
        Locales::of([("en.console.json", ENGLISH), (&*format!("{tag}.console.json"), text)])
            .map_err(|fault| fault.to_string())
    };
    assert!(of("de", ENGLISH).is_ok());
    assert!(of("xx", ENGLISH).is_ok());
    assert_eq!(of("pl", ENGLISH).unwrap_err(), "pl.console.json: files#few: it is missing");
    assert_eq!(of("ar", ENGLISH).unwrap_err(), "ar.console.json: files#zero: it is missing");
    assert!(of("ja", &german("\"files#one\": \"{count} file\", ", "")).is_ok());
}

#[test]
fn english_stands_beside_what_nobody_has_checked() {
    let english = r#"{"law.text": "Law", "start.title": "Hello"}"#;
    let german = r#"{"law.text": "Recht", "start.title": "Hallo"}"#;
    let list = |checked: bool| {
        Language::list(&format!(
            r#"[{{"tag":"en","name":"English","source":true}},{{"tag":"de","name":"Deutsch","checked":{checked}}}]"#
        ))
        .unwrap()
    };
    for (checked, shown) in [(false, "Recht\u{2}Law"), (true, "Recht")] {
        let locales = Locales::of([("en.form.json", english), ("de.form.json", german)]).unwrap();
        let locales = locales.with_english_beside(&list(checked));
        let form = locales.surface("form").unwrap();
        assert_eq!(form.texts("de", Part::Later).unwrap(), [shown]);
        assert_eq!(form.texts("de", Part::First).unwrap(), ["Hallo"]);
        assert_eq!(form.texts("en", Part::Later).unwrap(), ["Law"]);
        assert_eq!(locales.offered(list(checked), &["form"]).unwrap().len(), 2);
        assert_eq!(locales.offered(list(checked), &["form", "follow-up"]).unwrap().len(), 0);
        assert_eq!(
            locales.offered(Vec::new(), &["form"]).unwrap_err().to_string(),
            "languages.json: de is not there, and there are texts in it"
        );
    }
    assert!(Language::list(r#"[{"tag":"en","name":"a"},{"tag":"en","name":"b"}]"#).is_err());
}

/// Words that are the same in two languages there are, whole screens of them there are not.
const SAME: f64 = 0.02;

#[test]
fn every_language_is_translated() {
    let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/locales"));
    let locales = Locales::read(folder).unwrap_or_else(|fault| panic!("{fault}"));
    for surface in locales.surfaces() {
        for language in surface.languages().filter(|language| *language != "en") {
            let (same, all) = surface.same_as_english(language);
            let share = same.len() as f64 / all as f64;
            assert!(share <= SAME, "{language}.{}: {:.1} % are the English: {same:?}", surface.name(), share * 100.0);
        }
    }
}
