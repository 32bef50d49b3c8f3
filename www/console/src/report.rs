//! The report, field by field, with labels from the locale and the reporter's text as text.

use recourse_domain::report::Report;
use recourse_flow::console::{Dock, Msg, OpenCase};
use recourse_ui::controls::{Button, Tone, Weight, notice};
use recourse_ui::icons::Icon;
use recourse_ui::text::{Family, console as c, fill, of, t};
use recourse_wire::reviewing::CaseView;
use yew::prelude::*;

use crate::dock::language_name;
use crate::parts::{Send, sends, typed};

/// The report and the way to the contact details.
pub(crate) fn view(open: &OpenCase, view: &CaseView, send: &Send) -> Html {
    let Some(report) = &view.report else {
        return notice(Tone::Warning, "report-unopened", html! { <p>{ t(c::CASE_UNOPENED) }</p> });
    };
    let language = report.language.as_str();
    let text = |name, label, text: &str| filled(text).then(|| pair(name, label, typed(text, Some(language))));
    let mut sections = vec![
        section(c::REPORT_WHAT, what(report, language).collect()),
        section(c::REPORT_ABOUT, about(report, view.listed, language)),
    ];
    sections.push(section(c::REPORT_PEOPLE, people(report).collect()));
    let remedy = [
        text("harm", c::FIELD_HARM, &report.harm),
        list("remedy_sought", c::FIELD_REMEDY_SOUGHT, c::REMEDY_, report.remedy_sought.iter().map(|it| it.as_str())),
        report.purpose.seeks_remedy().then(|| {
            let answer = if report.may_tell_data_holder { c::REPORT_YES_SHARE } else { c::REPORT_NO_SHARE };
            pair("may_tell_data_holder", c::FIELD_MAY_TELL_DATA_HOLDER, html! { { t(answer) } })
        }),
    ];
    sections.push(section(c::REPORT_REMEDY, remedy.into_iter().flatten().collect()));
    sections.push(section(c::REPORT_NOTICE, notice_fields(report, language)));
    let appeal = report.appeal.as_ref().and_then(|appeal| text("decision", c::FIELD_DECISION, &appeal.decision));
    sections.push(section(c::REPORT_APPEAL, appeal.into_iter().collect()));
    sections.push(section(c::REPORT_WHO, who(report).collect()));
    let consent = &report.consent;
    let shares = [
        id(
            "share_identity_with",
            c::FIELD_SHARE_IDENTITY_WITH,
            c::SHARE_IDENTITY_,
            consent.share_identity_with.as_str(),
        ),
        id(
            "share_content_with_customer",
            c::FIELD_SHARE_CONTENT_WITH_CUSTOMER,
            c::SHARE_CONTENT_,
            consent.share_content_with_customer.as_str(),
        ),
        id("law_enforcement", c::FIELD_LAW_ENFORCEMENT, c::LAW_ENFORCEMENT_, consent.law_enforcement.as_str()),
    ];
    sections.push(section(c::REPORT_CONSENT, shares.to_vec()));
    let context = report.provider_context.iter().map(|(name, value)| {
        html! {
            <div class="pair" key={name.clone()} data-testid="field-provider_context">
                <dt dir="auto">{ name }</dt><dd>{ typed(value, None) }</dd>
            </div>
        }
    });
    sections.push(section(c::REPORT_CONTEXT, context.collect()));
    sections.push(section(c::REPORT_ANSWERS, answers(report, language)));
    sections.extend(view.vouched.as_ref().map(crate::vouched::view));
    html! {
        <div class="report" data-testid="report">
            <p class="small-print">{ t(c::REPORT_TEXT_ONLY) }</p>
            { for sections }
            { contact(open, view, send) }
            { section(c::REPORT_TECHNICAL, technical(report)) }
        </div>
    }
}

fn what<'a>(report: &'a Report, language: &'a str) -> impl Iterator<Item = Html> {
    let secondary = &report.category.secondary;
    let category = html! {
        <>
            { of(c::CATEGORY_, report.category.primary.as_str()) }
            if !secondary.is_empty() {
                <br />{ t(c::REPORT_SECONDARY) }{ ": " }
                { secondary.iter().map(|it| of(c::CATEGORY_, it.as_str()).to_string()).collect::<Vec<_>>().join(", ") }
            }
        </>
    };
    [
        filled(&report.what_happened)
            .then(|| wide("what_happened", c::FIELD_WHAT_HAPPENED, typed(&report.what_happened, Some(language)))),
        Some(id("purpose", c::FIELD_PURPOSE, c::PURPOSE_, report.purpose.as_str())),
        Some(pair("category", c::FIELD_CATEGORY, category)),
        report.when.map(|when| id("when", c::FIELD_WHEN, c::WHEN_, when.as_str())),
    ]
    .into_iter()
    .flatten()
}

fn about(report: &Report, listed: Option<bool>, language: &str) -> Vec<Html> {
    let subject = &report.subject;
    let text = |name, label, text: &str| filled(text).then(|| pair(name, label, typed(text, Some(language))));
    let mut fields: Vec<Html> = [
        Some(id("kind", c::FIELD_KIND, c::SUBJECT_KIND_, subject.kind.as_str())),
        Some(id("sector", c::FIELD_SECTOR, c::SECTOR_, subject.sector.as_str())),
        subject.public_customer.as_ref().map(|customer| {
            let country = customer.country.as_ref().map(|country| recourse_ui::format::country_name(country.as_str()));
            let value = html! {
                <>
                    { typed(&customer.name, None) }
                    { for country.map(|country| html! { <p>{ country }</p> }) }
                    if listed != Some(true) { <p class="soft">{ t(c::REPORT_LISTED_NOT) }</p> }
                </>
            };
            pair("public_customer", c::FIELD_PUBLIC_CUSTOMER, value)
        }),
        text("product", c::FIELD_PRODUCT, &subject.product),
        text("feature", c::FIELD_FEATURE, &subject.feature),
        text("use_case", c::FIELD_USE_CASE, &subject.use_case),
        subject.market.as_ref().map(|market| {
            pair("market", c::FIELD_MARKET, html! { { recourse_ui::format::country_name(market.as_str()) } })
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    for (at, place) in subject.locations.iter().enumerate() {
        let part = |label, text: &str| {
            filled(text).then(|| html! { <div><dt>{ t(label) }</dt><dd>{ typed(text, None) }</dd></div> })
        };
        let parts = [
            part(c::FIELD_URL, &place.url),
            part(c::FIELD_ITEM_ID, &place.item_id),
            part(c::FIELD_TENANT_REF, &place.tenant_ref),
            part(c::FIELD_DESCRIPTION, &place.description),
        ];
        fields.push(html! {
            <div class="pair" key={format!("location-{at}")} data-testid="field-location">
                <dt>{ t(c::FIELD_LOCATION) }</dt>
                <dd><dl class="inner">{ for parts.into_iter().flatten() }</dl></dd>
            </div>
        });
    }
    fields
}

/// The channel's own questions as they were asked, and what was answered: the labels of what was chosen, or the words. Both come from the
/// report: a question is hostile text as its answer is.
fn answers(report: &Report, language: &str) -> Vec<Html> {
    let answers = report.answers.iter().enumerate();
    let answers = answers.map(|(at, answer)| {
        let said = if answer.chosen.is_empty() { &answer.value } else { &answer.chosen };
        html! {
            <div class="pair" key={at} data-testid={format!("field-answer-{}", at + 1)}>
                <dt dir="auto">{ answer.asked.clone() }</dt><dd>{ typed(said, Some(language)) }</dd>
            </div>
        }
    });
    answers.collect()
}

fn people(report: &Report) -> impl Iterator<Item = Html> {
    let answer = |name, label, answer: Option<recourse_domain::report::Answer>| {
        answer.map(|answer| id(name, label, c::ANSWER_, answer.as_str()))
    };
    [
        answer("imminent_danger", c::FIELD_IMMINENT_DANGER, report.imminent_danger),
        report.how_many.map(|number| pair("how_many", c::FIELD_HOW_MANY, html! { { number } })),
        list(
            "affected_groups",
            c::FIELD_AFFECTED_GROUPS,
            c::AFFECTED_GROUP_,
            report.affected_groups.iter().map(|it| it.as_str()),
        ),
        answer("can_be_undone", c::FIELD_CAN_BE_UNDONE, report.can_be_undone),
        answer("fear_of_retaliation", c::FIELD_FEAR_OF_RETALIATION, report.fear_of_retaliation),
        answer("under_18_shown", c::FIELD_UNDER_18_SHOWN, report.under_18_shown),
    ]
    .into_iter()
    .flatten()
}

fn notice_fields(report: &Report, language: &str) -> Vec<Html> {
    let Some(notice) = &report.notice else { return Vec::new() };
    let faith = if notice.good_faith_statement { c::ANSWER_YES } else { c::ANSWER_NO };
    let reasons =
        filled(&notice.reasons).then(|| pair("reasons", c::FIELD_REASONS, typed(&notice.reasons, Some(language))));
    let statement = pair("good_faith_statement", c::FIELD_GOOD_FAITH_STATEMENT, html! { { t(faith) } });
    reasons.into_iter().chain([statement]).collect()
}

fn who(report: &Report) -> impl Iterator<Item = Html> {
    let represented = report.represented.as_ref();
    [
        list(
            "relationships",
            c::FIELD_RELATIONSHIPS,
            c::RELATIONSHIP_,
            report.relationships.iter().map(|it| it.as_str()),
        ),
        Some(id("identity", c::FIELD_IDENTITY, c::IDENTITY_, report.identity.as_str())),
        report.age_band.map(|age| id("age_band", c::FIELD_AGE_BAND, c::AGE_BAND_, age.as_str())),
        represented.map(|group| {
            let number = group.how_many.map_or_else(|| t(c::ANSWER_YES), |number| number.to_string().into());
            pair("represented", c::FIELD_REPRESENTED, html! { { number } })
        }),
        represented
            .and_then(|group| group.do_they_know)
            .map(|know| id("represented_known", c::FIELD_REPRESENTED_KNOWN, c::ANSWER_, know.as_str())),
        represented.and_then(|group| group.shared.as_ref()).map(|shared| {
            let of = fill(c::REPORT_SHARED, &[("number", &shared.number), ("of", &shared.of)]);
            let first = shared.first.as_ref().map(|case| fill(c::REPORT_SHARED_FIRST, &[("case", case)]));
            pair("shared", c::FIELD_SHARED, html! { <>{ of }{ for first.map(|first| html! { <p>{ first }</p> }) }</> })
        }),
        report.reader_involved.map(|it| id("reader_involved", c::FIELD_READER_INVOLVED, c::ANSWER_, it.as_str())),
        Some(pair("language", c::FIELD_LANGUAGE, html! { { language_name(report.language.as_str()) } })),
    ]
    .into_iter()
    .flatten()
}

fn technical(report: &Report) -> Vec<Html> {
    let code = |name, label, text: String| pair(name, label, html! { <span class="code">{ text }</span> });
    vec![
        code("version", c::FIELD_VERSION, report.version.to_string()),
        code("channel", c::FIELD_CHANNEL, report.channel.to_string()),
        code("manifest", c::FIELD_MANIFEST, report.manifest.to_string()),
        code("reporter_key", c::FIELD_REPORTER_KEY, report.reply.reporter_key.clone()),
        // A post-quantum recipient is two thousand characters long.
        code(
            "recipient",
            c::FIELD_RECIPIENT,
            format!("{}…", report.reply.recipient.chars().take(32).collect::<String>()),
        ),
    ]
}

/// Contact details: sealed apart, opened by a logged act.
fn contact(open: &OpenCase, view: &CaseView, send: &Send) -> Html {
    let body = match &open.contact {
        Some(contact) => {
            let given = |text: &Option<String>| text.clone().filter(|text| filled(text));
            let (name, reach) = (given(&contact.name), given(&contact.reach));
            html! {
                <dl data-testid="contact">
                    if name.is_none() && reach.is_none() { <p class="soft">{ t(c::REPORT_CONTACT_EMPTY) }</p> }
                    { for name.map(|name| pair("contact-name", c::REPORT_CONTACT_NAME, typed(&name, None))) }
                    { for reach.map(|reach| pair("contact-reach", c::REPORT_CONTACT_REACH, typed(&reach, None))) }
                </dl>
            }
        }
        None => html! {
            <div class="sealed">
                <p>{ t(if view.contact_opened { c::REPORT_CONTACT_WAS_OPENED } else { c::REPORT_CONTACT_SEALED }) }</p>
                { Button::new(Weight::Plain, "contact-open", t(c::REPORT_CONTACT_OPEN), sends(send, Msg::Dock(Some(Dock::Contact))))
                    .icon(Icon::Lock).busy(open.busy).view() }
            </div>
        },
    };
    html! { <section class="part" key="contact"><h3>{ t(c::REPORT_CONTACT) }</h3>{ body }</section> }
}

fn section(title: recourse_ui::text::Key, fields: Vec<Html>) -> Html {
    if fields.is_empty() {
        return Html::default();
    }
    html! { <section class="part" key={t(title).to_string()}><h3>{ t(title) }</h3><dl>{ for fields }</dl></section> }
}

fn pair(name: &str, label: recourse_ui::text::Key, value: Html) -> Html {
    html! { <div class="pair" key={name} data-testid={format!("field-{name}")}><dt>{ t(label) }</dt><dd>{ value }</dd></div> }
}

fn wide(name: &str, label: recourse_ui::text::Key, value: Html) -> Html {
    html! { <div class="pair wide" key={name} data-testid={format!("field-{name}")}><dt>{ t(label) }</dt><dd>{ value }</dd></div> }
}

fn id(name: &str, label: recourse_ui::text::Key, family: Family, id: &str) -> Html {
    pair(name, label, html! { { of(family, id) } })
}

fn list<'a>(
    name: &str,
    label: recourse_ui::text::Key,
    family: Family,
    ids: impl Iterator<Item = &'a str>,
) -> Option<Html> {
    let labels: Vec<_> = ids.map(|id| html! { <li key={id}>{ of(family, id) }</li> }).collect();
    (!labels.is_empty()).then(|| pair(name, label, html! { <ul class="plain">{ for labels }</ul> }))
}

fn filled(text: &str) -> bool {
    !text.trim().is_empty()
}
