//! Signing in by signing a challenge, and what a session allows.

use axum::Json;
use axum::extract::{FromRequestParts, Request, State as Shared};
use axum::http::StatusCode;
use axum::http::request::Parts;
use data_encoding::BASE64URL_NOPAD;
use recourse_domain::encoding::Canonical;
use recourse_domain::ids::Digest;
use recourse_domain::time::Timestamp;
use recourse_seal::hash::sha256;
use recourse_seal::label::Label;
use recourse_seal::sign::{Signature, VerifyingKey};
use recourse_wire::console::{Challenge, ChallengeRequest, Keyring, Reviewer, Role, Session, SignIn};
use recourse_wire::header::SESSION_PREFIX;
use recourse_wire::limits::{CHALLENGE_SECONDS, SESSION_SECONDS};

use crate::fault::Fault;
use crate::request::{json, session_token};
use crate::state::State;

/// `POST /challenges`. Every key gets one, so that asking does not tell who is a reviewer.
pub(crate) async fn challenge(
    Shared(state): Shared<State>,
    request: Request,
) -> Result<(StatusCode, Json<Challenge>), Fault> {
    let ChallengeRequest { key } = json(request).await?;
    key.parse::<VerifyingKey>().map_err(|_| Fault::MalformedRequest("key".to_owned()))?;
    let challenge = BASE64URL_NOPAD.encode(&state.random::<32>());
    let expires_at = Timestamp(state.now().0 + CHALLENGE_SECONDS);
    state.store.put_challenge(&stored(&challenge, &key), expires_at).await?;
    Ok((StatusCode::CREATED, Json(Challenge { challenge, expires_at })))
}

/// `POST /sessions`.
pub(crate) async fn sign_in(
    Shared(state): Shared<State>,
    request: Request,
) -> Result<(StatusCode, Json<Session>), Fault> {
    let SignIn { key, challenge, signature } = json(request).await?;
    let now = state.now();
    // Everything is looked at before anything is said: unknown, spent and wrong are told alike.
    let spent = state.store.take_challenge(&stored(&challenge, &key), now).await?;
    let reviewer = state.store.reviewers().await?.into_iter().find(|reviewer| reviewer.key == key);
    let message = Canonical::new().text(&challenge).text(&state.console_origin).finish();
    let signed = match (key.parse::<VerifyingKey>(), signature.parse::<Signature>()) {
        (Ok(key), Ok(signature)) => key.verify(Label::SignIn, &message, &signature).is_ok(),
        _ => false,
    };
    let reviewer = reviewer.filter(|_| spent && signed).ok_or(Fault::SignInRefused)?;

    let token = format!("{SESSION_PREFIX}{}", BASE64URL_NOPAD.encode(&state.random::<32>()));
    let expires_at = Timestamp(now.0 + SESSION_SECONDS);
    state.store.put_session(&Digest::new(sha256(token.as_bytes())), &reviewer.key, expires_at).await?;
    tracing::info!(reviewer = reviewer.key, "a reviewer signed in");
    Ok((StatusCode::CREATED, Json(Session { token, expires_at, reviewer })))
}

/// `DELETE /sessions`. Ending a session that is over already is no fault.
pub(crate) async fn sign_out(Shared(state): Shared<State>, request: Request) -> Result<StatusCode, Fault> {
    state.store.delete_session(&session_token(request.headers())?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /keyring`. An auditor reads metadata, and gets names alone.
pub(crate) async fn keyring(
    SignedIn(reviewer): SignedIn,
    Shared(state): Shared<State>,
) -> Result<Json<Keyring>, Fault> {
    let entries = match reviewer.role {
        Role::Auditor => Vec::new(),
        Role::Admin | Role::Reviewer => state.store.keyring(&reviewer.key).await?,
    };
    Ok(Json(Keyring { entries, reviewers: state.store.reviewers().await? }))
}

/// A challenge is kept by hash, and with the key that it was given to: nobody else can answer it.
fn stored(challenge: &str, key: &str) -> Digest {
    Digest::new(sha256(&Canonical::new().text(challenge).text(key).finish()))
}

/// Somebody with a session: may read metadata.
pub(crate) struct SignedIn(pub(crate) Reviewer);

/// May read what is sealed too.
pub(crate) struct Reader(pub(crate) Reviewer);

/// May act on cases too.
pub(crate) struct Handler(pub(crate) Reviewer);

impl SignedIn {
    fn reader(self) -> Result<Reader, Fault> {
        match self.0.role {
            Role::Admin | Role::Reviewer => Ok(Reader(self.0)),
            Role::Auditor => Err(Fault::Forbidden),
        }
    }

    fn handler(self) -> Result<Handler, Fault> {
        match self.0.role {
            Role::Reviewer => Ok(Handler(self.0)),
            Role::Admin | Role::Auditor => Err(Fault::Forbidden),
        }
    }
}

impl FromRequestParts<State> for SignedIn {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Fault> {
        let token_hash = session_token(&parts.headers)?;
        let session = state.store.session(&token_hash, state.now()).await?;
        session.map(|session| Self(session.reviewer)).ok_or(Fault::SignInRequired)
    }
}

impl FromRequestParts<State> for Reader {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Fault> {
        SignedIn::from_request_parts(parts, state).await?.reader()
    }
}

impl FromRequestParts<State> for Handler {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Fault> {
        SignedIn::from_request_parts(parts, state).await?.handler()
    }
}
