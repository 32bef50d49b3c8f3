//! Cases: creation, claims, appends, lists.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use futures_util::TryStreamExt;
use futures_util::future::{join, join_all};
use recourse_domain::event::BodyPart;
use recourse_domain::ids::{CaseId, Digest};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_wire::console::{CaseQuery, CaseSummary};
use recourse_wire::limits::EVENTS_PER_CASE;

use super::sample::{self, NOW};
use super::uploads::{send, sent, with_channel};
use crate::{
    AppendEventOutcome, CaseRow, Claim, ClaimFault, CreateOutcome, ListOutcome, NewCase, NewEvent, PutChannelOutcome,
    Store, StoreError,
};

/// Reads an attachment, or a part of it, whole.
pub async fn read_blob(
    store: &Arc<dyn Store>,
    case: &CaseId,
    sha256: &Digest,
    range: Option<Range<u64>>,
) -> Option<Vec<u8>> {
    let reader = store.blob(case, sha256, range).await.unwrap()?;
    let chunks: Vec<_> = reader.bytes.try_collect().await.unwrap();
    let bytes = chunks.concat();
    assert_eq!(bytes.len() as u64, reader.range.end - reader.range.start);
    Some(bytes)
}

/// Asserts that everything of a case is there and that its events are a chain.
pub async fn assert_stored(store: &Arc<dyn Store>, case: &NewCase, contents: &[Vec<u8>]) {
    let row = store.case(&case.case, NOW).await.unwrap().unwrap_or_else(|| panic!("{} is missing", case.case));
    assert_eq!(row.token_hash, case.token_hash);
    let events = store.events(&case.case).await.unwrap();
    assert_eq!(events.len() as u64, row.summary.events);
    assert_eq!(events[..case.events.len()], case.events);
    let mut previous = Digest::ZERO;
    for event in &events {
        assert_eq!(event.header.previous, previous);
        assert_eq!(event.hash, sample::sha256(&event.header.canonical_bytes()));
        previous = event.hash;
    }
    assert_eq!(row.head, previous);
    for body in &case.bodies {
        let found = store.body(&case.case, &body.sha256).await.unwrap().unwrap();
        assert_eq!((found.sequence, found.part), (body.sequence, body.part));
        assert!(found.sealed == body.sealed, "another body than was stored");
    }
    for (claim, content) in case.claims.iter().zip(contents) {
        let found = read_blob(store, &case.case, &claim.sha256, None).await.unwrap();
        assert!(found == *content, "another attachment than was stored");
    }
}

async fn create(store: &Arc<dyn Store>, case: &NewCase) -> CreateOutcome {
    store.create_case(case.clone()).await.unwrap()
}

async fn append(store: &Arc<dyn Store>, event: &NewEvent) -> AppendEventOutcome {
    store.append_event(event.clone()).await.unwrap()
}

async fn row(store: &Arc<dyn Store>, case: &CaseId) -> CaseRow {
    store.case(case, NOW).await.unwrap().unwrap()
}

async fn page(store: &Arc<dyn Store>, query: &CaseQuery) -> (Vec<CaseSummary>, Option<String>) {
    match store.list_cases(query, NOW).await.unwrap() {
        ListOutcome::Page(page) => (page.cases, page.next),
        ListOutcome::BadCursor => panic!("the list's own cursor is bad"),
    }
}

/// What is stored is found again, by its own case only.
pub async fn a_case_comes_back_as_it_was_stored(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let contents = [sample::bytes("blob", 1, 100_000), sample::bytes("blob", 2, 0)];
    let claims = vec![sent(&store, 1, &contents[0]).await, sent(&store, 2, &contents[1]).await];
    let mut case = sample::case(1, claims.clone());
    case.urgent = true;
    case.events[0].header.urgent = true;
    case.events[0] = sample::record(case.events[0].header.clone());
    assert_eq!(create(&store, &case).await, CreateOutcome::Created);
    assert_stored(&store, &case, &contents).await;
    let summary = row(&store, &case.case).await.summary;
    assert_eq!((summary.state, summary.urgent, summary.events), (CaseState::Received, true, 1));
    assert_eq!((summary.channel, summary.assignee), (sample::channel(), None));
    assert_eq!((summary.received_at, summary.updated_at), (NOW, NOW));

    let other = sample::case(2, vec![]);
    assert_eq!(create(&store, &other).await, CreateOutcome::Created);
    assert_eq!(store.body(&other.case, &case.bodies[0].sha256).await.unwrap(), None);
    assert_eq!(store.blob_size(&other.case, &claims[0].sha256).await.unwrap(), None);
    assert_eq!(store.blob_size(&case.case, &claims[0].sha256).await.unwrap(), Some(100_000));
    assert!(store.blob(&other.case, &claims[0].sha256, None).await.unwrap().is_none());
    let nobody = sample::case_id(3);
    assert_eq!(store.case(&nobody, NOW).await.unwrap(), None);
    assert_eq!(store.events(&nobody).await.unwrap(), []);
}

/// The same request gets the same bytes, its uploads claimed long since; another for the same case is a conflict.
pub async fn a_retry_is_answered_alike_and_another_request_conflicts(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let content = sample::bytes("blob", 1, 1_000);
    let case = sample::case(1, vec![sent(&store, 1, &content).await]);
    assert_eq!(create(&store, &case).await, CreateOutcome::Created);
    let repeated = CreateOutcome::Repeated { acknowledgement: case.acknowledgement.clone() };
    let retry = NewCase { acknowledgement: "made anew".into(), ..case.clone() };
    assert_eq!(create(&store, &retry).await, repeated);
    for other in [
        NewCase { request_sha256: sample::sha256(b"other"), ..case.clone() },
        NewCase { token_hash: sample::sha256(b"other"), ..case.clone() },
    ] {
        assert_eq!(create(&store, &other).await, CreateOutcome::Conflict);
    }
    // The case went on meanwhile: a late retry still gets its answer.
    append(&store, &sample::event(case.case, 1, case.events[0].hash, 1)).await;
    assert_eq!(create(&store, &case).await, repeated);
    assert_stored(&store, &case, &[content]).await;
}

/// Impatient clients send one report many times at once: one is stored and all are answered.
pub async fn concurrent_retries_make_one_case(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let content = sample::bytes("blob", 1, 10_000);
    let case = sample::case(1, vec![sent(&store, 1, &content).await]);
    let outcomes = join_all((0..16).map(|_| create(&store, &case))).await;
    assert_eq!(outcomes.iter().filter(|&outcome| *outcome == CreateOutcome::Created).count(), 1);
    let repeated = CreateOutcome::Repeated { acknowledgement: case.acknowledgement.clone() };
    assert_eq!(outcomes.iter().filter(|&outcome| *outcome == repeated).count(), 15);
    assert_stored(&store, &case, &[content]).await;
}

/// Neither another case nor a later event nor the same event twice gets what is claimed.
pub async fn an_upload_is_claimed_once(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let content = sample::bytes("blob", 1, 1_000);
    let claim = sent(&store, 1, &content).await;
    let fault = |index| CreateOutcome::ClaimFault { index, fault: ClaimFault::Claimed };
    assert_eq!(create(&store, &sample::case(9, vec![claim.clone(), claim.clone()])).await, fault(1));
    let case = sample::case(1, vec![claim.clone()]);
    assert_eq!(create(&store, &case).await, CreateOutcome::Created);
    assert_eq!(create(&store, &sample::case(2, vec![claim.clone()])).await, fault(0));
    assert_eq!(store.case(&sample::case_id(2), NOW).await.unwrap(), None);
    let event = sample::claiming(sample::event(case.case, 1, case.events[0].hash, 1), vec![claim]);
    let refused = AppendEventOutcome::ClaimFault { index: 0, fault: ClaimFault::Claimed };
    assert_eq!(append(&store, &event).await, refused);
    assert_stored(&store, &case, &[content]).await;
}

/// Two cases that claim one upload at the same moment: one has it whole, the other is not there.
pub async fn two_cases_race_for_one_upload_and_one_has_it(store: Arc<dyn Store>) {
    with_channel(&store).await;
    for round in 0..10 {
        let content = sample::bytes("blob", round, 5_000);
        let claim = sent(&store, round, &content).await;
        let cases: Vec<_> = (0..4).map(|at| sample::case(round * 4 + at, vec![claim.clone()])).collect();
        let outcomes = join_all(cases.iter().map(|case| create(&store, case))).await;
        let mut winners = 0;
        for (case, outcome) in cases.iter().zip(outcomes) {
            if outcome == CreateOutcome::Created {
                winners += 1;
                assert_stored(&store, case, std::slice::from_ref(&content)).await;
            } else {
                assert_eq!(outcome, CreateOutcome::ClaimFault { index: 0, fault: ClaimFault::Claimed });
                assert_eq!(store.case(&case.case, NOW).await.unwrap(), None);
            }
        }
        assert_eq!(winners, 1);
    }
}

/// Each fault of a claim is named with its place, nothing is stored, and the good claim beside it can be used again.
pub async fn bad_claims_store_nothing(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let other_channel = "other".parse().unwrap();
    store.put_channel(sample::channel_record(&other_channel, 1), NOW).await.unwrap();
    let content = sample::bytes("blob", 1, 1_000);
    let good = sent(&store, 1, &content).await;
    let partial = sample::claim(2, &content);
    send(&store, &sample::upload(2, 1_000), &content[..999], 999).await;
    let elsewhere = sample::claim(3, &content);
    let upload = crate::NewUpload { channel: other_channel, ..sample::upload(3, 1_000) };
    send(&store, &upload, &content, 1_000).await;
    let finished = sent(&store, 4, &content).await;
    let faults = [
        (sample::claim(5, &content), ClaimFault::Missing),
        (Claim { token_hash: sample::sha256(b"guess"), ..finished.clone() }, ClaimFault::Missing),
        (elsewhere, ClaimFault::Missing),
        (partial, ClaimFault::Incomplete),
        (Claim { sha256: sample::sha256(b"other"), ..finished.clone() }, ClaimFault::WrongHash),
        (Claim { size: 1_001, ..finished }, ClaimFault::WrongSize),
    ];
    let existing = sample::case(100, vec![]);
    create(&store, &existing).await;
    for (seed, (bad, fault)) in faults.into_iter().enumerate() {
        let claims = vec![good.clone(), bad];
        let case = sample::case(seed as u64, claims.clone());
        assert_eq!(create(&store, &case).await, CreateOutcome::ClaimFault { index: 1, fault });
        assert_eq!(store.case(&case.case, NOW).await.unwrap(), None);
        assert_eq!(store.body(&case.case, &case.bodies[0].sha256).await.unwrap(), None);
        let event = sample::claiming(sample::event(existing.case, 1, existing.events[0].hash, 1), claims);
        assert_eq!(append(&store, &event).await, AppendEventOutcome::ClaimFault { index: 1, fault });
        assert_eq!(row(&store, &existing.case).await.summary.events, 1);
    }
    let case = sample::case(0, vec![good]);
    assert_eq!(create(&store, &case).await, CreateOutcome::Created);
    assert_stored(&store, &case, &[content]).await;
}

/// Two reporters attach the same bytes: each case has its own, and neither learns of the other.
pub async fn equal_attachments_of_two_cases_stay_apart(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let content = sample::bytes("blob", 1, 1_000);
    let one = sample::case(1, vec![sent(&store, 1, &content).await]);
    let two = sample::case(2, vec![sent(&store, 2, &content).await]);
    assert_eq!(create(&store, &one).await, CreateOutcome::Created);
    assert_eq!(create(&store, &two).await, CreateOutcome::Created);
    for case in [&one, &two] {
        assert_stored(&store, case, std::slice::from_ref(&content)).await;
    }
    // And one case twice.
    let claims = vec![sent(&store, 3, &content).await, sent(&store, 4, &content).await];
    let twice = sample::case(3, claims);
    assert_eq!(create(&store, &twice).await, CreateOutcome::Created);
    assert_stored(&store, &twice, &[content.clone(), content]).await;
}

/// Ranges are cut to what there is.
pub async fn attachments_are_read_in_ranges(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let content = sample::bytes("blob", 1, 600_000);
    let case = sample::case(1, vec![sent(&store, 1, &content).await]);
    create(&store, &case).await;
    let sha256 = &case.claims[0].sha256;
    let whole = store.blob(&case.case, sha256, None).await.unwrap().unwrap();
    assert_eq!((whole.size, whole.range), (600_000, 0..600_000));
    for (start, end) in [
        (0, 0),
        (0, 1),
        (1, 600_000),
        (262_143, 262_145),
        (599_999, u64::MAX),
        (600_000, 600_001),
        (u64::MAX, u64::MAX),
    ] {
        let read = read_blob(&store, &case.case, sha256, Some(start..end)).await.unwrap();
        let there = start.min(600_000) as usize..end.min(600_000) as usize;
        assert!(read == content[there], "{start}..{end}");
    }
}

/// A call whose parts contradict each other is a fault of the caller's code, and nothing of it is stored.
pub async fn contradicting_parts_are_refused(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let good = || sample::case(1, vec![]);
    let exact = Timestamp(NOW.0 + 1);
    let with_header = |change: &dyn Fn(&mut recourse_domain::event::EventHeader)| {
        let mut case = good();
        change(&mut case.events[0].header);
        case
    };
    let cases = [
        NewCase { events: vec![], bodies: vec![], ..good() },
        NewCase { bodies: vec![], ..good() },
        NewCase { claims: vec![sample::claim(1, b"x")], ..good() },
        NewCase { received_at: exact, ..good() },
        NewCase { state: CaseState::Closed, ..good() },
        NewCase { urgent: true, ..good() },
        with_header(&|header| header.recorded_at = exact),
        with_header(&|header| header.sequence = 1),
        with_header(&|header| header.previous = sample::sha256(b"before")),
        with_header(&|header| header.case = sample::case_id(2)),
        with_header(&|header| header.channel = "other".parse().unwrap()),
        with_header(&|header| header.bodies.reverse()),
        with_header(&|header| header.bodies[0].part = BodyPart::Contact),
        sample::case_with_bodies(1, vec![], (144 << 10) + 1),
        NewCase {
            channel: "nowhere".parse().unwrap(),
            ..with_header(&|header| header.channel = "nowhere".parse().unwrap())
        },
    ];
    for (at, case) in cases.into_iter().enumerate() {
        let refused = store.create_case(case).await;
        assert!(matches!(refused, Err(StoreError::Inconsistent(_))), "{at}: {refused:?}");
    }
    assert_eq!(store.case(&good().case, NOW).await.unwrap(), None);
    let largest = sample::case_with_bodies(1, vec![], 144 << 10);
    assert_eq!(create(&store, &largest).await, CreateOutcome::Created);

    let event = || sample::event(largest.case, 1, largest.events[0].hash, 1);
    let moved = sample::event(largest.case, 1, sample::sha256(b"before"), 1);
    let events = [
        NewEvent { bodies: vec![], ..event() },
        NewEvent { state: Some(CaseState::Closed), ..event() },
        NewEvent { assignee: Some(None), ..event() },
        NewEvent { expected_events: 2, ..event() },
        NewEvent { case: sample::case_id(2), ..event() },
        moved,
    ];
    for (at, event) in events.into_iter().enumerate() {
        let refused = store.append_event(event).await;
        assert!(matches!(refused, Err(StoreError::Inconsistent(_))), "{at}: {refused:?}");
    }
    assert_stored(&store, &largest, &[]).await;
    assert_eq!(row(&store, &largest.case).await.summary.events, 1);
}

/// Of several events made for the same place one is stored; the others are told how far the case is.
pub async fn of_two_concurrent_appends_exactly_one_wins(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let case = sample::case(1, vec![]);
    create(&store, &case).await;
    let mut head = case.events[0].hash;
    for sequence in 1..20 {
        let rivals: Vec<_> = (0..4).map(|at| sample::event(case.case, sequence, head, sequence * 10 + at)).collect();
        let outcomes = join_all(rivals.iter().map(|event| append(&store, event))).await;
        let winners: Vec<_> = (0..4).filter(|&at| outcomes[at] == AppendEventOutcome::Appended).collect();
        assert_eq!(winners.len(), 1, "{outcomes:?}");
        let changed = AppendEventOutcome::Changed { events: sequence + 1 };
        assert_eq!(outcomes.iter().filter(|&outcome| *outcome == changed).count(), 3);
        for (at, rival) in rivals.iter().enumerate() {
            let body = store.body(&case.case, &rival.bodies[0].sha256).await.unwrap();
            assert_eq!(body.is_some(), at == winners[0]);
        }
        head = rivals[winners[0]].record.hash;
    }
    assert_stored(&store, &case, &[]).await;
    let ahead = sample::event(case.case, 25, head, 1);
    assert_eq!(append(&store, &ahead).await, AppendEventOutcome::Changed { events: 20 });
    assert_eq!(append(&store, &sample::event(sample::case_id(2), 1, head, 1)).await, AppendEventOutcome::Missing);
}

/// State, owner, time and attachments of an event arrive with it.
pub async fn appends_carry_state_owner_and_evidence(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let case = sample::case(1, vec![]);
    create(&store, &case).await;
    let content = sample::bytes("blob", 1, 5_000);
    let claim = sent(&store, 1, &content).await;
    let first = sample::to_state(sample::event(case.case, 1, case.events[0].hash, 1), CaseState::Acknowledged);
    let second = sample::assigning(sample::event(case.case, 2, first.record.hash, 2), Some("key-of-ada"));
    let mut third = sample::claiming(sample::event(case.case, 3, second.record.hash, 3), vec![claim.clone()]);
    third.record.header.recorded_at = Timestamp(NOW.0 + 77);
    third.record = sample::record(third.record.header);
    let fourth = sample::assigning(sample::event(case.case, 4, third.record.hash, 4), None);
    for event in [&first, &second, &third] {
        assert_eq!(append(&store, event).await, AppendEventOutcome::Appended);
    }
    let found = row(&store, &case.case).await;
    assert_eq!((found.summary.state, found.summary.events), (CaseState::Acknowledged, 4));
    assert_eq!(found.summary.assignee.as_deref(), Some("key-of-ada"));
    assert_eq!((found.summary.received_at, found.summary.updated_at.0), (NOW, NOW.0 + 77));
    assert_eq!(found.head, third.record.hash);
    assert_eq!(read_blob(&store, &case.case, &claim.sha256, None).await.unwrap(), content);
    let body = store.body(&case.case, &third.bodies[0].sha256).await.unwrap().unwrap();
    assert_eq!((body.sequence, body.sealed), (3, third.bodies[0].sealed.clone()));
    assert_eq!(append(&store, &fourth).await, AppendEventOutcome::Appended);
    assert_eq!(row(&store, &case.case).await.summary.assignee, None);
    assert_stored(&store, &case, &[]).await;
}

/// A key brings back what was stored under it, refuses another request, and is nobody else's; without one, the same request for
/// the same place is the same.
pub async fn an_idempotency_key_holds_within_case_and_author(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let (case, other) = (sample::case(1, vec![]), sample::case(2, vec![]));
    create(&store, &case).await;
    create(&store, &other).await;
    let keyed = |event: NewEvent| NewEvent {
        idempotency_key: Some("k".into()),
        acknowledgement: Some("{\"first\":1}".into()),
        ..event
    };
    let first = keyed(sample::event(case.case, 1, case.events[0].hash, 1));
    assert_eq!(append(&store, &first).await, AppendEventOutcome::Appended);
    let unkeyed = sample::event(case.case, 2, first.record.hash, 2);
    assert_eq!(append(&store, &unkeyed).await, AppendEventOutcome::Appended);
    let repeated = |event: &NewEvent| AppendEventOutcome::Repeated {
        acknowledgement: event.acknowledgement.clone(),
        record: Box::new(event.record.clone()),
    };
    let retry = NewEvent { acknowledgement: Some("made anew".into()), ..first.clone() };
    assert_eq!(append(&store, &retry).await, repeated(&first));
    assert_eq!(append(&store, &unkeyed).await, repeated(&unkeyed));
    let head = unkeyed.record.hash;
    assert_eq!(append(&store, &keyed(sample::event(case.case, 3, head, 3))).await, AppendEventOutcome::KeyReused);
    let stranger = NewEvent { author_scope: "reporter".into(), ..unkeyed.clone() };
    assert_eq!(append(&store, &stranger).await, AppendEventOutcome::Changed { events: 3 });
    let theirs = NewEvent { author_scope: "reporter".into(), ..keyed(sample::event(case.case, 3, head, 3)) };
    assert_eq!(append(&store, &theirs).await, AppendEventOutcome::Appended);
    let elsewhere = keyed(sample::event(other.case, 1, other.events[0].hash, 4));
    assert_eq!(append(&store, &elsewhere).await, AppendEventOutcome::Appended);
    // The report's own place cannot be taken for a repeated append.
    assert_eq!(row(&store, &case.case).await.summary.events, 4);
}

/// The last event that fits is taken and the next is not.
pub async fn a_full_case_takes_no_more(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let mut case = sample::case(1, vec![]);
    for sequence in 1..EVENTS_PER_CASE - 1 {
        let previous = case.events[sequence as usize - 1].hash;
        let mut header = sample::event(case.case, sequence, previous, 0).record.header;
        header.bodies.clear();
        case.events.push(sample::record(header));
    }
    assert_eq!(create(&store, &case).await, CreateOutcome::Created);
    let last = sample::event(case.case, EVENTS_PER_CASE - 1, case.events[case.events.len() - 1].hash, 1);
    assert_eq!(append(&store, &last).await, AppendEventOutcome::Appended);
    let over = sample::event(case.case, EVENTS_PER_CASE, last.record.hash, 2);
    assert_eq!(append(&store, &over).await, AppendEventOutcome::Full);
    assert_eq!(row(&store, &case.case).await.summary.events, EVENTS_PER_CASE);
}

/// The next due date is the earliest stage not yet reached of an open case; lateness is a matter of the moment asked.
pub async fn due_dates_follow_the_state(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let case = sample::case(1, vec![]);
    create(&store, &case).await;
    let due = async |now: Timestamp| {
        let row = store.case(&case.case, now).await.unwrap().unwrap();
        let next = row.summary.due.map(|due| (due.state, due.late));
        (next, row.due.iter().map(|due| due.late).collect::<Vec<_>>())
    };
    let week = NOW.plus_days(7);
    let (acknowledged, decided) = (CaseState::Acknowledged, CaseState::Decided);
    assert_eq!(due(week).await, (Some((acknowledged, false)), vec![false, false]));
    assert_eq!(due(Timestamp(week.0 + 1)).await, (Some((acknowledged, true)), vec![true, false]));
    let mut head = case.events[0].hash;
    let mut sequence = 1;
    let mut go = async |to: CaseState| {
        let event = sample::to_state(sample::event(case.case, sequence, head, sequence), to);
        assert_eq!(append(&store, &event).await, AppendEventOutcome::Appended);
        (head, sequence) = (event.record.hash, sequence + 1);
    };
    go(acknowledged).await;
    assert_eq!(due(NOW.plus_days(91)).await, (Some((decided, true)), vec![false, true]));
    go(CaseState::Withdrawn).await;
    assert_eq!(due(NOW.plus_days(91)).await, (None, vec![false, false]));
    go(CaseState::InTriage).await;
    assert_eq!(due(NOW.plus_days(91)).await, (Some((decided, true)), vec![false, true]));
    go(decided).await;
    assert_eq!(due(NOW.plus_days(91)).await, (None, vec![false, false]));
}

/// Urgent ones first, then by due date, then by case, nothing due last; filters narrow; a foreign cursor is refused.
pub async fn lists_are_in_order_and_filtered(store: Arc<dyn Store>) {
    with_channel(&store).await;
    for seed in 0..30 {
        let mut case = sample::case(seed, vec![]);
        case.due = vec![(CaseState::Acknowledged, NOW.plus_days((seed % 4) as u32 + 1))];
        if seed % 7 == 0 {
            case.due.clear();
        }
        case.urgent = seed % 5 == 0;
        case.events[0].header.urgent = case.urgent;
        case.events[0] = sample::record(case.events[0].header.clone());
        create(&store, &case).await;
        let event = sample::event(case.case, 1, case.events[0].hash, seed);
        match seed % 3 {
            0 => append(&store, &sample::to_state(event, CaseState::Spam)).await,
            1 => append(&store, &sample::assigning(event, Some("key-of-ada"))).await,
            _ => continue,
        };
    }
    let (all, next) = page(&store, &CaseQuery::default()).await;
    assert_eq!((all.len(), next), (30, None));
    let key = |case: &CaseSummary| (!case.urgent, case.due.map_or(u64::MAX, |due| due.at.0), case.case);
    assert!(all.is_sorted_by_key(key));
    type Holds = fn(&CaseSummary) -> bool;
    let filters: [(CaseQuery, Holds); 7] = [
        (CaseQuery { open: Some(true), ..CaseQuery::default() }, |case| case.state.is_open()),
        (CaseQuery { open: Some(false), ..CaseQuery::default() }, |case| !case.state.is_open()),
        (CaseQuery { state: Some(CaseState::Spam), ..CaseQuery::default() }, |case| case.state == CaseState::Spam),
        (CaseQuery { assignee: Some("key-of-ada".into()), ..CaseQuery::default() }, |case| case.assignee.is_some()),
        (CaseQuery { assignee: Some("none".into()), ..CaseQuery::default() }, |case| case.assignee.is_none()),
        (CaseQuery { channel: Some(sample::channel()), ..CaseQuery::default() }, |_| true),
        (CaseQuery { channel: Some("other".parse().unwrap()), ..CaseQuery::default() }, |_| false),
    ];
    for (query, holds) in filters {
        let expected: Vec<_> = all.iter().filter(|case| holds(case)).cloned().collect();
        assert_eq!(page(&store, &query).await.0, expected, "{query:?}");
        let mut walked = Vec::new();
        let mut step = CaseQuery { limit: Some(3), ..query };
        loop {
            let (cases, next) = page(&store, &step).await;
            assert!(cases.len() <= 3);
            walked.extend(cases);
            match next {
                Some(next) => step.cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(walked, expected, "{step:?}");
    }
    let (few, next) = page(&store, &CaseQuery { limit: Some(0), ..CaseQuery::default() }).await;
    assert!(few.len() == 1 && next.is_some());
    let foreign = CaseQuery { cursor: Some("foreign".into()), ..CaseQuery::default() };
    assert_eq!(store.list_cases(&foreign, NOW).await.unwrap(), ListOutcome::BadCursor);

    // Cases of a channel in test mode are in no list but their own.
    let tests = CaseQuery { tests: Some(true), limit: Some(200), ..CaseQuery::default() };
    assert!(page(&store, &tests).await.0.is_empty());
    let mut record = sample::channel_record(&sample::channel(), 1_000);
    record.manifest.test = true;
    assert_eq!(store.put_channel(record, NOW).await.unwrap(), PutChannelOutcome::Stored);
    assert_eq!(page(&store, &tests).await.0, all);
    for real in [CaseQuery::default(), CaseQuery { open: Some(true), tests: Some(false), ..CaseQuery::default() }] {
        assert!(page(&store, &real).await.0.is_empty(), "{real:?}");
    }
}

/// While cases arrive before, behind and at the cursor, a walk meets every case that was there at its start exactly once.
pub async fn cursors_never_skip_or_repeat_while_cases_arrive(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let due = |seed: u64| {
        let mut case = sample::case_with_bodies(seed, vec![], 64);
        case.due = vec![(CaseState::Acknowledged, NOW.plus_days((seed % 5) as u32 + 1))];
        case
    };
    let first: Vec<_> = (0..120).map(due).collect();
    join_all(first.iter().map(|case| create(&store, case))).await;
    let walk = async {
        let mut met = Vec::new();
        let mut query = CaseQuery { limit: Some(7), ..CaseQuery::default() };
        loop {
            let (cases, next) = page(&store, &query).await;
            met.extend(cases.into_iter().map(|case| case.case));
            match next {
                Some(next) => query.cursor = Some(next),
                None => return met,
            }
        }
    };
    let arrive = async {
        for batch in 0..30 {
            let cases: Vec<_> = (0..8).map(|at| due(1_000 + batch * 8 + at)).collect();
            join_all(cases.iter().map(|case| create(&store, case))).await;
        }
    };
    let (met, ()) = join(walk, arrive).await;
    let once: HashSet<_> = met.iter().collect();
    assert_eq!(once.len(), met.len(), "a case came twice");
    assert!(first.iter().all(|case| once.contains(&case.case)), "a case was skipped");
    assert_eq!(page(&store, &CaseQuery { limit: Some(200), ..CaseQuery::default() }).await.0.len(), 200);
}
