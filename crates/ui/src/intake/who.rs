//! Who will know: readers, identity, contact, consent.

use recourse_domain::channel::GroupKind;
use recourse_domain::report::Purpose;
use recourse_domain::vocabulary::{
    AgeBand, Answer, Identity, LawEnforcement, Relationship, ShareContent, ShareIdentity,
};
use recourse_flow::intake::{Edit, Msg, Readers};

use super::{Question, Screen};
use crate::controls::{Choice, Kind, Shape, Tone};
use crate::draw::Draw;
use crate::icons::Icon;
use crate::text::{fill, form, t};

pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let Some(channel) = screen.open() else { return };
    let state = screen.state;
    let draft = &state.draft;
    if state.purpose_is(Purpose::RecordOnly) {
        draw.notice(Tone::Info, "record-nobody").line("p", "", form::RECORD_NOBODY).close().close();
        return person(draw, screen);
    }
    let notice = state.purpose_is(Purpose::IllegalContentNotice);
    if notice {
        let child = draft.is_child_safety();
        let choice = Choice::new("child", t(form::NOTICE_CHILD), child).hint(t(form::NOTICE_CHILD_HINT));
        choice.draw(draw, "notice-child", None, screen.picked(usize::from(!child), |on| Edit::ChildNotice(on == 1)));
    }
    draw.open("section", "stack medium").line("h2", "", form::WHO_READERS).open("div", "card").name("readers");
    let usual = if draft.is_child_safety() { GroupKind::Restricted } else { GroupKind::Team };
    if let Some(team) = channel.group(usual).or_else(|| channel.group(GroupKind::Team)) {
        group(draw, screen, team);
    }
    draw.close();
    let edit = |at| Edit::ReaderInvolved(Answer::ALL[at]);
    screen.answers(
        draw,
        "reader-involved",
        form::WHO_INVOLVED,
        Some(form::WHO_INVOLVED_HINT),
        draft.reader_involved,
        edit,
    );
    involved(draw, screen);
    draw.close();

    if state.asks_no_name() {
        draw.notice(Tone::Info, "no-name").line("p", "", form::NOTICE_NO_NAME).close().close();
    } else {
        identity(draw, screen, notice);
    }
    person(draw, screen);
    draw.details("consent", t(form::CONSENT_TITLE));
    consent(draw, screen);
    draw.close().close();
}

fn identity(draw: &mut Draw, screen: &Screen<'_>, notice: bool) {
    let draft = &screen.state.draft;
    let question = Question {
        hints: Some(form::IDENTITY_HINT_),
        ..Question::of("identity", form::WHO_IDENTITY, form::IDENTITY_, Identity::ALL.len())
    };
    let list = |at: usize| (Identity::ALL[at].as_str(), draft.identity == Identity::ALL[at]);
    screen.choices(draw, question, &list, |at| Edit::Identity(Identity::ALL[at]));
    if draft.identity != Identity::Anonymous {
        contact(draw, screen);
    }
    if notice {
        draw.open("div", "").key("notice").notice(Tone::Info, "notice-anonymous");
        draw.words("p", "", screen.named(form::NOTICE_ANONYMOUS)).close().close().close();
    }
}

/// How they stand to it, and how old they are: both may be left out.
fn person(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    draw.details("person", t(form::PERSON_TITLE));
    // What says "not" is said by leaving it out.
    let all = &Relationship::ALL[..Relationship::ALL.len() - 1];
    let question = Question {
        shape: Shape::Tokens,
        several: true,
        hint: Some(form::PERSON_HINT),
        ..Question::of("relationship", form::PERSON_LEGEND, form::RELATIONSHIP_, all.len())
    };
    let chosen = &state.draft.relationships;
    let list = |at: usize| (Relationship::ALL[at].as_str(), chosen.contains(&Relationship::ALL[at]));
    screen.choices(draw, question, &list, |at| Edit::Relationship(Relationship::ALL[at]));
    let question = Question {
        shape: Shape::Tokens,
        hint: Some(form::PERSON_AGE_HINT),
        ..Question::of("age", form::PERSON_AGE, form::AGE_, AgeBand::ALL.len())
    };
    let list = |at: usize| (AgeBand::ALL[at].as_str(), state.age == Some(AgeBand::ALL[at]));
    screen.choices(draw, question, &list, |at| Edit::Age(AgeBand::ALL[at]));
    if let Some(age) = state.age {
        if matches!(age, AgeBand::Under13 | AgeBand::From13To15 | AgeBand::From16To17) {
            draw.notice(Tone::Info, "young").line("p", "", form::PERSON_YOUNG).close().close();
        }
        if age != AgeBand::PreferNotToSay {
            let tell = state.tell_age;
            let choice = Choice::new("tell", t(form::PERSON_TELL_AGE), tell);
            choice.draw(draw, "tell-age", None, screen.picked(usize::from(!tell), |on| Edit::TellAge(on == 1)));
        }
    }
    draw.close().close();
}

/// A group by its name and the people in it.
pub(super) fn group(draw: &mut Draw, screen: &Screen<'_>, group: &Readers) {
    let provider = screen.open().map_or("", |channel| &channel.provider);
    draw.open("div", "readers").icon(Icon::People).open("div", "");
    draw.words("strong", "", fill(form::WHO_GROUP, &[("name", &group.name), ("provider", &provider)]));
    names(draw, group);
    draw.close().close();
}

fn names(draw: &mut Draw, group: &Readers) {
    draw.open("ul", "names plain");
    for member in &group.members {
        draw.quote("li", "", member);
    }
    draw.close();
}

fn involved(draw: &mut Draw, screen: &Screen<'_>) {
    match screen.state.draft.reader_involved {
        None | Some(Answer::No) => {}
        Some(Answer::NotSure) => {
            draw.line("p", "hint", form::WHO_UNSURE);
        }
        Some(Answer::Yes) => match screen.open().and_then(|channel| channel.group(GroupKind::Independent)) {
            Some(other) => {
                draw.notice(Tone::Success, "independent");
                draw.words("p", "", fill(form::WHO_INDEPENDENT, &[("name", &other.name)]));
                names(draw, other);
                draw.close().close();
            }
            None => {
                draw.notice(Tone::Warning, "no-independent").words("p", "", screen.named(form::WHO_NONE));
                super::sent::routes(draw, screen);
                draw.close().close();
            }
        },
    }
}

fn contact(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    draw.open("section", "stack medium").key("contact").open("div", "stack small");
    draw.line("h2", "", form::CONTACT_TITLE).line("p", "hint", form::CONTACT_HINT).close();
    let typed = screen.typed(0, |_, text| Msg::Edit(Edit::ContactName(text)));
    screen.field(draw, (Kind::Line, "contact-name"), t(form::CONTACT_NAME), None, &state.contact_name, typed);
    let typed = screen.typed(0, |_, text| Msg::Edit(Edit::ContactReach(text)));
    let hint = Some(form::CONTACT_REACH_HINT);
    screen.field(draw, (Kind::Line, "contact-reach"), t(form::CONTACT_REACH), hint, &state.contact_reach, typed);
    draw.close();
}

fn consent(draw: &mut Draw, screen: &Screen<'_>) {
    let now = screen.state.draft.consent;
    draw.line("p", "hint", form::CONSENT_CLOSED);
    screen.choices(
        draw,
        Question::of(
            "consent-identity",
            form::CONSENT_IDENTITY_LEGEND,
            form::CONSENT_IDENTITY_,
            ShareIdentity::ALL.len(),
        ),
        &|at| (ShareIdentity::ALL[at].as_str(), now.share_identity_with == ShareIdentity::ALL[at]),
        |at| Edit::ShareIdentity(ShareIdentity::ALL[at]),
    );
    screen.choices(
        draw,
        Question::of("consent-content", form::CONSENT_CONTENT_LEGEND, form::CONSENT_CONTENT_, ShareContent::ALL.len()),
        &|at| (ShareContent::ALL[at].as_str(), now.share_content_with_customer == ShareContent::ALL[at]),
        |at| Edit::ShareContent(ShareContent::ALL[at]),
    );
    screen.choices(
        draw,
        Question::of("consent-law", form::CONSENT_LAW_LEGEND, form::CONSENT_LAW_, LawEnforcement::ALL.len()),
        &|at| (LawEnforcement::ALL[at].as_str(), now.law_enforcement == LawEnforcement::ALL[at]),
        |at| Edit::LawEnforcement(LawEnforcement::ALL[at]),
    );
}
