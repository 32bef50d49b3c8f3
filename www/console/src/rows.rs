//! The rows of the queue: a component of its own, so that typing elsewhere does not draw hundreds of rows anew.

use recourse_domain::ids::CaseId;
use recourse_flow::console::{Deadline, Msg, Use};
use recourse_ui::icons::{Icon, icon};
use recourse_ui::text::{console as c, count, find, of, t};
use yew::prelude::*;

use crate::parts::{Send, age, bar, sends, use_chip};

/// One row, as far as it is seen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) case: CaseId,
    pub(crate) state: &'static str,
    pub(crate) of_use: Option<Use>,
    pub(crate) excerpt: Option<AttrValue>,
    pub(crate) category: Option<AttrValue>,
    pub(crate) urgent: bool,
    pub(crate) danger: bool,
    pub(crate) evidence: u32,
    /// In whole minutes, so that it changes with the clock's tick only.
    pub(crate) age_minutes: u64,
    pub(crate) deadline: Option<Deadline>,
    pub(crate) owner: Option<AttrValue>,
    /// Tab stops here.
    pub(crate) current: bool,
    /// Shown in the third column.
    pub(crate) open: bool,
}

/// Properties of [`Rows`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct RowsProps {
    pub(crate) rows: Vec<Row>,
    pub(crate) send: Send,
}

/// The list. One tab stop; the arrow keys move inside.
#[component]
pub(crate) fn Rows(RowsProps { rows, send }: &RowsProps) -> Html {
    html! { <ul class="rows plain">{ for rows.iter().map(|row| view(row, send)) }</ul> }
}

fn view(row: &Row, send: &Send) -> Html {
    let case = row.case;
    let id = format!("row-{case}");
    let mark = if row.danger {
        html! { <span class="mark danger">{ icon(Icon::Warning) }<span>{ t(c::QUEUE_DANGER) }</span></span> }
    } else if row.urgent {
        html! { <span class="mark">{ icon(Icon::Clock) }<span>{ t(c::QUEUE_URGENT) }</span></span> }
    } else {
        Html::default()
    };
    let excerpt = match &row.excerpt {
        Some(excerpt) => html! { <span class="excerpt" dir="auto">{ excerpt }</span> },
        None => html! { <span class="excerpt soft">{ icon(Icon::Lock) }{ t(c::QUEUE_UNOPENED) }</span> },
    };
    let due = row.deadline.map_or_else(
        || html! { <span class="due" /> },
        |deadline| {
            let left = age(deadline.distance);
            html! {
                <span class="due">
                    { bar(deadline) }
                    <span class="left">{ if deadline.late { t(c::QUEUE_LATE) } else { left } }</span>
                </span>
            }
        },
    );
    let evidence = (row.evidence > 0).then(|| {
        html! { <span class="clip" title={count(c::QUEUE_EVIDENCE, row.evidence)}>
            { icon(Icon::File) }<span aria-hidden="true">{ row.evidence }</span>
            <span class="visually-hidden">{ count(c::QUEUE_EVIDENCE, row.evidence) }</span>
        </span> }
    });
    html! {
        <li key={id.clone()}>
            <button type="button" class="case-row" id={id} data-testid="case-row" data-case={case.to_string()} data-state={row.state}
                data-urgent={row.urgent.to_string()} aria-current={row.open.then_some("true")} tabindex={if row.current { "0" } else { "-1" }}
                onclick={sends(send, Msg::Open(case))} onfocus={sends(send, Msg::Current(case))}>
                <span class="what">
                    { for row.of_use.map(|of_use| use_chip(of_use, true)) }
                    <span class="line">{ mark }{ excerpt }{ for evidence }</span>
                </span>
                <span class="category">{ row.category.clone() }</span>
                <span class="state">{ find(c::STATE_, row.state).unwrap_or_else(|| of(c::STATE_, row.state)) }</span>
                <span class="age">{ age(row.age_minutes * 60) }</span>
                { due }
                <span class={classes!("owner", row.owner.is_none().then_some("nobody"))}>
                    { row.owner.clone().unwrap_or_else(|| t(c::QUEUE_NOBODY)) }
                </span>
            </button>
        </li>
    }
}
