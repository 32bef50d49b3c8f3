//! The format of a report: golden files, a malformed set that serde and JSON Schema refuse alike, and the round trip of any report.

use std::collections::BTreeSet;

use proptest::prelude::*;
use recourse_domain::parse::{MANIFEST_SCHEMA, REPORT_SCHEMA, ReportFault, ShapeProblem};
use recourse_domain::report::{Report, ReportDraft};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::any;

const FULL: &str = include_str!("../data/report-full.jsonc");
const MINIMAL: &str = include_str!("../data/report-minimal.jsonc");
const MANIFEST: &str = include_str!("../data/manifest.json");
const MALFORMED: &str = include_str!("../data/malformed-reports.json");

/// The golden text without its annotations, which stand at the ends of lines behind two spaces and two strokes.
fn golden(annotated: &str) -> String {
    let lines = annotated.lines().map(|line| line.split_once("  // ").map_or(line, |(json, _)| json));
    lines.collect::<Vec<_>>().join("\n")
}

fn schema() -> jsonschema::Validator {
    let schema: Value = serde_json::from_slice(REPORT_SCHEMA).unwrap();
    jsonschema::draft202012::options().build(&schema).unwrap()
}

#[test]
fn golden_reports_are_read_written_and_valid() {
    let schema = schema();
    for annotated in [FULL, MINIMAL] {
        let json = golden(annotated);
        let report = Report::from_json(json.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string_pretty(&report).unwrap(), json);
        let value: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(schema.iter_errors(&value).map(|error| error.to_string()).collect::<Vec<_>>(), [""; 0]);
    }
}

/// Every object of the full report has every field that the schema knows for it, so that no field goes without a golden line.
#[test]
fn the_full_report_is_full() {
    let schema: Value = serde_json::from_slice(REPORT_SCHEMA).unwrap();
    let full: Value = serde_json::from_str(&golden(FULL)).unwrap();
    let fields = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let check = |definition: &Value, pointer: &str| {
        assert_eq!(fields(&definition["properties"]), fields(full.pointer(pointer).unwrap()), "at {pointer:?}");
    };
    check(&schema, "");
    let mut objects = 1;
    for (name, pointer) in [
        ("ReplyKeys", "/reply"),
        ("RepresentedGroup", "/represented"),
        ("SharedReport", "/represented/shared"),
        ("Subject", "/subject"),
        ("Location", "/subject/locations/0"),
        ("PublicCustomer", "/subject/public_customer"),
        ("Categories", "/category"),
        ("Consent", "/consent"),
        ("CustomAnswer", "/answers/0"),
        ("Notice", "/notice"),
        ("AppealReference", "/appeal"),
        ("EvidenceItem", "/evidence/0"),
        ("Tool", "/evidence/0/tool"),
        ("Source", "/evidence/0/source"),
    ] {
        check(&schema["$defs"][name], pointer);
        objects += 1;
    }
    let closed = schema["$defs"].as_object().unwrap().values().chain([&schema]);
    let closed = closed.filter(|definition| definition["additionalProperties"] == Value::Bool(false)).count();
    assert_eq!(closed, objects, "every object of the schema is closed, and compared above");
}

/// One way of spoiling the full report, and what is to be said of it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Malformed {
    /// What is wrong, for people.
    why: String,
    /// JSON pointer of the place.
    at: Option<String>,
    /// Another value there.
    #[serde(default, deserialize_with = "present")]
    set: Option<Value>,
    /// Nothing there.
    #[serde(default)]
    remove: bool,
    /// A text of so many characters there.
    chars: Option<usize>,
    /// The first item there so many times.
    repeat: Option<usize>,
    /// Another text instead of the report.
    raw: Option<String>,
    /// Path of the fault.
    path: String,
    /// Kind of the fault.
    problem: String,
    /// Whether JSON Schema refuses it too; `null` where a schema cannot see it: not JSON, or a field twice.
    schema: Option<bool>,
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    serde::Deserialize::deserialize(deserializer).map(Some)
}

impl Malformed {
    fn json(&self) -> String {
        if let Some(raw) = &self.raw {
            return raw.clone();
        }
        let mut report: Value = serde_json::from_str(&golden(FULL)).unwrap();
        let (parent, name) = self.at.as_ref().unwrap().rsplit_once('/').unwrap();
        let parent = report.pointer_mut(parent).unwrap();
        if self.remove {
            parent.as_object_mut().unwrap().remove(name).unwrap();
            return report.to_string();
        }
        if parent.is_object() && parent.get(name).is_none() {
            parent[name] = Value::Null;
        }
        let place = report.pointer_mut(self.at.as_ref().unwrap()).unwrap();
        *place = match (&self.set, self.chars, self.repeat) {
            (Some(value), None, None) => value.clone(),
            // Four bytes in UTF-8, one character, two in JavaScript's counting.
            (None, Some(chars), None) if chars < 5_000 => Value::from("𝄞".repeat(chars)),
            (None, Some(chars), None) => Value::from("x".repeat(chars)),
            (None, None, Some(times)) => Value::from(vec![place[0].clone(); times]),
            _ => panic!("{} has one change", self.why),
        };
        report.to_string()
    }
}

fn kind(fault: &ReportFault) -> &'static str {
    match fault {
        ReportFault::TooLarge(_) => "too_large",
        ReportFault::NotJson { .. } => "json",
        ReportFault::UnknownVersion => "version",
        ReportFault::Content(_) => "content",
        ReportFault::Shape { problem, .. } => match problem {
            ShapeProblem::UnknownField => "unknown_field",
            ShapeProblem::MissingField => "missing_field",
            ShapeProblem::DuplicateField => "duplicate_field",
            ShapeProblem::UnknownId => "unknown_id",
            ShapeProblem::Form => "form",
        },
    }
}

#[test]
fn malformed_reports_are_refused_with_the_path_of_the_fault_by_serde_and_schema_alike() {
    let schema = schema();
    let all: Vec<Malformed> = serde_json::from_str(MALFORMED).unwrap();
    let mut wrong = Vec::new();
    for case in &all {
        let json = case.json();
        let found = Report::from_json(json.as_bytes());
        match &found {
            Ok(_) => wrong.push(format!("{} ({}): accepted", case.why, case.path)),
            Err(fault) if (kind(fault), fault.path()) != (&case.problem, &case.path) => {
                wrong.push(format!("{} ({}): {fault:?}", case.why, case.path));
            }
            Err(_) => {}
        }
        let refused = serde_json::from_str(&json).ok().map(|value| !schema.is_valid(&value));
        if case.schema.is_some() && refused != case.schema {
            wrong.push(format!("{} ({}): refused by the schema: {refused:?}", case.why, case.path));
        }
    }
    assert_eq!(wrong, [""; 0], "of {}", all.len());
    assert!(all.len() >= 140, "the set has {}", all.len());
}

/// Errors end up in logs; what the person wrote does not.
#[test]
fn faults_say_nothing_of_what_was_written() {
    for at in ["/purpose", "/how_many", "/what_happened", "/evidence/0/captured_at", "/provider_context", "/version"] {
        let mut report: Value = serde_json::from_str(&golden(FULL)).unwrap();
        *report.pointer_mut(at).unwrap() = Value::from(vec!["my name is Ana"]);
        let fault = Report::from_json(report.to_string().as_bytes()).unwrap_err();
        *report.pointer_mut(at).unwrap() = Value::from("my name is Ana");
        let texts = [Some(fault), Report::from_json(report.to_string().as_bytes()).err()];
        for fault in texts.into_iter().flatten() {
            assert!(!format!("{fault} {fault:?}").contains("Ana"), "{fault:?}");
        }
    }
}

#[test]
fn a_report_larger_than_a_body_is_not_even_looked_at() {
    let mut json = golden(FULL);
    json.push_str(&" ".repeat(recourse_domain::report::REPORT_BYTES - json.len()));
    assert!(Report::from_json(json.as_bytes()).is_ok());
    json.push(' ');
    assert_eq!(Report::from_json(json.as_bytes()), Err(ReportFault::TooLarge(json.len())));
}

/// `cargo run -p recourse-domain --features schema,paths --example schema` writes the files anew.
#[test]
fn the_schemas_checked_in_are_those_of_the_types() {
    let checked_in = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    assert!(
        checked_in(REPORT_SCHEMA) == recourse_domain::schema::report(),
        "schema/report-1.schema.json is out of date"
    );
    assert!(
        checked_in(MANIFEST_SCHEMA) == recourse_domain::schema::manifest(),
        "schema/manifest-1.schema.json is out of date"
    );
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(REPORT_SCHEMA));
    assert_eq!(recourse_domain::report::REPORT_SCHEMA_SHA256, sha256, "schema/report-1.schema.sha256");
    let assessment = include_str!("../../schema/assessment-1.schema.json");
    assert!(assessment == recourse_domain::schema::assessment(), "schema/assessment-1.schema.json is out of date");
    let settings = include_str!("../../schema/settings-1.schema.json");
    assert!(settings == recourse_domain::schema::settings(), "schema/settings-1.schema.json is out of date");
    let channel = include_str!("../../schema/channel-1.schema.json");
    assert!(channel == recourse_domain::schema::channel_file(), "schema/channel-1.schema.json is out of date");
    let others = [assessment, settings, channel].map(str::to_owned);
    for schema in [checked_in(REPORT_SCHEMA), checked_in(MANIFEST_SCHEMA)].into_iter().chain(others) {
        let schema: Value = serde_json::from_str(&schema).unwrap();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert!(jsonschema::meta::is_valid(&schema));
    }
}

#[test]
fn manifests_follow_their_schema_and_nothing_else_does() {
    use recourse_domain::channel::Manifest;
    let schema: Value = serde_json::from_slice(MANIFEST_SCHEMA).unwrap();
    let schema = jsonschema::draft202012::options().build(&schema).unwrap();
    let check = |pointer: &str, name: &str, change: Option<Value>, fits: bool| {
        let mut value: Value = serde_json::from_str(MANIFEST).unwrap();
        let object = value.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
        match change {
            Some(change) => object.insert(name.to_owned(), change),
            None => object.remove(name),
        };
        assert_eq!(serde_json::from_value::<Manifest>(value.clone()).is_ok(), fits, "serde: {pointer}/{name}");
        assert_eq!(schema.is_valid(&value), fits, "schema: {pointer}/{name}");
    };
    let manifest: Value = serde_json::from_str(MANIFEST).unwrap();
    let read: Manifest = serde_json::from_str(MANIFEST).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), manifest);
    let mut objects = 0;
    for pointer in ["", "/groups/0", "/groups/0/members/0", "/acknowledgement_keys/0", "/stages/0", "/limits"]
        .into_iter()
        .chain(["/controller", "/other_routes/0"])
    {
        objects += 1;
        check(pointer, "business_risk", Some("high".into()), false);
        for name in manifest.pointer(pointer).unwrap().as_object().unwrap().keys() {
            check(pointer, name, None, ["hidden_categories", "test", "settings"].contains(&name.as_str()));
            check(pointer, name, Some(Value::Null), false);
        }
    }
    let parsed: Value = serde_json::from_slice(MANIFEST_SCHEMA).unwrap();
    let closed = parsed["$defs"].as_object().unwrap().values().chain([&parsed]);
    assert_eq!(closed.filter(|one| one["additionalProperties"] == Value::Bool(false)).count(), objects);
    check("", "channel", Some("Demo".into()), false);
    check("", "legal_profile", Some("us_law".into()), false);
    check("/groups/0", "kind", Some("everybody".into()), false);
    check("/stages/0", "state", Some("done".into()), false);
    check("/stages/0", "days", Some((-1).into()), false);
    check("", "hidden_categories", Some(serde_json::json!(["spam_bulk"])), true);
}

#[test]
fn an_assessment_has_no_field_for_risk_to_the_business() {
    use recourse_domain::severity::Assessment;
    let schema: Value = serde_json::from_str(&recourse_domain::schema::assessment()).unwrap();
    let schema = jsonschema::draft202012::options().build(&schema).unwrap();
    let check = |change: &dyn Fn(&mut Value), fits: bool| {
        let mut value = serde_json::to_value(Assessment::default()).unwrap();
        change(&mut value);
        assert_eq!(serde_json::from_value::<Assessment>(value.clone()).is_ok(), fits, "serde: {value}");
        assert_eq!(schema.is_valid(&value), fits, "schema: {value}");
    };
    check(&|_| {}, true);
    for field in ["business_risk", "risk_to_business", "reputation", "cost", "level", "computed"] {
        check(&|value| value[field] = "high".into(), false);
    }
    check(&|value| value["scale"] = "severe".into(), false);
    check(&|value| value["involvement"] = "caused".into(), true);
    check(&|value| value["override"] = serde_json::json!({ "level": "low", "reasons": "One test account." }), true);
    check(&|value| value["override"] = serde_json::json!({ "level": "low", "reasons": " " }), false);
    check(&|value| value["override"] = serde_json::json!({ "level": "low" }), false);
    check(
        &|value| value["override"] = serde_json::json!({ "level": "low", "reasons": "x", "business_risk": 1 }),
        false,
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_report_survives_the_round_trip_and_follows_the_schema(report in any::report()) {
        let json = serde_json::to_vec(&report).unwrap();
        let read = Report::from_json(&json).unwrap();
        prop_assert_eq!(&read, &report);
        prop_assert_eq!(serde_json::to_vec(&read).unwrap(), json);
        let value = serde_json::to_value(&report).unwrap();
        SCHEMA.with(|schema| {
            let errors: Vec<_> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
            prop_assert_eq!(errors, [""; 0]);
            Ok(())
        })?;
    }

    #[test]
    fn any_draft_survives_the_round_trip(draft in any::draft()) {
        let json = serde_json::to_vec(&draft).unwrap();
        prop_assert_eq!(serde_json::from_slice::<ReportDraft>(&json).unwrap(), draft);
    }
}

thread_local! {
    static SCHEMA: jsonschema::Validator = schema();
}
