//! Channels, reviewers, keyrings, sign-ins.

use std::sync::Arc;

use recourse_domain::ids::ChannelId;
use recourse_domain::time::Timestamp;
use recourse_wire::console::{KeyringEntry, Role};

use super::sample::{self, NOW};
use crate::{ACCEPTED_DAYS, ChannelRecord, PutChannelOutcome, Store};

fn named(name: &str) -> ChannelId {
    name.parse().unwrap()
}

/// A lower serial, or the same with other content, is refused and changes nothing; the current one again renews its embedders.
pub async fn a_channel_keeps_its_newest_manifest(store: Arc<dyn Store>) {
    let (acme, zeta) = (named("acme"), named("zeta"));
    let put = async |record: ChannelRecord| store.put_channel(record, NOW).await.unwrap();
    assert_eq!(store.channel(&acme).await.unwrap(), None);
    let five = sample::channel_record(&acme, 5);
    assert_eq!(put(five.clone()).await, PutChannelOutcome::Stored);
    assert_eq!(put(sample::channel_record(&acme, 4)).await, PutChannelOutcome::StaleSerial { current: 5 });
    let forged = ChannelRecord { payload_sha256: sample::sha256(b"other"), ..five.clone() };
    assert_eq!(put(forged).await, PutChannelOutcome::StaleSerial { current: 5 });
    assert_eq!(store.channel(&acme).await.unwrap(), Some(five.clone()));
    let reopened = ChannelRecord { embed_origins: vec![], ..five };
    assert_eq!(put(reopened.clone()).await, PutChannelOutcome::Stored);
    assert_eq!(store.channel(&acme).await.unwrap(), Some(reopened));
    let (six, other) = (sample::channel_record(&acme, 6), sample::channel_record(&zeta, 1));
    assert_eq!(put(other.clone()).await, PutChannelOutcome::Stored);
    assert_eq!(put(six.clone()).await, PutChannelOutcome::Stored);
    assert_eq!(store.channels().await.unwrap(), [six, other]);
}

/// A replaced manifest is accepted for its days from the replacement, to the second, and another channel's never.
pub async fn a_replaced_manifest_is_accepted_for_its_days(store: Arc<dyn Store>) {
    let (acme, zeta) = (named("acme"), named("zeta"));
    let replaced_at = NOW.plus_days(100);
    store.put_channel(sample::channel_record(&acme, 1), NOW).await.unwrap();
    store.put_channel(sample::channel_record(&zeta, 1), NOW).await.unwrap();
    store.put_channel(sample::channel_record(&acme, 2), replaced_at).await.unwrap();
    // The current one again: nothing is replaced anew.
    store.put_channel(sample::channel_record(&acme, 2), replaced_at.plus_days(30)).await.unwrap();
    let end = replaced_at.plus_days(ACCEPTED_DAYS);
    for (now, serials) in [(replaced_at, vec![2, 1]), (end, vec![2, 1]), (Timestamp(end.0 + 1), vec![2])] {
        let accepted = store.accepted_recipients(&acme, now).await.unwrap();
        assert_eq!(accepted.iter().map(|manifest| manifest.serial).collect::<Vec<_>>(), serials);
        for manifest in &accepted {
            assert_eq!(manifest.recipients, [sample::recipient(&acme, manifest.serial)]);
            assert_eq!(manifest.payload_sha256, sample::channel_record(&acme, manifest.serial).payload_sha256);
            assert_eq!(manifest.replaced_at, (manifest.serial == 1).then_some(replaced_at));
        }
    }
    assert_eq!(store.accepted_recipients(&named("nobody"), NOW).await.unwrap(), []);
}

/// The list is replaced in order; who left loses their sessions at once, who stays keeps them with their new role.
pub async fn reviewers_are_replaced_and_their_sessions_end(store: Arc<dyn Store>) {
    let (ada, ben) = (sample::reviewer("ada", Role::Admin), sample::reviewer("ben", Role::Reviewer));
    store.put_reviewers(vec![ben.clone(), ada.clone()]).await.unwrap();
    assert_eq!(store.reviewers().await.unwrap(), [ben.clone(), ada.clone()]);
    let (one, two) = (sample::sha256(b"one"), sample::sha256(b"two"));
    store.put_session(&one, &ada.key, NOW.plus_days(1)).await.unwrap();
    store.put_session(&two, &ben.key, NOW.plus_days(1)).await.unwrap();
    let auditor = sample::reviewer("ada", Role::Auditor);
    store.put_reviewers(vec![auditor.clone()]).await.unwrap();
    assert_eq!(store.reviewers().await.unwrap(), std::slice::from_ref(&auditor));
    assert_eq!(store.session(&one, NOW).await.unwrap().unwrap().reviewer, auditor);
    assert_eq!(store.session(&two, NOW).await.unwrap(), None);
    store.put_reviewers(vec![auditor, ben]).await.unwrap();
    assert_eq!(store.session(&two, NOW).await.unwrap(), None, "coming back does not bring the session back");
    assert!(store.put_session(&two, "key-of-nobody", NOW.plus_days(1)).await.is_err());
}

/// Each reviewer gets their own entries only; putting again replaces.
pub async fn keyrings_are_by_reviewer_channel_group_and_epoch(store: Arc<dyn Store>) {
    let acme = named("acme");
    store.put_channel(sample::channel_record(&acme, 1), NOW).await.unwrap();
    let entry = |epoch, group: &str, sealed: &[u8]| KeyringEntry {
        channel: acme.clone(),
        group: group.into(),
        epoch,
        recipient: format!("age1pq1{epoch}"),
        sealed: sealed.to_vec(),
    };
    store
        .put_keyring("ada", vec![entry(2, "team", b"2"), entry(1, "team", b"1"), entry(1, "independent", b"i")])
        .await
        .unwrap();
    store.put_keyring("ben", vec![entry(1, "team", b"for ben")]).await.unwrap();
    store.put_keyring("ada", vec![entry(2, "team", b"again")]).await.unwrap();
    let ada = [entry(1, "independent", b"i"), entry(1, "team", b"1"), entry(2, "team", b"again")];
    assert_eq!(store.keyring("ada").await.unwrap(), ada);
    assert_eq!(store.keyring("ben").await.unwrap(), [entry(1, "team", b"for ben")]);
    assert_eq!(store.keyring("eve").await.unwrap(), []);
}

/// One of several concurrent takers gets it; an expired one is nobody's.
pub async fn a_challenge_is_good_once_and_until_it_expires(store: Arc<dyn Store>) {
    let (good, stale) = (sample::sha256(b"good"), sample::sha256(b"stale"));
    store.put_challenge(&good, Timestamp(NOW.0 + 120)).await.unwrap();
    store.put_challenge(&stale, NOW).await.unwrap();
    let takers = (0..8).map(|_| store.take_challenge(&good, NOW));
    let taken = futures_util::future::join_all(takers).await;
    assert_eq!(taken.into_iter().filter(|taken| *taken.as_ref().unwrap()).count(), 1);
    assert!(!store.take_challenge(&stale, NOW).await.unwrap());
    assert!(!store.take_challenge(&sample::sha256(b"unknown"), NOW).await.unwrap());
    store.put_challenge(&stale, NOW).await.unwrap();
    assert_eq!(store.expire_sign_ins(NOW).await.unwrap(), 1);
}

/// A session is found until it is ended or expires.
pub async fn a_session_opens_ends_and_expires(store: Arc<dyn Store>) {
    let ada = sample::reviewer("ada", Role::Reviewer);
    store.put_reviewers(vec![ada.clone()]).await.unwrap();
    let (token, other) = (sample::sha256(b"token"), sample::sha256(b"other"));
    let ends = Timestamp(NOW.0 + 60);
    store.put_session(&token, &ada.key, ends).await.unwrap();
    store.put_session(&other, &ada.key, NOW.plus_days(1)).await.unwrap();
    let found = store.session(&token, Timestamp(ends.0 - 1)).await.unwrap().unwrap();
    assert_eq!((found.reviewer, found.expires_at), (ada, ends));
    assert_eq!(store.session(&token, ends).await.unwrap(), None);
    assert_eq!(store.expire_sign_ins(ends).await.unwrap(), 1);
    store.delete_session(&other).await.unwrap();
    assert_eq!(store.session(&other, NOW).await.unwrap(), None);
    store.delete_session(&other).await.unwrap();
}

/// An open store is ready.
pub async fn it_is_ready(store: Arc<dyn Store>) {
    store.ready().await.unwrap();
}
