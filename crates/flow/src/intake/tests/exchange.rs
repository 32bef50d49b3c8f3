//! What the form writes and reads, held against the types that define it; and its faults, held against the domain's.

use recourse_domain::check::FieldFault;
use recourse_domain::draft::EvidenceDraft;
use recourse_domain::lifecycle::CaseState;
use recourse_domain::report::{Moment, Source, Tool};
use recourse_wire::engine::{Answer as Answered, Failure, FromEngine};
use recourse_wire::problem::{Problem, ProblemKind};
use recourse_wire::reporter::{DueDate, SignedEnvelope};

use super::super::json::Value;
use super::*;

/// A number of its own for each step: no test needs real chance.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn text(&mut self) -> String {
        let unit = ["a", " ", "\u{1}", "\"", "ß😀", "words and "][self.roll(6)];
        let length = [0, 1, 900, 1_001, 4_100, 20_000, 20_001][self.roll(7)];
        unit.chars().cycle().take(length).collect()
    }

    fn one<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.roll(all.len())]
    }

    fn edit(&mut self) -> Msg {
        let line = self.one(&[Line::When, Line::Who, Line::Where]);
        Msg::Edit(match self.roll(36) {
            0 => Edit::ReaderInvolved(self.one(&Answer::ALL)),
            1 => Edit::Identity(self.one(&Identity::ALL)),
            2 => Edit::ContactName(self.text()),
            3 => Edit::ContactReach(self.text()),
            4 => Edit::Category(self.one(&Category::ALL)),
            5..8 => Edit::WhatHappened(self.text()),
            8 => Edit::OpenLine(line),
            9 => Edit::When(self.one(&When::ALL)),
            10 => Edit::HowMany(self.one(&["", "7", "1 000", "-3", "4294967296", "many"]).to_owned()),
            11 => Edit::Affected(self.one(&AffectedGroup::ALL)),
            12 => Edit::Feature(self.text()),
            13 => Edit::Url(self.text()),
            14 => Edit::AlsoRemedy(self.roll(2) == 0),
            15 => Edit::Harm(self.text()),
            16 => Edit::Remedy(self.one(&Remedy::ALL)),
            17 => Edit::MayTellDataHolder(self.roll(2) == 0),
            18 => Edit::SpeaksForOthers(self.roll(2) == 0),
            19 => Edit::RepresentedHowMany(self.one(&["", "7", "x"]).to_owned()),
            20 => Edit::Under18(self.one(&Answer::ALL)),
            21 => Edit::AlsoCategory(self.one(&Category::ALL)),
            22 => Edit::Reasons(self.text()),
            23 => Edit::GoodFaith(self.roll(3) > 0),
            24 => Edit::Decision(self.text()),
            25 => Edit::SubjectName(self.text()),
            26 => Edit::SubjectKind(self.one(&SubjectKind::ALL)),
            27 => Edit::Relationship(self.one(&Relationship::ALL)),
            28 => Edit::Url("https://a.example\n \n".repeat(self.one(&[1, 98, 99, 120]))),
            30 => Edit::Sector(self.one(&Sector::ALL)),
            31 => Edit::Item(self.text()),
            32 => Edit::UseCase(self.text()),
            33 => Edit::Market(self.one(&["", "de", "XX"]).to_owned()),
            34 => Edit::Customer(self.one(&[None, Some(0), Some(7)])),
            29 => Edit::Receipts(self.one(&["", "3", "11", "two"]).to_owned()),
            _ => return Msg::Evidence(EvidenceAct::Describe(1, self.text())),
        })
    }
}

/// What the domain says of the report that would be sent, with the evidence that the engine makes of the files.
fn domain_faults(state: &State) -> Vec<FieldFault> {
    let sent = outgoing(state);
    assert_eq!(sent.draft.clone().settled(), sent.draft, "nothing is dropped later that the check showed");
    let mut draft = sent.draft;
    draft.evidence = sent
        .files
        .iter()
        .map(|file| EvidenceDraft {
            id: format!("file-{}", file.id).parse().unwrap(),
            kind: EvidenceKind::File,
            media_type: file.media_type.parse().unwrap(),
            size: file.size,
            captured_at: Moment::day_of(NOW),
            tool: Tool { name: "recourse-intake".into(), version: "0.1.0".into() },
            source: Source::default(),
            redactions: 0,
            description: file.description.clone().unwrap_or_default(),
            sensitive: false,
            file_name: file.name.clone(),
        })
        .collect();
    draft.check(&state.limits(), manifest().legal_profile)
}

#[test]
fn the_form_lets_pass_what_the_domain_lets_pass() {
    let mut dice = Dice(7);
    let (mut passed, mut stopped) = (0, 0);
    for _ in 0..400 {
        let doors = [
            Purpose::FlagMisuse,
            Purpose::SeekRemedy,
            Purpose::IllegalContentNotice,
            Purpose::Appeal,
            Purpose::RecordOnly,
        ];
        let mut state = form([subject::listing(subject::cities()), Msg::Door(dice.one(&doors))]);
        update(&mut state, Msg::AddFiles(vec![file(1, "text/plain", 5), file(2, "image/png", 9)]));
        for (id, media_type, size) in [(1, "text/plain", 5), (2, "image/png", 9)] {
            update(&mut state, cleaned(id, media_type, size));
        }
        for _ in 0..dice.roll(24) {
            let edit = dice.edit();
            update(&mut state, edit);
        }
        let (ours, domains) = (state.all_faults(), domain_faults(&state));
        if ours.is_empty() {
            assert!(domains.is_empty(), "{domains:?}");
            passed += 1;
            continue;
        }
        stopped += 1;
        // Beyond the domain the form stops at a missing name, at numbers that are none, at contact details that are too long, and a
        // little before all together are too long for a body.
        let own = |fault: &FormFault| {
            fault.step == Step::Who || {
                matches!(
                    fault.wrong,
                    Wrong::NotANumber
                        | Wrong::NoCountry
                        | Wrong::AllTooLong
                        | Wrong::TooManyAddresses(_)
                        | Wrong::TooManyReceipts(_)
                )
            }
        };
        assert!(!domains.is_empty() || ours.iter().all(own), "{ours:?}");
    }
    assert!(passed > 20 && stopped > 20, "{passed} {stopped}");
}

fn read(message: &FromEngine) -> Option<Msg> {
    let message = Value::parse(&serde_json::to_string(message).unwrap()).unwrap();
    heard(&message, 7, "de").or_else(|| reported(&message))
}

#[test]
fn the_form_reads_what_the_engine_writes() {
    for progress in [
        Progress::Sealing,
        Progress::Proving,
        Progress::Waiting { seconds: 42 },
        Progress::Sending,
        Progress::Uploading { file: 3, sent: 1 << 40, total: 1 << 41 },
    ] {
        assert!(
            matches!(read(&FromEngine::Progress { id: 1, progress }), Some(Msg::Progress(seen)) if seen == progress)
        );
    }
    assert!(read(&FromEngine::Ready).is_none());
    let empty = Value::parse("{\"answer\":{}}").unwrap();
    assert!(heard(&empty, 7, "en").is_none() && reported(&empty).is_none() && reported(&Value::Nothing).is_none());
    let sealed = FromEngine::Answer { id: 3, answer: Box::new(Answered::RecordSealed { code: CODE.into() }) };
    assert!(matches!(read(&sealed), Some(Msg::Recorded(code)) if code == CODE));

    let case = recourse_domain::ids::CaseId::new([9; 16]);
    let letter = "{\"version\":1,\"request\":\"{\\\"case\\\":1}\"}".to_owned();
    let kept = Answered::Kept { receipt: CODE.into(), letter: letter.clone(), case };
    let Some(Msg::Shelf(ShelfAct::Sealed { receipt, letter: read_letter, case: read_case })) =
        read(&FromEngine::Answer { id: 3, answer: Box::new(kept) })
    else {
        panic!()
    };
    assert_eq!((receipt.as_str(), &read_letter, read_case), (CODE, &letter, case.to_string()));
    let uploaded = FromEngine::Answer { id: 3, answer: Box::new(Answered::Uploaded { letter: letter.clone() }) };
    assert!(matches!(read(&uploaded), Some(Msg::Shelf(ShelfAct::Uploaded(seen))) if seen == letter));

    let mut manifest = manifest();
    manifest.reading_hours.insert("de".into(), "werktags".into());
    manifest.hidden_categories = vec!["spam_bulk".into()];
    let expected = OpenChannel::of(&manifest, true, "de");
    assert!(expected.reading_hours == "werktags" && !expected.privacy_notice.is_empty() && expected.groups.len() > 1);
    let checked = Answered::Checked { manifest: Box::new(manifest), fingerprint: "AB".into(), expired: true };
    let message = FromEngine::Answer { id: 7, answer: Box::new(checked) };
    assert!(matches!(read(&message), Some(Msg::ChannelChecked(channel)) if *channel == expected));

    let due = vec![DueDate { state: CaseState::InTriage, at: NOW, late: true }];
    let sent = Answered::Sent {
        receipt: CODE.into(),
        acknowledgement_file: "{\n \"a\": 1}".into(),
        recorded_at: NOW,
        due: due.clone(),
        case: recourse_domain::ids::CaseId::new([9; 16]),
    };
    let message = FromEngine::Answer { id: 2, answer: Box::new(sent) };
    let expected = Sent {
        receipt: CODE.into(),
        acknowledgement_file: "{\n \"a\": 1}".into(),
        due,
        case: recourse_domain::ids::CaseId::new([9; 16]).to_string(),
        ..Sent::default()
    };
    assert!(matches!(read(&message), Some(Msg::SendDone(sent)) if *sent == expected));
}

#[test]
fn failures_mean_what_the_person_can_do() {
    let problem = |kind| Failure::Problem { problem: Problem::new(kind, Some("detail".into())) };
    let busy = |seconds: &str| Failure::Problem {
        problem: Problem::new(ProblemKind::TooManyRequests, Some(seconds.to_owned())),
    };
    let failed = |id, failure| read(&FromEngine::Failed { id, failure }).unwrap();
    for (failure, trouble) in [
        (Failure::Network, Trouble::Network),
        (Failure::Acknowledgement, Trouble::Acknowledgement),
        (Failure::File { file: 3 }, Trouble::File(3)),
        (Failure::Unexpected, Trouble::Unexpected),
        (Failure::OutOfOrder, Trouble::Unexpected),
        // Of a letter that lay on the device.
        (Failure::Damaged, Trouble::Stale),
        (Failure::Manifest { check: "expired".into() }, Trouble::Stale),
        (Failure::Manifest { check: "root_key".into() }, Trouble::Stale),
        (Failure::Overworked, Trouble::Problem("overworked")),
        (busy("301"), Trouble::Later(6)),
        (busy("60"), Trouble::Later(1)),
        (busy("soon"), Trouble::Later(1)),
        (problem(ProblemKind::TooLarge), Trouble::Problem("too-large")),
        (problem(ProblemKind::Internal), Trouble::Problem("internal")),
    ] {
        assert!(matches!(failed(2, failure), Msg::SendFailed(seen) if seen == trouble), "{trouble:?}");
    }
    for kind in [ProblemKind::OldManifest, ProblemKind::UnknownRecipient] {
        assert!(matches!(failed(2, problem(kind)), Msg::ChannelChanged));
    }
    let check = |check: &str| Failure::Manifest { check: check.into() };
    for (failure, shut) in [
        (check("expired"), Shut::Closed),
        (check("signature"), Shut::Untrusted),
        (check("rollback"), Shut::Untrusted),
        (Failure::Unexpected, Shut::Unreachable),
    ] {
        assert!(matches!(failed(7, failure), Msg::ChannelShut(seen) if seen == shut), "{shut:?}");
    }
}

#[test]
fn the_manifest_goes_to_the_engine_whole_and_alone() {
    let channel = "demo".parse().unwrap();
    let envelope = SignedEnvelope { version: 1, payload: "e30".into(), key: "k".into(), signature: "\"\\s".into() };
    let body = serde_json::to_string_pretty(&envelope).unwrap();
    for pinned in [None, Some("root \"key\"")] {
        let request = manifest_request((200, &body), "demo", pinned, NOW).unwrap();
        let expected = Request::CheckManifest {
            channel: std::clone::Clone::clone(&channel),
            envelope: envelope.clone(),
            pinned_root: pinned.map(str::to_owned),
            seen_serial: None,
            now: NOW,
        };
        assert_eq!(serde_json::from_str::<Request>(&request).unwrap(), expected);
    }
    // A server could otherwise unpin the root key, or answer for the page.
    for body in ["", "[]", "1", "{}{}", "{},\"pinned_root\":null", "{}},\"x\":{", "{\"a\":1", "{} x", "nul"] {
        assert_eq!(manifest_request((200, body), "demo", Some("key"), NOW), Err(Shut::Unreachable), "{body}");
    }
    let document = |kind| serde_json::to_string(&Problem::new(kind, None)).unwrap();
    for (status, body, why) in [
        (404, document(ProblemKind::UnknownChannel), Shut::Unknown),
        (410, document(ProblemKind::ChannelClosed), Shut::Closed),
        (404, "<html>".into(), Shut::Unknown),
        (503, document(ProblemKind::Unavailable), Shut::Unreachable),
        (0, String::new(), Shut::Unreachable),
    ] {
        assert_eq!(manifest_request((status, &body), "demo", None, NOW), Err(why), "{status}");
    }
}

#[test]
fn a_host_can_neither_stop_nor_spoil_a_report() {
    let long = "x".repeat(5_000);
    let many: Vec<String> = (0..100).map(|at| format!("\"k{at}\":\"v\"")).collect();
    let offer = format!(
        r#"{{"recourse":"connect","locale":"en","theme":"dark","subject":{{"type":"message","id":"{long}","label":null}},
        "context":{{"{long}":"v","":"v","n":5,"e":"","a":"{long}",{}}},"root_key":"rk"}}"#,
        many.join(",")
    );
    let Hello { offered, theme, root_key } = hello(&offer);
    assert_eq!((theme, root_key.as_deref()), (Some("dark"), Some("rk")));
    let subject = offered.subject.as_ref().unwrap();
    assert_eq!((subject.kind.as_str(), subject.id.len(), subject.label.as_str()), ("message", 1_000, ""));
    assert_eq!((offered.context.len(), offered.context[0].0.as_str(), offered.context[0].1.len()), (64, "a", 1_000));
    let state = form([Msg::Offered(offered), Msg::Door(Purpose::FlagMisuse)]);
    assert_eq!((state.all_faults(), domain_faults(&state)), (vec![], vec![]));
    for nothing in ["", "{}", "[", "{\"subject\":7,\"context\":[],\"theme\":\"url(x)\",\"root_key\":\"\"}"] {
        assert_eq!(hello(nothing), Hello::default(), "{nothing}");
    }
}

#[test]
fn json_is_read_as_serde_reads_it_and_never_panics() {
    let text = r#" {"a":[1,2,{"b":"\u00e9\ud83d\ude00\n\"\\\/"}],"c":true,"d":null,"e":18446744073709551615,"f":-1.5e3,"g":"ü"} "#;
    let value = Value::parse(text).unwrap();
    let list = value.list("a");
    assert_eq!((list.len(), list[2].text("b").as_str()), (3, "é😀\n\"\\/"));
    assert_eq!((value.flag("c"), value.get("d").is_there(), value.number("e")), (true, false, u64::MAX));
    assert_eq!((value.number("f"), value.text("g").as_str(), value.get("none").is_there()), (0, "ü", false));
    for cut in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
        let part = &text[..cut];
        assert_eq!(Value::parse(part).is_some(), serde_json::from_str::<serde_json::Value>(part).is_ok(), "{part}");
    }
    for wrong in [
        "{\"a\" 1}",
        "{a:1}",
        "[1,]",
        "{\"a\":1,}",
        "\"\u{1}\"",
        "\"\\x\"",
        "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "tru",
        "--",
    ] {
        assert!(Value::parse(wrong).is_none() || wrong == "--", "{wrong}");
    }
    assert!(Value::parse(&"[".repeat(100_000)).is_none(), "no deep recursion");
    let mut dice = Dice(11);
    for _ in 0..2_000 {
        let mut bytes = text.as_bytes().to_vec();
        let at = dice.roll(bytes.len());
        bytes[at] = dice.roll(256) as u8;
        if let Ok(text) = std::str::from_utf8(&bytes) {
            Value::parse(text);
        }
    }
}

#[test]
fn an_embedder_says_where_it_was_and_a_host_cannot_say_so() {
    let said = r#"{"address": "https://crm.example/a?b=1", "held": "It is held.", "hint": "Locked.", "record": true}"#;
    assert_eq!(
        embedder(said),
        Embedder {
            address: "https://crm.example/a?b=1".to_owned(),
            held: "It is held.".to_owned(),
            hint: "Locked.".to_owned(),
            record: true
        }
    );
    for nothing in [r#"{"address": 7, "held": true, "record": null}"#, "", "[]"] {
        assert_eq!(embedder(nothing), Embedder::default(), "{nothing}");
    }
    assert_eq!(hello(said), Hello::default());
}
