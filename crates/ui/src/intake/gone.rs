//! Screens without a form: loading, not to be had, closed.

use recourse_flow::intake::Shut;
use yew::prelude::*;

use super::{Input, Screen};
use crate::controls::{Button, Weight};
use crate::icons::{Icon, icon};
use crate::text::{form, t};

pub(super) fn loading() -> Html {
    html! { <p class="waiting" role="status">{ t(form::FRAME_LOADING) }</p> }
}

pub(super) fn unavailable(screen: Screen<'_>, why: Shut) -> Html {
    let text = match why {
        Shut::Unreachable => form::SHUT_UNREACHABLE,
        Shut::Unknown => form::SHUT_UNKNOWN,
        Shut::Closed => form::SHUT_CLOSED,
        Shut::Untrusted => form::SHUT_UNTRUSTED,
    };
    let again = Button::new(Weight::Primary, "reload", t(form::COMMON_TRY_AGAIN), screen.send.reform(|_| Input::Reload));
    html! {
        <>
            <h1 id="step-heading" data-testid="step-heading" tabindex="-1">{ t(form::SHUT_TITLE) }</h1>
            <p>{ t(text) }</p>
            { for (why == Shut::Unreachable).then(|| html! { <div class="ways">{ again.view() }</div> }) }
        </>
    }
}

pub(super) fn closed() -> Html {
    html! {
        <main class="screen stack over" data-testid="screen-closed">
            <span class="big-mark">{ icon(Icon::Check) }</span>
            <h1 id="step-heading" data-testid="step-heading" tabindex="-1">{ t(form::CLOSED_TITLE) }</h1>
            <p>{ t(form::CLOSED_TEXT) }</p>
            <p class="soft">{ t(form::LEFT_TEXT) }</p>
        </main>
    }
}
