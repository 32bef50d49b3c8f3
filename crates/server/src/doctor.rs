//! `recourse doctor URL`: what a page that carries the button lacks, whether cookies reach the intake, and what stands in front of it.
//! It sees what a browser would be sent; logs of a proxy cannot be seen from outside, only that there is one.

mod fetch;
mod html;
mod intake;
mod page;
mod policy;

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

/// Options of `recourse doctor`.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Address of the page, or of a hosted form (`/r/{channel}`).
    url: url::Url,
    /// Origin of the intake, if the page's tag does not show it (a tag that a script puts in).
    #[arg(long)]
    intake: Option<url::Url>,
    /// Name of the channel, likewise.
    #[arg(long)]
    channel: Option<String>,
    /// Prints one object of JSON.
    #[arg(long)]
    json: bool,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    /// As it should be.
    Good,
    /// Worth knowing.
    Note,
    /// Works, but weaker or worse than it could.
    Warning,
    /// Does not work, or tells who reports.
    Fault,
}

/// Something that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Finding {
    /// What was looked at; stable.
    check: &'static str,
    level: Level,
    /// What was found.
    text: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
}

/// Everything that was found.
#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, level: Level, check: &'static str, text: impl Into<String>, fix: Option<String>) {
        self.0.push(Finding { check, level, text: text.into(), fix });
    }

    fn good(&mut self, check: &'static str, text: impl Into<String>) {
        self.add(Level::Good, check, text, None);
    }

    fn note(&mut self, check: &'static str, text: impl Into<String>) {
        self.add(Level::Note, check, text, None);
    }

    fn warning(&mut self, check: &'static str, text: impl Into<String>, fix: impl Into<String>) {
        self.add(Level::Warning, check, text, Some(fix.into()));
    }

    fn fault(&mut self, check: &'static str, text: impl Into<String>, fix: impl Into<String>) {
        self.add(Level::Fault, check, text, Some(fix.into()));
    }

    fn count(&self, level: Level) -> usize {
        self.0.iter().filter(|finding| finding.level == level).count()
    }
}

#[derive(Serialize)]
struct Report<'a> {
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    intake: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<&'a str>,
    faults: usize,
    warnings: usize,
    findings: &'a [Finding],
}

impl Doctor {
    /// 0: no fault. 1: the page could not be looked at. 2: faults. Warnings change nothing: each may be meant.
    pub(crate) fn run(&self) -> ExitCode {
        match self.look() {
            Ok(0) => ExitCode::SUCCESS,
            Ok(_) => ExitCode::from(2),
            Err(error) => {
                eprintln!("recourse: {error:#}");
                ExitCode::FAILURE
            }
        }
    }

    fn look(&self) -> anyhow::Result<usize> {
        anyhow::ensure!(matches!(self.url.scheme(), "http" | "https"), "{} is no address of a page", self.url);
        let fetcher = fetch::Fetcher::new();
        let mut findings = Findings::default();
        let seen = page::look(&fetcher, self, &mut findings)?;
        if let Some(intake) = &seen.intake {
            intake::look(&fetcher, &seen, intake, &mut findings);
        }
        let intake = seen.intake.as_ref().map(fetch::origin);
        let (faults, warnings) = (findings.count(Level::Fault), findings.count(Level::Warning));
        if self.json {
            let report = Report {
                url: seen.page.as_str(),
                intake: intake.as_deref(),
                channel: seen.channel.as_deref(),
                faults,
                warnings,
                findings: &findings.0,
            };
            println!("{}", serde_json::to_string_pretty(&report)?);
            return Ok(faults);
        }
        println!("{}", seen.page);
        findings.0.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        for Finding { check, level, text, fix } in &findings.0 {
            let mark = match level {
                Level::Fault => "FAULT",
                Level::Warning => "warn ",
                Level::Note => "note ",
                Level::Good => "ok   ",
            };
            println!("{mark} {check}: {text}");
            if let Some(fix) = fix {
                println!("        → {fix}");
            }
        }
        println!(
            "{faults} faults, {warnings} warnings. What a proxy logs cannot be seen from outside: docs/doctor.md."
        );
        Ok(faults)
    }
}
