//! Who will know: readers, identity, contact, consent.

use recourse_domain::channel::GroupKind;
use recourse_domain::vocabulary::{Answer, Identity, LawEnforcement, ShareContent, ShareIdentity};
use recourse_flow::intake::{Edit, Msg, Readers};

use super::{Question, Screen};
use crate::controls::{Kind, Tone};
use crate::draw::Draw;
use crate::icons::Icon;
use crate::text::{fill, form, t};

pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let Some(channel) = screen.open() else { return };
    let draft = &screen.state.draft;
    draw.open("section", "stack medium").line("h2", "", form::WHO_READERS).open("div", "card").name("readers");
    if let Some(team) = channel.group(GroupKind::Team) {
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

    let question = Question {
        hints: Some(form::IDENTITY_HINT_),
        ..Question::of("identity", form::WHO_IDENTITY, form::IDENTITY_, Identity::ALL.len())
    };
    let list = |at: usize| (Identity::ALL[at].as_str(), draft.identity == Identity::ALL[at]);
    screen.choices(draw, question, &list, |at| Edit::Identity(Identity::ALL[at]));
    if draft.identity != Identity::Anonymous {
        contact(draw, screen);
    }
    draw.details("consent", t(form::CONSENT_TITLE));
    consent(draw, screen);
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
