//! Reading a report from JSON. What is refused is refused with the path of the fault and never with the value that stands there: it is a
//! reporter's, and errors end up in logs. (A path does name an unknown field or an entry of the context, so it is for the reader's eyes.)

use serde::Deserialize;

use crate::check::FieldFault;
use crate::report::{REPORT_BYTES, REPORT_VERSION, Report};

/// The JSON Schema (2020-12) of a report, as checked in; its SHA-256 stands in acknowledgements.
pub const REPORT_SCHEMA: &[u8] = include_bytes!("../schema/report-1.schema.json");

/// The JSON Schema (2020-12) of a channel manifest's content, as checked in.
pub const MANIFEST_SCHEMA: &[u8] = include_bytes!("../schema/manifest-1.schema.json");

/// Why bytes are not a report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportFault {
    /// More than [`REPORT_BYTES`].
    #[error("the report has {0} bytes, more than {REPORT_BYTES}")]
    TooLarge(usize),
    /// Not JSON.
    #[error("the report is not JSON: line {line}, column {column}")]
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// JSON of another version, or of something else altogether.
    #[error("the report is not of version {REPORT_VERSION}; a newer console may open it")]
    UnknownVersion,
    /// A field that is unknown, missing or of another type, or an id that is not in its vocabulary.
    #[error("{path} {problem}")]
    Shape {
        /// The path of the field, as in `evidence[0].kind`; without the feature `paths`, the place in the text.
        path: String,
        /// What is wrong there.
        problem: ShapeProblem,
    },
    /// Every field is known, but some hold too much or the same thing twice; never empty.
    #[error("{}", .0.first().map(ToString::to_string).unwrap_or_default())]
    Content(Vec<FieldFault>),
}

impl ReportFault {
    /// The path of the (first) fault; empty where it is the report as a whole.
    pub fn path(&self) -> &str {
        match self {
            Self::TooLarge(_) | Self::NotJson { .. } => "",
            Self::UnknownVersion => "version",
            Self::Shape { path, .. } => path,
            Self::Content(faults) => faults.first().map_or("", |fault| &fault.path),
        }
    }
}

/// What is wrong with a field's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShapeProblem {
    /// No report has such a field.
    #[error("is not a field of a report")]
    UnknownField,
    /// Has to be there.
    #[error("is missing")]
    MissingField,
    /// Stands there twice.
    #[error("is there twice")]
    DuplicateField,
    /// Not in the vocabulary.
    #[error("holds an unknown id")]
    UnknownId,
    /// Another type, or another form of text or number.
    #[error("does not have the form it should have")]
    Form,
}

impl Report {
    /// Reads a report. Its version is looked at before anything else.
    ///
    /// # Errors
    /// [`ReportFault`] names the first fault of shape, or all faults of content.
    pub fn from_json(json: &[u8]) -> Result<Self, ReportFault> {
        /// Everything else is looked at only once the version is known.
        #[derive(Deserialize)]
        struct Versioned<'a> {
            #[serde(borrow, default)]
            version: Option<std::borrow::Cow<'a, str>>,
        }

        if json.len() > REPORT_BYTES {
            return Err(ReportFault::TooLarge(json.len()));
        }
        match serde_json::from_slice::<Versioned<'_>>(json) {
            Ok(Versioned { version: Some(version) }) if version == REPORT_VERSION => {}
            Err(error) if !error.is_data() => {
                return Err(ReportFault::NotJson { line: error.line(), column: error.column() });
            }
            _ => return Err(ReportFault::UnknownVersion),
        }
        let report = read(json)?;
        let faults = report.check();
        if faults.is_empty() { Ok(report) } else { Err(ReportFault::Content(faults)) }
    }
}

/// With the path of a fault.
#[cfg(feature = "paths")]
fn read(json: &[u8]) -> Result<Report, ReportFault> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        shape(error.inner(), if path == "." { String::new() } else { path })
    })
}

/// With the place of a fault in the text: following the path costs 17 KB in Wasm.
#[cfg(not(feature = "paths"))]
fn read(json: &[u8]) -> Result<Report, ReportFault> {
    serde_json::from_slice(json).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        shape(&error, place)
    })
}

// serde has no types for these errors, only their wording, which its documentation gives and the malformed set in `tests` pins.
fn shape(error: &serde_json::Error, mut path: String) -> ReportFault {
    let message = error.to_string();
    let problem = if message.starts_with("unknown field ") {
        ShapeProblem::UnknownField
    } else if message.starts_with("missing field ") {
        ShapeProblem::MissingField
    } else if message.starts_with("duplicate field ") {
        ShapeProblem::DuplicateField
    } else if message.starts_with("unknown id ") {
        ShapeProblem::UnknownId
    } else {
        ShapeProblem::Form
    };
    if cfg!(feature = "paths") && matches!(problem, ShapeProblem::MissingField | ShapeProblem::DuplicateField) {
        // These two stop at the object; the message names the field, which is one of ours.
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(message.split('`').nth(1).unwrap_or_default());
    }
    ReportFault::Shape { path, problem }
}
