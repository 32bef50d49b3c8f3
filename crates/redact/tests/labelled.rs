//! The labelled set in `tests/redact` against the scanners: precision and recall per kind and country, and the rule of release.
#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, reason = "a test reads its labelled set from files")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use recourse_redact::{Country, Finding, Kind, Options, Own, find};
use serde_json::Value;

/// What a kind needs to be offered, in thousandths.
const PRECISION: usize = 950;
const RECALL: usize = 900;
const LANGUAGES: [&str; 14] =
    ["en", "es", "fr", "de", "pt-BR", "it", "pl", "uk", "ru", "ar", "fa", "hi", "zh-Hans", "ja"];

type Type = (Kind, Option<Country>);

#[derive(Default, Clone)]
struct Score {
    labelled: usize,
    hit: usize,
    wrong: usize,
    negatives: usize,
    languages: std::collections::BTreeSet<String>,
}

impl Score {
    fn precision(&self) -> usize {
        (self.hit * 1000).checked_div(self.hit + self.wrong).unwrap_or(0)
    }

    fn recall(&self) -> usize {
        (self.hit * 1000).checked_div(self.labelled).unwrap_or(0)
    }

    fn good(&self) -> bool {
        self.precision() >= PRECISION && self.recall() >= RECALL
    }
}

struct Sample {
    text: String,
    language: String,
    own: Own,
    spans: Vec<(usize, usize, Type)>,
    target: Option<Type>,
}

fn samples() -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/redact");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    let lines = files.iter().flat_map(|path| {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    });
    lines.map(|line| sample(&line)).collect()
}

fn sample(line: &Value) -> Sample {
    let words = |key: &str| {
        let list = line["own"][key].as_array().cloned().unwrap_or_default();
        list.iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    let place = |span: &Value, key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
    Sample {
        text: line["text"].as_str().unwrap().to_owned(),
        language: line["lang"].as_str().unwrap().to_owned(),
        own: Own { names: words("names"), handles: words("handles"), emails: words("emails") },
        spans: line["spans"]
            .as_array()
            .unwrap()
            .iter()
            .map(|span| (place(span, "start"), place(span, "end"), type_of(span)))
            .collect(),
        target: line.get("target").map(type_of),
    }
}

fn type_of(value: &Value) -> Type {
    let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == value["kind"]).unwrap();
    let country =
        value.get("country").map(|code| Country::ALL.into_iter().find(|country| country.as_str() == code).unwrap());
    (kind, country)
}

/// A finding is right where place and kind are, and of ids the country. Of telephone numbers the place counts alone: several plans
/// share forms.
fn right(finding: &Finding, span: &(usize, usize, Type)) -> bool {
    let (start, end, (kind, country)) = *span;
    finding.bytes == (start..end) && finding.kind == kind && (kind != Kind::NationalId || finding.country == country)
}

/// Scores by kind alone and by kind and country. A wrong finding counts against the type that it claims and the type that the text
/// was written to tempt.
fn measure(failures: &mut String) -> BTreeMap<Type, Score> {
    let mut scores: BTreeMap<Type, Score> = BTreeMap::new();
    for sample in samples() {
        let found = find(&sample.text, &sample.own, &Options { with_disabled: true });
        for span in &sample.spans {
            let hit = found.iter().any(|finding| right(finding, span));
            for kind in both(span.2) {
                let score = scores.entry(kind).or_default();
                score.labelled += 1;
                score.hit += usize::from(hit);
                score.languages.insert(sample.language.clone());
            }
            if !hit {
                writeln!(failures, "missed {:?} {}", span.2, sample.text).unwrap();
            }
        }
        if let Some(target) = sample.target {
            for kind in both(target) {
                scores.entry(kind).or_default().negatives += 1;
            }
        }
        for finding in found.iter().filter(|finding| !sample.spans.iter().any(|span| right(finding, span))) {
            let target = sample.target.filter(|target| target.0 == finding.kind);
            let mut blamed: Vec<Type> = both((finding.kind, finding.country)).chain(target).collect();
            blamed.sort_unstable();
            blamed.dedup();
            for kind in blamed {
                scores.entry(kind).or_default().wrong += 1;
            }
            let part = &sample.text[finding.bytes.clone()];
            writeln!(failures, "wrong {:?} {:?} {part} in {}", finding.kind, finding.country, sample.text).unwrap();
        }
    }
    scores
}

fn both((kind, country): Type) -> impl Iterator<Item = Type> {
    [Some((kind, None)), country.map(|country| (kind, Some(country)))].into_iter().flatten()
}

fn name((kind, country): &Type) -> String {
    country.map_or(kind.as_str().to_owned(), |country| format!("{} {}", kind.as_str(), country.as_str()))
}

#[test]
fn what_is_offered_is_good_and_what_is_good_is_offered() {
    let mut failures = String::new();
    let scores = measure(&mut failures);
    println!(
        "| type | spans | texts without | found | wrong | precision | recall | offered |\n|---|---|---|---|---|---|---|---|"
    );
    let mut faults = Vec::new();
    for (kind, score) in &scores {
        let enabled = kind.0.enabled(kind.1);
        println!(
            "| {} | {} | {} | {} | {} | {:.3} | {:.3} | {} |",
            name(kind),
            score.labelled,
            score.negatives,
            score.hit,
            score.wrong,
            score.precision() as f64 / 1000.0,
            score.recall() as f64 / 1000.0,
            if enabled { "yes" } else { "no" }
        );
        if enabled != score.good() {
            faults.push(name(kind));
        }
    }
    println!("\n{failures}");
    assert!(faults.is_empty(), "offered and measured disagree for {faults:?}; `--nocapture` shows why");
}

#[test]
fn the_set_is_large_enough() {
    let scores = measure(&mut String::new());
    for kind in Kind::ALL {
        let score = &scores[&(kind, None)];
        assert!(
            score.labelled >= 60 && score.negatives >= 60,
            "{}: {} {}",
            kind.as_str(),
            score.labelled,
            score.negatives
        );
        assert!(
            LANGUAGES.iter().all(|language| score.languages.contains(*language)),
            "{}: not in all languages",
            kind.as_str()
        );
    }
    for country in Country::ALL {
        let score = &scores[&(Kind::Phone, Some(country))];
        assert!(score.labelled >= 20 && score.negatives >= 20, "phone {}", country.as_str());
    }
    let ids: Vec<&Score> = scores
        .iter()
        .filter(|((kind, country), _)| *kind == Kind::NationalId && country.is_some())
        .map(|entry| entry.1)
        .collect();
    assert!(ids.len() >= 10 && ids.iter().all(|score| score.labelled >= 20 && score.negatives >= 20));
}

#[test]
fn labels_lie_on_characters() {
    for sample in samples() {
        for (start, end, _) in &sample.spans {
            assert!(start < end && sample.text.get(*start..*end).is_some(), "{}", sample.text);
        }
    }
}
