//! Where one writes: to the reporter, for the team, or a step with its reasons. What goes to the reporter and what stays inside look
//! different at a glance.

use recourse_domain::category::Category;
use recourse_domain::lifecycle::CaseState;
use recourse_domain::report::Remedy;
use recourse_flow::console::rights::{Right, rights};
use recourse_flow::console::{Desk, Dock, Draft, Drafts, Msg, OpenCase};
use recourse_ui::controls::{Button, Choice, Choices, Field, Kind, Shape, Tone, Weight, notice};
use recourse_ui::icons::{Icon, icon};
use recourse_ui::text::{console as c, fill, find, of, t};
use recourse_wire::reviewing::CaseView;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::parts::{Send, sends, typed};

/// Stands for nobody in a list of signing keys, which are longer.
const NOBODY: &str = "nobody";

/// The dock, if it is open.
pub(crate) fn view(desk: &Desk, open: &OpenCase, view: &CaseView, drafts: &Drafts, send: &Send) -> Html {
    let Some(dock) = open.dock else { return Html::default() };
    let to_reporter = match dock {
        Dock::Reply => true,
        Dock::Step(to) => open.is_told(to),
        Dock::Note | Dock::Assign | Dock::Contact => false,
    };
    let (kind, mark, banner) = match dock {
        _ if to_reporter => ("to-reporter", Icon::People, c::DOCK_TO_REPORTER),
        Dock::Contact => ("logged", Icon::Lock, c::DOCK_TO_LOG),
        _ => ("to-team", Icon::Lock, c::DOCK_TO_TEAM),
    };
    let (name, confirm, body) = match dock {
        Dock::Reply => ("reply-send", t(c::DOCK_SEND_REPLY), reply(desk, open, view, drafts, send)),
        Dock::Note => ("note-send", t(c::DOCK_SEND_NOTE), note(drafts, send)),
        Dock::Step(to) => ("transition-confirm", of(c::STEP_, to.as_str()), step(desk, open, view, drafts, to, send)),
        Dock::Assign => ("assign-confirm", t(c::DOCK_SEND_ASSIGN), assign(desk, drafts, send)),
        Dock::Contact => ("contact-confirm", t(c::DOCK_SEND_CONTACT), contact(drafts, send)),
    };
    let confirm = if open.busy { t(c::CASE_BUSY) } else { confirm };
    let idle = !open.is_ready(drafts);
    html! {
        <section class={classes!("dock", kind)} key="dock" aria-label={t(banner)}>
            <div class="banner">
                { icon(mark) }<strong>{ t(banner) }</strong>
                { Button::new(Weight::Quiet, "dock-close", t(c::COMMON_CLOSE), sends(send, Msg::Dock(None))).described(t(c::DOCK_CLOSE)).view() }
            </div>
            <div class="inside" key={name}>{ body }</div>
            <div class="row foot">
                { Button::new(Weight::Primary, name, confirm, sends(send, Msg::Confirm)).busy(idle).view() }
                <span class="small-print">{ t(c::DOCK_KEPT) }</span>
            </div>
        </section>
    }
}

fn reply(desk: &Desk, open: &OpenCase, view: &CaseView, drafts: &Drafts, send: &Send) -> Html {
    let language = open.reply_language(drafts);
    let mut tags: Vec<String> =
        desk.manifest(&view.summary.channel).map(|manifest| manifest.languages.clone()).unwrap_or_default();
    let of_report = view.report.as_ref().map(|report| report.language.to_string());
    for tag in of_report.iter().chain([&language]) {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    let option = |tag: &String| html! { <option value={tag.clone()} selected={*tag == language}>{ language_name(tag) }</option> };
    let input = send.reform(|text| Msg::Draft(Draft::Reply(text)));
    html! {
        <div class="sides two">
            <div key="left">
                { Field::new(Kind::Area, "reply-text", t(c::DOCK_REPLY_LABEL), drafts.reply.clone(), input).hint(t(c::DOCK_REPLY_HINT)).view() }
                <div class="field aside" key="language">
                    <label for="reply-language">{ t(c::DOCK_LANGUAGE) }</label>
                    <select id="reply-language" data-testid="reply-language" onchange={selected(send, |tag| Msg::Draft(Draft::ReplyLanguage(tag)))}>
                        { for tags.iter().map(option) }
                    </select>
                    if let Some(tag) = of_report.as_ref().filter(|tag| **tag != language) {
                        <p class="hint">{ fill(c::DOCK_LANGUAGE_HINT, &[("language", &language_name(tag))]) }</p>
                    }
                </div>
            </div>
            <div key="right">
                { quote(open, &drafts.reply, "reply-quote") }
                { preview(desk, view, None, &drafts.reply, &language, "reply-preview") }
            </div>
        </div>
    }
}

fn note(drafts: &Drafts, send: &Send) -> Html {
    let input = send.reform(|text| Msg::Draft(Draft::Note(text)));
    Field::new(Kind::Area, "note-text", t(c::DOCK_NOTE_LABEL), drafts.note.clone(), input)
        .hint(t(c::DOCK_NOTE_HINT))
        .view()
}

fn step(desk: &Desk, open: &OpenCase, view: &CaseView, drafts: &Drafts, to: CaseState, send: &Send) -> Html {
    let reason = drafts.reasons.get(&to).cloned().unwrap_or_default();
    let input = send.reform(move |text| Msg::Draft(Draft::Reason(to, text)));
    let label = if open.is_told(to) { c::DOCK_REASON_REPORTER } else { c::DOCK_REASON_TEAM };
    let mut field = Field::new(Kind::Area, "transition-reason", t(label), reason.clone(), input);
    if let Some(about) = find(c::ABOUT_STEP_, to.as_str()) {
        field = field.hint(about);
    }
    let language = open.reply_language(drafts);
    html! {
        <div class="stack medium" data-testid="transition-form" data-state={to.as_str()}>
            <h3 key="title">{ of(c::STEP_, to.as_str()) }</h3>
            <div class={classes!("sides", open.is_told(to).then_some("two"))} key="sides">
                <div key="left">{ field.view() }</div>
                if open.is_told(to) {
                    <div key="right">
                        { quote(open, &reason, "transition-quote") }
                        { preview(desk, view, Some(to), &reason, &language, "transition-preview") }
                    </div>
                }
            </div>
            if to == CaseState::Decided { { considered(view, drafts, send) } }
            { remedies(open, drafts, to, send) }
        </div>
    }
}

/// Remedies that a step offers, those first that were asked for; or those that it calls delivered.
fn remedies(open: &OpenCase, drafts: &Drafts, to: CaseState, send: &Send) -> Html {
    let list = open.remedies_for(to);
    if list.is_empty() {
        return Html::default();
    }
    let named = open.named_remedies(drafts, to);
    let choice =
        |remedy: &Remedy| Choice::new(remedy.as_str(), of(c::REMEDY_, remedy.as_str()), named.contains(remedy));
    let choices = list.iter().map(choice).collect();
    let pick = send.reform(move |at: usize| {
        let mut named = named.clone();
        if let Some(remedy) = list.get(at)
            && !named.remove(remedy)
        {
            named.insert(*remedy);
        }
        Msg::Draft(Draft::Remedies(to, named))
    });
    let (title, hint) = match to {
        CaseState::Remedied => (c::DOCK_DELIVERED, c::DOCK_DELIVERED_HINT),
        _ => (c::DOCK_OFFER, c::DOCK_OFFER_HINT),
    };
    Choices::several("remedy", t(title), Shape::Tokens, choices, pick).hint(t(hint)).view()
}

/// Rights considered, those first that the report's categories usually concern.
fn considered(view: &CaseView, drafts: &Drafts, send: &Send) -> Html {
    let categories: Vec<Category> = view
        .report
        .iter()
        .flat_map(|report| std::iter::once(report.category.primary).chain(report.category.secondary.iter().copied()))
        .collect();
    let list = rights(&categories);
    let choice = |right: &Right| {
        let label = find(c::RIGHT_, &right.slug).unwrap_or_else(|| right.id.into());
        Choice::new(right.slug.clone(), label, drafts.rights.contains(right.id))
    };
    let choices = list.iter().map(choice).collect();
    let chosen = drafts.rights.clone();
    let pick = send.reform(move |at: usize| {
        let id = list.get(at).map(|right| right.id.to_owned()).unwrap_or_default();
        let on = !chosen.contains(&id);
        Msg::Draft(Draft::Right(id, on))
    });
    Choices::several("right", t(c::DOCK_RIGHTS), Shape::Tokens, choices, pick).hint(t(c::DOCK_RIGHTS_HINT)).view()
}

fn assign(desk: &Desk, drafts: &Drafts, send: &Send) -> Html {
    let option = |key: &str, name: AttrValue| {
        let selected = drafts.owner.as_ref().is_some_and(|owner| owner.as_deref().unwrap_or(NOBODY) == key);
        html! { <option value={key.to_owned()} {selected}>{ name }</option> }
    };
    html! {
        <div class="field">
            <label for="assign-owner">{ t(c::DOCK_ASSIGN_LABEL) }</label>
            <p class="hint" id="assign-hint">{ t(c::DOCK_ASSIGN_HINT) }</p>
            <select id="assign-owner" data-testid="assign-owner" aria-describedby="assign-hint"
                onchange={selected(send, |key| Msg::Draft(Draft::Owner(Some(key).filter(|key| key != NOBODY))))}>
                if drafts.owner.is_none() { <option value="" disabled=true selected=true>{ t(c::DOCK_ASSIGN_PICK) }</option> }
                { for desk.reviewers.iter().map(|reviewer| option(&reviewer.key, reviewer.name.clone().into())) }
                { option(NOBODY, t(c::DOCK_ASSIGN_NOBODY)) }
            </select>
        </div>
    }
}

fn contact(drafts: &Drafts, send: &Send) -> Html {
    let input = send.reform(|text| Msg::Draft(Draft::ContactReason(text)));
    let label = t(c::DOCK_CONTACT_LABEL);
    Field::new(Kind::Line, "contact-reason", label, drafts.contact_reason.clone(), input)
        .hint(t(c::DOCK_CONTACT_HINT))
        .view()
}

/// Warns where a text for the reporter repeats the report.
fn quote(open: &OpenCase, text: &str, name: &'static str) -> Html {
    let Some(quote) = open.quote(text) else { return Html::default() };
    let body = html! {
        <>
            <h3>{ t(c::DOCK_QUOTE) }</h3>
            <p>{ fill(c::DOCK_QUOTE_TEXT, &[("quote", &quote)]) }</p>
        </>
    };
    html! { <div role="status" key={name}>{ notice(Tone::Warning, name, body) }</div> }
}

/// A text as it will stand on the follow-up page.
fn preview(
    desk: &Desk,
    view: &CaseView,
    to: Option<CaseState>,
    text: &str,
    language: &str,
    name: &'static str,
) -> Html {
    let provider = desk.manifest(&view.summary.channel).map_or("", |manifest| manifest.provider.as_str());
    html! {
        <div class="preview" data-testid={name} key={name}>
            <h3>{ t(c::DOCK_PREVIEW) }</h3>
            <blockquote>
                <p class="soft">{ format!("{}, {provider}", desk.me.name) }</p>
                if let Some(to) = to { <p><b>{ fill(c::DOCK_PREVIEW_MOVED, &[("state", &of(c::STATE_, to.as_str()))]) }</b></p> }
                if text.trim().is_empty() {
                    <p class="soft">{ t(c::DOCK_PREVIEW_EMPTY) }</p>
                } else {
                    { typed(text.trim(), Some(language)) }
                }
            </blockquote>
        </div>
    }
}

/// What a language is called, by the browser.
pub(crate) fn language_name(tag: &str) -> String {
    recourse_ui::format::language_name(tag)
}

fn selected(send: &Send, msg: fn(String) -> Msg) -> Callback<Event> {
    send.reform(move |event: Event| {
        let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        msg(select.map(|select| select.value()).unwrap_or_default())
    })
}
