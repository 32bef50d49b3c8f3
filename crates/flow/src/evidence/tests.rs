//! Files from being chosen to what the engine hears of them.

use super::*;

const RULES: Rules = Rules {
    limits: Limits { attachment_bytes: 100, report_bytes: 150, attachments: 2, text_chars: 50 },
    refused: false,
};

fn file(id: u32, media_type: &str, size: u64) -> NewFile {
    NewFile { id, name: format!("file {id}"), media_type: media_type.to_owned(), size }
}

fn cleaned(id: u32, removed: &[&str]) -> EvidenceAct {
    let removed = removed.iter().map(|&id| id.to_owned()).collect();
    EvidenceAct::Cleaned { id, media_type: "image/png".to_owned(), size: 9, removed, notes: Vec::new() }
}

/// With one picture, still to be cleaned.
fn one() -> Evidence {
    let mut evidence = Evidence::default();
    let wishes = evidence.add(vec![file(1, "image/png", 9)], EvidenceKind::File, RULES);
    assert_eq!(wishes, [Wish::Task(Task::Clean(1))]);
    evidence
}

fn doubt() -> Doubt {
    Doubt { reason: "encrypted".to_owned(), way: "save-without-password".to_owned() }
}

#[test]
fn what_does_not_fit_is_named_and_let_go() {
    let mut evidence = Evidence::default();
    let files = [file(1, "A/B; c=d", 100), file(2, "", 101), file(3, "", 51), file(4, "", 0), file(5, "x", 50)];
    let wishes = evidence.add(files.into_iter().chain([file(6, "", 1)]).collect(), EvidenceKind::File, RULES);
    let clean = |id| Wish::Task(Task::Clean(id));
    assert_eq!(wishes, [clean(1), clean(5), Wish::Drop(vec![2, 3, 4, 6])]);
    let why: Vec<_> = evidence.problems.iter().map(|problem| problem.why.clone()).collect();
    assert_eq!(why, [Offence::TooLarge(100), Offence::TogetherTooLarge(150), Offence::Empty, Offence::TooMany(2)]);
    let types: Vec<_> = evidence.files.iter().map(|file| &*file.media_type).collect();
    assert_eq!(types, ["a/b", "application/octet-stream"]);
    let refused = Rules { refused: true, ..RULES };
    assert_eq!(evidence.add(vec![file(7, "", 1)], EvidenceKind::File, refused), [Wish::Drop(vec![7])]);
    assert!(evidence.problems.is_empty() && evidence.files.len() == 2, "the page says why already");
}

#[test]
fn what_cannot_be_cleaned_is_asked_about_and_what_must_not_go_is_let_go() {
    let mut evidence = one();
    assert_eq!(evidence.flaws(), [("evidence-card-1".to_owned(), Flaw::Busy)]);
    assert!(evidence.take(EvidenceAct::NotCleaned { id: 1, doubt: doubt(), may: true }, RULES).is_empty());
    assert_eq!(evidence.flaws(), [("evidence-card-1".to_owned(), Flaw::Undecided)]);
    evidence.take(EvidenceAct::Insist(1), RULES);
    assert!(evidence.flaws().is_empty() && matches!(evidence.files[0].cleaning, Cleaning::Kept(_)));

    let mut evidence = one();
    let wishes = evidence.take(EvidenceAct::NotCleaned { id: 1, doubt: doubt(), may: false }, RULES);
    assert_eq!((wishes, evidence.files.len()), (vec![Wish::Drop(vec![1])], 0));
    assert_eq!(evidence.problems, [FileProblem { name: "file 1".to_owned(), why: Offence::Refused(doubt()) }]);
    // What comes on it afterwards changes nothing.
    for act in [EvidenceAct::Insist(1), cleaned(1, &[]), EvidenceAct::NotCleaned { id: 1, doubt: doubt(), may: false }]
    {
        evidence.take(act, RULES);
    }
    assert_eq!((evidence.files.len(), evidence.problems.len()), (0, 1));
}

#[test]
fn covering_counts_parts_and_cleans_anew() {
    let mut evidence = one();
    assert!(!evidence.files[0].can_be_covered(), "not before it was looked into");
    evidence.take(cleaned(1, &["place"]), RULES);
    assert!(evidence.files[0].can_be_covered());
    for (parts, sum, removed) in [(2, 2, "place"), (1, 3, "device")] {
        assert_eq!(evidence.take(EvidenceAct::Cover(1), RULES), [Wish::Task(Task::Cover(1))]);
        let (description, media_type) = ("a letter".to_owned(), "image/png".to_owned());
        let act = EvidenceAct::Covered { id: 1, media_type, size: 8, parts, description };
        assert_eq!(evidence.take(act, RULES), [Wish::Task(Task::Clean(1))]);
        assert!(evidence.is_cleaning());
        evidence.take(cleaned(1, &[removed]), RULES);
        assert_eq!((evidence.files[0].covered, &*evidence.files[0].description), (sum, "a letter"));
    }
    assert_eq!(evidence.files[0].removed, ["place", "device"], "each once");
}

#[test]
fn a_link_needs_a_whole_address() {
    let mut evidence = Evidence::default();
    let id = 1_000_001;
    let wishes = evidence.take(EvidenceAct::AddLink, RULES);
    assert_eq!(wishes, [Wish::Focus(format!("evidence-address-{id}"))]);
    assert!(is_link_id(id) && !is_link_id(1));
    for (address, right) in [
        ("", false),
        ("example.org", false),
        ("https://", false),
        ("https:///x", false),
        ("javascript:alert(1)", false),
        ("https://a b", false),
        ("http://example.org", true),
        (" HTTPS://example.org/x?y#z ", true),
        ("https://例え.jp/道", true),
    ] {
        evidence.take(EvidenceAct::Address(id, address.to_owned()), RULES);
        assert_eq!(evidence.flaws().is_empty(), right, "{address}");
    }
    assert_eq!((&*evidence.files[0].outgoing().url, evidence.has_pictures()), ("https://例え.jp/道", false));
    assert!(evidence.drop_media().is_empty() && !evidence.dropped, "addresses are words");
    // As many as files.
    evidence.take(EvidenceAct::AddLink, RULES);
    assert!(evidence.take(EvidenceAct::AddLink, RULES).is_empty() && evidence.files.len() == 2);
}

#[test]
fn where_media_may_not_be_it_is_let_go() {
    let mut evidence = one();
    evidence.take(EvidenceAct::AddLink, RULES);
    assert_eq!(evidence.drop_media(), [Wish::Drop(vec![1])]);
    assert!(evidence.dropped && evidence.files.len() == 1);
}

#[test]
fn names_lose_what_does_something_instead_of_being_read() {
    let named = |name: &str| {
        let mut evidence = Evidence::default();
        let new = NewFile { id: 1, name: name.to_owned(), media_type: String::new(), size: 1 };
        evidence.add(vec![new], EvidenceKind::File, RULES);
        evidence.files[0].name.clone()
    };
    assert_eq!(named("a\u{202e}gnp.exe\n\u{7}\u{200b}"), "agnp.exe");
    assert_eq!(named("نامه\u{200c}ها 👩\u{200d}🔧.pdf"), "نامه\u{200c}ها 👩\u{200d}🔧.pdf", "joiners are spelling");
    assert_eq!(named(&"x".repeat(2_000)).len(), 1_000);
}

#[test]
fn words_and_names_have_an_end() {
    for (act, field) in [
        (EvidenceAct::Name(1, "x".repeat(1_001)), "evidence-name-1"),
        (EvidenceAct::Describe(1, "x".repeat(1_001)), "evidence-description-1"),
    ] {
        let mut evidence = one();
        evidence.take(cleaned(1, &[]), RULES);
        evidence.take(act, RULES);
        assert_eq!(evidence.flaws(), [(field.to_owned(), Flaw::TooLong(1_000))]);
    }
}

#[test]
fn the_engine_hears_what_was_done() {
    let mut evidence = Evidence::default();
    let shot = NewFile { id: 9, name: "screen.png".to_owned(), media_type: "image/png".to_owned(), size: 5 };
    let (media_type, description) = ("image/png".to_owned(), " a letter ".to_owned());
    for act in [
        EvidenceAct::Shot(shot),
        EvidenceAct::Sensitive(9),
        EvidenceAct::Covered { id: 9, media_type, size: 6, parts: 2, description },
    ] {
        evidence.take(act, RULES);
    }
    let file = evidence.files[0].outgoing();
    assert_eq!((file.kind, file.redactions, file.sensitive, file.size), (EvidenceKind::Screenshot, 2, true, 6));
    assert_eq!((file.description.as_deref(), &*file.name, &*file.url), (Some("a letter"), "screen.png", ""));
}
