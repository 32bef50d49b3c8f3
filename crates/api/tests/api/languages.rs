//! Nothing that the server shows a reporter is English for somebody who reads Arabic, and it is written from right to left.

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use recourse_api::{Assets, Network};
use recourse_domain::channel::{Manifest, OtherRoute};
use recourse_domain::content::TeamContent;
use recourse_domain::lifecycle::CaseState;
use recourse_domain::report::Remedy;
use recourse_seal::receipt::Receipt;
use recourse_testkit::{Answer, World, get, send, with};

use crate::coming_back::Desk;
use crate::form::{File, hidden, posted};

/// Names, commands, and what is called the same everywhere.
const NAMES: [&str; 14] = [
    "Northwind",
    "CRM",
    "Ada",
    "Bo",
    "Report",
    "team",
    "Ombudsperson",
    "JavaScript",
    "QR",
    "UTC",
    "record",
    "notes",
    "recourse",
    "open-record",
];

/// The pages as they stand in the repository, with the placeholders that the server fills.
fn pages() -> Assets {
    let mut files = Vec::new();
    for folder in ["widget/pages", "www/follow-up/pages"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "html") {
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                files.push((name, Bytes::from(std::fs::read(&path).unwrap())));
            }
        }
    }
    Assets::from_files(files)
}

/// A provider who writes Arabic.
fn in_arabic(manifest: &mut Manifest) {
    let text =
        || BTreeMap::from([("en".to_owned(), "in English words".to_owned()), ("ar".to_owned(), "كلمات".to_owned())]);
    manifest.languages = vec!["en".to_owned(), "ar".to_owned()];
    manifest.reading_hours = text();
    manifest.controller.privacy_notice = text();
    manifest.controller.rules = text();
    manifest.stages.iter_mut().for_each(|stage| stage.text = text());
    manifest.other_routes =
        vec![OtherRoute { name: "هيئة".to_owned(), text: text(), url: "https://ombuds.example".to_owned() }];
}

/// Text and spoken attributes of a page, without what is in another language on purpose and what is no language.
fn words(html: &str) -> Vec<String> {
    const SPOKEN: [&str; 7] = ["title=", "aria-label=", "placeholder=", "alt=", "label=", "data-", "value="];
    let (mut pieces, mut rest, mut skipped) = (Vec::new(), html, Vec::<String>::new());
    while let Some((text, tail)) = rest.split_once('<') {
        let (tag, after) = tail.split_once('>').unwrap_or((tail, ""));
        if skipped.is_empty() {
            pieces.push(text.to_owned());
        }
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let is_void = matches!(&*name, "input" | "meta" | "link" | "br" | "") || tag.starts_with('!');
        let foreign = tag.contains(" lang=\"") && !tag.contains(" lang=\"ar\"") && name != "html";
        if tag.starts_with('/') {
            if !skipped.is_empty() {
                skipped.pop();
            }
        } else if !is_void
            && (!skipped.is_empty()
                || foreign
                || matches!(&*name, "svg" | "script" | "code")
                || tag.contains("translate=\"no\""))
        {
            skipped.push(name.clone());
        } else if skipped.is_empty() {
            // Values of buttons and choices are ids; what an input shows is text.
            let shown = |part: &str| !part.starts_with("value=") || (name == "input" && tag.contains("type=\"text\""));
            for part in
                tag.split("\" ").filter(|part| !part.starts_with("data-locales") && !part.starts_with("data-later"))
            {
                let part = part.trim_start_matches(&*name).trim();
                if let Some(start) = SPOKEN.iter().find(|start| part.starts_with(**start))
                    && shown(part)
                    && let Some((_, value)) = part.split_once("=\"")
                    && (*start != "data-" || value.contains(' '))
                {
                    pieces.push(value.trim_end_matches('"').to_owned());
                }
            }
        }
        rest = after;
    }
    pieces
}

/// Two words in a row that an English reader would read.
fn english(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for piece in words(html) {
        let mut run: Vec<&str> = Vec::new();
        for word in piece.split_whitespace().chain(["."]) {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let latin = bare.chars().filter(char::is_ascii_alphabetic).count();
            let is_word = latin > 0
                && bare.chars().all(|c| c.is_ascii_alphabetic() || "'’-".contains(c))
                && !NAMES.contains(&bare)
                && bare.chars().any(|c| c.is_ascii_lowercase());
            if is_word {
                run.push(bare);
            }
            if !is_word || word.ends_with(['.', ':', '?', '!']) {
                if run.len() > 1 {
                    found.push(run.join(" "));
                }
                run.clear();
            }
        }
    }
    found
}

#[track_caller]
fn is_arabic(name: &str, answer: &Answer) {
    let text = answer.text();
    assert!(text.contains("lang=\"ar\" dir=\"rtl\""), "{name}: {text}");
    assert_eq!(english(&text), Vec::<String>::new(), "{name}");
    assert!(!text.contains("{{say") && !text.contains("in English words"), "{name}: {text}");
    let arabic = words(&text).concat().chars().filter(|c| ('\u{600}'..'\u{700}').contains(c)).count();
    assert!(arabic > 10, "{name} says nothing: {text}");
}

async fn ask(world: &World, path: &str) -> Answer {
    send(&world.intake, with(get(path), "accept-language", "ar-EG, en;q=0.5")).await
}

async fn post(world: &World, path: &str, fields: &[(&str, &str)], files: &[File<'_>]) -> Answer {
    send(&world.intake, with(posted(path, fields, files), "accept-language", "ar")).await
}

#[tokio::test]
async fn every_page_is_in_arabic_for_whoever_reads_it() {
    let world = World::with_pages(in_arabic, pages()).await;
    for path in
        ["/r/demo", "/embed/demo", "/follow-up/demo", "/verify", "/left", "/r/demo/plain", "/follow-up/demo/plain"]
    {
        is_arabic(path, &ask(&world, path).await.expect(200));
    }
    for path in ["/r/none", "/embed/none", "/follow-up/none", "/r/none/plain", "/follow-up/none/plain"] {
        is_arabic(path, &ask(&world, path).await.expect(404));
    }
    // An address can ask for a language, too.
    for path in ["/r/demo/plain?lang=ar", "/verify?lang=ar", "/follow-up/demo/plain?lang=ar", "/r/none/plain?lang=ar"] {
        is_arabic(path, &send(&world.intake, with(get(path), "accept-language", "en")).await);
    }
    // What is looked for is there: the same pages in English are full of it.
    for path in [
        "/r/demo",
        "/embed/demo",
        "/follow-up/demo",
        "/verify",
        "/left",
        "/r/none",
        "/r/demo/plain",
        "/follow-up/demo/plain",
    ] {
        let answer = send(&world.intake, with(get(path), "accept-language", "en")).await;
        assert!(!english(&answer.text()).is_empty(), "{path}: {}", answer.text());
    }
}

const PLAIN: &str = "/r/demo/plain";

#[tokio::test]
async fn the_form_without_script_is_in_arabic_to_its_end() {
    let world = World::with_pages(in_arabic, pages()).await;
    for purpose in ["flag_misuse", "seek_remedy", "illegal_content_notice", "appeal", "record_only"] {
        is_arabic(purpose, &post(&world, PLAIN, &[("purpose", purpose)], &[]).await.expect(200));
        let faults = [("purpose", purpose), ("how-many", "x"), ("go", "check")];
        is_arabic(purpose, &post(&world, PLAIN, &faults, &[]).await.expect(422));
    }
    let all = [
        ("purpose", "seek_remedy"),
        ("text-what-happened", "ما حدث"),
        ("text-harm", "الضرر"),
        ("category", "personal_data_misuse"),
        ("also-category", "retaliation"),
        ("identity", "confidential"),
        ("relationship", "user"),
        ("danger", "yes"),
        ("when", "this_week"),
        ("affected", "workers"),
        ("subject", "customer_org"),
        ("remedy", "apology"),
        ("speaks", "others"),
        ("represented-know", "not_sure"),
        ("receipts", "2"),
    ];
    let order = |go| all.into_iter().chain([("go", go)]).collect::<Vec<_>>();
    is_arabic("check", &post(&world, PLAIN, &order("check"), &[]).await.expect(200));
    let broken: [File<'_>; 2] = [("a.pdf", "application/pdf", b"%PDF-1.7 broken"), ("b.txt", "text/plain", b"")];
    for file in broken {
        is_arabic("refused", &post(&world, PLAIN, &order("send"), &[file]).await.expect(422));
    }
    is_arabic("sent", &post(&world, PLAIN, &order("send"), &[]).await.expect(200));
    let foreign =
        with(with(posted(PLAIN, &order("send"), &[]), "sec-fetch-site", "cross-site"), "accept-language", "ar");
    is_arabic("foreign", &send(&world.intake, foreign).await.expect(403));
    let record = [("purpose", "record_only"), ("text-what-happened", "ما حدث"), ("go", "check")];
    is_arabic("record", &post(&world, PLAIN, &record, &[]).await.expect(200));
    while world.state.limits().plain_form(Network::UNKNOWN, world.now()).is_ok() {}
    is_arabic("wait", &post(&world, PLAIN, &order("send"), &[]).await.expect(429));
}

#[tokio::test]
async fn a_language_that_was_chosen_goes_along() {
    let world = World::with_pages(in_arabic, pages()).await;
    let path = "/r/demo/plain?lang=ar";
    let story = [("purpose", "flag_misuse"), ("text-what-happened", "ما حدث"), ("go", "send")];
    let sent = send(&world.intake, with(posted(path, &story, &[]), "accept-language", "en")).await.expect(200);
    is_arabic("sent", &sent);
    let text = sent.text();
    let next = "https://intake.example/follow-up/demo/plain?lang=ar";
    assert!(text.contains(&format!("id=\"follow-up\" href=\"{next}\"")), "{text}");
    let next = next.trim_start_matches("https://intake.example");
    let begun = send(&world.intake, with(get(next), "accept-language", "en")).await.expect(200);
    is_arabic("begun", &begun);
    assert!(begun.text().contains(&format!("action=\"{next}\"")));
    is_arabic("slip", &send(&world.intake, with(posted(next, &[("code", "")], &[]), "accept-language", "en")).await);
}

const FOLLOW_UP: &str = "/follow-up/demo/plain";

#[tokio::test]
async fn coming_back_without_script_is_in_arabic_to_its_end() {
    let world = World::with_pages(in_arabic, pages()).await;
    let code = crate::coming_back::file(&world).await;
    let unknown = Receipt::from_bytes([9; 16]).to_text();
    let swapped = [&code[..33], if code.ends_with('0') { "1" } else { "0" }].concat();
    for typed in ["", &code[..20], &format!("{code}AAAA"), &format!("{}*", &code[..33]), &swapped, &unknown] {
        let answer = post(&world, FOLLOW_UP, &[("code", typed), ("go", "open")], &[]).await.expect(422);
        is_arabic(typed, &answer);
    }
    let mut ada = Desk::of(&world).await;
    let look = async |name: &str| {
        let answer = post(&world, FOLLOW_UP, &[("code", &code), ("go", "open")], &[]).await.expect(200);
        is_arabic(name, &answer);
        answer
    };
    let act = async |page: &Answer, order: &str, more: &[(&str, &str)], status: u16| {
        let seen = hidden(page, "seen");
        let carried = [("code", &*code), ("seen", &*seen), ("go", order)];
        let fields: Vec<_> = carried.into_iter().chain(more.iter().copied()).collect();
        let answer = post(&world, FOLLOW_UP, &fields, &[]).await.expect(status);
        is_arabic(order, &answer);
        answer
    };
    look("fresh").await;
    ada.write(&code, TeamContent::Reply { text: "متى".to_owned(), language: "ar".to_owned() }).await;
    ada.step(&code, CaseState::InTriage, "سبب", &[]).await;
    ada.step(&code, CaseState::NeedsInfo, "سؤال", &[]).await;
    let page = look("asked").await;
    let page = act(&page, "message", &[("text-message", "يوم")], 200).await;
    act(&page, "message", &[], 422).await;
    act(&page, "files", &[("text-files", "x")], 422).await;
    ada.step(&code, CaseState::InReview, "", &[]).await;
    ada.step(&code, CaseState::Decided, "", &[Remedy::Apology, Remedy::CompensationFinancial]).await;
    let page = look("decided").await;
    act(&page, "message", &[("text-message", "يوم")], 200).await;
    act(&page, "message", &[("text-message", "يوم")], 409).await;
    let page = act(&look("again").await, "accept", &[], 200).await;
    let page = act(&page, "offer", &[("offer-apology", "yes")], 200).await;
    ada.step(&code, CaseState::RemedyInProgress, "", &[]).await;
    ada.step(&code, CaseState::Remedied, "", &[]).await;
    act(&page, "contest", &[], 409).await;
    let page = act(&look("remedied").await, "delivered", &[("delivered-apology", "no")], 200).await;
    let page = act(&page, "contest", &[], 200).await;
    let page = act(&page, "withdraw", &[], 200).await;
    act(&page, "feedback", &[("heard", "partly")], 200).await;
    world.advance(370 * 86_400);
    look("expired").await;
    world.advance(30 * 86_400);
    is_arabic("ended", &post(&world, FOLLOW_UP, &[("code", &code), ("go", "open")], &[]).await.expect(503));
    while world.state.limits().plain_follow_up(Network::UNKNOWN, world.now()).is_ok() {}
    is_arabic("wait", &post(&world, FOLLOW_UP, &[("code", &code), ("go", "open")], &[]).await.expect(429));
}
