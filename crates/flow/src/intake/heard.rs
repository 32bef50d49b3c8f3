//! What the form hears of the engine and of the host, read by name from JSON.
//!
//! Decoding `wire`'s types by serde would carry a decoder for each of them, and the manifest's alone would take a fifth of the form's
//! budget. A test writes the real types with serde and reads them here.

use recourse_domain::channel::{GroupKind, LegalProfile, Limits};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_wire::engine::Progress;
use recourse_wire::problem::ProblemKind;
use recourse_wire::reporter::DueDate;

use super::json::Value;
use super::{
    Msg, Offered, OfferedSubject, OpenChannel, Readers, RouteShown, Sent, ShelfAct, Shut, StageShown, Trouble,
};

/// What a message of the engine (`wire::engine::FromEngine`) means for the channel; `manifest_call` is the number of the last call that
/// checked a manifest, `language` that of the form. What it means for a report, [`reported`] says.
pub fn heard(message: &Value, manifest_call: u32, language: &str) -> Option<Msg> {
    let checked = message.get("answer").get("answer").get("checked");
    if checked.is_there() {
        let channel = channel(checked.get("manifest"), checked.flag("expired"), language)?;
        return Some(Msg::ChannelChecked(Box::new(channel)));
    }
    let failed = message.get("failed");
    let failure = failed.get("failure");
    if !failure.is_there() || failed.number("id") as u32 != manifest_call {
        return None;
    }
    Some(Msg::ChannelShut(match failure.get("manifest").get("check").as_text() {
        "" => Shut::Unreachable,
        "expired" => Shut::Closed,
        _ => Shut::Untrusted,
    }))
}

/// What such a message means for a report on its way, where it says nothing of the channel.
pub fn reported(message: &Value) -> Option<Msg> {
    let progress = message.get("progress").get("progress");
    if progress.is_there() {
        return Some(Msg::Progress(match progress.as_text() {
            "sealing" => Progress::Sealing,
            "sending" => Progress::Sending,
            "proving" => Progress::Proving,
            "paused" => Progress::Paused,
            "offline" => Progress::Offline,
            _ if progress.get("waiting").is_there() => {
                Progress::Waiting { seconds: progress.get("waiting").number("seconds") as u32 }
            }
            _ => {
                let part = progress.get("uploading");
                Progress::Uploading {
                    file: part.number("file") as u32,
                    sent: part.number("sent"),
                    total: part.number("total"),
                }
            }
        }));
    }
    let answer = message.get("answer").get("answer");
    let recorded = answer.get("record_sealed");
    if recorded.is_there() {
        return Some(Msg::Recorded(recorded.text("code")));
    }
    let kept = answer.get("kept");
    if kept.is_there() {
        let (receipt, letter, case) = (kept.text("receipt"), kept.text("letter"), kept.text("case"));
        return Some(Msg::Shelf(ShelfAct::Sealed { receipt, letter, case }));
    }
    let uploaded = answer.get("uploaded");
    if uploaded.is_there() {
        return Some(Msg::Shelf(ShelfAct::Uploaded(uploaded.text("letter"))));
    }
    let sent = answer.get("sent");
    if sent.is_there() {
        let mut due = Vec::new();
        for date in sent.list("due") {
            due.push(DueDate { state: state(date)?, at: Timestamp(date.number("at")), late: date.flag("late") });
        }
        return Some(Msg::SendDone(Box::new(Sent {
            receipt: sent.text("receipt"),
            acknowledgement_file: sent.text("acknowledgement_file"),
            due,
            case: sent.text("case"),
            ..Sent::default()
        })));
    }
    let failure = message.get("failed").get("failure");
    if !failure.is_there() {
        return None;
    }
    let problem = failure.get("problem").get("problem");
    let file = failure.get("file");
    Some(if problem.is_there() {
        match ProblemKind::from_type_uri(problem.get("type").as_text()) {
            // Sealed to a key that is no longer there, or promised by a manifest that is no longer true.
            Some(ProblemKind::OldManifest | ProblemKind::UnknownRecipient) => Msg::ChannelChanged,
            Some(ProblemKind::TooManyRequests) => {
                let seconds: u32 = problem.get("detail").as_text().parse().unwrap_or(60);
                Msg::SendFailed(Trouble::Later(seconds.div_ceil(60)))
            }
            kind => Msg::SendFailed(Trouble::Problem(kind.map_or("internal", ProblemKind::slug))),
        }
    } else if file.is_there() {
        Msg::SendFailed(Trouble::File(file.number("file") as u32))
    } else {
        Msg::SendFailed(match failure.as_text() {
            "network" => Trouble::Network,
            "acknowledgement" => Trouble::Acknowledgement,
            // Of a letter that lay here; nothing else has a manifest of its own.
            "damaged" => Trouble::Stale,
            _ if failure.get("manifest").is_there() => Trouble::Stale,
            "overworked" => Trouble::Problem("overworked"),
            _ => Trouble::Unexpected,
        })
    })
}

/// What the server gave for a manifest: the request that has the engine check it, or why there is none. Status 0 is no answer.
pub fn manifest_request(
    (status, body): (u16, &str),
    channel: &str,
    pinned_root: Option<&str>,
    now: Timestamp,
) -> Result<String, Shut> {
    let envelope = Value::parse(body);
    if !(200..300).contains(&status) {
        let problem = envelope.map(|problem| problem.text("type")).unwrap_or_default();
        return Err(match (ProblemKind::from_type_uri(&problem), status) {
            (Some(ProblemKind::ChannelClosed), _) | (_, 410) => Shut::Closed,
            (Some(ProblemKind::UnknownChannel), _) | (_, 404) => Shut::Unknown,
            _ => Shut::Unreachable,
        });
    }
    // One whole object and nothing else: it goes into the request as it is, and must not add members of its own to that.
    if !matches!(envelope, Some(Value::Object(_))) {
        return Err(Shut::Unreachable);
    }
    let mut request = String::new();
    for part in ["{\"check_manifest\":{\"envelope\":", body, ",\"channel\":"] {
        request.push_str(part);
    }
    super::letter::quote(&mut request, channel);
    request.push_str(",\"pinned_root\":");
    match pinned_root {
        Some(key) => super::letter::quote(&mut request, key),
        None => request.push_str("null"),
    }
    for part in [",\"seen_serial\":null,\"now\":", &now.0.to_string(), "}}"] {
        request.push_str(part);
    }
    Ok(request)
}

/// Reads what the embedder says; nothing where there is none.
pub fn embedder(text: &str) -> Embedder {
    let Some(said) = Value::parse(text) else { return Embedder::default() };
    Embedder {
        address: said.text("address"),
        held: said.text("held"),
        hint: said.text("hint"),
        record: said.flag("record"),
    }
}

fn state(part: &Value) -> Option<CaseState> {
    let id = part.get("state").as_text();
    CaseState::ALL.into_iter().find(|state| state.as_str() == id)
}

/// What people are shown of a manifest.
fn channel(value: &Value, expired: bool, language: &str) -> Option<OpenChannel> {
    let spoken = |part: &Value, name: &str| {
        let texts = part.get(name);
        let text = texts.text(language);
        if text.is_empty() { texts.text("en") } else { text }
    };
    let mut groups = Vec::new();
    for group in value.list("groups") {
        let id = group.get("kind").as_text();
        let kind = [GroupKind::Team, GroupKind::Restricted, GroupKind::Independent]
            .into_iter()
            .find(|kind| kind.as_str() == id)?;
        let mut members = Vec::new();
        for member in group.list("members") {
            members.push(member.text("name"));
        }
        groups.push(Readers { kind, name: group.text("name"), members });
    }
    let mut stages = Vec::new();
    for stage in value.list("stages") {
        stages.push(StageShown {
            state: state(stage)?,
            days: stage.number("days") as u32,
            text: spoken(stage, "text"),
        });
    }
    let mut other_routes = Vec::new();
    for route in value.list("other_routes") {
        other_routes.push(RouteShown { name: route.text("name"), text: spoken(route, "text"), url: route.text("url") });
    }
    let mut hidden_categories = Vec::new();
    for id in value.list("hidden_categories") {
        hidden_categories.push(id.as_text().to_owned());
    }
    let controller = value.get("controller");
    let limits = value.get("limits");
    Some(OpenChannel {
        provider: value.text("provider"),
        product: value.text("product"),
        reading_hours: spoken(value, "reading_hours"),
        groups,
        stages,
        limits: Limits {
            attachment_bytes: limits.number("attachment_bytes"),
            report_bytes: limits.number("report_bytes"),
            attachments: limits.number("attachments") as u32,
            text_chars: limits.number("text_chars") as u32,
        },
        controller: controller.text("name"),
        contact: controller.text("contact"),
        privacy_notice: spoken(controller, "privacy_notice"),
        rules: spoken(controller, "rules"),
        other_routes,
        hidden_categories,
        expired,
        legal: match value.get("legal_profile").as_text() {
            "dsa_hosting" => LegalProfile::DsaHosting,
            "dsa_platform" => LegalProfile::DsaPlatform,
            "eu_whistleblower" => LegalProfile::EuWhistleblower,
            "uk_osa" => LegalProfile::UkOsa,
            _ => LegalProfile::None,
        },
        test: value.flag("test"),
        settings: value.text("settings"),
        language: language.to_owned(),
    })
}

/// The host's first word (`widget/loader/README.md`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hello {
    /// What it offers.
    pub offered: Offered,
    /// `light` or `dark`, if it said so.
    pub theme: Option<&'static str>,
    /// The root key that it pins.
    pub root_key: Option<String>,
}

/// What a tool of ours says that has the form inside: the extension's panel. Never from a host's word, which could turn a report into one that is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Embedder {
    /// What the report is about, where it was captured; may be empty.
    pub address: String,
    /// What it says of holding what is typed in memory: see [`super::Keep::held`].
    pub held: String,
    /// What it says of a draft that the device keeps.
    pub hint: String,
    /// Nothing is sent from here: the report becomes a file that its writer keeps.
    pub record: bool,
}

/// Entries of the host's context that are taken, and characters of each of its names and texts; the rest is left.
const ENTRIES: usize = 64;
const NAME_CHARS: usize = 64;
const CHARS: usize = 1_000;

/// Reads the host's first word. What is not as agreed is left out: a host can neither stop a report nor spoil one.
pub fn hello(offer: &str) -> Hello {
    let Some(offer) = Value::parse(offer) else { return Hello::default() };
    let subject = offer.get("subject");
    let short = |text: &str| text.chars().take(CHARS).collect::<String>();
    let part = |name| short(subject.get(name).as_text());
    let subject = OfferedSubject { kind: part("type"), id: part("id"), label: part("label") };
    let mut context: Vec<(String, String)> = Vec::new();
    if let Value::Object(members) = offer.get("context") {
        for (name, value) in members {
            let text = value.as_text();
            let fits = !name.is_empty() && name.chars().count() <= NAME_CHARS && context.len() < ENTRIES;
            if fits && !text.is_empty() && context.iter().all(|(other, _)| other != name) {
                context.push((name.clone(), short(text)));
            }
        }
    }
    let root_key = offer.text("root_key");
    Hello {
        offered: Offered {
            subject: if subject == OfferedSubject::default() { None } else { Some(subject) },
            context,
            token: offer.text("context_token"),
            claims: Vec::new(),
        },
        theme: match offer.get("theme").as_text() {
            "light" => Some("light"),
            "dark" => Some("dark"),
            _ => None,
        },
        root_key: if root_key.is_empty() { None } else { Some(root_key) },
    }
}
