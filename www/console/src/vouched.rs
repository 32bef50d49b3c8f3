//! What the product vouches for with the report's context token, and whether it can be believed. What it says is text of a report.

use recourse_domain::context_token::ClaimKind;
use recourse_ui::controls::{Tone, notice};
use recourse_ui::text::{Key, console as c, of, t};
use recourse_wire::reviewing::{TokenDay, TokenSignature, Vouched, VouchedClaim};
use yew::prelude::*;

use crate::parts::typed;

/// First what it is worth, then what it says.
pub(crate) fn view(vouched: &Vouched) -> Html {
    let body = match vouched {
        Vouched::Refused => notice(Tone::Warning, "vouched-refused", html! { <p>{ t(c::VOUCHED_REFUSED) }</p> }),
        Vouched::Read { claims, signature, day } => html! {
            <>
                { worth(*signature, *day) }
                <dl>{ for claims.iter().enumerate().map(claim) }</dl>
            </>
        },
    };
    html! {
        <section class="part" key="vouched" data-testid="vouched"><h3>{ t(c::VOUCHED_TITLE) }</h3>{ body }</section>
    }
}

fn worth(signature: TokenSignature, day: TokenDay) -> Html {
    let (name, told) = match signature {
        TokenSignature::Holds => ("vouched-holds", c::VOUCHED_HOLDS),
        TokenSignature::Forged => ("vouched-forged", c::VOUCHED_FORGED),
        TokenSignature::UnknownKey => ("vouched-unknown_key", c::VOUCHED_UNKNOWN_KEY),
        TokenSignature::Unchecked => ("vouched-unchecked", c::VOUCHED_UNCHECKED),
    };
    let on: Option<Key> = match day {
        TokenDay::Held => None,
        TokenDay::Ended => Some(c::VOUCHED_ENDED),
        TokenDay::NotBegun => Some(c::VOUCHED_NOT_BEGUN),
    };
    let tone = match (signature, day) {
        (TokenSignature::Forged, _) => Tone::Danger,
        (TokenSignature::Holds, TokenDay::Held) => Tone::Success,
        _ => Tone::Warning,
    };
    notice(
        tone,
        name,
        html! {
            <>
                <p>{ t(told) }</p>
                { for on.map(|on| html! { <p data-testid="vouched-day">{ t(on) }</p> }) }
            </>
        },
    )
}

fn claim((at, claim): (usize, &VouchedClaim)) -> Html {
    let label = match claim.kind {
        ClaimKind::Label => AttrValue::from(claim.name.clone()),
        kind => of(c::VOUCHED_CLAIM_, kind.as_str()),
    };
    html! {
        <div class="pair" key={at} data-testid={format!("vouched-claim-{}", claim.kind)}>
            <dt dir="auto">{ label }</dt><dd>{ typed(&claim.value, None) }</dd>
        </div>
    }
}
