//! The first two columns, and signing in.

use recourse_flow::console::{Alert, Console, Deadline, Desk, Msg, SavedSearch, Status, Use};
use recourse_ui::controls::{Button, Tone, Weight, notice};
use recourse_ui::icons::{Icon, icon};
use recourse_ui::text::{console as c, count, fill, find, of, t};
use recourse_wire::reviewing::{Failure, QueueRow};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, File, HtmlInputElement};
use yew::prelude::*;

use crate::parts::{Send, sends};
use crate::rows::{Row, Rows};

/// Signing in. `file` takes the chosen key file.
pub(crate) fn sign_in(console: &Console, busy: bool, file: &Callback<File>) -> Html {
    let chosen = file.clone();
    let onchange = move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(input) = input {
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                chosen.emit(file);
            }
            // So that the same file can be chosen again.
            input.set_value("");
        }
    };
    let dropped = file.clone();
    let ondrop = move |event: DragEvent| {
        event.prevent_default();
        if let Some(file) = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0)) {
            dropped.emit(file);
        }
    };
    html! {
        <main class="sign-in" data-testid="sign-in" {ondrop} ondragover={|event: DragEvent| event.prevent_default()}>
            <div class="card stack">
                <h1 id="sign-in-title" tabindex="-1">{ t(c::SIGN_IN_TITLE) }</h1>
                <p>{ t(c::SIGN_IN_TEXT) }</p>
                { for console.alert.as_ref().map(|alert| html! {
                    <div id="alert" tabindex="-1" role="alert" data-testid="sign-in-error" data-why={why(alert)}>
                        { notice(Tone::Danger, "sign-in-alert", html! { <p>{ alert_text(alert) }</p> }) }
                    </div>
                }) }
                <div class="drop" data-testid="key-drop">
                    { icon(Icon::Lock) }
                    <label class="button primary" for="key-file">{ t(if busy { c::SIGN_IN_BUSY } else { c::SIGN_IN_CHOOSE }) }</label>
                    <input class="visually-hidden" type="file" id="key-file" data-testid="key-file" accept=".json,application/json" {onchange}
                        aria-describedby="key-stays" />
                    <span class="soft">{ t(c::SIGN_IN_DROP) }</span>
                </div>
                <p class="small-print" id="key-stays">{ t(c::SIGN_IN_STAYS) }</p>
            </div>
            <p class="visually-hidden" role="status" data-testid="status">{ status_text(console) }</p>
        </main>
    }
}

/// The bar on top.
pub(crate) fn bar(console: &Console, desk: &Desk, send: &Send) -> Html {
    html! {
        <header class="top">
            <a class="skip" href="#queue-title" onclick={|event: MouseEvent| { event.prevent_default(); recourse_glue::focus_by_id("queue-title"); }}>
                { t(c::APP_SKIP) }
            </a>
            <h1>{ t(c::APP_TITLE) }</h1>
            <p class="status" role="status" data-testid="status">{ status_text(console) }</p>
            <span class="who" data-testid="signed-in-as">{ fill(c::APP_SIGNED_IN, &[("name", &desk.me.name)]) }</span>
            { Button::new(Weight::Quiet, "keys-open", t(c::APP_KEYS), sends(send, Msg::Sheet(true))).view() }
            { Button::new(Weight::Quiet, "sign-out", t(c::APP_SIGN_OUT), sends(send, Msg::SignOut)).icon(Icon::Leave).view() }
        </header>
    }
}

/// The alert over the columns.
pub(crate) fn alert(console: &Console, send: &Send) -> Html {
    let Some(alert) = &console.alert else { return Html::default() };
    let tone = if *alert == Alert::CaseChanged { Tone::Warning } else { Tone::Danger };
    html! {
        <div class="alert" id="alert" key="alert" tabindex="-1" role="alert" data-testid="alert" data-why={why(alert)}>
            { notice(tone, "alert-text", html! { <p>{ alert_text(alert) }</p> }) }
            { Button::new(Weight::Quiet, "alert-close", t(c::COMMON_CLOSE), sends(send, Msg::Dismiss)).described(t(c::ALERT_CLOSE)).view() }
        </div>
    }
}

/// The saved searches.
pub(crate) fn searches(desk: &Desk, send: &Send) -> Html {
    let one = |search: SavedSearch| {
        let on = desk.queue.search == search;
        html! {
            <li key={search.as_str()}>
                <button type="button" class="search" data-testid={format!("search-{}", search.as_str())} aria-pressed={on.to_string()}
                    onclick={sends(send, Msg::Search(search))}>
                    <span>{ of(c::SEARCH_, search.as_str()) }</span>
                    <span class="count" data-testid="search-count">{ desk.queue.count(search, &desk.me.key) }</span>
                </button>
            </li>
        }
    };
    html! {
        <nav class="searches" aria-label={t(c::APP_SEARCHES)}>
            <ul class="plain">{ for SavedSearch::ALL.into_iter().map(one) }</ul>
        </nav>
    }
}

/// The queue.
pub(crate) fn queue(console: &Console, desk: &Desk, send: &Send) -> Html {
    let queue = &desk.queue;
    let found: Vec<&QueueRow> = queue.rows(&desk.me.key, category_label).collect();
    let current = queue
        .current
        .filter(|current| found.iter().take(queue.drawn()).any(|row| row.summary.case == *current))
        .or_else(|| found.first().map(|row| row.summary.case));
    let rows: Vec<Row> = found
        .iter()
        .take(queue.drawn())
        .map(|row| Row {
            current: current == Some(row.summary.case),
            open: desk.open.as_ref().is_some_and(|open| open.case == row.summary.case),
            ..seen(row, console, desk)
        })
        .collect();
    let filter = send.reform(|event: InputEvent| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        Msg::Filter(input.map(|input| input.value()).unwrap_or_default())
    });
    // The arrows do in the list what j and k do everywhere.
    let arrows = send.clone();
    let onkeydown = move |event: KeyboardEvent| {
        let key = match event.key().as_str() {
            "ArrowDown" => recourse_flow::console::Key::Down,
            "ArrowUp" => recourse_flow::console::Key::Up,
            _ => return,
        };
        event.prevent_default();
        arrows.emit(Msg::Arrow(key));
    };
    let shown = u32::try_from(found.len()).unwrap_or(u32::MAX);
    let body = if !found.is_empty() {
        let more = found.len() > rows.len();
        html! {
            <>
                <div class="heads" aria-hidden="true" key="heads">
                    <span>{ t(c::REPORT_WHAT) }</span><span>{ t(c::FIELD_CATEGORY) }</span><span>{ t(c::HEAD_STATE) }</span>
                    <span>{ t(c::HEAD_AGE) }</span><span>{ t(c::HEAD_DUE) }</span><span>{ t(c::CASE_OWNER) }</span>
                </div>
                <div class="list" key="list" {onkeydown}><Rows {rows} send={send.clone()} /></div>
                if more {
                    { Button::new(Weight::Plain, "queue-more", t(c::QUEUE_MORE), sends(send, Msg::DrawMore)).view() }
                }
            </>
        }
    } else if queue.loading {
        html! { <p class="nothing" key="loading">{ t(c::QUEUE_LOADING) }</p> }
    } else if queue.is_empty() && queue.search == SavedSearch::Open {
        first_start(desk)
    } else {
        let text = if queue.filter.is_empty() { c::QUEUE_NONE_HERE } else { c::QUEUE_NONE };
        html! { <p class="nothing" key="none">{ t(text) }</p> }
    };
    html! {
        <section class="queue" data-testid="queue" aria-labelledby="queue-title" aria-busy={queue.loading.to_string()}>
            <header>
                <h2 id="queue-title" tabindex="-1">{ of(c::SEARCH_, queue.search.as_str()) }
                    <span class="count">{ count(c::QUEUE_SHOWN, shown) }</span></h2>
                <div class="tools">
                    <label class="filter">
                        { icon(Icon::Search) }
                        <span class="visually-hidden">{ t(c::QUEUE_FILTER) }</span>
                        <input type="search" id="queue-filter" data-testid="queue-filter" placeholder={t(c::QUEUE_FILTER)} value={queue.filter.clone()}
                            oninput={filter} autocomplete="off" />
                    </label>
                    { Button::new(Weight::Plain, "queue-reload", t(c::QUEUE_RELOAD), sends(send, Msg::Reload)).busy(queue.loading).view() }
                </div>
            </header>
            { body }
        </section>
    }
}

/// What people call a category; the id of one that this version does not know.
pub(crate) fn category_label(id: &str) -> String {
    find(c::CATEGORY_, id).map_or_else(|| id.to_owned(), |label| label.to_string())
}

fn seen(row: &QueueRow, console: &Console, desk: &Desk) -> Row {
    let QueueRow { summary, glance } = row;
    let glance = glance.as_ref();
    let owner = summary.assignee.as_deref().map(|key| {
        if key == desk.me.key {
            t(c::QUEUE_MINE)
        } else {
            desk.name_of(key).map_or_else(|| AttrValue::from(key.to_owned()), |name| name.to_owned().into())
        }
    });
    Row {
        case: summary.case,
        state: summary.state.as_str(),
        of_use: glance.map(|glance| Use::of(&glance.purpose)),
        excerpt: glance.map(|glance| glance.excerpt.clone().into()),
        category: glance.and_then(|glance| glance.category.as_deref()).map(|id| category_label(id).into()),
        urgent: summary.urgent,
        danger: glance.is_some_and(|glance| glance.imminent_danger),
        evidence: glance.map_or(0, |glance| glance.evidence),
        age_minutes: console.now.0.saturating_sub(summary.received_at.0) / 60,
        deadline: Deadline::of(summary, console.now)
            .map(|deadline| Deadline { distance: deadline.distance / 60 * 60, ..deadline }),
        owner,
        current: false,
        open: false,
    }
}

/// Nothing was ever reported: how to begin.
fn first_start(desk: &Desk) -> Html {
    let groups: Vec<String> = desk
        .groups
        .iter()
        .map(|(channel, group)| {
            let group = find(c::GROUP_, group).map_or_else(|| group.clone(), |label| label.to_string());
            format!("{channel}: {group}")
        })
        .collect();
    let channel = |manifest: &recourse_domain::channel::Manifest| {
        let (origin, channel) = (&manifest.intake_origin, &manifest.channel);
        let snippet = format!(
            "<script type=\"module\" src=\"{origin}/widget/report-concern.js\"></script>\n<report-concern channel=\"{channel}\" root-key=\"…\"></report-concern>"
        );
        let address = format!("{origin}/r/{channel}");
        html! {
            <div class="stack small" key={channel.to_string()}>
                <h4>{ format!("{} – {}", manifest.provider, manifest.product) }</h4>
                <pre class="snippet" tabindex="0"><code>{ snippet }</code></pre>
                <p>{ t(c::EMPTY_HOSTED) }</p>
                <p><a class="ltr" href={address.clone()} target="_blank" rel="noopener noreferrer">{ address }</a></p>
            </div>
        }
    };
    html! {
        <div class="first card stack medium" data-testid="queue-empty" key="first">
            <h3>{ t(c::EMPTY_TITLE) }</h3>
            <p>{ t(c::EMPTY_TEXT) }</p>
            { for desk.manifests.iter().map(channel) }
            <p>{ t(c::EMPTY_TRY) }</p>
            <p class="small-print">{ fill(c::EMPTY_GROUPS, &[("groups", &groups.join(", "))]) }</p>
        </div>
    }
}

fn status_text(console: &Console) -> AttrValue {
    match &console.status {
        None => AttrValue::default(),
        Some(Status::Replied) => t(c::STATUS_REPLIED),
        Some(Status::Noted) => t(c::STATUS_NOTED),
        Some(Status::Moved(to)) => fill(c::STATUS_MOVED, &[("state", &of(c::STATE_, to.as_str()))]),
        Some(Status::Claimed) => t(c::STATUS_CLAIMED),
        Some(Status::Assigned) => t(c::STATUS_ASSIGNED),
        Some(Status::ContactOpened) => t(c::STATUS_CONTACT_OPENED),
        Some(Status::SignedOut) => t(c::STATUS_SIGNED_OUT),
    }
}

/// A stable word for what went wrong.
fn why(alert: &Alert) -> String {
    match alert {
        Alert::CaseChanged => "case-changed".to_owned(),
        Alert::SessionEnded => "sign-in-required".to_owned(),
        Alert::FileUnreadable => "file".to_owned(),
        Alert::EngineBroken => "engine".to_owned(),
        Alert::Failed(Failure::Problem { problem }) => problem.kind().map_or("problem", |kind| kind.slug()).to_owned(),
        Alert::Failed(failure) => match failure {
            Failure::Network => "network",
            Failure::KeyFile => "key-file",
            Failure::NoKey => "no-key",
            Failure::Damaged => "damaged",
            Failure::OutOfOrder => "out-of-order",
            Failure::Manifest { .. } => "manifest",
            _ => "unexpected",
        }
        .to_owned(),
    }
}

fn alert_text(alert: &Alert) -> AttrValue {
    match alert {
        Alert::CaseChanged => t(c::ALERT_CASE_CHANGED),
        Alert::SessionEnded => t(c::ALERT_SESSION_ENDED),
        Alert::FileUnreadable => t(c::ALERT_FILE_UNREADABLE),
        Alert::EngineBroken => t(c::ALERT_ENGINE),
        Alert::Failed(Failure::Problem { problem }) => {
            problem.kind().and_then(|kind| find(c::PROBLEM_, kind.slug())).unwrap_or_else(|| t(c::ALERT_OTHER))
        }
        Alert::Failed(failure) => match failure {
            Failure::Network => t(c::ALERT_NETWORK),
            Failure::KeyFile => t(c::ALERT_KEY_FILE),
            Failure::NoKey => t(c::ALERT_NO_KEY),
            Failure::Damaged => t(c::ALERT_DAMAGED),
            Failure::OutOfOrder => t(c::ALERT_OUT_OF_ORDER),
            Failure::Manifest { check } => fill(c::ALERT_MANIFEST, &[("check", check)]),
            Failure::Unexpected => t(c::ALERT_UNEXPECTED),
            _ => t(c::ALERT_OTHER),
        },
    }
}
