//! What the page shows as a text that any device can open, to be shown to somebody who helps (UNGP 31, equitable).

use recourse_domain::lifecycle::CaseState;
use recourse_flow::console::rights::slug;
use recourse_flow::follow_up::{OwnCase, Page};
use recourse_ui::format::{day_and_time, language_name, long_day};
use recourse_ui::text::{fill, find, follow_up as f, of, t};
use recourse_wire::engine::FollowUpWhat;

use crate::acts::remedies_line;
use crate::case::{act_text, coming_line};

/// Says nothing to whoever sees it in a list.
pub(crate) const FILE_NAME: &str = "answers.txt";

/// The text, in the language of the page. Nothing that the reporter wrote is in it: the page has none of that.
pub(crate) fn text(page: &Page, case: &OwnCase) -> String {
    let manifest = &case.view.manifest;
    let mut lines = vec![
        fill(f::SAVE_HEAD, &[("provider", &manifest.provider), ("product", &manifest.product)]).to_string(),
        fill(f::SAVE_MADE, &[("date", &long_day(page.now))]).to_string(),
        t(f::SAVE_NOT).to_string(),
        String::new(),
        format!("{}: {}", t(f::CASE_NOW), of(f::STATE_, case.view.state.as_str())),
    ];
    if case.view.tampered {
        lines.push(format!("{}. {}", t(f::CASE_TAMPERED), t(f::CASE_TAMPERED_TEXT)));
    }
    if let Some(at) = case.contest_until() {
        let over = if page.now > at { f::DECISION_CONTEST_OVER } else { f::DECISION_CONTEST_UNTIL };
        lines.push(fill(over, &[("date", &long_day(at))]).to_string());
    }
    lines.extend([String::new(), t(f::CASE_HAPPENED).to_string()]);
    for entry in &case.view.entries {
        let at = day_and_time(entry.at);
        let hour = || fill(f::ENTRY_HOUR, &[("date", &at)]);
        lines.push(String::new());
        match &entry.what {
            FollowUpWhat::Reported => lines.push(format!("{}. {}", hour(), t(f::ENTRY_REPORTED))),
            FollowUpWhat::Wrote { act } => lines.push(format!("{}. {}", hour(), act_text(*act))),
            FollowUpWhat::Reply { from, text, language } => {
                let name = format!("{from}, {},", manifest.provider);
                lines.push(format!("{at}. {} ({})", fill(f::ENTRY_REPLY, &[("name", &name)]), language_name(language)));
                lines.push(text.clone());
            }
            FollowUpWhat::Moved { to, from, reason, rights, remedies } => {
                lines.push(format!("{at}. {}", of(f::STATE_, to.as_str())));
                let by = |name| fill(f::ENTRY_MOVED_BY, &[("name", name), ("provider", &manifest.provider)]);
                lines.extend(from.as_ref().map(|name| by(name).to_string()));
                lines.extend(reason.clone());
                if !rights.is_empty() {
                    let label =
                        |id: &String| find(f::RIGHT_, &slug(id)).map_or_else(|| id.clone(), |it| it.to_string());
                    let names: Vec<String> = rights.iter().map(label).collect();
                    lines.push(format!("{}: {}", t(f::DECISION_RIGHTS), names.join("; ")));
                }
                lines.extend(remedies_line(remedies, *to == CaseState::Remedied));
            }
        }
    }
    let coming = case.coming(page.now);
    if !coming.is_empty() {
        lines.extend([String::new(), t(f::COMING_TITLE).to_string()]);
        lines.extend(coming.iter().map(|coming| coming_line(case, coming)));
    }
    lines.push(String::new());
    lines.join("\r\n")
}
