//! What the engine's first part reads and writes is spelled as what pages write and read.
#![allow(clippy::unwrap_used, reason = "tests")]

use recourse_domain::channel::{GroupKind, Manifest};
use recourse_domain::content::Contact;
use recourse_domain::ids::{CaseId, ChannelId};
use recourse_domain::report::ReportDraft;
use recourse_domain::time::Timestamp;
use recourse_wire::engine::{Answer, Call, FormAnswer, FormRequest, FromEngine, Outgoing, Request, answered};
use recourse_wire::reporter::SignedEnvelope;
use serde::{Serialize, de::DeserializeOwned};

fn crossed<T: DeserializeOwned>(value: &impl Serialize) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

#[test]
fn the_first_part_reads_what_the_form_asks() {
    let channel: ChannelId = "demo".parse().unwrap();
    let envelope = SignedEnvelope { version: 1, payload: "P".into(), key: "K".into(), signature: "S".into() };
    let (pinned_root, seen_serial, now) = (Some("KEY".to_owned()), Some(7), Timestamp(9));
    let asked = Request::CheckManifest {
        channel: channel.clone(),
        envelope: envelope.clone(),
        pinned_root: pinned_root.clone(),
        seen_serial,
        now,
    };
    let read = FormRequest::CheckManifest { channel, envelope, pinned_root, seen_serial, now };
    assert_eq!(crossed::<Call<FormRequest>>(&Call { id: 1, request: asked }), Call { id: 1, request: read });
    assert_eq!(crossed::<FormRequest>(&Request::Forget), FormRequest::Forget);
    // A report is kept where there is no network: its call must not need the later part.
    let outgoing = Outgoing {
        draft: ReportDraft::default(),
        language: "en".to_owned(),
        contact: Contact::default(),
        urgent: false,
        readers: GroupKind::Independent,
        files: Vec::new(),
        now,
    };
    let kept = crossed::<FormRequest>(&Request::Keep(Box::new(outgoing.clone())));
    assert_eq!(kept, FormRequest::Keep(Box::new(outgoing)));
    // What it does not know is left to the later part.
    let other = serde_json::to_string(&Request::CheckReceipt { code: "A".into() }).unwrap();
    assert!(serde_json::from_str::<FormRequest>(&other).is_err());
}

#[test]
fn pages_read_what_the_first_part_answers() {
    let manifest: Manifest = serde_json::from_str(include_str!("../../domain/tests/data/manifest.json")).unwrap();
    let manifest = Box::new(manifest);
    let checked = FormAnswer::Checked { manifest: manifest.clone(), fingerprint: "f".into(), expired: true };
    assert_eq!(crossed::<Answer>(&checked), Answer::Checked { manifest, fingerprint: "f".into(), expired: true });
    let case = CaseId::new([3; 16]);
    let (receipt, acknowledgement_file, recorded_at) = ("R".to_owned(), "A".to_owned(), Timestamp(3600));
    let sent = FormAnswer::Sent {
        receipt: receipt.clone(),
        acknowledgement_file: acknowledgement_file.clone(),
        recorded_at,
        due: Vec::new(),
        case,
    };
    let read = Answer::Sent { receipt, acknowledgement_file, recorded_at, due: Vec::new(), case };
    assert_eq!(crossed::<Answer>(&sent), read);
    let message = answered(5, &serde_json::to_string(&sent).unwrap());
    let message: FromEngine = serde_json::from_str(&message).unwrap();
    assert_eq!(message, FromEngine::Answer { id: 5, answer: Box::new(read) });
    assert_eq!(crossed::<Answer>(&FormAnswer::Done), Answer::Done);
    let (receipt, letter) = ("R".to_owned(), "{\"version\":1}".to_owned());
    let kept = FormAnswer::Kept { receipt: receipt.clone(), letter: letter.clone(), case };
    assert_eq!(crossed::<Answer>(&kept), Answer::Kept { receipt, letter, case });
}
