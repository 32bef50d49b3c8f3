//! The form without script: a report through all its pages, and what does not get through.

use axum::body::Body;
use axum::http::{Method, Request};
use recourse_domain::report::Report;
use recourse_seal::body;
use recourse_testkit::{Answer, World, get, request, send, with};

use crate::form::{self, File, below, runs_nothing};

pub(crate) const PLAIN: &str = "/r/demo/plain";
const NEEDLE: &str = "The lists were bought from a broker called Quillfeather.";

/// What a browser without script posts to the plain form.
pub(crate) fn posted(fields: &[(&str, &str)], files: &[File<'_>]) -> Request<Body> {
    form::posted(PLAIN, fields, files)
}

const STORY: [(&str, &str); 4] =
    [("purpose", "flag_misuse"), ("text-what-happened", NEEDLE), ("category", "personal_data_misuse"), ("go", "send")];

/// Everything typed is on the page, and the page is one that runs nothing and that nobody keeps.
#[track_caller]
fn keeps(answer: &Answer) {
    assert!(answer.text().contains("broker called Quillfeather"), "{}", answer.text());
    runs_nothing(answer);
}

#[tokio::test]
async fn a_report_goes_through_all_pages_and_only_its_readers_can_open_it() {
    let world = World::new().await;
    let first = send(&world.intake, get(PLAIN)).await.expect(200);
    runs_nothing(&first);
    assert!(
        first.text().contains("the server could read it in the moment when it arrives"),
        "before anything is typed"
    );
    assert!(!first.text().contains("<textarea") && !first.text().contains("type=\"text\""));

    let questions = send(&world.intake, posted(&[("purpose", "flag_misuse")], &[])).await.expect(200);
    runs_nothing(&questions);
    assert!(questions.text().contains("name=\"text-what-happened\""));
    let mut check = STORY;
    check[3] = ("go", "check");
    let check = send(&world.intake, posted(&check, &[])).await.expect(200);
    keeps(&check);
    assert!(check.text().contains("type=\"file\""));
    assert!(world.cases().await.is_empty(), "nothing is kept before it is sent");
    assert!(!below(world.folder.path()).windows(12).any(|bytes| bytes == b"Quillfeather"));

    let file = format!("a note: {NEEDLE}");
    let sent = send(&world.intake, posted(&STORY, &[("my name.txt", "text/plain", file.as_bytes())])).await.expect(200);
    runs_nothing(&sent);
    assert!(sent.text().contains("id=\"code\"") && sent.text().contains("href=\"data:application/json;base64,"));
    assert!(!sent.text().contains("Quillfeather"), "the last page repeats nothing");
    let cases = world.cases().await;
    assert_eq!(cases.len(), 1);
    let events = world.events(&cases[0].case).await;
    let header = &events[0].header;
    assert_eq!((header.bodies.len(), header.blobs.len(), header.recorded_at), (2, 1, world.now().floor_to_hour()));
    let sealed = world.stored_body(&cases[0].case, &header.bodies[0].sha256).await;
    let report: Report = serde_json::from_slice(&body::open(&[world.team.identity()], &sealed).unwrap()).unwrap();
    assert_eq!(report.what_happened, NEEDLE);
    assert_eq!(report.category.primary.as_str(), "personal_data_misuse");
    assert_eq!((&*report.evidence[0].file_name, report.evidence[0].media_type.as_str()), ("file 1", "text/plain"));
    assert_eq!(report.evidence[0].size, file.len() as u64);
    let kept = below(world.folder.path());
    for needle in [&b"Quillfeather"[..], b"my name.txt"] {
        assert!(!kept.windows(needle.len()).any(|bytes| bytes == needle), "{}", String::from_utf8_lossy(needle));
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let large = vec![b'x'; world.manifest.limits.attachment_bytes as usize + 1];
    let all = vec![b'x'; world.manifest.limits.attachment_bytes as usize];
    let many: Vec<File<'_>> = (0..4).map(|_| ("a.txt", "text/plain", &b"words"[..])).collect();
    let two = [("a.txt", "text/plain", &all[..]), ("b.txt", "text/plain", &all[..])];
    for (files, said) in [
        (&[("big.txt", "text/plain", &large[..])][..], "big.txt is larger than"),
        (&two, "your files would be larger than"),
        (&many, "no more than 3 fit"),
        (&[("none.txt", "text/plain", &b""[..])], "none.txt is empty"),
        (&[("a.pdf", "application/pdf", b"%PDF-1.7 broken")], "a.pdf was not taken"),
        (&[("<b>\u{202e}.zip", "application/zip", b"PK\x03\x04 not really")], "&lt;b&gt;.zip was not taken"),
    ] {
        let answer = send(&world.intake, posted(&STORY, files)).await.expect(422);
        keeps(&answer);
        let text = answer.text();
        assert!(text.contains(said), "{said}: {text}");
        assert!(text.contains("Choose your files again"), "{said}");
    }
    let nothing =
        [("purpose", "seek_remedy"), ("text-harm", "Quillfeather sold it"), ("how-many", "some"), ("go", "send")];
    let answer = send(&world.intake, posted(&nothing, &[])).await.expect(422);
    let text = answer.text();
    assert!(text.contains("href=\"#text-what-happened\"") && text.contains("href=\"#how-many\""), "{text}");
    assert!(text.contains("Quillfeather sold it") && text.contains("value=\"some\""), "{text}");
    assert!(world.stored().await.is_empty());
}

#[tokio::test]
async fn media_are_refused_where_a_child_may_be_shown() {
    let world = World::new().await;
    for more in [("category", "child_safety"), ("also-category", "child_safety"), ("under-18", "not_sure")] {
        let fields = [STORY[0], STORY[1], more, STORY[3]];
        let answer = send(&world.intake, posted(&fields, &[("a.txt", "text/plain", b"words")])).await.expect(422);
        keeps(&answer);
        assert!(!answer.text().contains("type=\"file\""), "{more:?}");
    }
    assert!(world.stored().await.is_empty());
}

#[tokio::test]
async fn another_sites_page_can_send_nothing() {
    let world = World::new().await;
    let from = |site: &str, origin: &str| {
        let sent = with(posted(&STORY, &[]), "sec-fetch-site", site);
        with(with(sent, "origin", origin), "host", "intake.example")
    };
    for (site, origin) in [
        ("cross-site", ""),
        ("same-site", ""),
        ("none", ""),
        ("cross-site", "https://intake.example"),
        ("", "https://other.example"),
        ("", "null"),
    ] {
        let answer = send(&world.intake, from(site, origin)).await.expect(403);
        runs_nothing(&answer);
        assert!(answer.text().contains("did not come from our own page"), "{site} {origin}");
        assert!(world.cases().await.is_empty(), "{site} {origin}");
    }
    for (site, origin) in [("same-origin", "null"), ("", "https://intake.example"), ("", "")] {
        send(&world.intake, from(site, origin)).await.expect(200);
    }
    assert_eq!(world.cases().await.len(), 3);
}

#[tokio::test]
async fn over_its_quota_it_says_when_and_keeps_what_was_typed() {
    let world = World::new().await;
    // Nobody knows the network of a request in process: such get ten times as many.
    for _ in 0..100 {
        assert!(world.state.limits().plain_form(recourse_api::Network::UNKNOWN, world.now()).is_ok());
    }
    let answer = send(&world.intake, posted(&STORY, &[])).await.expect(429);
    keeps(&answer);
    assert_eq!(answer.header("retry-after"), "12");
    assert!(answer.text().contains("Try again in about 1 minute."), "{}", answer.text());
    assert!(world.stored().await.is_empty());
    world.advance(12);
    send(&world.intake, posted(&STORY, &[])).await.expect(200);
    assert_eq!(world.cases().await.len(), 1);
}

#[tokio::test]
async fn hostile_text_stays_text_on_every_page() {
    let world = World::new().await;
    let hostile = "</textarea></p>\"'><script>alert(1)</script><img src=x onerror=y>";
    for go in ["", "change", "check"] {
        let fields = [
            ("purpose", "both"),
            ("text-what-happened", hostile),
            ("text-harm", hostile),
            ("feature", hostile),
            (hostile, hostile),
            ("go", go),
        ];
        let answer = send(&world.intake, posted(&fields, &[])).await.expect(200);
        runs_nothing(&answer);
        assert!(!answer.text().contains("<img") && answer.text().contains("&lt;script&gt;"), "{go}: {}", answer.text());
    }
}

#[tokio::test]
async fn what_is_no_form_begins_anew() {
    let world = World::new().await;
    let none =
        with(request(Method::POST, PLAIN, Body::from("go=send")), "content-type", "application/x-www-form-urlencoded");
    let broken =
        with(request(Method::POST, PLAIN, Body::from("--x\r\n")), "content-type", "multipart/form-data; boundary=x");
    for (sent, status) in [(none, 400), (broken, 200), (posted(&[("purpose", "nothing"), ("go", "send")], &[]), 200)] {
        let answer = send(&world.intake, sent).await.expect(status);
        assert!(answer.text().contains("Read this before you write"), "{}", answer.text());
    }
    for path in ["/r/other/plain", "/r/Not%20a%20name/plain"] {
        assert!(send(&world.intake, get(path)).await.expect(404).text().contains("There is no page"));
    }
    for (path, accepted) in [("/r/demo/plain?lang=xx", "xx"), ("/r/demo/plain?lang=EN", "de;q=0")] {
        let answer = send(&world.intake, with(get(path), "accept-language", accepted)).await.expect(200);
        assert!(answer.text().contains("<html lang=\"en\" dir=\"ltr\">"), "{path}");
    }
    assert!(world.stored().await.is_empty());
}

#[tokio::test]
async fn each_member_of_a_group_gets_a_code() {
    let world = World::new().await;
    let fields = [("purpose", "seek_remedy"), STORY[1], ("speaks", "others"), ("receipts", "3"), STORY[3]];
    let answer = send(&world.intake, posted(&fields, &[("a.txt", "text/plain", b"words")])).await.expect(200);
    assert!(answer.text().contains("Codes for the others"), "{}", answer.text());
    assert_eq!(world.cases().await.len(), 3);
}
