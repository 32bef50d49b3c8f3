//! What happened: one text that grows, and lines that open on demand.

use recourse_domain::vocabulary::{AffectedGroup, Answer, Remedy, When};
use recourse_flow::intake::{Edit, Line, Msg};
use yew::prelude::*;

use super::frame::{fault_of, is_open};
use super::{Input, Screen};
use crate::controls::{Choice, Choices, Field, Kind, Shape, Tone, notice, tick};
use crate::icons::{Icon, icon};
use crate::text::{fill, form, t};
use recourse_domain::report::Purpose;

pub(super) fn view(screen: Screen<'_>) -> Html {
    let draft = &screen.state.draft;
    let area = Field::new(Kind::Area, "text-what-happened", t(form::HAPPENED_LABEL), draft.what_happened.clone(), screen.text(Edit::WhatHappened))
        .hint(t(form::HAPPENED_HINT))
        .fault(fault_of(screen, "text-what-happened"));
    let danger = screen.answers("danger", t(form::DANGER_LEGEND), draft.imminent_danger, Edit::Danger);
    let retaliation = screen.answers("retaliation", t(form::RETALIATION_LEGEND), draft.fear_of_retaliation, Edit::Retaliation);
    html! {
        <>
            <div key="text" class="stack medium">{ area.view() }{ lines(screen) }</div>
            <div key="danger" class="stack medium">
                { danger.view() }
                { for (draft.imminent_danger == Some(Answer::Yes)).then(|| notice(Tone::Danger, "danger-help", html! { <p>{ t(form::DANGER_HELP) }</p> })) }
            </div>
            <div key="retaliation" class="stack medium">
                { retaliation.view() }
                { for (draft.fear_of_retaliation == Some(Answer::Yes)).then(|| {
                    notice(Tone::Info, "retaliation-help", html! { <p>{ t(form::RETALIATION_HELP) }</p> })
                }) }
            </div>
            { for (draft.purpose != Some(Purpose::SeekRemedy)).then(|| also(screen)) }
            { for screen.state.seeks_remedy().then(|| remedy(screen)) }
        </>
    }
}

fn lines(screen: Screen<'_>) -> Html {
    let product: &dyn std::fmt::Display = &screen.product();
    let chips = [
        (Line::When, "chip-when", t(form::CHIP_WHEN)),
        (Line::Who, "chip-who", t(form::CHIP_WHO)),
        (Line::Where, "chip-where", fill(form::CHIP_WHERE, &[("product", product)])),
    ];
    let chips = chips.into_iter().map(|(line, name, label)| {
        let open = is_open(screen, line);
        html! {
            <button key={name} type="button" class={classes!("chip", open.then_some("on"))} data-testid={name} aria-expanded={if open { "true" } else { "false" }}
                onclick={screen.click(move || Msg::Edit(Edit::OpenLine(line)))}>
                { icon(if open { Icon::Check } else { Icon::Plus }) }<span>{ label }</span>
            </button>
        }
    });
    html! {
        <>
            <div key="chips" class="chips" role="group" aria-label={t(form::HAPPENED_MORE)}>{ for chips }</div>
            { for is_open(screen, Line::When).then(|| when(screen)) }
            { for is_open(screen, Line::Who).then(|| who(screen)) }
            { for is_open(screen, Line::Where).then(|| place(screen)) }
        </>
    }
}

fn when(screen: Screen<'_>) -> Html {
    let now = screen.state.draft.when;
    screen
        .choices("when", t(form::WHEN_LEGEND), Shape::Row, (&When::ALL, When::as_str, form::WHEN_), &|when| now == Some(when), Edit::When)
        .view()
}

fn who(screen: Screen<'_>) -> Html {
    let state = screen.state;
    let mut groups = screen
        .choices(
            "affected",
            t(form::WHO_LINE_GROUPS),
            Shape::Tokens,
            (&AffectedGroup::ALL, AffectedGroup::as_str, form::AFFECTED_),
            &|group| state.draft.affected_groups.contains(&group),
            Edit::Affected,
        )
        .hint(t(form::WHO_LINE_GROUPS_HINT));
    groups.several = true;
    html! {
        <div key="who" class="card stack">
            { Field::new(Kind::Number, "how-many", t(form::WHO_LINE_HOW_MANY), state.how_many.clone(), screen.text(Edit::HowMany))
                .fault(fault_of(screen, "how-many")).view() }
            { groups.view() }
        </div>
    }
}

fn place(screen: Screen<'_>) -> Html {
    let state = screen.state;
    let product: &dyn std::fmt::Display = &screen.product();
    html! {
        <div key="where" class="card stack">
            { Field::new(Kind::Line, "feature", fill(form::WHERE_FEATURE, &[("product", product)]), state.draft.subject.feature.clone(), screen.text(Edit::Feature))
                .hint(t(form::WHERE_FEATURE_HINT)).fault(fault_of(screen, "feature")).view() }
            { Field::new(Kind::Line, "url", t(form::WHERE_URL), state.url.clone(), screen.text(Edit::Url))
                .hint(t(form::WHERE_URL_HINT)).fault(fault_of(screen, "url")).view() }
        </div>
    }
}

/// After a report of misuse: whether there was harm to put right as well.
fn also(screen: Screen<'_>) -> Html {
    let purpose = screen.state.draft.purpose;
    let choices = vec![
        Choice::new("yes", t(form::ALSO_YES), purpose == Some(Purpose::Both)),
        Choice::new("no", t(form::ALSO_NO), purpose == Some(Purpose::FlagMisuse)),
    ];
    let pick = screen.send.reform(|at| Input::Msg(Msg::Edit(Edit::AlsoRemedy(at == 0))));
    Choices::one("also-remedy", t(form::ALSO_LEGEND), Shape::Row, choices, pick).view()
}

fn remedy(screen: Screen<'_>) -> Html {
    let state = screen.state;
    let draft = &state.draft;
    let mut remedies = screen
        .choices(
            "remedy",
            t(form::REMEDY_LEGEND),
            Shape::Cards,
            (&Remedy::ALL, Remedy::as_str, form::REMEDIES_),
            &|remedy| draft.remedy_sought.contains(&remedy),
            Edit::Remedy,
        )
        .hint(t(form::REMEDY_HINT));
    remedies.several = true;
    let provider: &dyn std::fmt::Display = &screen.provider();
    let holder = Choice::new("holder", fill(form::REMEDY_HOLDER, &[("provider", provider)]), draft.may_tell_data_holder)
        .hint(fill(form::REMEDY_HOLDER_HINT, &[("provider", provider)]));
    html! {
        <section key="remedy" class="stack" aria-labelledby="remedy-title">
            <h2 id="remedy-title">{ t(form::REMEDY_TITLE) }</h2>
            { speaks(screen) }
            { Field::new(Kind::Area, "text-harm", t(form::REMEDY_HARM), draft.harm.clone(), screen.text(Edit::Harm))
                .hint(t(form::REMEDY_HARM_HINT)).fault(fault_of(screen, "text-harm")).view() }
            { remedies.view() }
            { for state.asks_for_data().then(|| {
                tick("tell-data-holder", holder, screen.send.reform(|may| Input::Msg(Msg::Edit(Edit::MayTellDataHolder(may)))))
            }) }
        </section>
    }
}

fn speaks(screen: Screen<'_>) -> Html {
    let state = screen.state;
    let others = state.draft.represented.is_some();
    let choices = vec![
        Choice::new("self", t(form::SPEAKS_SELF), !others && !state.draft.relationships.is_empty()),
        Choice::new("others", t(form::SPEAKS_OTHERS), others),
    ];
    let pick = screen.send.reform(|at| Input::Msg(Msg::Edit(Edit::SpeaksForOthers(at == 1))));
    let know = state.draft.represented.as_ref().and_then(|represented| represented.do_they_know);
    html! {
        <div key="speaks" class="stack medium">
            { Choices::one("speaks", t(form::SPEAKS_LEGEND), Shape::Row, choices, pick).view() }
            { for others.then(|| html! {
                <div class="card stack">
                    { Field::new(Kind::Number, "represented-how-many", t(form::SPEAKS_HOW_MANY), state.represented_how_many.clone(), screen.text(Edit::RepresentedHowMany))
                        .fault(fault_of(screen, "represented-how-many")).view() }
                    { screen.answers("represented-know", t(form::SPEAKS_KNOW), know, Edit::RepresentedKnow).view() }
                </div>
            }) }
        </div>
    }
}
