//! The whole report as readers will see it, who they are, what the server sees, and one button.

use recourse_domain::content::Contact;
use recourse_domain::draft::ReportDraft;
use recourse_domain::report::Purpose;
use recourse_domain::vocabulary::{Answer, Identity};
use recourse_flow::intake::{Edit, Msg, Part, Sending, Trouble, parts};
use recourse_wire::engine::Progress;
use yew::prelude::*;

use super::about::pair;
use super::frame::{percent, progress_text};
use super::{Input, Screen, about, evidence, who};
use crate::controls::{Button, Choice, Tone, Weight};
use crate::draw::{At, Draw};
use crate::icons::Icon;
use crate::text::{Family, Key, count, fill, find, form, of, t};

pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    let draft = &state.draft;
    draw.line("p", "lead", form::CHECK_LEAD).open("div", "parts");
    for (kind, filled) in parts(state) {
        part(draw, screen, draft, kind, filled);
    }
    draw.close();
    readers(draw, screen);
    sees(draw, screen);
    stages(draw, screen);
    notices(draw, screen);
    let urgent = Choice::new("urgent", t(form::URGENT_LABEL), state.urgent).hint(t(form::URGENT_HINT));
    urgent.draw(draw, "urgent", None, screen.picked(usize::from(!state.urgent), |on| Edit::Urgent(on == 1)));
    sending(draw, screen);
}

fn part(draw: &mut Draw, screen: &Screen<'_>, draft: &ReportDraft, kind: Part, filled: bool) {
    let id = kind.as_str();
    let title = of(form::PART_, id);
    let number = Part::ALL.iter().position(|part| *part == kind).unwrap_or_default();
    let heading = ["part-", id].concat();
    draw.open("section", "part").spot(&["check-", id].concat()).attr(At::AriaLabelledby, heading.clone().into());
    draw.open("h2", "label").attr(At::Id, heading.into()).text(title.clone()).close().open("div", "part-body");
    if filled {
        content(draw, screen, draft, kind);
    } else {
        draw.line("p", "soft", form::CHECK_EMPTY);
    }
    draw.close().open("div", "part-acts");
    let mut act = |name: &str, label: Key, described: Key, click| {
        let button = Button::new(Weight::Quiet, [name, id].concat(), t(label), click);
        draw.put(button.described(fill(described, &[("part", &title)])).view());
    };
    // What the host offered is not made here: it can be kept or taken out.
    if kind != Part::About {
        let change = screen.act(number, |number| Msg::Change(Part::ALL[number].step()));
        act("change-", form::CHECK_CHANGE, form::CHECK_CHANGE_PART, change);
    }
    if filled && kind.is_removable() {
        let remove = screen.act(number, |number| Msg::Remove(Part::ALL[number]));
        act("remove-", form::CHECK_REMOVE, form::CHECK_REMOVE_PART, remove);
    }
    draw.close().close();
}

fn content(draw: &mut Draw, screen: &Screen<'_>, draft: &ReportDraft, kind: Part) {
    let state = screen.state;
    match kind {
        Part::Purpose => {
            draw.words("p", "", screen.named_of(form::PURPOSE_, draft.purpose.map_or("", Purpose::as_str)));
        }
        Part::About => {
            if let Some(subject) = &state.offered.subject {
                draw.quote("p", "typed", &about::item(subject)).quote("p", "hint ltr", &subject.id);
            }
            about::context(draw, state);
        }
        Part::Identity => {
            let consent = draft.consent;
            draw.words("p", "", of(form::IDENTITY_SHORT_, draft.identity.as_str())).open("dl", "pairs");
            if draft.reader_involved == Some(Answer::Yes) {
                named(draw, screen, form::DETAIL_INVOLVED, form::ANSWER_, "yes");
            }
            if draft.identity != Identity::Anonymous {
                let id = consent.share_identity_with.as_str();
                named(draw, screen, form::DETAIL_CONSENT_IDENTITY, form::CONSENT_IDENTITY_, id);
            }
            let id = consent.share_content_with_customer.as_str();
            named(draw, screen, form::DETAIL_CONSENT_CONTENT, form::CONSENT_CONTENT_, id);
            named(draw, screen, form::DETAIL_CONSENT_LAW, form::CONSENT_LAW_, consent.law_enforcement.as_str());
            draw.close();
        }
        Part::Contact => {
            let Contact { name, reach } = state.contact();
            draw.open("dl", "pairs");
            text(draw, t(form::CONTACT_NAME), &name.unwrap_or_default());
            text(draw, t(form::CONTACT_REACH), &reach.unwrap_or_default());
            draw.close();
        }
        Part::Category => {
            draw.words(
                "p",
                "",
                draft.category.map_or(AttrValue::default(), |category| of(form::CATEGORY_, category.as_str())),
            );
        }
        Part::Text => {
            draw.quote("p", "typed quote", &draft.what_happened);
        }
        Part::Details => details(draw, screen, draft),
        Part::Remedy => remedy(draw, screen, draft),
        Part::Evidence => {
            draw.open("ul", "plain stack small-gap");
            for file in &state.files {
                draw.open("li", "evidence-head");
                evidence::preview(draw, screen, file);
                evidence::facts(draw, file, true);
                draw.close();
            }
            draw.close().open("dl", "pairs");
            answer(draw, screen, form::DETAIL_UNDER_18, draft.under_18_shown);
            draw.close();
        }
    }
}

fn details(draw: &mut Draw, screen: &Screen<'_>, draft: &ReportDraft) {
    draw.open("dl", "pairs");
    if let Some(when) = draft.when {
        named(draw, screen, form::DETAIL_WHEN, form::WHEN_, when.as_str());
    }
    text(draw, t(form::DETAIL_HOW_MANY), &screen.state.how_many);
    let mut groups = String::new();
    for group in &draft.affected_groups {
        add(&mut groups, &of(form::AFFECTED_, group.as_str()));
    }
    text(draw, t(form::DETAIL_GROUPS), &groups);
    text(draw, screen.named(form::DETAIL_FEATURE), &draft.subject.feature);
    text(draw, t(form::DETAIL_URL), &screen.state.url);
    answer(draw, screen, form::DETAIL_DANGER, draft.imminent_danger);
    answer(draw, screen, form::DETAIL_RETALIATION, draft.fear_of_retaliation);
    draw.close();
}

fn remedy(draw: &mut Draw, screen: &Screen<'_>, draft: &ReportDraft) {
    draw.open("dl", "pairs");
    if let Some(group) = &draft.represented {
        named(draw, screen, form::DETAIL_SPEAKS, form::SPEAKS_, "others");
        text(draw, t(form::DETAIL_REPRESENTED), &screen.state.represented_how_many);
        answer(draw, screen, form::DETAIL_KNOW, group.do_they_know);
    } else if !draft.relationships.is_empty() {
        named(draw, screen, form::DETAIL_SPEAKS, form::SPEAKS_, "self");
    }
    text(draw, t(form::DETAIL_HARM), &draft.harm);
    let mut remedies = String::new();
    for remedy in &draft.remedy_sought {
        add(&mut remedies, &of(form::REMEDIES_, remedy.as_str()));
    }
    text(draw, t(form::DETAIL_REMEDIES), &remedies);
    if screen.state.may_tell_data_holder() {
        named(draw, screen, form::DETAIL_HOLDER, form::ANSWER_, "yes");
    }
    draw.close();
}

fn text(draw: &mut Draw, label: AttrValue, text: &str) {
    if !text.trim().is_empty() {
        pair(draw, label, text);
    }
}

fn named(draw: &mut Draw, screen: &Screen<'_>, label: Key, family: Family, id: &str) {
    pair(draw, t(label), &screen.named_of(family, id));
}

fn answer(draw: &mut Draw, screen: &Screen<'_>, label: Key, answer: Option<Answer>) {
    if let Some(answer) = answer {
        named(draw, screen, label, form::ANSWER_, answer.as_str());
    }
}

fn add(list: &mut String, text: &str) {
    if !list.is_empty() {
        list.push_str(" · ");
    }
    list.push_str(text);
}

fn readers(draw: &mut Draw, screen: &Screen<'_>) {
    draw.open("section", "stack medium").name("check-readers").line("h2", "", form::READERS_TITLE).open("div", "card");
    if let Some(group) = screen.state.readers() {
        who::group(draw, screen, group);
    }
    draw.close().line("p", "hint", form::READERS_TEXT);
    if screen.state.lacks_readers() {
        draw.notice(Tone::Warning, "readers-lacking").line("p", "", form::READERS_LACKING).close().close();
    }
    draw.close();
}

fn sees(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    draw.open("section", "stack small").name("server-sees").line("h2", "", form::SEES_TITLE).line(
        "p",
        "",
        form::SEES_LEAD,
    );
    draw.open("ul", "").line("li", "", form::SEES_CHANNEL).line("li", "", form::SEES_GROUP).line(
        "li",
        "",
        form::SEES_SIZE,
    );
    if !state.files.is_empty() {
        draw.words("li", "", count(form::SEES_FILES, state.files.len() as u32));
    }
    if state.urgent {
        draw.line("li", "", form::SEES_URGENT);
    }
    draw.close().line("p", "hint", form::SEES_ADDRESS).close();
}

fn stages(draw: &mut Draw, screen: &Screen<'_>) {
    let Some(channel) = screen.open() else { return };
    draw.open("section", "stack medium").name("stages").line("h2", "", form::STAGES_TITLE).open("ol", "timeline plain");
    for stage in &channel.stages {
        let days = if stage.days == 0 { t(form::STAGES_NOW) } else { count(form::STAGES_DAYS, stage.days) };
        draw.open("li", "").words("p", "", super::sent::stage(screen, stage.state)).words("p", "hint", days).close();
    }
    draw.close().words("p", "hint", screen.named(form::STAGES_LAW)).close();
}

fn notices(draw: &mut Draw, screen: &Screen<'_>) {
    let Some(channel) = screen.open() else { return };
    let responsible = fill(form::NOTICE_CONTROLLER, &[("name", &channel.controller), ("contact", &channel.contact)]);
    draw.open("div", "").details("privacy-notice", t(form::NOTICE_PRIVACY));
    draw.quote("p", "prose", &channel.privacy_notice).words("p", "hint", responsible).close().close();
    draw.details("rules", t(form::NOTICE_RULES)).quote("p", "prose", &channel.rules);
    draw.close().close().close();
}

fn sending(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    draw.open("div", "stack medium").key("sending");
    let label = match &state.sending {
        Sending::Failed(trouble) => {
            problem(draw, screen, trouble);
            form::COMMON_TRY_AGAIN
        }
        Sending::Renewed => {
            draw.notice(Tone::Warning, "renewed").line("p", "", form::TROUBLE_RENEWED).close().close();
            form::SEND_BUTTON
        }
        Sending::Renewing => {
            draw.notice(Tone::Info, "renewing").line("p", "", form::TROUBLE_RENEWING).close().close();
            form::SEND_BUSY
        }
        Sending::Busy(progress) => {
            bar(draw, progress.as_ref());
            form::SEND_BUSY
        }
        Sending::Idle => form::SEND_BUTTON,
    };
    draw.open("div", "ways").key("ways-send");
    let busy = matches!(state.sending, Sending::Busy(_) | Sending::Renewing);
    draw.put(Button::new(Weight::Primary, "send", t(label), screen.ask(|| Input::Send)).busy(busy).view());
    screen.button(draw, (Weight::Quiet, Some(Icon::Back)), "back", form::COMMON_BACK, screen.act(0, |_| Msg::Back));
    draw.close().close();
}

fn bar(draw: &mut Draw, progress: Option<&Progress>) {
    draw.open("div", "stack small").name("send-progress");
    draw.open("p", "").set(At::Id, "send-progress-text").text(progress_text(progress, true)).close();
    draw.open("progress", "").set(At::Max, "100").set(At::AriaLabelledby, "send-progress-text");
    if let Some(Progress::Uploading { sent, total, .. }) = progress {
        draw.attr(At::Value, percent(*sent, *total).to_string().into());
    }
    draw.close().close();
}

fn problem(draw: &mut Draw, screen: &Screen<'_>, trouble: &Trouble) {
    let text = match trouble {
        Trouble::Network => t(form::TROUBLE_NETWORK),
        Trouble::Problem(slug) => find(form::PROBLEM_, slug).unwrap_or_else(|| t(form::TROUBLE_UNEXPECTED)),
        Trouble::File(id) => {
            let name = screen.state.files.iter().find(|file| file.id == *id).map_or("", |file| &file.name);
            fill(form::TROUBLE_FILE, &[("name", &name)])
        }
        Trouble::Acknowledgement => t(form::TROUBLE_ACKNOWLEDGEMENT),
        Trouble::Unexpected => t(form::TROUBLE_UNEXPECTED),
    };
    draw.open("div", "summary").spot("send-problem").set(At::Role, "alert").open("h2", "row").icon(Icon::Warning);
    draw.line("span", "", form::TROUBLE_TITLE).close().words("p", "", text).line("p", "", form::TROUBLE_KEPT);
    if matches!(trouble, Trouble::Problem("channel-closed" | "unknown-channel")) {
        super::sent::routes(draw, screen);
    }
    draw.close();
}
