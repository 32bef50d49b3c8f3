//! The whole report as readers will see it, who they are, what the server sees, and one button.

use recourse_domain::category::Category;
use recourse_domain::channel::LegalProfile;
use recourse_domain::content::Contact;
use recourse_domain::context_token::ClaimKind;
use recourse_domain::draft::ReportDraft;
use recourse_domain::report::Purpose;
use recourse_domain::vocabulary::{Answer, Identity, Sector, SubjectKind};
use recourse_flow::intake::{Detail, Edit, EvidenceAct, Msg, Part, Sending, Trouble, parts};
use recourse_wire::engine::Progress;
use yew::prelude::*;

use super::about::pair;
use super::frame::progress_text;
use super::{Input, Screen, about, who};
use crate::controls::{Button, Choice, Tone, Weight};
use crate::draw::{At, Draw};
use crate::evidence;
use crate::icons::Icon;
use crate::text::{Family, Key, count, evidence as e, fill, find, form, of, t};

pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    let draft = &state.draft;
    let record = state.purpose_is(Purpose::RecordOnly);
    draw.line("p", "lead", if record { form::RECORD_LEAD } else { form::CHECK_LEAD }).open("div", "parts");
    for (kind, filled) in parts(state) {
        part(draw, screen, draft, kind, filled);
    }
    draw.close();
    if record {
        super::record::explain(draw);
        return sending(draw, screen);
    }
    readers(draw, screen);
    sees(draw, screen);
    stages(draw, screen);
    outcomes(draw, screen);
    law(draw, screen);
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
    draw.open("h2", "label").attr(At::Id, heading.into()).text(title.clone()).close();
    // Before what is in the part, for there are buttons among that too: the focus goes the way that the eye does.
    draw.open("div", "part-acts");
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
    draw.close().open("div", "part-body");
    if filled {
        content(draw, screen, draft, kind);
    } else {
        draw.line("p", "soft", form::CHECK_EMPTY);
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
            draw.open("dl", "pairs").name("context");
            for (at, (name, value)) in state.offered.context.iter().enumerate() {
                let remove = screen.act(at, Msg::RemoveContext);
                removable(draw, &["context-", &at.to_string()].concat(), name.clone().into(), value, remove);
            }
            draw.close();
        }
        Part::Token => token(draw, screen),
        Part::Person => person(draw, screen),
        Part::Decision => {
            draw.quote("p", "typed", state.appeal().map_or("", |appeal| &appeal.decision));
        }
        Part::Notice => {
            if let Some(notice) = state.notice() {
                draw.quote("p", "typed quote", &notice.reasons);
                if notice.good_faith_statement {
                    draw.line("p", "hint", form::NOTICE_GOOD_FAITH);
                }
            }
        }
        Part::Answers => {
            draw.open("dl", "pairs");
            for answer in state.settled_answers() {
                let said = if answer.chosen.is_empty() { answer.value } else { answer.chosen.replace('\n', " · ") };
                pair(draw, answer.asked.into(), &said);
            }
            draw.close();
        }
        Part::Identity => {
            let consent = draft.consent;
            draw.words("p", "", of(form::IDENTITY_SHORT_, state.identity().as_str())).open("dl", "pairs");
            if draft.reader_involved == Some(Answer::Yes) {
                named(draw, screen, form::DETAIL_INVOLVED, form::ANSWER_, "yes");
            }
            if state.identity() != Identity::Anonymous {
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
            let mut others = String::new();
            for category in &draft.secondary_categories {
                add(&mut others, &of(form::CATEGORY_, category.as_str()));
            }
            draw.open("dl", "pairs");
            text(draw, t(form::DETAIL_ALSO), &others);
            draw.close();
        }
        Part::Text => {
            draw.quote("p", "typed quote", &draft.what_happened);
        }
        Part::Details => details(draw, screen),
        Part::Remedy => remedy(draw, screen, draft),
        Part::Evidence => {
            draw.open("ul", "plain stack small-gap");
            for file in &state.evidence.files {
                draw.open("li", "evidence-head");
                evidence::preview(draw, screen.previews, file);
                evidence::facts(draw, file, true);
                let remove = screen.act(file.id as usize, |id| Msg::Evidence(EvidenceAct::Remove(id as u32)));
                let name = ["remove-file-", &file.id.to_string()].concat();
                let remove = Button::new(Weight::Quiet, name, t(form::CHECK_REMOVE), remove);
                draw.put(remove.described(fill(e::EVIDENCE_REMOVE_NAMED, &[("name", &file.name)])).view());
                draw.close();
            }
            draw.close().open("dl", "pairs");
            answer(draw, screen, form::DETAIL_UNDER_18, draft.under_18_shown);
            draw.close();
        }
    }
}

fn details(draw: &mut Draw, screen: &Screen<'_>) {
    draw.open("dl", "pairs");
    for (at, detail) in Detail::ALL.into_iter().enumerate() {
        if screen.state.has_detail(detail) {
            let label = screen.named_of(form::DETAIL_, detail.as_str());
            let remove = screen.act(at, |at| Msg::RemoveDetail(Detail::ALL[at]));
            removable(draw, detail.as_str(), label, &said(screen, detail), remove);
        }
    }
    draw.close();
}

/// What was answered there, in words.
pub(super) fn said(screen: &Screen<'_>, detail: Detail) -> String {
    let state = screen.state;
    let draft = &state.draft;
    let answer = |answer: Option<Answer>| of(form::ANSWER_, answer.map_or("", Answer::as_str)).to_string();
    match detail {
        Detail::When => of(form::WHEN_, draft.when.map_or("", |when| when.as_str())).to_string(),
        Detail::Undone => answer(draft.can_be_undone),
        Detail::HowMany => state.how_many.clone(),
        Detail::Groups => {
            let mut groups = String::new();
            for group in &draft.affected_groups {
                add(&mut groups, &of(form::AFFECTED_, group.as_str()));
            }
            groups
        }
        Detail::Subject => {
            let mut subject = String::new();
            if draft.subject.kind != SubjectKind::Unknown {
                add(&mut subject, &screen.named_of(form::SUBJECT_, draft.subject.kind.as_str()));
            }
            if state.asks_sector() && state.sector() != Sector::Unknown {
                add(&mut subject, &of(form::SECTOR_, state.sector().as_str()));
            }
            if let Some(customer) = state.customer() {
                add(&mut subject, &super::whom::called(customer));
            }
            if !state.named_subject().is_empty() {
                add(&mut subject, state.named_subject());
            }
            subject
        }
        Detail::Feature => draft.subject.feature.clone(),
        Detail::UseCase => draft.subject.use_case.clone(),
        Detail::Market => state.market().map_or(String::new(), |market| crate::format::country_name(market.as_str())),
        Detail::Item => state.item.trim().to_owned(),
        Detail::Url => state.addresses().collect::<Vec<_>>().join("\n"),
        Detail::Danger => answer(draft.imminent_danger),
        Detail::Retaliation => answer(draft.fear_of_retaliation),
    }
}

/// A label, what stands under it, and a way to take it out.
fn removable(draw: &mut Draw, name: &str, label: AttrValue, text: &str, remove: Callback<MouseEvent>) {
    draw.open("div", "removable").key(name).words("dt", "", label.clone()).open("dd", "");
    draw.quote("span", "typed", text);
    draw.open("button", "button icon-only small").name(&["remove-", name].concat()).set(At::Type, "button");
    let described = fill(form::CHECK_REMOVE_PART, &[("part", &label)]);
    draw.attr(At::AriaLabel, described.clone()).attr(At::Title, described).click(remove).icon(Icon::Close).close();
    draw.close().close();
}

/// What the host vouches for, in plain words. In an anonymous report it stays here unless it is switched on.
fn token(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    draw.words("p", "hint", screen.named(form::TOKEN_LEAD)).open("dl", "pairs").name("token-claims");
    for claim in &state.offered.claims {
        let label = match claim.kind {
            ClaimKind::Label => claim.name.clone().into(),
            kind => of(form::TOKEN_CLAIM_, kind.as_str()),
        };
        pair(draw, label, &claim.value);
    }
    draw.close();
    if state.identity() == Identity::Anonymous {
        let keep = state.draft.keep_token;
        let choice = Choice::new("keep", t(form::TOKEN_KEEP), keep).hint(screen.named(form::TOKEN_KEEP_HINT));
        choice.draw(draw, "keep-token", None, screen.picked(usize::from(!keep), |on| Edit::KeepToken(on == 1)));
    }
}

fn person(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    let mut said = String::new();
    for relationship in &state.draft.relationships {
        add(&mut said, &screen.named_of(form::RELATIONSHIP_, relationship.as_str()));
    }
    draw.open("dl", "pairs");
    text(draw, t(form::PERSON_LEGEND), &said);
    if let (Some(age), true) = (state.age, state.tell_age) {
        pair(draw, t(form::PERSON_AGE), &of(form::AGE_, age.as_str()));
    }
    draw.close();
}

fn remedy(draw: &mut Draw, screen: &Screen<'_>, draft: &ReportDraft) {
    draw.open("dl", "pairs");
    if let Some(group) = &draft.represented {
        named(draw, screen, form::DETAIL_SPEAKS, form::SPEAKS_, "others");
        text(draw, t(form::DETAIL_REPRESENTED), &screen.state.represented_how_many);
        answer(draw, screen, form::DETAIL_KNOW, group.do_they_know);
        let wanted = screen.state.receipts_wanted();
        if wanted > 1 {
            pair(draw, t(form::DETAIL_RECEIPTS), &wanted.to_string());
        }
    } else if screen.state.speaks_for_others == Some(false) {
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

pub(super) fn add(list: &mut String, text: &str) {
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
    draw.open("p", "hint").name("not-readers").text(screen.named(form::READERS_NOT)).close();
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
    if !state.evidence.files.is_empty() {
        draw.words("li", "", count(form::SEES_FILES, state.evidence.files.len() as u32));
    }
    if state.urgent {
        draw.line("li", "", form::SEES_URGENT);
    }
    let receipts = state.receipts_wanted();
    if receipts > 1 {
        draw.words("li", "", count(form::SEES_RECEIPTS, receipts));
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
    draw.close().words("p", "", screen.named(form::STAGES_LAW)).close();
}

fn outcomes(draw: &mut Draw, screen: &Screen<'_>) {
    draw.open("div", "").key("outcomes").details("outcomes", t(form::OUTCOMES_TITLE));
    draw.words("p", "", screen.named(form::OUTCOMES_TEXT))
        .line("p", "", form::OUTCOMES_REASONS)
        .close()
        .close()
        .close();
}

/// What law covers and what not. Only the channel's own profile says anything of a right.
fn law(draw: &mut Draw, screen: &Screen<'_>) {
    let Some(channel) = screen.open() else { return };
    let profile = match channel.legal {
        LegalProfile::None => "none",
        LegalProfile::DsaHosting => "dsa_hosting",
        LegalProfile::DsaPlatform => "dsa_platform",
        LegalProfile::EuWhistleblower => "eu_whistleblower",
        LegalProfile::UkOsa => "uk_osa",
    };
    draw.open("section", "stack small").name("law").details("law-says", t(form::LAW_TITLE));
    draw.words("p", "", screen.named_of(form::LAW_PROFILE_, profile)).close().close();
    // Before everybody's eyes: without a name the clock does not run.
    if screen.state.is_about(Category::IntimateImageAbuse) && screen.state.identity() == Identity::Anonymous {
        draw.line("p", "", form::LAW_CLOCK);
    }
    draw.close();
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
    let send = if state.purpose_is(Purpose::RecordOnly) { form::RECORD_BUTTON } else { form::SEND_BUTTON };
    let label = match &state.sending {
        Sending::Failed(trouble) => {
            problem(draw, screen, trouble);
            form::COMMON_TRY_AGAIN
        }
        Sending::Renewed => {
            draw.notice(Tone::Warning, "renewed").line("p", "", form::TROUBLE_RENEWED).close().close();
            send
        }
        Sending::Renewing => {
            draw.notice(Tone::Info, "renewing").line("p", "", form::TROUBLE_RENEWING).close().close();
            e::SEND_BUSY
        }
        Sending::Busy(progress) => {
            bar(draw, screen, progress.as_ref());
            e::SEND_BUSY
        }
        Sending::Idle => send,
    };
    draw.open("div", "ways").key("ways-send");
    let busy = matches!(state.sending, Sending::Busy(_) | Sending::Renewing);
    draw.put(Button::new(Weight::Primary, "send", t(label), screen.ask(|| Input::Send)).busy(busy).view());
    screen.button(draw, (Weight::Quiet, Some(Icon::Back)), "back", form::COMMON_BACK, screen.act(0, |_| Msg::Back));
    draw.close().close();
}

pub(super) fn bar(draw: &mut Draw, screen: &Screen<'_>, progress: Option<&Progress>) {
    let text = match progress {
        // For the eyes only: each new number would be read out.
        Some(Progress::Waiting { seconds }) => count(form::PROGRESS_WAITING, *seconds),
        _ => progress_text(progress, true),
    };
    let paused = screen.state.paused;
    let click = screen.act(usize::from(!paused), |pause| Msg::Pause(pause == 1));
    evidence::bar(draw, progress, text, paused, click);
    super::waiting::stop(draw, screen, progress);
}

/// What went wrong, by what the person can do.
pub(super) fn trouble(screen: &Screen<'_>, trouble: &Trouble) -> AttrValue {
    match trouble {
        Trouble::Network => t(form::TROUBLE_NETWORK),
        Trouble::Stopped => t(form::STAYS_STOPPED),
        Trouble::Stale => t(form::STAYS_STALE),
        Trouble::Gone => t(form::STAYS_GONE),
        Trouble::Later(minutes) => count(form::TROUBLE_LATER, *minutes),
        Trouble::Problem(slug) => find(form::PROBLEM_, slug).unwrap_or_else(|| t(form::TROUBLE_UNEXPECTED)),
        Trouble::File(id) => {
            let name = screen.state.evidence.files.iter().find(|file| file.id == *id).map_or("", |file| &file.name);
            fill(form::TROUBLE_FILE, &[("name", &name)])
        }
        Trouble::Acknowledgement => t(form::TROUBLE_ACKNOWLEDGEMENT),
        Trouble::Unexpected => t(form::TROUBLE_UNEXPECTED),
    }
}

fn problem(draw: &mut Draw, screen: &Screen<'_>, trouble: &Trouble) {
    draw.open("div", "summary").spot("send-problem").set(At::Role, "alert").open("h2", "row").icon(Icon::Warning);
    draw.line("span", "", form::TROUBLE_TITLE).close();
    draw.words("p", "", self::trouble(screen, trouble)).line("p", "", form::TROUBLE_KEPT);
    if screen.state.can_be_kept() {
        super::keep::offline(draw, screen);
    }
    if matches!(trouble, Trouble::Problem("channel-closed" | "unknown-channel")) {
        super::sent::routes(draw, screen);
    }
    draw.close();
}
