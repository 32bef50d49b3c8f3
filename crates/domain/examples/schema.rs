//! Writes the JSON Schemas of this crate to its folder `schema`.
#![allow(
    clippy::disallowed_methods,
    reason = "a tool of the source tree: what it writes is made again by running it again"
)]

use std::path::Path;

use sha2::{Digest, Sha256};

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    std::fs::create_dir_all(&folder)?;
    let report = recourse_domain::schema::report();
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(&report));
    std::fs::write(folder.join("report-1.schema.json"), report)?;
    std::fs::write(folder.join("report-1.schema.sha256"), sha256)?;
    std::fs::write(folder.join("manifest-1.schema.json"), recourse_domain::schema::manifest())?;
    std::fs::write(folder.join("settings-1.schema.json"), recourse_domain::schema::settings())?;
    std::fs::write(folder.join("channel-1.schema.json"), recourse_domain::schema::channel_file())?;
    std::fs::write(folder.join("assessment-1.schema.json"), recourse_domain::schema::assessment())
}
