//! Any report: every field there or not, texts of all kinds of characters.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use recourse_domain::ids::Digest;
use recourse_domain::report::*;
use recourse_domain::text::Country;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), any::<String>(), "[ \\PC\"\\\\\n\t\u{0}\u{2028}]{0,40}"]
}

fn one<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    select(all)
}

fn some<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = Vec<T>> {
    subsequence(all, 0..=all.len()).prop_shuffle()
}

fn answer() -> impl Strategy<Value = Option<Answer>> {
    option::of(one(&Answer::ALL))
}

fn digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest::new)
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Debug> + std::fmt::Debug>(
    shape: &'static str,
) -> impl Strategy<Value = T> {
    shape.prop_map(|text| text.parse().unwrap())
}

fn base64url() -> impl Strategy<Value = String> {
    "[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"
}

fn subject() -> impl Strategy<Value = Subject> {
    let location = (text(), text(), text(), text()).prop_map(|(url, item_id, tenant_ref, description)| Location {
        url,
        item_id,
        tenant_ref,
        description,
    });
    let countries: Vec<Country> = Country::all().collect();
    let customer = (text(), option::of(select(countries.clone())));
    let customer = customer.prop_map(|(name, country)| PublicCustomer { name, country });
    (
        one(&SubjectKind::ALL),
        one(&Sector::ALL),
        vec(location, 0..4),
        (text(), text(), text()),
        option::of(select(countries)),
        option::of(customer),
    )
        .prop_map(|(kind, sector, locations, (product, feature, use_case), market, public_customer)| Subject {
            kind,
            sector,
            locations,
            product,
            feature,
            use_case,
            market,
            public_customer,
        })
}

/// An item before sealing.
pub(crate) fn evidence() -> impl Strategy<Value = EvidenceDraft> {
    let moment = "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?Z)?";
    (
        (
            parsed("[a-z0-9_-]{1,64}"),
            one(&EvidenceKind::ALL),
            parsed("(image/png|text/plain|application/json|a\\+b/x)"),
        ),
        (0..20_000_000_u64, parsed(moment), any::<u32>(), any::<bool>()),
        (text(), text()),
        (text(), text(), text()),
        (text(), text()),
    )
        .prop_map(|((id, kind, media_type), (size, captured_at, redactions, sensitive), tool, source, texts)| {
            EvidenceDraft {
                id,
                kind,
                media_type,
                size,
                captured_at,
                tool: Tool { name: tool.0, version: tool.1 },
                source: Source { url: source.0, title: source.1, selector: source.2 },
                redactions,
                description: texts.0,
                sensitive,
                file_name: texts.1,
            }
        })
}

/// An answer to a question of the channel.
fn custom_answer() -> impl Strategy<Value = CustomAnswer> {
    ("[a-z][a-z0-9_]{0,39}", text(), text(), text()).prop_map(|(question, asked, value, chosen)| CustomAnswer {
        question,
        asked,
        value,
        chosen,
    })
}

/// A draft in any state.
pub(crate) fn draft() -> impl Strategy<Value = ReportDraft> {
    let who = (
        option::of(one(&Purpose::ALL)),
        some(&Relationship::ALL),
        one(&Identity::ALL),
        option::of(one(&AgeBand::ALL)),
        option::of((option::of(any::<u32>()), answer())),
        answer(),
        subject(),
        option::of(one(&Category::ALL)),
        some(&Category::ALL),
    );
    let what = (
        text(),
        option::of(one(&When::ALL)),
        option::of(any::<u32>()),
        (answer(), answer(), answer(), answer()),
        some(&AffectedGroup::ALL),
        text(),
        some(&Remedy::ALL),
        any::<bool>(),
        (one(&ShareIdentity::ALL), one(&ShareContent::ALL), one(&LawEnforcement::ALL)),
    );
    let rest = (
        option::of((text(), any::<bool>())),
        option::of(text()),
        btree_map(text(), text(), 0..4),
        vec(evidence(), 0..4),
        any::<bool>(),
        (text(), any::<bool>(), vec(custom_answer(), 0..3)),
    );
    (who, what, rest).prop_map(|(who, what, rest)| ReportDraft {
        purpose: who.0,
        relationships: who.1,
        identity: who.2,
        age_band: who.3,
        represented: who.4.map(|(how_many, do_they_know)| RepresentedGroup { how_many, do_they_know, shared: None }),
        reader_involved: who.5,
        subject: who.6,
        category: who.7,
        secondary_categories: who.8,
        what_happened: what.0,
        when: what.1,
        how_many: what.2,
        can_be_undone: what.3.0,
        imminent_danger: what.3.1,
        fear_of_retaliation: what.3.2,
        under_18_shown: what.3.3,
        affected_groups: what.4,
        harm: what.5,
        remedy_sought: what.6,
        may_tell_data_holder: what.7,
        consent: Consent {
            share_identity_with: what.8.0,
            share_content_with_customer: what.8.1,
            law_enforcement: what.8.2,
        },
        notice: rest.0.map(|(reasons, good_faith_statement)| Notice { reasons, good_faith_statement }),
        appeal: rest.1.map(|decision| AppealReference { decision }),
        provider_context: rest.2,
        evidence: rest.3,
        exact_times: rest.4,
        context_token: rest.5.0,
        keep_token: rest.5.1,
        answers: rest.5.2,
    })
}

/// What a report carries beside what the person says.
pub(crate) fn keys() -> impl Strategy<Value = ReportKeys> {
    let language = "[a-z]{2,3}(-[A-Z]{2})?";
    let recipient = "age1pq1[qpzry9x8gf2tvdw0s3jn54khce6mua7l]{6,2000}";
    let channel = parsed("[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?");
    (channel, digest(), parsed(language), recipient, base64url(), any::<bool>()).prop_map(
        |(channel, manifest, language, recipient, reporter_key, test)| ReportKeys {
            channel,
            manifest,
            language,
            reply: ReplyKeys { recipient, reporter_key },
            test,
        },
    )
}

/// Any report that a draft can become.
pub(crate) fn report() -> impl Strategy<Value = Report> {
    (draft(), keys(), digest(), digest()).prop_map(|(draft, keys, sha256, blob)| {
        let items: Vec<_> = draft.evidence.iter().map(|item| item.clone().into_item(item.size, sha256, blob)).collect();
        draft.into_report(keys, items)
    })
}
