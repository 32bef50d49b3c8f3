//! Who will know: readers, identity, contact, consent.

use recourse_domain::channel::{GroupKind, ReaderGroup};
use recourse_domain::vocabulary::{Answer, Identity, LawEnforcement, ShareContent, ShareIdentity};
use recourse_flow::intake::Edit;
use yew::prelude::*;

use super::frame::fault_of;
use super::Screen;
use crate::controls::{Field, Kind, Shape, Tone, details, notice};
use crate::icons::{Icon, icon};
use crate::text::{fill, form, of, t};

pub(super) fn view(screen: Screen<'_>) -> Html {
    let Some(manifest) = screen.manifest() else { return html! {} };
    let draft = &screen.state.draft;
    let team = manifest.group(GroupKind::Team);
    let mut identity = screen.choices(
        "identity",
        t(form::WHO_IDENTITY),
        Shape::Cards,
        (&Identity::ALL, Identity::as_str, form::IDENTITY_),
        &|identity| draft.identity == identity,
        Edit::Identity,
    );
    for (choice, identity) in identity.choices.iter_mut().zip(Identity::ALL) {
        let hint = of(form::IDENTITY_HINT_, identity.as_str());
        choice.hint = Some(hint.replace("{product}", &manifest.product).into());
    }
    let involved = screen
        .answers("reader-involved", t(form::WHO_INVOLVED), draft.reader_involved, Edit::ReaderInvolved)
        .hint(t(form::WHO_INVOLVED_HINT));
    html! {
        <>
            <section key="readers" class="stack medium">
                <h2>{ t(form::WHO_READERS) }</h2>
                <div class="card" data-testid="readers">{ for team.map(|team| group(screen, team)) }</div>
                { involved.view() }
                { for involved_note(screen) }
            </section>
            { identity.view() }
            { for (draft.identity != Identity::Anonymous).then(|| contact(screen)) }
            { details("consent", t(form::CONSENT_TITLE), consent(screen)) }
        </>
    }
}

/// A group by its name and the people in it.
pub(super) fn group(screen: Screen<'_>, group: &ReaderGroup) -> Html {
    html! {
        <div class="readers">
            { icon(Icon::People) }
            <div>
                <p><strong>{ fill(form::WHO_GROUP, &[("name", &group.name), ("provider", &screen.provider())]) }</strong></p>
                <ul class="names plain">{ for group.members.iter().map(|member| html! { <li dir="auto">{ &member.name }</li> }) }</ul>
            </div>
        </div>
    }
}

fn involved_note(screen: Screen<'_>) -> Option<Html> {
    let manifest = screen.manifest()?;
    match screen.state.draft.reader_involved? {
        Answer::No => None,
        Answer::NotSure => Some(html! { <p class="hint" key="unsure">{ t(form::WHO_UNSURE) }</p> }),
        Answer::Yes => Some(match manifest.group(GroupKind::Independent) {
            Some(other) => notice(
                Tone::Success,
                "independent",
                html! {
                    <>
                        <p>{ fill(form::WHO_INDEPENDENT, &[("name", &other.name)]) }</p>
                        <ul class="names plain">{ for other.members.iter().map(|member| html! { <li dir="auto">{ &member.name }</li> }) }</ul>
                    </>
                },
            ),
            None => notice(
                Tone::Warning,
                "no-independent",
                html! {
                    <>
                        <p>{ fill(form::WHO_NONE, &[("provider", &manifest.provider)]) }</p>
                        { super::sent::routes(screen) }
                    </>
                },
            ),
        }),
    }
}

fn contact(screen: Screen<'_>) -> Html {
    let state = screen.state;
    html! {
        <section key="contact" class="stack medium">
            <div class="stack small"><h2>{ t(form::CONTACT_TITLE) }</h2><p class="hint">{ t(form::CONTACT_HINT) }</p></div>
            { Field::new(Kind::Line, "contact-name", t(form::CONTACT_NAME), state.contact_name.clone(), screen.text(Edit::ContactName))
                .fault(fault_of(screen, "contact-name")).view() }
            { Field::new(Kind::Line, "contact-reach", t(form::CONTACT_REACH), state.contact_reach.clone(), screen.text(Edit::ContactReach))
                .hint(t(form::CONTACT_REACH_HINT)).fault(fault_of(screen, "contact-reach")).view() }
        </section>
    }
}

fn consent(screen: Screen<'_>) -> Html {
    let now = screen.state.draft.consent;
    let mut identity = screen.choices(
        "consent-identity",
        t(form::CONSENT_IDENTITY_LEGEND),
        Shape::Cards,
        (&ShareIdentity::ALL, ShareIdentity::as_str, form::CONSENT_IDENTITY_),
        &|share| now.share_identity_with == share,
        Edit::ShareIdentity,
    );
    for choice in &mut identity.choices {
        choice.label = choice.label.replace("{provider}", screen.provider()).into();
    }
    let content = screen.choices(
        "consent-content",
        t(form::CONSENT_CONTENT_LEGEND),
        Shape::Cards,
        (&ShareContent::ALL, ShareContent::as_str, form::CONSENT_CONTENT_),
        &|share| now.share_content_with_customer == share,
        Edit::ShareContent,
    );
    let law = screen.choices(
        "consent-law",
        t(form::CONSENT_LAW_LEGEND),
        Shape::Cards,
        (&LawEnforcement::ALL, LawEnforcement::as_str, form::CONSENT_LAW_),
        &|share| now.law_enforcement == share,
        Edit::LawEnforcement,
    );
    html! { <><p class="hint">{ t(form::CONSENT_CLOSED) }</p>{ identity.view() }{ content.view() }{ law.view() }</> }
}
