//! Small parts of several views.

use recourse_domain::time::Timestamp;
use recourse_flow::console::{Deadline, Msg, Use};
use recourse_ui::icons::{Icon, icon};
use recourse_ui::text::{console as c, count, of, t};
use yew::prelude::*;

/// Where a view's messages go.
pub(crate) type Send = Callback<Msg>;

/// A callback that sends one message, whatever the event.
pub(crate) fn sends<E>(send: &Send, msg: Msg) -> Callback<E> {
    send.reform(move |_| msg.clone())
}

/// Says of what use a report is, with a shape and a word, so that misuse and remedy are told apart at a glance.
/// Where it stands a hundred times, in one word.
pub(crate) fn use_chip(of_use: Use, brief: bool) -> Html {
    let mark = match of_use {
        Use::Misuse => Icon::Flag,
        Use::Remedy | Use::Both => Icon::Hands,
        Use::Appeal | Use::Other => Icon::Info,
    };
    let text = if brief && of_use == Use::Both { t(c::USE_BRIEF_BOTH) } else { of(c::USE_, of_use.as_str()) };
    html! { <span class={classes!("chip", of_use.as_str())}>{ icon(mark) }<span>{ text }</span></span> }
}

/// How long ago, in the largest whole unit.
pub(crate) fn age(seconds: u64) -> AttrValue {
    let whole = |unit: u64| u32::try_from(seconds / unit).unwrap_or(u32::MAX);
    match seconds {
        0..Timestamp::HOUR => count(c::AGE_MINUTES, whole(60)),
        Timestamp::HOUR..Timestamp::DAY => count(c::AGE_HOURS, whole(Timestamp::HOUR)),
        _ => count(c::AGE_DAYS, whole(Timestamp::DAY)),
    }
}

/// A bar that fills until the due date. Drawn in SVG: its width is data, and the page's policy refuses inline style.
pub(crate) fn bar(deadline: Deadline) -> Html {
    let class = if deadline.late {
        "bar late"
    } else if deadline.soon {
        "bar soon"
    } else {
        "bar"
    };
    html! {
        <svg {class} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <rect class="track" width="100" height="8" rx="4" />
            <rect class="run" width={deadline.run.max(2).to_string()} height="8" rx="4" />
        </svg>
    }
}

/// Text of a report or message: shown as text, in its own language and direction.
pub(crate) fn typed(text: &str, language: Option<&str>) -> Html {
    html! { <p class="typed" dir="auto" lang={language.map(str::to_owned)}>{ text.to_owned() }</p> }
}
