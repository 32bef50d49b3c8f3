//! Pages and their files, each with the policy that it runs under.

use axum::Extension;
use axum::extract::{Path, Query, State as Shared};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use recourse_domain::ids::ChannelId;
use recourse_pages::{Language, Page, fill_page, follow_up_title, language_choice};
use recourse_store::ChannelRecord;
use serde::Deserialize;

use crate::asset::Assets;
use crate::channel;
use crate::fault::Fault;
use crate::guard::Visit;
use crate::plain;
use crate::state::State;

/// What every page and worker of ours may do. Frames and framing are added.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
     img-src 'self' blob:; font-src 'none'; worker-src 'self'; form-action 'none'; base-uri 'none'; \
     require-trusted-types-for 'script'; trusted-types recourse";

/// What the frame may do in which the console shows hostile evidence: an opaque origin, no connection anywhere.
const EVIDENCE_POLICY: &str = "default-src 'none'; img-src blob: data:; style-src 'self'; script-src 'self'; \
     frame-ancestors 'self'; sandbox allow-scripts";

/// Sensors and devices that none of our pages has a use for.
pub(crate) const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(self), geolocation=(), gyroscope=(), hid=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), browsing-topics=()";

/// For files whose name says which bytes they are.
const FOREVER: &str = "public, max-age=31536000, immutable";

pub(crate) const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// `?lang=`.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    lang: Option<String>,
}

impl Wanted {
    /// The language that the address asks for.
    pub(crate) fn asked(&self) -> Option<Language> {
        self.lang.as_deref().and_then(Language::named)
    }

    /// That, else the browser's.
    pub(crate) fn language(&self, visit: Visit) -> Language {
        self.asked().unwrap_or(visit.language)
    }
}

/// `/embed/{channel}`: the intake app in a frame of the channel's products.
pub(crate) async fn embed(
    Shared(state): Shared<State>,
    Path(channel): Path<String>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let Some(record) = find(&state, &channel).await? else { return Ok(no_such_page(visit.language)) };
    let mut origins = record.embed_origins.clone();
    origins.retain(|origin| is_origin(origin));
    origins.extend(state.embed_origins.iter().filter(|origin| is_origin(origin)).cloned());
    origins.sort();
    origins.dedup();
    let ancestors = if origins.is_empty() { "'none'".to_owned() } else { origins.join(" ") };
    let mut response = form(&state, &record, ("embed.html", true), visit.language, &headers)?;
    set_policy(&mut response, &ancestors, None)?;
    // A product page may demand this of everything that it frames.
    response.headers_mut().insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    Ok(response)
}

/// `/r/{channel}`: the same app as a page of its own.
pub(crate) async fn hosted(
    Shared(state): Shared<State>,
    Path(channel): Path<String>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let Some(record) = find(&state, &channel).await? else { return Ok(no_such_page(visit.language)) };
    let mut response = form(&state, &record, ("hosted.html", false), visit.language, &headers)?;
    set_policy(&mut response, "'none'", None)?;
    Ok(response)
}

/// `/follow-up/{channel}`: coming back with a receipt.
pub(crate) async fn follow_up(
    Shared(state): Shared<State>,
    Path(channel): Path<String>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let language = visit.language;
    let Some(record) = find(&state, &channel).await? else { return Ok(no_such_page(language)) };
    let template = state.intake_assets.text("follow-up.html").ok_or(Fault::NotFound)?;
    let html = fill_page(template, language, record.manifest.channel.as_str(), follow_up_title(language), "");
    let mut response = Assets::filled(html, &headers)?;
    set_policy(&mut response, "'none'", None)?;
    Ok(response)
}

/// `/verify`: checks the acknowledgement of any channel, in the browser alone.
pub(crate) async fn verify(
    Shared(state): Shared<State>,
    Query(wanted): Query<Wanted>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let language = wanted.language(visit);
    let template = state.intake_assets.text("verify.html").ok_or(Fault::NotFound)?;
    let html = fill_page(template, language, "", "", &language_choice(language, "/verify"));
    let mut response = Assets::filled(html, &headers)?;
    set_policy(&mut response, "'none'", None)?;
    Ok(response)
}

/// `/left`: what stands in the place of a page that was left in a hurry. It says nothing, names nobody, and has the browser clear whatever
/// it keeps of this origin. Not kept itself, so that it clears each time.
pub(crate) async fn left(Extension(visit): Extension<Visit>) -> Response {
    const PAGE: &str = "<!doctype html>\n<html lang=\"{{lang}}\" dir=\"{{dir}}\">\n<meta charset=\"utf-8\">\n\
        <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
        <title>{{say:page.left_title}}</title>\n<p>{{say:page.left}}</p>\n";
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ),
        (CLEAR_SITE_DATA, "\"cache\", \"cookies\", \"storage\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, fill_page(PAGE, visit.language, "", "", "")).into_response()
}

/// `/` of the console.
pub(crate) async fn console(Shared(state): Shared<State>, headers: HeaderMap) -> Result<Response, Fault> {
    page(&state.console_assets, "index.html", "'none'", Some("frame-src 'self'"), &headers)
}

/// `/evidence-frame.html` of the console.
pub(crate) async fn evidence(Shared(state): Shared<State>, headers: HeaderMap) -> Result<Response, Fault> {
    let mut response = state.console_assets.answer("evidence-frame.html", &headers)?;
    let set = response.headers_mut();
    set.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(EVIDENCE_POLICY));
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    set.insert(PERMISSIONS_POLICY, HeaderValue::from_static(PERMISSIONS));
    // The frame's origin is opaque; Firefox would not show another origin's document in it under the console's own policy.
    set.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    Ok(response)
}

/// `/assets/*` of the intake.
pub(crate) async fn intake_asset(
    Shared(state): Shared<State>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    asset(&state.intake_assets, &path, &headers)
}

/// `/assets/*` of the console. The evidence frame has an opaque origin, for which these are another origin's files; they are no secret.
pub(crate) async fn console_asset(
    Shared(state): Shared<State>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let mut response = asset(&state.console_assets, &path, &headers)?;
    for_everybody(&mut response);
    Ok(response)
}

/// `/widget/*`: the loader, which product pages include. Its plain name has no hash, so it is asked for again; below `/widget/VERSION/` stands
/// what never changes, for pages that pin a hash of it.
pub(crate) async fn widget(
    Shared(state): Shared<State>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let mut response = state.intake_assets.answer(&format!("widget/{path}"), &headers)?;
    let age = if path.contains('/') { FOREVER } else { "public, max-age=3600" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(age));
    for_everybody(&mut response);
    Ok(response)
}

/// The channel; none if there is no such one.
pub(crate) async fn find(state: &State, channel: &str) -> Result<Option<ChannelRecord>, Fault> {
    let Ok(id) = channel.parse::<ChannelId>() else { return Ok(None) };
    match channel::find(state, &id).await {
        Ok(record) => Ok(Some(record)),
        Err(Fault::UnknownChannel) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// A form's page with its first step, in the browser's language.
fn form(
    state: &State,
    record: &ChannelRecord,
    (file, framed): (&str, bool),
    language: Language,
    headers: &HeaderMap,
) -> Result<Response, Fault> {
    let template = state.intake_assets.text(file).ok_or(Fault::NotFound)?;
    let first = plain::first_step(record, language, framed, state.now()).unwrap_or_default();
    let title = Page::title_in(language);
    let html = fill_page(template, language, record.manifest.channel.as_str(), title, &first);
    Assets::filled(html, headers)
}

/// Whether a text can stand in `frame-ancestors`: an origin, perhaps with `*.` before the host, and nothing that would begin another directive.
pub fn is_origin(text: &str) -> bool {
    let Some((scheme, host)) = text.split_once("://") else { return false };
    let host = host.strip_prefix("*.").unwrap_or(host);
    let (name, port) = host.rsplit_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let name_fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    matches!(scheme, "http" | "https")
        && !name.is_empty()
        && name.chars().all(name_fits)
        && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

fn page(
    assets: &Assets,
    file: &str,
    ancestors: &str,
    more: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, Fault> {
    let mut response = assets.answer(file, headers)?;
    set_policy(&mut response, ancestors, more)?;
    Ok(response)
}

fn set_policy(response: &mut Response, ancestors: &str, more: Option<&str>) -> Result<(), Fault> {
    let more = more.map(|more| format!("; {more}")).unwrap_or_default();
    let policy = format!("{POLICY}; frame-ancestors {ancestors}{more}");
    let policy = HeaderValue::from_str(&policy).map_err(|_| Fault::Inside("a policy is no header value"))?;
    let set = response.headers_mut();
    set.insert(header::CONTENT_SECURITY_POLICY, policy);
    set.insert(PERMISSIONS_POLICY, HeaderValue::from_static(PERMISSIONS));
    // Not stored blindly: a new version names new files.
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(())
}

/// Names of assets hold a hash of their content, so they never change. A worker takes its policy from its own file's answer.
fn asset(assets: &Assets, path: &str, headers: &HeaderMap) -> Result<Response, Fault> {
    let mut response = assets.answer(&format!("assets/{path}"), headers)?;
    let set = response.headers_mut();
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static(FOREVER));
    set.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}

fn for_everybody(response: &mut Response) {
    let set = response.headers_mut();
    set.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    set.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
}

/// For people who followed a wrong link.
pub(crate) fn no_such_page(language: Language) -> Response {
    const PAGE: &str = "<!doctype html>\n<html lang=\"{{lang}}\" dir=\"{{dir}}\">\n<meta charset=\"utf-8\">\n\
        <meta name=\"viewport\" content=\"width=device-width\">\n<title>{{say:page.none_title}}</title>\n\
        <h1>{{say:page.none}}</h1>\n<p>{{say:page.none_text}}</p>\n";
    let html = fill_page(PAGE, language, "", "", "");
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}
