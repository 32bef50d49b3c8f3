//! Under load a report gets dearer and is taken; what is no report is told to come back later.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use recourse_testkit::{Reporter, World, get, post, send, with};
use recourse_wire::path;
use recourse_wire::problem::ProblemKind;
use recourse_wire::ticket::Ticket;

/// As if it came over a connection from there.
fn from(mut request: Request<Body>, address: &str) -> Request<Body> {
    let peer: SocketAddr = format!("{address}:4711").parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

async fn ticket(world: &World, seed: u64, address: &str) -> Ticket {
    let wanted = world.wanted(&world.report(&Reporter::new(seed), Vec::new())).await;
    let request = from(post(&world.path(path::TICKETS), &wanted), address);
    send(&world.intake, request).await.expect(201).json()
}

#[tokio::test]
async fn a_flood_is_made_to_work_and_nobody_is_refused() {
    let world = World::new().await;
    let mut asked = Vec::new();
    for seed in 0..24 {
        asked.push(ticket(&world, seed, "203.0.113.7").await.maxnumber);
    }
    assert!(asked[..6].iter().all(|work| *work == 1_000) && asked.is_sorted(), "{asked:?}");
    assert_eq!(asked[23], 64_000);
    assert_eq!(ticket(&world, 1, "203.0.113.200").await.maxnumber, 128_000, "a neighbour is the same network");
    assert_eq!(ticket(&world, 1, "198.51.100.7").await.maxnumber, 1_000);
    // Reports themselves, in numbers that raise the work for all: each is taken that did it.
    for seed in 0..100 {
        world.file(&Reporter::new(seed), Vec::new()).await;
    }
    assert_eq!(world.cases().await.len(), 100);
    assert_eq!(ticket(&world, 101, "192.0.2.7").await.maxnumber, 4_000);
    world.advance(3_600);
    assert_eq!(ticket(&world, 101, "203.0.113.7").await.maxnumber, 1_000);
}

#[tokio::test]
async fn what_a_request_says_of_its_origin_is_not_believed() {
    let world = World::new().await;
    for seed in 0..12_u64 {
        let wanted = world.wanted(&world.report(&Reporter::new(seed), Vec::new())).await;
        let request = from(post(&world.path(path::TICKETS), &wanted), "203.0.113.7");
        let request = with(request, "x-forwarded-for", &format!("198.51.{seed}.1"));
        let ticket: Ticket = send(&world.intake, request).await.expect(201).json();
        assert_eq!(ticket.maxnumber > 1_000, seed >= 6);
    }
}

#[tokio::test]
async fn a_closed_channel_gives_tickets_for_retries_and_an_unknown_one_gives_none() {
    let world = World::new().await;
    let reporter = Reporter::new(1);
    world.file(&reporter, Vec::new()).await;
    world.advance(500 * 24 * 3_600);
    let again = world.ticketed(&world.report(&reporter, Vec::new())).await;
    send(&world.intake, again).await.expect(200);
    let wanted = world.wanted(&world.report(&reporter, Vec::new())).await;
    let elsewhere = post(&path::fill(path::TICKETS, &[&"other"]), &wanted);
    send(&world.intake, elsewhere).await.problem(ProblemKind::UnknownChannel);
}

#[tokio::test]
async fn guesses_and_challenges_are_told_to_come_back_later() {
    let world = World::new().await;
    let reporter = Reporter::new(1);
    world.file(&reporter, Vec::new()).await;
    let open = async |seed, address| {
        let request = with(get(&world.path(path::OWN_CASE)), "authorization", &Reporter::new(seed).authorization());
        send(&world.intake, from(request, address)).await
    };
    for seed in 100..120 {
        open(seed, "203.0.113.7").await.problem(ProblemKind::UnknownCase);
    }
    let later = open(200, "203.0.113.7").await;
    later.problem(ProblemKind::TooManyRequests);
    assert_eq!(later.header("retry-after"), "30");
    assert_eq!(later.header("ratelimit-policy"), "\"receipts\";q=20;w=600");
    assert_eq!(later.header("ratelimit"), "\"receipts\";r=0;t=30");
    open(1, "203.0.113.7").await.expect(200);
    open(200, "198.51.100.7").await.problem(ProblemKind::UnknownCase);
    world.advance(30);
    open(200, "203.0.113.7").await.problem(ProblemKind::UnknownCase);

    let name = world.people[0].verifying_key().to_string();
    let challenge = async |address| {
        let request = post(path::CHALLENGES, &serde_json::json!({ "key": name }));
        send(&world.console, from(request, address)).await
    };
    for _ in 0..20 {
        challenge("203.0.113.7").await.expect(201);
    }
    let later = challenge("203.0.113.7").await;
    later.problem(ProblemKind::TooManyRequests);
    assert_eq!(later.header("retry-after"), "15");
    challenge("198.51.100.7").await.expect(201);
}
