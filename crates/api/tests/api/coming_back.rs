//! Coming back without script: the code is posted, opens the case for one request, and signs what is done in it.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use recourse_api::Network;
use recourse_client::record::new_code;
use recourse_client::reviewer::ReviewerSession;
use recourse_domain::case::CaseWhat;
use recourse_domain::content::{Degree, RemedyAnswer, ReporterContent, TeamContent};
use recourse_domain::event::ActKind;
use recourse_domain::ids::CaseId;
use recourse_domain::lifecycle::CaseState;
use recourse_domain::report::Remedy;
use recourse_seal::receipt::{Receipt, case_id};
use recourse_testkit::{Answer, CONSOLE, InProcess, World, get, send, with};
use recourse_wire::console::CaseQuery;
use recourse_wire::reviewing::CaseView;

use crate::form::{File, below, hidden, posted, runs_nothing};

const PAGE: &str = "/follow-up/demo/plain";
/// In what is reported, and nowhere here.
const REPORTED: &str = "Quillfeather";
/// In what the reporter writes back.
const WRITTEN: &str = "Marrowgate";

fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

/// Files a report by the plain form and gives its code.
pub(crate) async fn file(world: &World) -> String {
    let story = [("purpose", "seek_remedy"), ("text-what-happened", REPORTED), ("text-harm", REPORTED), ("go", "send")];
    let sent = send(&world.intake, posted("/r/demo/plain", &story, &[])).await.expect(200);
    let text = sent.text();
    assert!(text.contains("href=\"https://intake.example/follow-up/demo/plain\""), "the way back stands there: {text}");
    text.split_once("id=\"code\"").unwrap().1.split_once('>').unwrap().1.split_once('<').unwrap().0.to_owned()
}

fn case_of(code: &str) -> CaseId {
    CaseId::new(case_id(&code.parse::<Receipt>().unwrap().lookup()))
}

/// Ada, who looks at cases and writes in them.
pub(crate) struct Desk {
    transport: InProcess,
    session: ReviewerSession,
}

impl Desk {
    pub(crate) async fn of(world: &World) -> Self {
        let transport = InProcess::new(world.console.clone());
        let session = ReviewerSession::sign_in(&transport, &world.key_file(0), CONSOLE, world.now()).await.unwrap();
        Self { transport, session }
    }

    async fn open(&mut self, case: &CaseId) -> CaseView {
        self.session.list(&self.transport, &CaseQuery::default()).await.unwrap();
        let view = self.session.open(&self.transport, case).await.unwrap();
        assert_eq!(view.findings, [], "everything in it is signed by whom it says");
        view
    }

    pub(crate) async fn write(&mut self, code: &str, content: TeamContent) {
        let case = case_of(code);
        self.open(&case).await;
        self.session.append(&self.transport, &mut rng(2), &case, content).await.unwrap();
    }

    pub(crate) async fn step(&mut self, code: &str, to: CaseState, reason: &str, remedies: &[Remedy]) {
        let rights_considered = if to == CaseState::Decided { vec!["UDHR 12".to_owned()] } else { Vec::new() };
        let (reason, remedies) = (reason.to_owned(), remedies.to_vec());
        self.write(code, TeamContent::Transition { to, reason, rights_considered, remedies }).await;
    }

    /// The last thing that the reporter said.
    async fn last(&mut self, code: &str) -> ReporterContent {
        let view = self.open(&case_of(code)).await;
        match view.entries.into_iter().last().unwrap().what {
            CaseWhat::Reporter { content } => content,
            other => panic!("{other:?}"),
        }
    }
}

/// Opens a case and gives the page.
pub(crate) async fn open(world: &World, code: &str) -> Answer {
    send(&world.intake, posted(PAGE, &[("code", code), ("go", "open")], &[])).await
}

/// Presses a button on a page, with what stands in its fields.
async fn press(world: &World, page: &Answer, order: &str, fields: &[(&str, &str)], files: &[File<'_>]) -> Answer {
    let (code, seen) = (hidden(page, "code"), hidden(page, "seen"));
    let carried = [("code", &*code), ("seen", &*seen), ("go", order)];
    let all: Vec<(&str, &str)> = carried.into_iter().chain(fields.iter().copied()).collect();
    let answer = send(&world.intake, posted(PAGE, &all, files)).await;
    runs_nothing(&answer);
    answer
}

async fn events(world: &World, code: &str) -> usize {
    world.events(&case_of(code)).await.len()
}

#[track_caller]
fn has(answer: &Answer, words: &[&str]) {
    let text = answer.text();
    for words in words {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    assert!(!text.contains(REPORTED), "nothing of the report is shown: {text}");
}

#[tokio::test]
async fn a_case_is_read_and_answered_to_its_end_and_every_act_is_signed() {
    let world = World::new().await;
    let code = file(&world).await;
    let begun = send(&world.intake, get(PAGE)).await.expect(200);
    runs_nothing(&begun);
    let text = begun.text();
    let means = text.find("the server opens the answers in its memory").expect("what it means");
    assert!(means < text.find("name=\"code\"").unwrap(), "before the code can be typed");
    assert!(text.contains("method=\"post\"") && text.contains("https://intake.example/follow-up/demo</bdi>"), "{text}");

    // As somebody types it.
    let typed = code.to_lowercase().replace('-', "  ");
    let page = open(&world, &typed).await.expect(200);
    runs_nothing(&page);
    has(&page, &["data-state=\"acknowledged\"", "You sent the report", "by 2026-11-21"]);
    assert_eq!(page.text().matches(&code).count(), 1, "in one field of the page");
    assert!(!page.text().contains(&format!("?{code}")) && !page.text().contains(&format!("/{code}")));

    let mut ada = Desk::of(&world).await;
    ada.write(&code, TeamContent::Reply { text: "Which <b>day</b>?".to_owned(), language: "fr".to_owned() }).await;
    let page = press(&world, &page, "look", &[("text-message", "half a")], &[]).await.expect(200);
    has(
        &page,
        &[
            "Ada, Northwind, wrote",
            "Which &lt;b&gt;day&lt;/b&gt;?",
            "lang=\"fr\"",
            "In Français",
            "\nhalf a</textarea>",
        ],
    );
    let page =
        press(&world, &page, "message", &[("text-message", "It was Marrowgate.\r\nOn Monday.")], &[]).await.expect(200);
    has(&page, &["Your message was sent.", "data-act=\"message\""]);
    assert!(!page.text().contains(WRITTEN), "what was written is not shown again: {}", page.text());
    let message = ReporterContent::Message { text: "It was Marrowgate.\nOn Monday.".to_owned() };
    assert_eq!(ada.last(&code).await, message);

    ada.step(&code, CaseState::InTriage, "", &[]).await;
    ada.step(&code, CaseState::InReview, "", &[]).await;
    let remedies = [Remedy::Apology, Remedy::DeleteOrCorrectMyData];
    ada.step(&code, CaseState::Decided, "We deleted it.", &remedies).await;
    let page = open(&world, &code).await.expect(200);
    has(
        &page,
        &[
            "We deleted it.",
            "Privacy, honour, reputation (UDHR 12)",
            "An apology",
            "Ada, for Northwind",
            "You can ask for another look until 2027-",
        ],
    );
    let page = press(&world, &page, "accept", &[("text-accept", "Good.")], &[]).await.expect(200);
    has(&page, &["you accept the decision", "id=\"accepted\"", "value=\"contest\""]);
    assert!(!page.text().contains("value=\"accept\""), "once");
    assert_eq!(ada.last(&code).await, ReporterContent::DecisionAccepted { text: "Good.".to_owned() });
    let answers =
        [("offer-apology", "yes"), ("offer-delete_or_correct_my_data", "no"), ("offer-compensation_financial", "yes")];
    let page = press(&world, &page, "offer", &answers, &[]).await.expect(200);
    has(&page, &["Your answers were sent.", "id=\"offer-again\""]);
    let given = |remedy, yes| RemedyAnswer { remedy, yes };
    let answers = vec![given(Remedy::DeleteOrCorrectMyData, false), given(Remedy::Apology, true)];
    let ReporterContent::RemedyAnswered { answers: mut said, .. } = ada.last(&code).await else { panic!("an answer") };
    said.sort_by_key(|answer| answer.yes);
    assert_eq!(said, answers, "and nothing that was not offered");

    ada.step(&code, CaseState::RemedyInProgress, "", &[]).await;
    ada.step(&code, CaseState::Remedied, "", &[Remedy::Apology]).await;
    let page = open(&world, &code).await.expect(200);
    let page =
        press(&world, &page, "delivered", &[("delivered-apology", "no"), ("text-delivered", "Nobody wrote.")], &[])
            .await
            .expect(200);
    let answers = vec![given(Remedy::Apology, false)];
    let confirmed = ReporterContent::RemedyConfirmed { answers, text: "Nobody wrote.".to_owned() };
    assert_eq!(ada.last(&code).await, confirmed);
    let page = press(&world, &page, "contest", &[("text-contest", "It never came.")], &[]).await.expect(200);
    has(&page, &["data-state=\"appealed\"", "id=\"appealed\""]);
    assert_eq!(ada.last(&code).await, ReporterContent::Contested { text: "It never came.".to_owned() });
    let page = press(&world, &page, "withdraw", &[("text-withdraw", "")], &[]).await.expect(200);
    has(&page, &["data-state=\"withdrawn\"", "How was it for you?"]);
    assert_eq!(ada.last(&code).await, ReporterContent::Withdrawn { text: String::new() });
    let page = press(&world, &page, "feedback", &[("heard", "partly"), ("fair", "no")], &[]).await.expect(200);
    has(&page, &["Thank you. We have it."]);
    let feedback =
        ReporterContent::Feedback { heard: Some(Degree::Partly), fair: Some(Degree::No), text: String::new() };
    assert_eq!(ada.last(&code).await, feedback);

    let header = &world.events(&case_of(&code)).await.last().unwrap().header.clone();
    assert_eq!(header.recorded_at, world.now().floor_to_hour(), "to the hour");
    let receipt: Receipt = code.parse().unwrap();
    let kept = below(world.folder.path());
    let secrets = [code.as_bytes(), code.replace('-', "").as_bytes(), &receipt.token()[..], &receipt.lookup()[..]]
        .map(<[u8]>::to_vec);
    for needle in secrets
        .iter()
        .map(Vec::as_slice)
        .chain([REPORTED, WRITTEN, "We deleted it.", "Nobody wrote."].map(str::as_bytes))
    {
        assert!(!kept.windows(needle.len()).any(|bytes| bytes == needle), "{}", String::from_utf8_lossy(needle));
    }
}

#[tokio::test]
async fn codes_that_open_nothing_here_are_told_alike() {
    let world = World::new().await;
    let code = file(&world).await;
    world.issue(|manifest| manifest.channel = "second".parse().unwrap()).await;
    let receipt: Receipt = code.parse().unwrap();
    let unknown = Receipt::generate(&mut rng(4)).to_text();
    let wrong_audience = receipt.clone().with_audience(1).to_text();
    let record = new_code(&mut rng(5)).to_text();
    let mut answers = Vec::new();
    for (path, code) in [
        (PAGE, unknown.as_str()),
        (PAGE, wrong_audience.as_str()),
        (PAGE, record.as_str()),
        ("/follow-up/second/plain", &*code),
        ("/follow-up/second/plain", unknown.as_str()),
    ] {
        let answer = send(&world.intake, posted(path, &[("code", code), ("go", "open")], &[])).await.expect(422);
        runs_nothing(&answer);
        has(&answer, &["This code opens nothing here."]);
        let mut headers: Vec<_> = answer.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        headers.retain(|(name, _)| name != "content-length");
        headers.sort_by(|a, b| a.0.as_str().cmp(b.0.as_str()));
        answers.push((answer.text().replace(code, "CODE").replace("second", "demo"), headers));
    }
    for answer in &answers[1..] {
        assert_eq!(answer, &answers[0]);
    }
    open(&world, &code).await.expect(200);
    // What is refused while acting is told no more than while opening.
    let act = [("code", unknown.as_str()), ("seen", "9"), ("text-message", "x"), ("go", "message")];
    has(&send(&world.intake, posted(PAGE, &act, &[])).await.expect(422), &["This code opens nothing here."]);
    for path in ["/follow-up/none/plain", "/follow-up/Not%20a%20name/plain"] {
        has(&send(&world.intake, posted(path, &[("code", &code)], &[])).await.expect(404), &["There is no page"]);
        has(&send(&world.intake, get(path)).await.expect(404), &["There is no page"]);
    }
}

#[tokio::test]
async fn slips_are_found_and_what_was_typed_stays_in_the_field() {
    let world = World::new().await;
    let code = file(&world).await;
    let last = if code.ends_with('0') { "1" } else { "0" };
    let swapped = format!("{}{last}", &code[..code.len() - 1]);
    for (typed, said) in [
        ("", "Type your receipt code first."),
        (&code[..24], "and a code has 28. Is a group missing at the end?"),
        (&format!("{code}-AAAA"), "Is a group in it twice?"),
        (&format!("{}*", &code[..33]), "A code never has “*” in it."),
        (&swapped, "There is a slip somewhere"),
        ("\"><script>alert(1)</script>", "A code never has “&quot;” in it."),
    ] {
        let answer = open(&world, typed).await.expect(422);
        runs_nothing(&answer);
        has(&answer, &[said, "aria-invalid=\"true\""]);
        assert!(
            typed.is_empty() || typed.contains('<') || answer.text().contains(&format!("value=\"{typed}\"")),
            "{typed}"
        );
    }
    // None of them was a guess: nobody is made to wait.
    for _ in 0..200 {
        assert!(world.state.limits().guess(Network::UNKNOWN, world.now()).is_ok());
    }
}

#[tokio::test]
async fn whoever_guesses_waits_and_whoever_holds_a_code_does_not() {
    let world = World::new().await;
    let code = file(&world).await;
    // Nobody knows the network of a request in process: such get ten times as many.
    for _ in 0..200 {
        assert!(world.state.limits().guess(Network::UNKNOWN, world.now()).is_ok());
    }
    let unknown = Receipt::generate(&mut rng(4)).to_text();
    let act = [("code", unknown.as_str()), ("text-message", "half a word"), ("go", "message")];
    let answer = send(&world.intake, posted(PAGE, &act, &[])).await.expect(429);
    runs_nothing(&answer);
    assert_eq!((answer.header("retry-after"), &*hidden(&answer, "text-message")), ("3", "half a word"));
    open(&world, &code).await.expect(200);

    for _ in 1..400 {
        assert!(world.state.limits().plain_follow_up(Network::UNKNOWN, world.now()).is_ok());
    }
    let act = [("code", &*code), ("seen", "1"), ("text-message", "half a word"), ("go", "message")];
    let answer = send(&world.intake, posted(PAGE, &act, &[])).await.expect(429);
    runs_nothing(&answer);
    has(&answer, &["Try again in about 1 minute.", "name=\"go\" value=\"message\""]);
    assert_eq!((hidden(&answer, "text-message"), hidden(&answer, "code")), ("half a word".to_owned(), code.clone()));
    assert_eq!(events(&world, &code).await, 2, "nothing was done");
    world.advance(2);
    has(&send(&world.intake, posted(PAGE, &act, &[])).await.expect(200), &["Your message was sent."]);
}

#[tokio::test]
async fn another_sites_page_can_do_nothing() {
    let world = World::new().await;
    let code = file(&world).await;
    let act = [("code", &*code), ("seen", "1"), ("text-withdraw", ""), ("go", "withdraw")];
    for (site, origin) in
        [("cross-site", ""), ("same-site", ""), ("none", ""), ("", "https://other.example"), ("", "null")]
    {
        let sent = with(with(posted(PAGE, &act, &[]), "sec-fetch-site", site), "origin", origin);
        let answer = send(&world.intake, with(sent, "host", "intake.example")).await.expect(403);
        runs_nothing(&answer);
        has(&answer, &["did not come from our own page"]);
        assert!(!answer.text().contains(&code), "not even the code comes back");
    }
    assert_eq!(events(&world, &code).await, 2);
    // And nothing is done by a link.
    let linked = format!("{PAGE}?code={code}&go=withdraw&seen=1");
    let answer = send(&world.intake, get(&linked)).await.expect(200);
    assert!(!answer.text().contains(&code));
    assert_eq!(events(&world, &code).await, 2);
}

#[tokio::test]
async fn a_page_sent_twice_says_something_once() {
    let world = World::new().await;
    let code = file(&world).await;
    let page = open(&world, &code).await.expect(200);
    let words = [("text-message", "Once."), ("text-contest", "half a")];
    press(&world, &page, "message", &words, &[]).await.expect(200);
    let again = press(&world, &page, "message", &words, &[]).await.expect(409);
    has(&again, &["It was not sent a second time.", "\nOnce.</textarea>"]);
    assert_eq!(events(&world, &code).await, 3);
    // From the page that says so it goes: somebody may mean the same words again.
    press(&world, &again, "message", &words, &[]).await.expect(200);
    assert_eq!(events(&world, &code).await, 4);

    // Both presses at once, again and again: whoever is second finds the first one's.
    for round in 0..4 {
        let page = open(&world, &code).await.expect(200);
        let before = events(&world, &code).await;
        let both = [("text-message", "Pressed twice.")];
        let (one, other) =
            tokio::join!(press(&world, &page, "message", &both, &[]), press(&world, &page, "message", &both, &[]));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{round}: {}{}", one.text(), other.text());
        assert_eq!(events(&world, &code).await, before + 1, "{round}");
    }
}

#[tokio::test]
async fn an_answer_to_what_was_decided_anew_is_not_given() {
    let world = World::new().await;
    let code = file(&world).await;
    let mut ada = Desk::of(&world).await;
    ada.step(&code, CaseState::InTriage, "", &[]).await;
    ada.step(&code, CaseState::InReview, "", &[]).await;
    ada.step(&code, CaseState::Decided, "First.", &[]).await;
    let page = open(&world, &code).await.expect(200);
    // What the reporter is not told of makes no difference.
    ada.write(&code, TeamContent::Note { text: "A note.".to_owned() }).await;
    let page = press(&world, &page, "look", &[], &[]).await.expect(200);
    ada.write(&code, TeamContent::Note { text: "Another.".to_owned() }).await;
    ada.step(&code, CaseState::RemedyInProgress, "More came up.", &[]).await;
    let before = events(&world, &code).await;
    let words = [("text-accept", "I can live with it."), ("text-message", "half a word")];
    let answer = press(&world, &page, "accept", &words, &[]).await.expect(409);
    has(&answer, &["Something new came in while you wrote.", "More came up.", "I can live with it.", "half a word"]);
    assert_eq!(events(&world, &code).await, before);
    let done = press(&world, &answer, "accept", &words, &[]).await.expect(200);
    has(&done, &["you accept the decision", "half a word"]);
    assert_eq!(ada.last(&code).await, ReporterContent::DecisionAccepted { text: "I can live with it.".to_owned() });
    // A message stands alone: it goes whatever came in.
    ada.write(&code, TeamContent::Reply { text: "By the way".to_owned(), language: "en".to_owned() }).await;
    has(&press(&world, &done, "message", &words, &[]).await.expect(200), &["Your message was sent.", "By the way"]);
}

#[tokio::test]
async fn what_cannot_be_done_is_said_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let code = file(&world).await;
    let page = open(&world, &code).await.expect(200);
    let long = "x".repeat(world.manifest.limits.text_chars as usize + 1);
    let hostile = "</textarea><script>alert(1)</script>";
    for (order, fields, said) in [
        ("message", [("text-message", " \r\n "), ("text-withdraw", hostile)], "there is nothing in it yet"),
        ("message", [("text-message", &*long), ("text-withdraw", hostile)], "That is 1 characters too many."),
        ("offer", [("offer-apology", "yes"), ("text-withdraw", hostile)], "there is nothing in it yet"),
        ("contest", [("text-contest", "No."), ("text-withdraw", hostile)], "there is nothing in it yet"),
        ("feedback", [("heard", "yes"), ("text-withdraw", hostile)], "there is nothing in it yet"),
        ("files", [("text-files", "words"), ("text-withdraw", hostile)], "there is nothing in it yet"),
    ] {
        let answer = press(&world, &page, order, &fields, &[]).await.expect(422);
        has(&answer, &[said, "\n&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;</textarea>"]);
        assert_eq!(events(&world, &code).await, 2, "{order}");
    }
    // Words for what cannot be done any more are shown: they may be all that there is of them.
    let answer = press(&world, &page, "contest", &[("text-contest", "It was < 3.")], &[]).await.expect(422);
    has(&answer, &["<p class=\"typed\" dir=\"auto\">It was &lt; 3.</p>"]);
    // An order that there is none of looks again.
    press(&world, &page, "erase", &[], &[]).await.expect(200);
    assert_eq!(events(&world, &code).await, 2);
    let none = with(
        recourse_testkit::request("POST".parse().unwrap(), PAGE, "code=x".into()),
        "sec-fetch-site",
        "same-origin",
    );
    runs_nothing(&send(&world.intake, none).await.expect(400));
}

#[tokio::test]
async fn files_are_cleaned_in_memory_and_pictures_of_children_are_not_taken() {
    let world = World::new().await;
    let code = file(&world).await;
    let page = open(&world, &code).await.expect(200);
    // A picture of one pixel with words in a chunk that nobody sees.
    let picture = picture_that_says("Hollowmere");
    let files: [File<'_>; 2] =
        [("my name.png", "image/png", &picture), ("b.txt", "text/plain", b"Marrowgate paid them.")];
    let words = [("text-files", "Two files."), ("description", "what they sent"), ("under-18", "no")];
    for (answer, said) in [("", "First answer whether"), ("yes", "may be under 18"), ("not_sure", "may be under 18")] {
        let fields = [words[0], words[1], ("under-18", answer)];
        let page = press(&world, &page, "files", &fields, &files).await.expect(422);
        has(&page, &[said, "\nTwo files.</textarea>", "value=\"what they sent\""]);
        assert_eq!(events(&world, &code).await, 2, "{answer}");
    }
    for (file, said) in [
        (("none.txt", "text/plain", &b""[..]), "none.txt is empty"),
        (("a.pdf", "application/pdf", b"%PDF-1.7 broken"), "a.pdf was not taken"),
    ] {
        has(
            &press(&world, &page, "files", &words, &[file]).await.expect(422),
            &[said, "Choose your files again", "\nTwo files.</textarea>"],
        );
    }
    // With another button they stay behind, and that is said.
    let apart = press(&world, &page, "message", &[("text-message", "Words alone.")], &files).await.expect(200);
    has(&apart, &["Your message was sent.", "Files only go with the button"]);
    assert!(world.events(&case_of(&code)).await[2].header.blobs.is_empty());

    let done = press(&world, &apart, "files", &words, &files).await.expect(200);
    has(&done, &["Your files were sent.", "data-act=\"evidence_added\""]);
    let mut ada = Desk::of(&world).await;
    let ReporterContent::EvidenceAdded { text, evidence } = ada.last(&code).await else { panic!("evidence") };
    assert_eq!(text, "Two files.");
    let told: Vec<_> =
        evidence.iter().map(|item| (&*item.file_name, item.media_type.as_str(), &*item.description)).collect();
    assert_eq!(told, [("file 1", "image/png", "what they sent"), ("file 2", "text/plain", "what they sent")]);
    let opened = ada.session.evidence(&ada.transport, &case_of(&code), &evidence[0].blob).await.unwrap();
    assert!(opened.verified && !opened.bytes.windows(10).any(|bytes| bytes == b"Hollowmere"), "it was cleaned");
    let kept = below(world.folder.path());
    for needle in ["Hollowmere", "Marrowgate", "my name", "what they sent", "Two files."] {
        assert!(!kept.windows(needle.len()).any(|bytes| bytes == needle.as_bytes()), "{needle}");
    }
    let acts: Vec<ActKind> = vec![ActKind::Message, ActKind::EvidenceAdded];
    for act in acts {
        has(&done, &[&format!("data-act=\"{}\"", act.as_str())]);
    }
}

/// A PNG of one pixel with a text chunk.
fn picture_that_says(words: &str) -> Vec<u8> {
    let crc = |bytes: &[u8]| {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
        })
    };
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let text = [b"Comment\0", words.as_bytes()].concat();
    // Grey, 8 bits; the line is a filter byte and one pixel, deflated without compression.
    let line = [0x78, 1, 1, 2, 0, 0xfd, 0xff, 0, 7, 0, 9, 0, 8];
    for (kind, data) in
        [(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0][..]), (b"tEXt", &text), (b"IDAT", &line), (b"IEND", &[])]
    {
        png.extend((data.len() as u32).to_be_bytes());
        let chunk = [&kind[..], data].concat();
        png.extend(&chunk);
        png.extend(crc(&chunk).to_be_bytes());
    }
    png
}

#[tokio::test]
async fn late_and_what_does_not_fit_together_are_said_plainly() {
    let world = World::with(|manifest| {
        let text = |text: &str| [("en".to_owned(), text.to_owned())].into();
        manifest.other_routes = vec![recourse_domain::channel::OtherRoute {
            name: "Ombudsperson".to_owned(),
            text: text("Hears everybody"),
            url: "https://ombuds.example".to_owned(),
        }];
    })
    .await;
    let code = file(&world).await;
    let page = open(&world, &code).await.expect(200);
    has(&page, &["id=\"other-routes\"", "https://ombuds.example"]);
    assert!(!page.text().contains("id=\"late\""));
    world.advance(4 * 86_400);
    let page = open(&world, &code).await.expect(200);
    has(&page, &["id=\"late\"", "Northwind has not kept its promise", "id=\"late-routes\"", "Hears everybody"]);
    world.advance(370 * 86_400);
    has(
        &open(&world, &code).await.expect(200),
        &["description ran out on 2027-", "You can still read and write for 30 days"],
    );
    world.advance(30 * 86_400);
    let answer = open(&world, &code).await.expect(503);
    runs_nothing(&answer);
    has(&answer, &["The description of this channel has run out"]);
}
