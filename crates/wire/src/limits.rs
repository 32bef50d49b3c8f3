//! Limits that do not depend on the channel. All in bytes unless said otherwise.

/// The largest JSON request: three bodies of 128 KiB, sealed and in base64, with room for the rest.
pub const REQUEST_BYTES: usize = 640 << 10;
/// The largest sealed body: 128 KiB padded, with age's header and tags.
pub const SEALED_BODY_BYTES: u64 = (128 << 10) + (16 << 10);
/// What sealing and padding may add to an attachment: Padmé adds at most 12 %, age 16 bytes every 64 KiB and a header.
pub const fn sealed_blob_bytes(plain: u64) -> u64 {
    plain + plain / 8 + (64 << 10)
}
/// Hours after which an upload that no report claimed is deleted.
pub const UNCLAIMED_HOURS: u64 = 24;
/// Events of one case.
pub const EVENTS_PER_CASE: u64 = 10_000;
/// Cases in one page of a list, at most and unless asked otherwise.
pub const PAGE: u32 = 50;
/// The largest page that may be asked for.
pub const PAGE_MAX: u32 = 200;
/// The largest number that a device is made to try for a report: at most 3 s at a CPU four times slower than a laptop, by
/// `tests/e2e/specs/work.test.mjs`, which measures it. A client refuses more.
pub const WORK_MAX: u32 = 800_000;
/// Seconds that a ticket holds.
pub const TICKET_SECONDS: u64 = 600;
/// Seconds that a client waits by itself, all in all, where a server asks it to come back later; longer waits are the person's affair.
pub const WAIT_SECONDS: u32 = 300;
/// Seconds that a sign-in challenge holds.
pub const CHALLENGE_SECONDS: u64 = 120;
/// Seconds that a session holds.
pub const SESSION_SECONDS: u64 = 12 * 3_600;
