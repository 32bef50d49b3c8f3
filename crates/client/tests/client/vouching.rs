//! What a reviewer is told of a report's context token: by the keys of the signed manifest, for the hour of the report.

use recourse_client::context::Es256;
use recourse_client::outbox::Outbox;
use recourse_domain::report::{PublicCustomer, SubjectKind};
use recourse_domain::settings::{ContextKey, Settings};
use recourse_domain::time::Timestamp;
use recourse_testkit::{START, World};
use recourse_wire::reviewing::{TokenDay, TokenSignature, Vouched};
use serde::Deserialize;

use crate::people::{ADA, File, case_of, checked, console, intake, outgoing, rng, sign_in};

#[derive(Deserialize)]
struct Vectors {
    at: Timestamp,
    keys: Vec<ContextKey>,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    why: String,
    token: String,
}

/// Tokens that another implementation signed.
fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../../../tests/conformance/context-tokens.json")).unwrap()
}

/// A browser that answers so.
struct Browser(Option<bool>);

impl Es256 for Browser {
    async fn verify(&self, x: &str, y: &str, signed: &[u8], signature: &[u8]) -> Option<bool> {
        assert!(x.len() == 43 && y.len() == 43 && signed.contains(&b'.') && !signature.is_empty());
        self.0
    }
}

/// Files a report with that token and has a reviewer look at it.
async fn told(world: &World, seed: u64, token: &str, browser: &Browser) -> Option<Vouched> {
    let transport = intake(world);
    let manifest = checked(world, &transport).await;
    let mut outgoing = outgoing("words", &[]);
    outgoing.draft.context_token = token.to_owned();
    outgoing.draft.keep_token = true;
    outgoing.now = world.now();
    let none: &[File] = &[];
    let sent = Outbox::default().send(&transport, &mut rng(seed), &manifest, &outgoing, none, |_| ()).await.unwrap();
    let (desk, case) = (console(world), case_of(&sent));
    let mut ada = sign_in(world, ADA, &desk).await;
    assert_eq!(ada.vouched(&case, browser).await, None, "nothing of a case that was not read");
    let view = ada.open(&desk, &case).await.unwrap();
    assert_eq!(view.report.unwrap().context_token, token);
    ada.vouched(&case, browser).await
}

async fn world() -> World {
    let keys = vectors().keys;
    let world = World::with(|manifest| {
        manifest.settings = Settings { context_keys: keys, ..Settings::default() }.write().unwrap();
    })
    .await;
    world.advance(vectors().at.0 - START.0);
    world
}

fn token(why: &str) -> String {
    vectors().vectors.into_iter().find(|vector| vector.why == why).unwrap().token
}

#[tokio::test]
async fn each_token_is_what_its_signature_and_its_day_make_it() {
    use TokenDay::{Ended, Held};
    use TokenSignature::{Forged, Holds, Unchecked, UnknownKey};
    let world = world().await;
    let (yes, no, cannot) = (Browser(Some(true)), Browser(Some(false)), Browser(None));
    for (seed, (why, browser, signature, day)) in [
        ("EdDSA, the least", &cannot, Holds, Held),
        ("EdDSA, changed after signing", &yes, Forged, Held),
        ("EdDSA, somebody else's key", &yes, Forged, Held),
        ("EdDSA, an unknown key", &yes, UnknownKey, Held),
        ("EdDSA, expired", &yes, Holds, Ended),
        ("ES256, the least", &yes, Holds, Held),
        ("ES256, the least", &no, Forged, Held),
        ("ES256, the least", &cannot, Unchecked, Held),
        ("ES256, expired", &yes, Holds, Ended),
    ]
    .into_iter()
    .enumerate()
    {
        let vouched = told(&world, seed as u64 + 1, &token(why), browser).await;
        let Some(Vouched::Read { claims, signature: found, day: on }) = vouched else { panic!("{why}: {vouched:?}") };
        assert_eq!((found, on), (signature, day), "{why}");
        assert!(claims.iter().any(|claim| claim.value == "https://crm.example"), "{why}");
    }
}

#[tokio::test]
async fn what_no_token_may_say_is_not_shown_and_no_token_is_nothing() {
    let world = world().await;
    for (seed, token) in [token("EdDSA, email"), "a.b.c".to_owned()].iter().enumerate() {
        let vouched = told(&world, seed as u64 + 1, token, &Browser(Some(true))).await;
        assert_eq!(vouched, Some(Vouched::Refused), "{token}");
    }
    assert_eq!(told(&world, 9, "", &Browser(Some(true))).await, None);
}

#[tokio::test]
async fn a_key_that_was_taken_out_is_not_known_any_more() {
    let world = world().await;
    let one = vectors().keys.split_off(1);
    world
        .issue(|manifest| {
            manifest.settings = Settings { context_keys: one, ..Settings::default() }.write().unwrap();
        })
        .await;
    let vouched = told(&world, 1, &token("EdDSA, the least"), &Browser(Some(true))).await;
    assert!(matches!(vouched, Some(Vouched::Read { signature: TokenSignature::UnknownKey, .. })), "{vouched:?}");
}

#[tokio::test]
async fn an_agency_that_the_channel_does_not_list_is_told_apart() {
    let listed = PublicCustomer { name: "City of Town".into(), country: "AT".parse().ok() };
    let list = vec![listed.clone()];
    let world = World::with(|manifest| {
        manifest.settings = Settings { public_customers: list, ..Settings::default() }.write().unwrap();
    })
    .await;
    let other = PublicCustomer { country: "DE".parse().ok(), ..listed.clone() };
    for (seed, (picked, expected)) in
        [(Some(listed), Some(true)), (Some(other), Some(false)), (None, None)].into_iter().enumerate()
    {
        let transport = intake(&world);
        let manifest = checked(&world, &transport).await;
        let mut outgoing = outgoing("words", &[]);
        outgoing.draft.subject.kind = SubjectKind::GovernmentBody;
        outgoing.draft.subject.public_customer = picked.clone();
        let none: &[File] = &[];
        let mut rng = rng(seed as u64 + 1);
        let sent = Outbox::default().send(&transport, &mut rng, &manifest, &outgoing, none, |_| ()).await.unwrap();
        let desk = console(&world);
        let view = sign_in(&world, ADA, &desk).await.open(&desk, &case_of(&sent)).await.unwrap();
        assert_eq!((view.report.unwrap().subject.public_customer, view.listed), (picked, expected));
    }
}
