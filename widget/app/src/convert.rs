//! The engine's messages by hand. `wire` defines them with serde, whose decoder of the manifest alone would take a fifth of the form's
//! budget; the tests in `tests/convert.rs` hold these functions against it.

use recourse_domain::channel::{GroupKind, Limits};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_flow::intake::{FormAnswer, OpenChannel, Readers, RouteShown, Sent, StageShown};
use recourse_glue::{get, get_list, get_number, get_some, get_text};
use recourse_ui::text::language;
use recourse_wire::engine::{Failure, FromEngine, Progress};
use recourse_wire::problem::Problem;
use recourse_wire::reporter::DueDate;
use wasm_bindgen::JsValue;

/// What the engine posted; `None` for what this page has no use for.
pub fn heard(message: &JsValue) -> Option<FromEngine<FormAnswer>> {
    if message.as_string().as_deref() == Some("ready") {
        return Some(FromEngine::Ready);
    }
    if let Some(part) = get_some(message, "progress") {
        return Some(FromEngine::Progress { id: id(&part), progress: progress(&get(&part, "progress"))? });
    }
    if let Some(part) = get_some(message, "answer") {
        return Some(FromEngine::Answer { id: id(&part), answer: Box::new(answer(&get(&part, "answer"))?) });
    }
    let part = get_some(message, "failed")?;
    Some(FromEngine::Failed { id: id(&part), failure: failure(&get(&part, "failure")) })
}

fn id(part: &JsValue) -> u32 {
    get_number(part, "id") as u32
}

fn progress(value: &JsValue) -> Option<Progress> {
    match value.as_string().as_deref() {
        Some("sealing") => Some(Progress::Sealing),
        Some("sending") => Some(Progress::Sending),
        _ => {
            let part = get_some(value, "uploading")?;
            let number = |name| get_number(&part, name);
            Some(Progress::Uploading { file: number("file") as u32, sent: number("sent"), total: number("total") })
        }
    }
}

fn answer(value: &JsValue) -> Option<FormAnswer> {
    if let Some(part) = get_some(value, "checked") {
        let channel = channel(&get(&part, "manifest"), get(&part, "expired").is_truthy())?;
        return Some(FormAnswer::Checked(Box::new(channel)));
    }
    let part = get_some(value, "sent")?;
    let mut due = Vec::new();
    for date in get_list(&part, "due") {
        let state = state(&get_text(&date, "state"))?;
        due.push(DueDate { state, at: Timestamp(get_number(&date, "at")), late: get(&date, "late").is_truthy() });
    }
    Some(FormAnswer::Sent(Box::new(Sent {
        receipt: get_text(&part, "receipt"),
        acknowledgement_file: get_text(&part, "acknowledgement_file"),
        due,
        ..Sent::default()
    })))
}

fn failure(value: &JsValue) -> Failure {
    if let Some(part) = get_some(value, "problem") {
        let problem = get(&part, "problem");
        return Failure::Problem { problem: self::problem(&problem) };
    }
    if let Some(part) = get_some(value, "manifest") {
        return Failure::Manifest { check: get_text(&part, "check") };
    }
    if let Some(part) = get_some(value, "file") {
        return Failure::File { file: get_number(&part, "file") as u32 };
    }
    match value.as_string().as_deref() {
        Some("network") => Failure::Network,
        Some("acknowledgement") => Failure::Acknowledgement,
        // All else means the same to this page.
        _ => Failure::Unexpected,
    }
}

/// A problem document.
pub fn problem(value: &JsValue) -> Problem {
    Problem {
        type_uri: get_text(value, "type"),
        title: get_text(value, "title"),
        status: get_number(value, "status") as u16,
        detail: get(value, "detail").as_string(),
    }
}

fn state(id: &str) -> Option<CaseState> {
    CaseState::ALL.into_iter().find(|state| state.as_str() == id)
}

/// What people are shown of a manifest that the engine has verified.
fn channel(value: &JsValue, expired: bool) -> Option<OpenChannel> {
    let controller = get(value, "controller");
    let mut groups = Vec::new();
    for group in get_list(value, "groups") {
        let kind = get_text(&group, "kind");
        let kind = [GroupKind::Team, GroupKind::Restricted, GroupKind::Independent]
            .into_iter()
            .find(|other| other.as_str() == kind)?;
        let mut members = Vec::new();
        for member in get_list(&group, "members") {
            members.push(get_text(&member, "name"));
        }
        groups.push(Readers { kind, name: get_text(&group, "name"), members });
    }
    let mut stages = Vec::new();
    for stage in get_list(value, "stages") {
        let state = state(&get_text(&stage, "state"))?;
        stages.push(StageShown { state, days: get_number(&stage, "days") as u32, text: spoken(&stage, "text") });
    }
    let mut other_routes = Vec::new();
    for route in get_list(value, "other_routes") {
        other_routes.push(RouteShown {
            name: get_text(&route, "name"),
            text: spoken(&route, "text"),
            url: get_text(&route, "url"),
        });
    }
    let mut hidden_categories = Vec::new();
    for id in get_list(value, "hidden_categories") {
        hidden_categories.extend(id.as_string());
    }
    let limits = get(value, "limits");
    let limit = |name| get_number(&limits, name);
    Some(OpenChannel {
        provider: get_text(value, "provider"),
        product: get_text(value, "product"),
        reading_hours: spoken(value, "reading_hours"),
        groups,
        stages,
        limits: Limits {
            attachment_bytes: limit("attachment_bytes"),
            report_bytes: limit("report_bytes"),
            attachments: limit("attachments") as u32,
            text_chars: limit("text_chars") as u32,
        },
        controller: get_text(&controller, "name"),
        contact: get_text(&controller, "contact"),
        privacy_notice: spoken(&controller, "privacy_notice"),
        rules: spoken(&controller, "rules"),
        other_routes,
        hidden_categories,
        expired,
    })
}

/// A text in the language of the form, else in English.
fn spoken(object: &JsValue, name: &str) -> String {
    let texts = get(object, name);
    get(&texts, &language()).as_string().unwrap_or_else(|| get_text(&texts, "en"))
}
