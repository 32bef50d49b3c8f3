#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod acknowledgement;
pub mod bundle;
pub mod context;
pub mod follow_up;
pub mod kept;
pub mod manifest;
mod opening;
pub mod outbox;
mod patience;
mod post;
pub mod record;
pub mod reviewer;
pub mod transport;
mod upload;
pub mod work;

#[cfg(test)]
mod tests {
    use recourse_domain::parse::REPORT_SCHEMA;
    use recourse_domain::report::REPORT_SCHEMA_SHA256;

    /// What every acknowledgement names is the schema that is checked in.
    #[test]
    fn the_schema_has_the_digest_that_reports_name() {
        let digest = data_encoding::HEXLOWER.encode(&recourse_seal::hash::sha256(REPORT_SCHEMA));
        assert_eq!(REPORT_SCHEMA_SHA256, digest);
    }
}
