//! The JSON Schemas (2020-12) made from the types. What is checked in under `schema/` must be what this gives; `cargo run -p
//! recourse-domain --features schema,paths --example schema` writes it.

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use crate::channel::Manifest;
use crate::report::Report;
use crate::severity::Assessment;

fn of<T: JsonSchema>(id: &str, title: &str) -> String {
    let mut schema: Schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    schema.insert("$id".into(), id.into());
    schema.insert("title".into(), title.into());
    // A map of strings cannot fail to be written.
    let mut text = serde_json::to_string_pretty(&sorted(schema.as_value())).unwrap_or_default();
    text.push('\n');
    text
}

/// The same value with its keys in order, also where another crate of the build switches serde_json's `preserve_order` on.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let ordered: BTreeMap<_, _> = map.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            Value::Object(ordered.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

/// The schema of a [`Report`], as text with a final line feed.
pub fn report() -> String {
    of::<Report>("urn:recourse:report:1", crate::report::REPORT_VERSION)
}

/// The schema of a [`Manifest`].
pub fn manifest() -> String {
    of::<Manifest>("urn:recourse:manifest:1", "recourse.manifest/1")
}

/// The schema of an [`Assessment`].
pub fn assessment() -> String {
    of::<Assessment>("urn:recourse:assessment:1", "recourse.assessment/1")
}

/// The schema of [`crate::settings::Settings`], the text inside a manifest.
pub fn settings() -> String {
    of::<crate::settings::Settings>("urn:recourse:settings:1", "recourse.settings/1")
}

/// The schema of a [`crate::channel_file::ChannelFile`].
pub fn channel_file() -> String {
    of::<crate::channel_file::ChannelFile>("urn:recourse:channel:1", "recourse.channel/1")
}
