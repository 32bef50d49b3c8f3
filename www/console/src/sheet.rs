//! The sheet of keys.

use recourse_flow::console::{Console, Msg};
use recourse_ui::controls::{Button, Choice, Weight, tick};
use recourse_ui::text::{console as c, t};
use yew::prelude::*;

use crate::parts::{Send, sends};

/// The sheet, in a modal dialog that the driver opens and closes with [`Console::sheet`].
pub(crate) fn view(console: &Console, send: &Send) -> Html {
    let keys = [
        (&["j", "k"][..], c::KEYS_MOVE),
        (&["Enter"], c::KEYS_OPEN),
        (&["e"], c::KEYS_CLAIM),
        (&["a"], c::KEYS_ASSIGN),
        (&["r"], c::KEYS_REPLY),
        (&["n"], c::KEYS_NOTE),
        (&["d"], c::KEYS_DECIDE),
        (&["/"], c::KEYS_SEARCH),
        (&["?"], c::KEYS_HELP),
        (&["Esc"], c::KEYS_ESCAPE),
    ];
    let line = |(keys, what): (&[&'static str], _)| {
        html! {
            <div class="pair" key={keys[0]}>
                <dt>{ for keys.iter().map(|key| html! { <kbd key={*key}>{ *key }</kbd> }) }</dt>
                <dd>{ t(what) }</dd>
            </div>
        }
    };
    let on = Choice::new("keys", t(c::KEYS_ON), console.keys).hint(t(c::KEYS_ON_HINT));
    html! {
        <dialog id="sheet" class="sheet" key="sheet" data-testid="keys-sheet" aria-labelledby="sheet-title" onclose={sends(send, Msg::Sheet(false))}>
            <div class="stack medium">
                <h2 id="sheet-title" tabindex="-1">{ t(c::KEYS_TITLE) }</h2>
                <dl class="keys">{ for keys.into_iter().map(line) }</dl>
                <p class="small-print">{ t(c::KEYS_NOTE_TYPING) }</p>
                { tick("keys-toggle", on, send.reform(Msg::Keys)) }
                <div class="row">{ Button::new(Weight::Plain, "keys-close", t(c::COMMON_CLOSE), sends(send, Msg::Sheet(false))).view() }</div>
            </div>
        </dialog>
    }
}
