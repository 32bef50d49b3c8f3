//! The whole report as readers will see it, who they are, what the server sees, and one button.

use recourse_domain::channel::Manifest;
use recourse_domain::content::Contact;
use recourse_domain::draft::ReportDraft;
use recourse_domain::report::Purpose;
use recourse_domain::vocabulary::{Answer, Identity};
use recourse_flow::intake::{Edit, Msg, Part, Sending, Trouble, parts};
use recourse_wire::engine::Progress;
use yew::prelude::*;

use super::frame::progress_text;
use super::{Input, Screen, about, evidence, who};
use crate::controls::{Button, Choice, Tone, Weight, details, notice, tick};
use crate::format;
use crate::icons::{Icon, icon};
use crate::text::{Key, count, fill, find, form, language, of, t};

pub(super) fn view(screen: Screen<'_>) -> Html {
    let state = screen.state;
    let draft = state.draft_to_send(None);
    let urgent = Choice::new("urgent", t(form::URGENT_LABEL), state.urgent).hint(t(form::URGENT_HINT));
    html! {
        <>
            <p class="lead" key="lead">{ t(form::CHECK_LEAD) }</p>
            <div key="parts" class="parts">{ for parts(state).into_iter().map(|(kind, filled)| part(screen, &draft, kind, filled)) }</div>
            { readers(screen) }
            { sees(screen) }
            { stages(screen) }
            { notices(screen) }
            { tick("urgent", urgent, screen.send.reform(|urgent| Input::Msg(Msg::Edit(Edit::Urgent(urgent))))) }
            { sending(screen) }
        </>
    }
}

fn part(screen: Screen<'_>, draft: &ReportDraft, kind: Part, filled: bool) -> Html {
    let id = kind.as_str();
    let title = of(form::PART_, id);
    let named: &[(&str, &dyn std::fmt::Display)] = &[("part", &title)];
    let change = Button::new(Weight::Quiet, format!("change-{id}"), t(form::CHECK_CHANGE), screen.click(move || Msg::Change(kind.step())))
        .described(fill(form::CHECK_CHANGE_PART, named));
    let remove = (filled && kind.is_removable()).then(|| {
        Button::new(Weight::Quiet, format!("remove-{id}"), t(form::CHECK_REMOVE), screen.click(move || Msg::Remove(kind)))
            .described(fill(form::CHECK_REMOVE_PART, named))
            .view()
    });
    // What the host offered is not made here: it can be kept or taken out.
    let change = (kind != Part::About).then(|| change.view());
    let body = if filled { content(screen, draft, kind) } else { html! { <p class="soft">{ t(form::CHECK_EMPTY) }</p> } };
    html! {
        <section key={id} id={format!("check-{id}")} tabindex="-1" class="part" data-testid={format!("check-{id}")} aria-labelledby={format!("part-{id}")}>
            <h2 id={format!("part-{id}")} class="label">{ title }</h2>
            <div class="part-body">{ body }</div>
            <div class="part-acts">{ for change }{ for remove }</div>
        </section>
    }
}

fn content(screen: Screen<'_>, draft: &ReportDraft, kind: Part) -> Html {
    let state = screen.state;
    let product: &dyn std::fmt::Display = &screen.product();
    match kind {
        Part::Purpose => {
            let id = draft.purpose.map_or("", Purpose::as_str);
            html! { <p>{ of(form::PURPOSE_, id).replace("{product}", screen.product()) }</p> }
        }
        Part::About => html! {
            <>
                { for state.offered.subject.as_ref().map(|subject| html! { <p class="typed" dir="auto">{ about::item(subject) }</p> }) }
                { for state.offered.subject.as_ref().filter(|subject| !subject.id.is_empty()).map(|subject| html! { <p class="hint ltr">{ &subject.id }</p> }) }
                { about::context(state) }
            </>
        },
        Part::Identity => {
            let consent = draft.consent;
            let pairs = [
                (draft.reader_involved == Some(Answer::Yes)).then(|| (t(form::DETAIL_INVOLVED), of(form::ANSWER_, "yes"))),
                Some((
                    t(form::DETAIL_CONSENT_IDENTITY),
                    of(form::CONSENT_IDENTITY_, consent.share_identity_with.as_str()).replace("{provider}", screen.provider()).into(),
                ))
                .filter(|_| draft.identity != Identity::Anonymous),
                Some((t(form::DETAIL_CONSENT_CONTENT), of(form::CONSENT_CONTENT_, consent.share_content_with_customer.as_str()))),
                Some((t(form::DETAIL_CONSENT_LAW), of(form::CONSENT_LAW_, consent.law_enforcement.as_str()))),
            ];
            html! { <><p>{ of(form::IDENTITY_SHORT_, draft.identity.as_str()) }</p>{ list(pairs.into_iter().flatten()) }</> }
        }
        Part::Contact => {
            let Contact { name, reach } = state.contact();
            let pairs = [(t(form::CONTACT_NAME), name), (t(form::CONTACT_REACH), reach)];
            list(pairs.into_iter().filter_map(|(label, text)| Some((label, text?.into()))))
        }
        Part::Category => html! { <p>{ draft.category.map(|category| of(form::CATEGORY_, category.as_str())) }</p> },
        Part::Text => html! { <p class="typed quote" dir="auto">{ draft.what_happened.clone() }</p> },
        Part::Details => {
            let text = |label: AttrValue, text: &str| (!text.trim().is_empty()).then(|| (label, AttrValue::from(text.to_owned())));
            let answer = |label: Key, answer: Option<Answer>| answer.map(|answer| (t(label), of(form::ANSWER_, answer.as_str())));
            let groups: Vec<AttrValue> = draft.affected_groups.iter().map(|group| of(form::AFFECTED_, group.as_str())).collect();
            let pairs = [
                draft.when.map(|when| (t(form::DETAIL_WHEN), of(form::WHEN_, when.as_str()))),
                draft.how_many.map(|many| (t(form::DETAIL_HOW_MANY), many.to_string().into())),
                text(t(form::DETAIL_GROUPS), &join(&groups)),
                text(fill(form::DETAIL_FEATURE, &[("product", product)]), &draft.subject.feature),
                text(t(form::DETAIL_URL), &state.url),
                answer(form::DETAIL_DANGER, draft.imminent_danger),
                answer(form::DETAIL_RETALIATION, draft.fear_of_retaliation),
            ];
            list(pairs.into_iter().flatten())
        }
        Part::Remedy => remedy(draft),
        Part::Evidence => html! {
            <>
                <ul class="plain stack small-gap">
                    { for state.files.iter().map(|file| html! {
                        <li key={file.id.to_string()} class="evidence-head">
                            { evidence::preview(screen, file) }
                            <div class="evidence-facts">
                                <p class="typed" dir="auto"><strong>{ &file.name }</strong></p>
                                { for (!file.description.trim().is_empty()).then(|| html! { <p class="typed" dir="auto">{ file.description.clone() }</p> }) }
                                <p class="hint">{ format::size(file.size) }</p>
                            </div>
                        </li>
                    }) }
                </ul>
                { list(draft.under_18_shown.map(|answer| (t(form::DETAIL_UNDER_18), of(form::ANSWER_, answer.as_str()))).into_iter()) }
            </>
        },
    }
}

fn remedy(draft: &ReportDraft) -> Html {
    let remedies: Vec<AttrValue> = draft.remedy_sought.iter().map(|remedy| of(form::REMEDIES_, remedy.as_str())).collect();
    let yes = || of(form::ANSWER_, "yes");
    let represented = draft.represented.as_ref();
    let speaks = match (represented, draft.relationships.is_empty()) {
        (Some(_), _) => Some(t(form::SPEAKS_OTHERS)),
        (None, false) => Some(t(form::SPEAKS_SELF)),
        (None, true) => None,
    };
    let pairs = [
        speaks.map(|speaks| (t(form::DETAIL_SPEAKS), speaks)),
        represented.and_then(|group| group.how_many).map(|many| (t(form::DETAIL_REPRESENTED), many.to_string().into())),
        represented
            .and_then(|group| group.do_they_know)
            .map(|answer| (t(form::DETAIL_KNOW), of(form::ANSWER_, answer.as_str()))),
        Some((t(form::DETAIL_HARM), AttrValue::from(draft.harm.clone()))).filter(|(_, text)| !text.trim().is_empty()),
        Some((t(form::DETAIL_REMEDIES), AttrValue::from(join(&remedies)))).filter(|_| !remedies.is_empty()),
        draft.may_tell_data_holder.then(|| (t(form::DETAIL_HOLDER), yes())),
    ];
    list(pairs.into_iter().flatten())
}

fn list(pairs: impl Iterator<Item = (AttrValue, AttrValue)>) -> Html {
    html! {
        <dl class="pairs">{ for pairs.map(|(label, text)| html! { <div key={&*label}><dt>{ &label }</dt><dd class="typed" dir="auto">{ text }</dd></div> }) }</dl>
    }
}

fn join(texts: &[AttrValue]) -> String {
    let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
    texts.join(" · ")
}

fn readers(screen: Screen<'_>) -> Html {
    html! {
        <section key="readers" class="stack medium" data-testid="check-readers">
            <h2>{ t(form::READERS_TITLE) }</h2>
            <div class="card">{ for screen.state.readers().map(|group| who::group(screen, group)) }</div>
            <p class="hint">{ t(form::READERS_TEXT) }</p>
            { for screen.state.lacks_readers().then(|| notice(Tone::Warning, "readers-lacking", html! { <p>{ t(form::READERS_LACKING) }</p> })) }
        </section>
    }
}

fn sees(screen: Screen<'_>) -> Html {
    let state = screen.state;
    let files = (!state.files.is_empty()).then(|| count(form::SEES_FILES, state.files.len() as u32));
    let lines = [
        Some(t(form::SEES_CHANNEL)),
        Some(t(form::SEES_GROUP)),
        Some(t(form::SEES_SIZE)),
        files,
        state.urgent.then(|| t(form::SEES_URGENT)),
    ];
    html! {
        <section key="sees" class="stack small" data-testid="server-sees">
            <h2>{ t(form::SEES_TITLE) }</h2>
            <p>{ t(form::SEES_LEAD) }</p>
            <ul>{ for lines.into_iter().flatten().map(|line| html! { <li>{ line }</li> }) }</ul>
            <p class="hint">{ t(form::SEES_ADDRESS) }</p>
        </section>
    }
}

fn stages(screen: Screen<'_>) -> Html {
    let Some(manifest) = screen.manifest() else { return html! {} };
    let language = language();
    html! {
        <section key="stages" class="stack medium" data-testid="stages">
            <h2>{ t(form::STAGES_TITLE) }</h2>
            <ol class="timeline plain">
                { for manifest.stages.iter().map(|stage| {
                    let text = Manifest::text(&stage.text, &language);
                    let text = if text.is_empty() { of(form::STATE_, stage.state.as_str()) } else { text.to_owned().into() };
                    let days = if stage.days == 0 { t(form::STAGES_NOW) } else { count(form::STAGES_DAYS, stage.days) };
                    html! { <li key={stage.state.as_str()}><p>{ text }</p><p class="hint">{ days }</p></li> }
                }) }
            </ol>
            <p class="hint">{ fill(form::STAGES_LAW, &[("provider", &manifest.provider)]) }</p>
        </section>
    }
}

fn notices(screen: Screen<'_>) -> Html {
    let Some(manifest) = screen.manifest() else { return html! {} };
    let language = language();
    let controller = &manifest.controller;
    let responsible = fill(form::NOTICE_CONTROLLER, &[("name", &controller.name), ("contact", &controller.contact)]);
    html! {
        <div key="notices">
            { details("privacy-notice", t(form::NOTICE_PRIVACY), html! {
                <><p class="prose">{ Manifest::text(&controller.privacy_notice, &language) }</p><p class="hint">{ responsible }</p></>
            }) }
            { details("rules", t(form::NOTICE_RULES), html! { <p class="prose">{ Manifest::text(&controller.rules, &language) }</p> }) }
        </div>
    }
}

fn sending(screen: Screen<'_>) -> Html {
    let state = screen.state;
    let busy = matches!(state.sending, Sending::Busy(_) | Sending::Renewing);
    let label = match state.sending {
        Sending::Busy(_) | Sending::Renewing => form::SEND_BUSY,
        Sending::Failed(_) => form::COMMON_TRY_AGAIN,
        Sending::Idle | Sending::Renewed => form::SEND_BUTTON,
    };
    let send = Button::new(Weight::Primary, "send", t(label), screen.send.reform(|_| Input::Send)).busy(busy);
    html! {
        <div key="sending" class="stack medium">
            { match &state.sending {
                Sending::Failed(trouble) => problem(screen, trouble),
                Sending::Renewed => notice(Tone::Warning, "renewed", html! { <p>{ t(form::TROUBLE_RENEWED) }</p> }),
                Sending::Renewing => notice(Tone::Info, "renewing", html! { <p>{ t(form::TROUBLE_RENEWING) }</p> }),
                Sending::Busy(progress) => progress_view(progress.as_ref()),
                Sending::Idle => html! {},
            } }
            <div class="ways">{ send.view() }</div>
        </div>
    }
}

fn progress_view(progress: Option<&Progress>) -> Html {
    let done = match progress {
        Some(Progress::Uploading { sent, total, .. }) => Some((sent * 100 / (*total).max(1)).to_string()),
        _ => None,
    };
    html! {
        <div key="progress" class="stack small" data-testid="send-progress">
            <p id="send-progress-text">{ progress_text(progress, true) }</p>
            <progress max="100" value={done} aria-labelledby="send-progress-text"></progress>
        </div>
    }
}

fn problem(screen: Screen<'_>, trouble: &Trouble) -> Html {
    let state = screen.state;
    let text = match trouble {
        Trouble::Network => t(form::TROUBLE_NETWORK),
        Trouble::Problem(slug) => find(form::PROBLEM_, slug).unwrap_or_else(|| t(form::TROUBLE_UNEXPECTED)),
        Trouble::File(id) => {
            let name = state.files.iter().find(|file| file.id == *id).map_or("", |file| &file.name);
            fill(form::TROUBLE_FILE, &[("name", &name)])
        }
        Trouble::Acknowledgement => t(form::TROUBLE_ACKNOWLEDGEMENT),
        Trouble::Unexpected => t(form::TROUBLE_UNEXPECTED),
    };
    let closed = matches!(trouble, Trouble::Problem(slug) if slug == "channel-closed" || slug == "unknown-channel");
    html! {
        <div key="problem" id="send-problem" class="summary" role="alert" tabindex="-1" data-testid="send-problem">
            <h2 class="row">{ icon(Icon::Warning) }<span>{ t(form::TROUBLE_TITLE) }</span></h2>
            <p>{ text }</p>
            <p>{ t(form::TROUBLE_KEPT) }</p>
            { for closed.then(|| super::sent::routes(screen)) }
        </div>
    }
}
