//! tus 1.0, as tus-js-client speaks it.

use axum::body::Body;
use axum::http::Method;
use recourse_domain::time::Timestamp;
use recourse_wire::header::{TUS_RESUMABLE, UPLOAD_EXPIRES, UPLOAD_LENGTH, UPLOAD_OFFSET};
use recourse_wire::path;
use recourse_wire::problem::ProblemKind;

use recourse_testkit::{World, largest, patch, request, send, tus, with};

#[tokio::test]
async fn options_tell_what_is_spoken() {
    let world = World::new().await;
    let answer =
        send(&world.intake, request(Method::OPTIONS, &world.path(path::UPLOADS), Body::empty())).await.expect(204);
    assert_eq!(answer.header("tus-version"), "1.0.0");
    assert_eq!(answer.header("tus-extension"), "creation,expiration,termination");
    assert_eq!(answer.header("tus-max-size"), largest().to_string());
    // No preflight, but an answer like all others of the API.
    assert_eq!(answer.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn an_upload_goes_on_where_it_stopped_and_can_be_taken_back() {
    let world = World::new().await;
    let address = world.begin_upload(1, 10).await;
    assert!(address.starts_with("/api/v1/channels/demo/uploads/"), "{address}");
    let answer = send(&world.intake, patch(&address, 1, 0, b"0123")).await.expect(204);
    assert_eq!((answer.header(UPLOAD_OFFSET), answer.header(TUS_RESUMABLE)), ("4", "1.0.0"));

    // The answer was lost: the client tries again, is told, asks where it stands, and goes on.
    let answer = send(&world.intake, patch(&address, 1, 0, b"0123")).await;
    answer.problem(ProblemKind::OffsetMismatch);
    let answer = send(&world.intake, tus(Method::HEAD, &address, 1, Body::empty())).await.expect(200);
    assert_eq!((answer.header(UPLOAD_OFFSET), answer.header(UPLOAD_LENGTH)), ("4", "10"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let override_ = with(patch(&address, 1, 4, b"456789"), "x-http-method-override", "PATCH");
    let (mut parts, body) = override_.into_parts();
    parts.method = Method::POST;
    let answer = send(&world.intake, axum::http::Request::from_parts(parts, body)).await.expect(204);
    assert_eq!(answer.header(UPLOAD_OFFSET), "10");

    send(&world.intake, tus(Method::DELETE, &address, 1, Body::empty())).await.expect(204);
    assert_eq!(world.stored().await, Vec::<String>::new());
    let gone = send(&world.intake, tus(Method::HEAD, &address, 1, Body::empty())).await;
    assert_eq!(gone.status.as_u16(), 404);
}

#[tokio::test]
async fn the_end_of_an_upload_tells_the_hour_alone() {
    let world = World::new().await;
    let create = with(tus(Method::POST, &world.path(path::UPLOADS), 3, Body::empty()), UPLOAD_LENGTH, "10");
    let answer = send(&world.intake, create).await.expect(201);
    let expires = httpdate::parse_http_date(answer.header(UPLOAD_EXPIRES)).unwrap();
    let seconds = expires.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert_eq!(seconds % Timestamp::HOUR, 0);
    let after = seconds - world.now().0;
    assert!((24 * Timestamp::HOUR..=25 * Timestamp::HOUR).contains(&after), "{after}");
}

#[tokio::test]
async fn every_length_up_to_the_limit_is_taken() {
    let world = World::new().await;
    let pieces = [0, 1, (1 << 16) - 1, 1 << 16, (1 << 16) + 1, largest() - 1, largest()];
    for (seed, length) in (20_u8..).zip(pieces) {
        let content: Vec<u8> = (0..length).map(|at| at as u8 ^ seed).collect();
        let claim = world.upload(seed, &content).await;
        let token_hash = recourse_domain::ids::Digest::new(recourse_seal::receipt::token_hash(&[seed; 32]));
        let status = recourse_store::Store::upload(&*world.store, &claim.upload, &token_hash).await.unwrap().unwrap();
        assert_eq!((status.offset, status.length, status.sha256), (length, length, Some(claim.sha256)));
    }
}
