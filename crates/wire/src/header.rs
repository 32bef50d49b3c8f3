//! Names of the headers that carry secrets and conditions. Secrets never stand in a path or query.

/// `Authorization: Recourse-Receipt <lookup id, hex>.<access token, base64url>`: what a receipt opens.
pub const RECEIPT_SCHEME: &str = "Recourse-Receipt";
/// `Authorization: Bearer rcs_…`: a reviewer's session.
pub const SESSION_SCHEME: &str = "Bearer";
/// Prefix of session tokens, so that a leaked one is recognised by scanners.
pub const SESSION_PREFIX: &str = "rcs_";
/// The secret of an upload, chosen by the client: 32 bytes, base64url. Sent with every request of the upload, creation included.
pub const UPLOAD_TOKEN: &str = "recourse-upload-token";
/// `Idempotency-Key`: an RFC 8941 string (in quotes) or a bare token of 1 to 64 visible characters.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The solved proof of work of a report: JSON of [`Solution`](crate::ticket::Solution), base64url.
pub const TICKET: &str = "recourse-ticket";
/// tus 1.0.
pub const TUS_RESUMABLE: &str = "tus-resumable";
/// The only version of tus spoken.
pub const TUS_VERSION: &str = "1.0.0";
/// Whole length of an upload in bytes.
pub const UPLOAD_LENGTH: &str = "upload-length";
/// Bytes that have arrived.
pub const UPLOAD_OFFSET: &str = "upload-offset";
/// When an unclaimed upload is deleted.
pub const UPLOAD_EXPIRES: &str = "upload-expires";
/// Refused: names of files would be seen by the server.
pub const UPLOAD_METADATA: &str = "upload-metadata";
/// Media type of a chunk.
pub const OFFSET_OCTET_STREAM: &str = "application/offset+octet-stream";
/// Media type of problem documents (RFC 9457).
pub const PROBLEM_JSON: &str = "application/problem+json";
