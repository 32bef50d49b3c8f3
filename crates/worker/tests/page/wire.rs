//! Everything that crosses between page and worker: as JSON text in `serde_json`, which the worker uses, and as plain objects in
//! `serde-wasm-bindgen`, which pages use. Both have to mean the same.

use std::fmt::Debug;

use js_sys::JSON;
use recourse_glue::{from_js, to_js};
use recourse_wire::engine::{self, FromEngine, Progress, ReceiptFault};
use recourse_wire::reviewing;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

/// The largest number that a double counts without gaps.
const MOST: u64 = (1 << 53) - 1;

fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    let object = to_js(value).unwrap();
    // `stringify` throws on a BigInt.
    let written = String::from(JSON::stringify(&object).unwrap());
    assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), serde_json::from_str::<Value>(&text).unwrap());
    // Page to worker, worker to page, and without text at all.
    assert_eq!(&serde_json::from_str::<T>(&written).unwrap(), value);
    assert_eq!(&from_js::<T>(JSON::parse(&text).unwrap()).unwrap(), value);
    assert_eq!(&from_js::<T>(object).unwrap(), value);
}

/// Reads the samples, checks each, and that each variant has one; a variant that is not named here does not compile.
macro_rules! check_every {
    ($kind:ty, $samples:expr, $($variant:pat),+ $(,)?) => {{
        let samples: Vec<$kind> = $samples.into_iter().map(|sample| serde_json::from_value(sample).unwrap()).collect();
        samples.iter().for_each(check);
        $(assert!(samples.iter().any(|sample| matches!(sample, $variant)), "{}", stringify!($variant));)+
        let _ = |sample: &$kind| match sample { $($variant)|+ => () };
    }};
}

fn golden(annotated: &str) -> Value {
    let lines = annotated.lines().map(|line| line.split_once("  // ").map_or(line, |(json, _)| json));
    serde_json::from_str(&lines.collect::<String>()).unwrap()
}

fn manifest() -> Value {
    golden(include_str!("../../../domain/tests/data/manifest.json"))
}

fn summary() -> Value {
    json!({
        "case": "da6c4b682476fb66a845b47d3d20f083", "channel": "demo", "state": "in_review", "urgent": true, "assignee": "AQEB",
        "due": due(), "received_at": 0, "updated_at": MOST, "events": MOST,
    })
}

fn due() -> Value {
    json!({ "state": "decided", "at": MOST, "late": false })
}

fn failures() -> Vec<Value> {
    vec![
        json!({ "problem": { "problem": { "type": "urn:recourse:problem:too-large", "title": "T", "status": 413, "detail": "<b>" } } }),
        json!({ "problem": { "problem": { "type": "urn:else", "title": "", "status": 500 } } }),
        json!("network"),
        json!("unexpected"),
        json!({ "receipt": { "fault": "empty" } }),
        json!({ "receipt": { "fault": { "length": { "got": 27 } } } }),
        json!({ "receipt": { "fault": { "character": { "found": "🗝" } } } }),
        json!({ "receipt": { "fault": "checksum" } }),
        json!({ "manifest": { "check": "rollback" } }),
        json!({ "report": { "path": "evidence[0].size", "fault": "too_large" } }),
        json!({ "file": { "file": u32::MAX } }),
        json!("acknowledgement"),
        json!("overworked"),
        json!("key_file"),
        json!("no_key"),
        json!("damaged"),
        json!("out_of_order"),
    ]
}

#[wasm_bindgen_test]
fn every_failure() {
    use engine::Failure as F;
    check_every!(
        F,
        failures(),
        F::Problem { .. },
        F::Network,
        F::Unexpected,
        F::Receipt { fault: ReceiptFault::Empty },
        F::Receipt { fault: ReceiptFault::Length { .. } },
        F::Receipt { fault: ReceiptFault::Character { .. } },
        F::Receipt { fault: ReceiptFault::Checksum },
        F::Manifest { .. },
        F::Report { .. },
        F::File { .. },
        F::Acknowledgement,
        F::Overworked,
        F::KeyFile,
        F::NoKey,
        F::Damaged,
        F::OutOfOrder,
    );
}

#[wasm_bindgen_test]
fn every_request_of_a_reporter() {
    use engine::Request as R;
    let envelope = json!({ "version": 1, "payload": "eyJhIjoxfQ", "key": "A6EH", "signature": "my1I" });
    let outgoing = json!({
        "draft": {
            "purpose": "flag_misuse", "what_happened": "Grüße – 问候 – <b>\u{2028}\"", "how_many": u32::MAX, "imminent_danger": "yes",
            "provider_context": { "order": "7", "": "empty name" },
        },
        "language": "en", "contact": { "name": "N" }, "urgent": true, "readers": "team", "now": MOST,
        "files": [{ "id": 1, "name": "a.png", "media_type": "image/png", "size": MOST, "description": null,
            "kind": "link", "redactions": 2, "sensitive": true, "url": "https://example.com" }],
    });
    check_every!(
        R,
        [
            json!({ "check_manifest": {
                "channel": "demo", "envelope": envelope, "pinned_root": "4bb3", "seen_serial": MOST, "now": MOST,
            } }),
            json!({ "check_manifest": { "channel": "d", "envelope": envelope, "pinned_root": null, "seen_serial": null, "now": 0 } }),
            json!({ "send": outgoing }),
            json!({ "seal_record": outgoing }),
            json!({ "keep": outgoing }),
            json!({ "upload_kept": { "letter": "{}", "now": MOST } }),
            json!({ "send_kept": { "now": 0 } }),
            json!({ "check_acknowledgement": { "file": "{}" } }),
            json!({ "reread": { "now": MOST } }),
            json!("forget"),
            json!({ "check_receipt": { "code": "000G-40R4" } }),
            json!({ "open_receipt": { "channel": "demo", "code": "000G", "pinned_root": null, "now": 1 } }),
            json!({ "act": { "content": { "message": { "text": "" } }, "files": [], "now": 1 } }),
            json!({ "act": { "content": { "contested": { "text": "\0" } }, "files": [], "now": 1 } }),
            json!({ "act": { "content": { "withdrawn": { "text": "\r\n" } }, "files": [], "now": 1 } }),
        ],
        R::CheckManifest { .. },
        R::Send(_),
        R::SealRecord(_),
        R::Keep(_),
        R::UploadKept { .. },
        R::SendKept { .. },
        R::CheckAcknowledgement { .. },
        R::Reread { .. },
        R::Forget,
        R::CheckReceipt { .. },
        R::OpenReceipt { .. },
        R::Act { .. },
    );
}

#[wasm_bindgen_test]
fn every_answer_to_a_reporter() {
    use engine::Answer as A;
    check_every!(
        A,
        [
            json!({ "checked": { "manifest": manifest(), "fingerprint": "1WKK-F1K9", "expired": true } }),
            json!({ "sent": { "receipt": "000G-40R4", "acknowledgement_file": "{\"a\":1}", "recorded_at": MOST, "due": [due()],
                "case": "da6c4b682476fb66a845b47d3d20f083" } }),
            json!({ "record_sealed": { "code": "000G" } }),
            json!({ "kept": { "receipt": "000G", "letter": "{\"version\":1}", "case": "da6c4b682476fb66a845b47d3d20f083" } }),
            json!({ "uploaded": { "letter": "\"\u{2028}" } }),
            json!({ "acknowledgement_checked": { "proven": null, "fault": "signature" } }),
            json!("done"),
            json!({ "receipt_checked": { "code": "000G" } }),
            json!({ "own_case": {
                "manifest": manifest(), "state": "received", "due": [], "tampered": false,
                "entries": [
                    { "sequence": 0, "at": 0, "what": "reported" },
                    { "sequence": 1, "at": 1, "what": { "wrote": { "act": "message" } } },
                    { "sequence": 2, "at": 2, "what": { "reply": { "from": "Ada", "text": "<b>", "language": "en" } } },
                    { "sequence": MOST, "at": MOST, "what": { "moved": { "to": "withdrawn", "from": null, "reason": "r", "rights": ["8"], "remedies": ["apology"] } } },
                ],
            } }),
        ],
        A::Checked { .. },
        A::Sent { .. },
        A::RecordSealed { .. },
        A::Kept { .. },
        A::Uploaded { .. },
        A::AcknowledgementChecked { .. },
        A::Done,
        A::ReceiptChecked { .. },
        A::OwnCase(_),
    );
}

#[wasm_bindgen_test]
fn every_request_of_a_reviewer() {
    use reviewing::Request as R;
    let case = "da6c4b682476fb66a845b47d3d20f083";
    let append = |content: Value| json!({ "append": { "case": case, "content": content } });
    check_every!(
        R,
        [
            json!({ "sign_in": { "key_file": "RECOURSE-REVIEWER-1-\n", "origin": "https://console.example" } }),
            json!("sign_out"),
            json!({ "list_cases": { "query": {} } }),
            json!({ "list_cases": { "query": {
                "channel": "demo", "state": "received", "open": false, "assignee": "none", "cursor": "c", "limit": 200,
            } } }),
            json!({ "open_case": { "case": case } }),
            json!({ "open_evidence": { "case": case, "blob": "a".repeat(64) } }),
            append(json!({ "reply": { "text": "<b>", "language": "en" } })),
            append(json!({ "note": { "text": "" } })),
            append(json!({ "transition": { "to": "decided", "reason": "r", "rights_considered": ["privacy"] } })),
            append(json!({ "assigned": { "owner": null } })),
            append(json!({ "contact_opened": { "reason": "to call" } })),
            json!({ "open_contact": { "case": case, "reason": "to call" } }),
        ],
        R::SignIn { .. },
        R::SignOut,
        R::ListCases { .. },
        R::OpenCase { .. },
        R::OpenEvidence { .. },
        R::Append { .. },
        R::OpenContact { .. },
    );
}

#[wasm_bindgen_test]
fn every_answer_to_a_reviewer() {
    use reviewing::Answer as A;
    let reviewer = json!({ "key": "AQEB", "name": "Ada", "role": "auditor" });
    let glance =
        json!({ "purpose": "flag_misuse", "category": null, "excerpt": "…", "imminent_danger": true, "evidence": 100 });
    let at = |sequence: u64, what: Value| json!({ "sequence": sequence, "at": MOST, "reviewer": null, "what": what });
    check_every!(
        A,
        [
            json!("done"),
            json!({ "signed_in": {
                "reviewer": reviewer, "reviewers": [reviewer], "manifests": [manifest()], "groups": [["demo", "team"]],
                "expires_at": MOST,
            } }),
            json!({ "queue": { "rows": [{ "summary": summary(), "glance": glance }, { "summary": summary(), "glance": null }], "next": "c" } }),
            json!({ "case": {
                "summary": summary(), "state": "escalated", "shown": "in_review", "next": ["in_review"], "contact_opened": true,
                "report": golden(include_str!("../../../domain/tests/data/report-full.jsonc")),
                "entries": [
                    at(0, json!("reported")),
                    at(1, json!({ "reporter": { "content": { "message": { "text": "<b>" } } } })),
                    at(2, json!({ "team": { "content": { "assigned": { "owner": "AQEB" } } } })),
                    at(3, json!({ "automatic": { "to": "withdrawn" } })),
                    at(MOST, json!("unreadable")),
                ],
                "findings": [{ "broken_chain": { "sequence": MOST } }, { "truncated": { "seen": MOST } }],
            } }),
            json!({ "evidence": { "media_type": "image/png", "name": "a.png", "verified": false } }),
            json!({ "contact": {} }),
            json!({ "contact": { "name": "N", "reach": "R" } }),
        ],
        A::Done,
        A::SignedIn { .. },
        A::Queue { .. },
        A::Case(_),
        A::Evidence { .. },
        A::Contact(_),
    );
}

#[wasm_bindgen_test]
fn the_frame_around_them() {
    type Message = FromEngine<engine::Answer>;
    check_every!(
        Message,
        [
            json!("ready"),
            json!({ "progress": { "id": 1, "progress": { "uploading": { "file": 1, "sent": 0, "total": MOST } } } }),
            json!({ "progress": { "id": 1, "progress": "paused" } }),
            json!({ "progress": { "id": 1, "progress": "offline" } }),
            json!({ "progress": { "id": 1, "progress": "sealing" } }),
            json!({ "progress": { "id": 1, "progress": "proving" } }),
            json!({ "progress": { "id": 1, "progress": { "waiting": { "seconds": 300 } } } }),
            json!({ "progress": { "id": 1, "progress": "sending" } }),
            json!({ "answer": { "id": u32::MAX, "answer": "done" } }),
            json!({ "failed": { "id": 0, "failure": "network" } }),
        ],
        Message::Ready,
        Message::Progress { progress: Progress::Uploading { .. }, .. },
        Message::Progress { progress: Progress::Paused, .. },
        Message::Progress { progress: Progress::Offline, .. },
        Message::Progress { progress: Progress::Sealing, .. },
        Message::Progress { progress: Progress::Proving, .. },
        Message::Progress { progress: Progress::Waiting { .. }, .. },
        Message::Progress { progress: Progress::Sending, .. },
        Message::Answer { .. },
        Message::Failed { .. },
    );
    check(&engine::Call { id: u32::MAX, request: engine::Request::Forget });
    check(&reviewing::Call { id: 1, request: reviewing::Request::SignOut });
}
