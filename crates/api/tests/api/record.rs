//! A record without script: the code first, then the file, and nothing on the server.

use recourse_client::record::{OpenRecordError, open};
use recourse_domain::report::Purpose;
use recourse_testkit::{World, get, send};

use crate::form::{File, below, hidden, posted, runs_nothing};

const PLAIN: &str = "/r/demo/plain";
const STORY: [(&str, &str); 3] =
    [("purpose", "record_only"), ("text-what-happened", "Quillfeather sold the lists."), ("category", "other_unsure")];

/// The fields of the story, an order and more.
fn fields<'a>(order: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    STORY.into_iter().chain(more.iter().copied()).chain([("go", order)]).collect()
}

#[tokio::test]
async fn a_record_opens_with_the_code_that_stood_on_the_page_and_nothing_is_stored() {
    let world = World::new().await;
    let begun = send(&world.intake, get(PLAIN)).await.expect(200);
    assert!(begun.text().contains("value=\"record_only\""), "{}", begun.text());
    let questions = send(&world.intake, posted(PLAIN, &STORY[..1], &[])).await.expect(200);
    runs_nothing(&questions);
    let text = questions.text();
    let means = text.find("travel to the server").expect("what it means");
    assert!(means < text.find("<textarea").unwrap(), "before anything can be typed");
    for field in ["name=\"identity\"", "name=\"contact-name\"", "name=\"reader-involved\"", "name=\"consent-law\""] {
        assert!(!text.contains(field), "nobody reads it: {field}");
    }

    let check = send(&world.intake, posted(PLAIN, &fields("check", &[]), &[])).await.expect(200);
    runs_nothing(&check);
    let code = hidden(&check, "record-code");
    assert_eq!(check.text().matches(&code).count(), 2, "in a field and to be written down");
    assert!(check.text().contains("Quillfeather sold the lists.") && check.text().contains("travel to the server"));
    for absent in ["value=\"send\"", "name=\"urgent\"", "Ada", "Who will know"] {
        assert!(!check.text().contains(absent), "{absent}");
    }
    // Back and forth: what was written down stays true.
    let back = send(&world.intake, posted(PLAIN, &fields("change", &[("record-code", &code)]), &[])).await.expect(200);
    assert_eq!(hidden(&back, "record-code"), code);
    let again = send(&world.intake, posted(PLAIN, &fields("check", &[("record-code", &code)]), &[])).await.expect(200);
    assert_eq!(hidden(&again, "record-code"), code);

    let files: [File<'_>; 2] = [("my name.txt", "text/plain", b"call list"), ("b.txt", "text/plain", b"more")];
    let more = [("record-code", &*code), ("description", "what I was told")];
    let saved = send(&world.intake, posted(PLAIN, &fields("save", &more), &files)).await.expect(200);
    assert_eq!(saved.header("content-disposition"), "attachment; filename=\"notes.age\"");
    assert_eq!(saved.header("content-type"), "application/octet-stream");
    assert_eq!((saved.header("cache-control"), saved.header("x-content-type-options")), ("no-store", "nosniff"));
    let record = open(&code, &saved.body).unwrap();
    assert_eq!(record.head.draft.what_happened, "Quillfeather sold the lists.");
    assert_eq!(record.head.draft.purpose, Some(Purpose::RecordOnly));
    assert_eq!(record.files, [b"call list".to_vec(), b"more".to_vec()]);
    let said: Vec<_> = record.head.files.iter().map(|file| (&*file.name, file.description.as_deref())).collect();
    assert_eq!(said, [("file 1", Some("what I was told")), ("file 2", Some("what I was told"))]);
    let other = hidden(&send(&world.intake, posted(PLAIN, &fields("check", &[]), &[])).await, "record-code");
    assert_ne!(other, code);
    assert_eq!(open(&other, &saved.body).unwrap_err(), OpenRecordError::Sealed);

    assert!(world.stored().await.is_empty() && world.cases().await.is_empty());
    let kept = below(world.folder.path());
    for needle in ["Quillfeather", "call list", "what I was told", &code, &code.replace('-', "")] {
        assert!(!kept.windows(needle.len()).any(|bytes| bytes == needle.as_bytes()), "{needle}");
    }
}

#[tokio::test]
async fn no_file_is_made_for_a_code_that_was_not_on_a_page() {
    let world = World::new().await;
    let receipt = {
        let story = [("purpose", "flag_misuse"), ("text-what-happened", "words"), ("go", "send")];
        let sent = send(&world.intake, posted(PLAIN, &story, &[])).await.expect(200);
        let text = sent.text();
        text.split_once("id=\"code\"").unwrap().1.split_once('>').unwrap().1.split_once('<').unwrap().0.to_owned()
    };
    for wrong in ["", "nothing", &receipt] {
        let answer =
            send(&world.intake, posted(PLAIN, &fields("save", &[("record-code", wrong)]), &[])).await.expect(200);
        runs_nothing(&answer);
        assert_ne!(hidden(&answer, "record-code"), wrong, "a new one, on the page first");
        assert!(answer.text().contains("Quillfeather sold the lists."));
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_and_the_code_stays() {
    let world = World::new().await;
    let check = send(&world.intake, posted(PLAIN, &fields("check", &[]), &[])).await.expect(200);
    let code = hidden(&check, "record-code");
    let more = [("record-code", &*code)];
    let large = vec![b'x'; world.manifest.limits.attachment_bytes as usize + 1];
    let refused: [(File<'_>, &str); 2] =
        [(("big.txt", "text/plain", &large), "big.txt is larger than"), (("none.txt", "text/plain", b""), "is empty")];
    for (file, said) in refused {
        let answer = send(&world.intake, posted(PLAIN, &fields("save", &more), &[file])).await.expect(422);
        runs_nothing(&answer);
        assert!(answer.text().contains(said), "{said}");
        assert!(answer.text().contains("The file was not made") && answer.text().contains("Quillfeather"));
        assert_eq!(hidden(&answer, "record-code"), code);
    }
    let empty = [("purpose", "record_only"), ("record-code", &*code), ("go", "save")];
    let answer = send(&world.intake, posted(PLAIN, &empty, &[])).await.expect(422);
    assert!(answer.text().contains("href=\"#text-what-happened\""));
    assert_eq!(hidden(&answer, "record-code"), code);
    let child = [("category", "child_safety"), ("record-code", &*code)];
    let child: Vec<_> = STORY[..2].iter().copied().chain(child).chain([("go", "save")]).collect();
    let answer = send(&world.intake, posted(PLAIN, &child, &[("a.txt", "text/plain", b"x")])).await.expect(422);
    assert!(!answer.text().contains("type=\"file\""));
    // Over its quota it says when, and the code and what was typed stay.
    for _ in 0..100 {
        let _ = world.state.limits().plain_form(recourse_api::Network::UNKNOWN, world.now());
    }
    let answer = send(&world.intake, posted(PLAIN, &fields("save", &more), &[])).await.expect(429);
    assert_eq!(answer.header("retry-after"), "12");
    assert_eq!(hidden(&answer, "record-code"), code);
    world.advance(12);
    send(&world.intake, posted(PLAIN, &fields("save", &more), &[])).await.expect(200);
    assert!(world.stored().await.is_empty());
}
