//! What keeps a draft from being sent, and what of it is sent.

use proptest::prelude::*;
use recourse_domain::channel::{GroupKind, LegalProfile, Limits};
use recourse_domain::ids::Digest;
use recourse_domain::report::*;
use recourse_domain::settings::CUSTOMER_CHARS;

use crate::any;

fn item(kind: EvidenceKind, media_type: &str, size: u64) -> EvidenceDraft {
    EvidenceDraft {
        id: "evidence-1".parse().unwrap(),
        kind,
        media_type: media_type.parse().unwrap(),
        size,
        captured_at: "2026-03-01T14:05:09Z".parse().unwrap(),
        tool: Tool::default(),
        source: Source::default(),
        redactions: 0,
        description: String::new(),
        sensitive: false,
        file_name: String::new(),
    }
}

fn keys() -> ReportKeys {
    ReportKeys {
        channel: "demo".parse().unwrap(),
        manifest: Digest::ZERO,
        language: "en".parse().unwrap(),
        reply: ReplyKeys {
            // As long as a real one.
            recipient: format!("age1pq1{}", "q".repeat(1_953)),
            reporter_key: "A".repeat(43),
        },
        test: false,
    }
}

fn ready() -> ReportDraft {
    ReportDraft {
        purpose: Some(Purpose::FlagMisuse),
        what_happened: "They read our messages.".into(),
        ..ReportDraft::default()
    }
}

fn check(change: impl FnOnce(&mut ReportDraft), legal: LegalProfile, expected: &[(&str, Fault)]) {
    let mut draft = ready();
    change(&mut draft);
    let faults = draft.check(&Limits::default(), legal);
    let found: Vec<_> = faults.iter().map(|fault| (fault.path.as_str(), fault.fault)).collect();
    assert_eq!(found, expected, "{draft:?}");
}

#[test]
fn a_purpose_and_words_or_a_place_are_all_that_is_needed() {
    use LegalProfile::*;
    check(|_| {}, None, &[]);
    check(
        |draft| *draft = ReportDraft::default(),
        None,
        &[("purpose", Fault::Missing), ("what_happened", Fault::Missing)],
    );
    check(|draft| draft.what_happened = " \n\t ".into(), None, &[("what_happened", Fault::Missing)]);
    let place = |url: &str| vec![Location { url: url.into(), ..Location::default() }];
    let only_place = |url: &'static str| {
        move |draft: &mut ReportDraft| {
            draft.what_happened.clear();
            draft.subject.locations = place(url);
        }
    };
    check(only_place("https://crm.example/17"), None, &[]);
    check(only_place("  "), None, &[("what_happened", Fault::Missing)]);
    let appeal = |purpose| {
        move |draft: &mut ReportDraft| {
            draft.what_happened.clear();
            draft.purpose = Some(purpose);
            draft.appeal = Some(AppealReference { decision: "D-17".into() });
        }
    };
    check(appeal(Purpose::Appeal), None, &[]);
    // The reference does not count where it is not asked: it would not be sent.
    check(appeal(Purpose::FlagMisuse), None, &[("what_happened", Fault::Missing)]);
}

#[test]
fn a_notice_is_complete_only_where_the_law_asks_for_it() {
    use LegalProfile::*;
    let notice = |draft: &mut ReportDraft| draft.purpose = Some(Purpose::IllegalContentNotice);
    for legal in [None, EuWhistleblower, UkOsa] {
        check(notice, legal, &[]);
    }
    for legal in [DsaHosting, DsaPlatform] {
        let missing =
            ["subject.locations", "notice.reasons", "notice.good_faith_statement"].map(|at| (at, Fault::Missing));
        check(notice, legal, &missing);
        check(|_| {}, legal, &[]);
        let full = |draft: &mut ReportDraft| {
            notice(draft);
            draft.subject.locations = vec![Location { item_id: "17".into(), ..Location::default() }];
            draft.notice = Some(Notice { reasons: "Section 3 of the Act".into(), good_faith_statement: true });
        };
        check(full, legal, &[]);
    }
}

#[test]
fn no_media_with_child_safety_or_where_somebody_may_be_under_18() {
    use EvidenceKind::*;
    let refused = [("evidence[0]", Fault::MediaRefused)];
    let with = |item: EvidenceDraft, change: fn(&mut ReportDraft)| {
        move |draft: &mut ReportDraft| {
            draft.evidence = vec![item];
            change(draft);
        }
    };
    let ways: [fn(&mut ReportDraft); 4] = [
        |draft| draft.category = Some(Category::ChildSafety),
        |draft| draft.secondary_categories = vec![Category::ChildSafety],
        |draft| draft.under_18_shown = Some(Answer::Yes),
        |draft| draft.under_18_shown = Some(Answer::NotSure),
    ];
    for way in ways {
        let media = [(Screenshot, "image/png"), (File, "text/plain"), (Selection, "text/plain"), (Link, "image/png")];
        for (kind, media_type) in media {
            check(with(item(kind, media_type, 1), way), LegalProfile::None, &refused);
        }
        for (kind, media_type) in [(Link, "text/uri-list"), (ProviderContext, "application/json")] {
            check(with(item(kind, media_type, 1), way), LegalProfile::None, &[]);
        }
    }
    for way in [|_: &mut ReportDraft| {}, |draft: &mut ReportDraft| draft.under_18_shown = Some(Answer::No)] {
        check(with(item(Screenshot, "image/png", 1), way), LegalProfile::None, &[]);
    }
}

#[test]
fn limits_are_met_to_the_character_the_byte_and_the_item() {
    let limits = Limits::default();
    let at = |path, fault| [(path, fault)];
    let none = LegalProfile::None;
    let text = |count| move |draft: &mut ReportDraft| draft.what_happened = "é".repeat(count);
    check(text(20_000), none, &[]);
    check(text(20_001), none, &at("what_happened", Fault::TooLong(20_000)));
    let size = |size| move |draft: &mut ReportDraft| draft.evidence = vec![item(EvidenceKind::File, "image/png", size)];
    check(size(limits.attachment_bytes), none, &[]);
    check(size(limits.attachment_bytes + 1), none, &at("evidence[0].size", Fault::TooLarge(limits.attachment_bytes)));
    let items = |count: usize, size| {
        move |draft: &mut ReportDraft| {
            let items = (0..count).map(|at| EvidenceDraft {
                id: format!("e{at}").parse().unwrap(),
                ..item(EvidenceKind::File, "image/png", size)
            });
            draft.evidence = items.collect();
        }
    };
    check(items(50, 1), none, &[]);
    check(items(51, 1), none, &at("evidence", Fault::TooMany(50)));
    check(items(4, limits.attachment_bytes), none, &[]);
    check(items(5, limits.report_bytes / 5 + 1), none, &at("evidence", Fault::TooLarge(limits.report_bytes)));
    check(
        items(5, u64::MAX),
        none,
        &[
            ("evidence[0].size", Fault::TooLarge(limits.attachment_bytes)),
            ("evidence[1].size", Fault::TooLarge(limits.attachment_bytes)),
            ("evidence[2].size", Fault::TooLarge(limits.attachment_bytes)),
            ("evidence[3].size", Fault::TooLarge(limits.attachment_bytes)),
            ("evidence[4].size", Fault::TooLarge(limits.attachment_bytes)),
            ("evidence", Fault::TooLarge(limits.report_bytes)),
        ],
    );
    let twice = |draft: &mut ReportDraft| draft.evidence = vec![item(EvidenceKind::File, "image/png", 1); 2];
    check(twice, none, &at("evidence[1].id", Fault::Repeated));
    let category = |draft: &mut ReportDraft| {
        draft.category = Some(Category::Defamation);
        draft.secondary_categories = vec![Category::SpamBulk, Category::Defamation];
    };
    check(category, none, &at("category.secondary", Fault::Repeated));

    // The channel's limit counts, and never more than the format's.
    let draft = ReportDraft { what_happened: "x".repeat(20_001), ..ready() };
    let with = |text_chars| draft.check(&Limits { text_chars, ..limits }, none)[0].fault;
    assert_eq!((with(500), with(30_000)), (Fault::TooLong(500), Fault::TooLong(20_000)));
}

/// The check knows before anything is sealed that a report would not fit a body: the fullest that passes still fits.
#[test]
fn what_passes_fits_a_body() {
    let limits = Limits { attachments: 1_000, ..Limits::default() };
    let mut draft = ready();
    draft.purpose = Some(Purpose::Both);
    draft.relationships = Relationship::ALL.to_vec();
    draft.affected_groups = AffectedGroup::ALL.to_vec();
    draft.remedy_sought = Remedy::ALL.to_vec();
    draft.secondary_categories = Category::ALL.into_iter().filter(|one| *one != Category::ChildSafety).collect();
    draft.subject.locations = vec![Location { url: "\"\u{1}\n".into(), ..Location::default() }; 100];
    draft.evidence = (0..100)
        .map(|at| EvidenceDraft {
            id: format!("{at:064}").parse().unwrap(),
            size: 1 << 20,
            redactions: u32::MAX,
            tool: Tool { name: "\\".into(), version: "\u{7}".into() },
            source: Source { url: "u".into(), title: "t".into(), selector: "s".into() },
            description: "d".into(),
            file_name: "f".into(),
            ..item(EvidenceKind::ProviderContext, &format!("application/{}", "x".repeat(60)), 1)
        })
        .collect();
    draft.category = None;
    let too_large = |draft: &ReportDraft| {
        let faults = draft.check(&limits, LegalProfile::None);
        assert!(faults.iter().all(|fault| fault.path.is_empty()), "{faults:?}");
        !faults.is_empty()
    };
    let mut low = 0;
    let mut high = 20_000;
    while low + 1 < high {
        let middle = (low + high) / 2;
        draft.what_happened = "\u{1}".repeat(middle);
        if too_large(&draft) { high = middle } else { low = middle }
    }
    assert!(low > 1, "there is room for text beside all that");
    draft.what_happened = "\u{1}".repeat(low);
    let items =
        draft.evidence.iter().map(|item| item.clone().into_item(item.size, Digest::ZERO, Digest::ZERO)).collect();
    let json = serde_json::to_vec(&draft.into_report(keys(), items)).unwrap();
    assert!(json.len() <= REPORT_BYTES, "{} bytes", json.len());
    Report::from_json(&json).unwrap();
}

#[test]
fn only_what_was_asked_is_sent() {
    let mut draft = ready();
    draft.harm = "I lost my job.".into();
    draft.remedy_sought = vec![Remedy::DeleteOrCorrectMyData];
    draft.may_tell_data_holder = true;
    draft.notice = Some(Notice { reasons: "x".into(), good_faith_statement: true });
    draft.appeal = Some(AppealReference { decision: "x".into() });
    draft.subject.locations = vec![Location::default()];
    let send = |draft: &ReportDraft, purpose| {
        ReportDraft { purpose: Some(purpose), ..draft.clone() }.into_report(keys(), Vec::new())
    };
    let misuse = send(&draft, Purpose::FlagMisuse);
    assert_eq!((misuse.harm.as_str(), misuse.remedy_sought.len(), misuse.may_tell_data_holder), ("", 0, false));
    assert_eq!((misuse.notice, misuse.appeal, misuse.subject.locations), (None, None, Vec::new()));
    let remedy = send(&draft, Purpose::SeekRemedy);
    assert_eq!(
        (remedy.harm.as_str(), remedy.remedy_sought.len(), remedy.may_tell_data_holder),
        ("I lost my job.", 1, true)
    );
    draft.remedy_sought = vec![Remedy::Apology];
    assert!(!send(&draft, Purpose::Both).may_tell_data_holder, "nobody asked");
    assert!(send(&draft, Purpose::IllegalContentNotice).notice.is_some());
    assert!(send(&draft, Purpose::Appeal).appeal.is_some());
}

#[test]
fn a_public_customer_is_sent_only_with_a_subject_of_the_state() {
    let customer = || Some(PublicCustomer { name: "City of Town".into(), country: "AT".parse().ok() });
    for (kind, sector, sent) in [
        (SubjectKind::GovernmentBody, Sector::Unknown, true),
        (SubjectKind::CustomerOrg, Sector::Public, true),
        (SubjectKind::CustomerOrg, Sector::Private, false),
        (SubjectKind::CustomerOrg, Sector::Unknown, false),
        (SubjectKind::AutomatedSystem, Sector::Public, true),
        (SubjectKind::AutomatedSystem, Sector::Unknown, false),
        (SubjectKind::Unknown, Sector::Unknown, false),
    ] {
        let mut draft = ready();
        draft.subject = Subject { kind, sector, public_customer: customer(), ..Subject::default() };
        let report = draft.into_report(keys(), Vec::new());
        assert_eq!(report.subject.public_customer, if sent { customer() } else { None }, "{kind} {sector}");
    }
    let mut draft = ready();
    let name = "x".repeat(CUSTOMER_CHARS + 1);
    draft.subject = Subject {
        kind: SubjectKind::GovernmentBody,
        public_customer: Some(PublicCustomer { name, country: None }),
        ..Subject::default()
    };
    let fault = FieldFault { path: "subject.public_customer.name".into(), fault: Fault::TooLong(200) };
    assert_eq!(draft.check(&Limits::default(), LegalProfile::None), [fault]);
}

#[test]
fn times_in_an_anonymous_report_are_days_unless_the_person_says_otherwise() {
    let check = |identity, exact_times, expected: &str| {
        let draft = ReportDraft { identity, exact_times, ..ready() };
        let items = vec![item(EvidenceKind::File, "image/png", 1).into_item(9, Digest::ZERO, Digest::ZERO)];
        let report = draft.into_report(keys(), items);
        assert_eq!((report.evidence[0].captured_at.as_str(), report.evidence[0].size), (expected, 9));
    };
    check(Identity::Anonymous, false, "2026-03-01");
    check(Identity::Anonymous, true, "2026-03-01T14:05:09Z");
    check(Identity::Confidential, false, "2026-03-01T14:05:09Z");
}

#[test]
fn a_report_goes_to_those_who_should_read_it() {
    let check = |change: fn(&mut ReportDraft), expected| {
        let mut draft = ready();
        change(&mut draft);
        assert_eq!(draft.readers(), expected, "{draft:?}");
    };
    check(|_| {}, GroupKind::Team);
    check(|draft| draft.reader_involved = Some(Answer::No), GroupKind::Team);
    check(|draft| draft.reader_involved = Some(Answer::Yes), GroupKind::Independent);
    check(|draft| draft.subject.kind = SubjectKind::Provider, GroupKind::Independent);
    check(|draft| draft.purpose = Some(Purpose::Appeal), GroupKind::Independent);
    check(|draft| draft.category = Some(Category::ChildSafety), GroupKind::Restricted);
    check(|draft| draft.secondary_categories = vec![Category::ChildSafety], GroupKind::Restricted);
    check(
        |draft| {
            draft.category = Some(Category::ChildSafety);
            draft.subject.kind = SubjectKind::Provider;
        },
        GroupKind::Restricted,
    );
    check(
        |draft| {
            draft.category = Some(Category::ChildSafety);
            draft.reader_involved = Some(Answer::Yes);
        },
        GroupKind::Independent,
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the form lets pass, the reader accepts.
    #[test]
    fn a_draft_without_faults_becomes_a_report_without_faults(draft in any::draft(), keys in any::keys()) {
        let mut draft = draft;
        draft.purpose.get_or_insert(Purpose::FlagMisuse);
        draft.what_happened.push('x');
        draft.evidence.truncate(1);
        let primary = draft.category;
        draft.secondary_categories.retain(|one| Some(*one) != primary);
        if draft.refuses_media() {
            draft.evidence.clear();
        }
        prop_assert_eq!(draft.check(&Limits::default(), LegalProfile::None), vec![]);
        let items = draft.evidence.iter().map(|item| item.clone().into_item(item.size, Digest::ZERO, Digest::ZERO));
        let items = items.collect();
        let report = draft.into_report(keys, items);
        prop_assert_eq!(Report::from_json(&serde_json::to_vec(&report).unwrap()), Ok(report));
    }
}
