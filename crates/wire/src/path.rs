//! Paths of the API, so that client and router cannot disagree. `{…}` is the router's placeholder syntax.

/// The signed manifest of a channel. GET.
pub const MANIFEST: &str = "/api/v1/channels/{channel}/manifest";
/// tus creation. POST, OPTIONS.
pub const UPLOADS: &str = "/api/v1/channels/{channel}/uploads";
/// One upload. HEAD, PATCH, DELETE.
pub const UPLOAD: &str = "/api/v1/channels/{channel}/uploads/{upload}";
/// A proof of work for a report that is about to be filed. POST.
pub const TICKETS: &str = "/api/v1/channels/{channel}/tickets";
/// Filing a report. POST.
pub const REPORTS: &str = "/api/v1/channels/{channel}/reports";
/// The case that a receipt opens. GET.
pub const OWN_CASE: &str = "/api/v1/channels/{channel}/case";
/// A sealed body of it that reviewers wrote. GET.
pub const OWN_BODY: &str = "/api/v1/channels/{channel}/case/bodies/{sha256}";
/// Appending to it. POST.
pub const OWN_EVENTS: &str = "/api/v1/channels/{channel}/case/events";

/// A challenge to sign. POST.
pub const CHALLENGES: &str = "/api/v1/challenges";
/// Signing in (POST) and out (DELETE).
pub const SESSIONS: &str = "/api/v1/sessions";
/// The secrets of reader groups, each sealed to the reviewer who asks. GET.
pub const KEYRING: &str = "/api/v1/keyring";
/// The manifests of all channels. GET.
pub const CHANNELS: &str = "/api/v1/channels";
/// Cases by the clear header. GET.
pub const CASES: &str = "/api/v1/cases";
/// One case with its events. GET.
pub const CASE: &str = "/api/v1/cases/{case}";
/// Appending to it. POST.
pub const CASE_EVENTS: &str = "/api/v1/cases/{case}/events";
/// A sealed body. GET.
pub const CASE_BODY: &str = "/api/v1/cases/{case}/bodies/{sha256}";
/// A sealed attachment, with ranges. GET.
pub const CASE_BLOB: &str = "/api/v1/cases/{case}/blobs/{sha256}";

/// Fills the placeholders of a path in order.
pub fn fill(path: &str, values: &[&dyn std::fmt::Display]) -> String {
    let mut filled = String::with_capacity(path.len() + 64);
    let mut values = values.iter();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        if let Some(value) = values.next() {
            filled.push_str(&value.to_string());
        }
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    filled.push_str(rest);
    filled
}
