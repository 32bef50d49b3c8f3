//! Reading and writing channel files.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use data_encoding::BASE64URL_NOPAD;
use jiff::tz::TimeZone;
use recourse_domain::calendar::Offset;
use recourse_domain::channel::Manifest;
use recourse_domain::channel_file::{
    CHANNEL_FILE_VERSION, CalendarEntry, CategoryEntry, ChannelFile, GroupEntry, LimitsEntry, Origins, StageEntry,
    Stages,
};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::settings::{LOGO_BYTES, Logo, Settings};
use recourse_domain::time::Timestamp;
use recourse_seal::sign::VerifyingKey;

use crate::files::read_text;

/// Bytes of a channel file.
const FILE_BYTES: usize = 1 << 20;
/// Days past a manifest's term for which its calendar reckons: grace, and the longest stage.
const AFTER_TERM_DAYS: u32 = Manifest::GRACE_DAYS + 400;

/// A file in which everything holds, with what it refers to.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) file: ChannelFile,
    pub(crate) offsets: Vec<Offset>,
    pub(crate) logo: Option<Logo>,
}

/// Reads and checks a file. All faults are in the error, one a line, each with its path.
pub(crate) fn read(path: &Path, now: Timestamp) -> anyhow::Result<Read> {
    let text = read_text(path)?;
    if text.len() > FILE_BYTES {
        bail!("{} has {} bytes, more than {FILE_BYTES}", path.display(), text.len());
    }
    let file = from_toml(&text).map_err(|fault| anyhow::anyhow!("{}: {fault}", path.display()))?;
    let mut faults: Vec<String> = file.check().iter().map(ToString::to_string).collect();
    let mut offsets = Vec::new();
    if let Some(calendar) = &file.calendar {
        let until = now.plus_days(file.term_days.min(730) + AFTER_TERM_DAYS);
        match offsets_of(&calendar.time_zone, now, until) {
            Ok(found) => offsets = found,
            Err(_) => faults
                .push(format!("calendar.time_zone: {:?} is no time zone; one is Europe/Vienna", calendar.time_zone)),
        }
    }
    for (at, group) in file.groups.iter().enumerate() {
        for (index, member) in group.members.iter().enumerate() {
            // The shape has been looked at; the point may still be none.
            let shaped = BASE64URL_NOPAD.decode(member.key.as_bytes()).is_ok_and(|key| key.len() == 32);
            if shaped && member.key.parse::<VerifyingKey>().is_err() {
                faults.push(format!("groups[{at}].members[{index}].key: is not a signing key"));
            }
        }
    }
    let mut logo = None;
    if let Some(name) = &file.logo {
        let beside = path.parent().unwrap_or(Path::new("")).join(name);
        match read_logo(&beside) {
            Ok(read) => logo = Some(read),
            Err(fault) => faults.push(format!("logo: {fault}")),
        }
    }
    if faults.is_empty() {
        return Ok(Read { file, offsets, logo });
    }
    let mut list = format!("{} does not hold:", path.display());
    for fault in &faults {
        write!(list, "\n  {fault}")?;
    }
    bail!(list)
}

/// Reads the types. A fault is one line with its path, as `stages.in_review.dayz: unknown field …`.
fn from_toml(text: &str) -> Result<ChannelFile, String> {
    let line = |span: Option<std::ops::Range<usize>>| {
        let before = span.and_then(|span| text.get(..span.start));
        before.map(|before| format!(" (line {})", before.matches('\n').count() + 1)).unwrap_or_default()
    };
    let deserializer = toml::Deserializer::parse(text)
        .map_err(|error| format!("is not TOML: {}{}", error.message(), line(error.span())))?;
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        let message = inner.message().trim_end();
        let place = line(inner.span());
        if path == "." { format!("{message}{place}") } else { format!("{path}: {message}{place}") }
    })
}

/// The offsets of a time zone between two moments, the one that holds at the beginning first.
fn offsets_of(name: &str, from: Timestamp, until: Timestamp) -> anyhow::Result<Vec<Offset>> {
    let zone = TimeZone::get(name)?;
    let moment = |at: Timestamp| jiff::Timestamp::from_second(i64::try_from(at.0).unwrap_or(i64::MAX));
    let (start, end) = (moment(from)?, moment(until)?);
    let mut offsets = vec![Offset { from, seconds: zone.to_offset(start).seconds() }];
    for change in zone.following(start).take_while(|change| change.timestamp() <= end) {
        let at = u64::try_from(change.timestamp().as_second()).context("a change before 1970")?;
        offsets.push(Offset { from: Timestamp(at), seconds: change.offset().seconds() });
    }
    Ok(offsets)
}

fn read_logo(path: &Path) -> Result<Logo, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    if bytes.len() > LOGO_BYTES {
        return Err(format!("{} bytes are too many (at most {LOGO_BYTES})", bytes.len()));
    }
    let media_type = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        "image/png"
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        "image/webp"
    } else {
        return Err("is neither PNG nor WebP".to_owned());
    };
    Ok(Logo { media_type: media_type.to_owned(), data: BASE64URL_NOPAD.encode(&bytes) })
}

/// The channel file of a manifest, without its logo.
pub(crate) fn to_toml(manifest: &Manifest, embed: Vec<String>) -> anyhow::Result<String> {
    let settings = Settings::read(&manifest.settings)?;
    let languages = |list: &[String]| list.iter().map(|tag| tag.parse()).collect::<Result<Vec<_>, _>>();
    let hidden = manifest.hidden_categories.iter().map(|id| id.parse()).collect::<Result<Vec<_>, _>>();
    let stage = |state| {
        let stage = manifest.stages.iter().find(|stage| stage.state == state)?;
        let working_days = settings.working_stages.contains(&state);
        Some(StageEntry { days: stage.days, working_days, text: stage.text.clone() })
    };
    let stages = Stages {
        in_triage: stage(CaseState::InTriage),
        in_review: stage(CaseState::InReview),
        decided: stage(CaseState::Decided).context("the manifest has no stage decided")?,
    };
    let groups = manifest.groups.iter().map(|group| GroupEntry {
        kind: group.kind,
        name: group.name.clone(),
        members: group.members.clone(),
    });
    let limits = manifest.limits;
    let term = manifest.expires_at.0.saturating_sub(manifest.issued_at.0) / Timestamp::DAY;
    let file = ChannelFile {
        version: CHANNEL_FILE_VERSION,
        channel: manifest.channel.clone(),
        test: manifest.test,
        provider: manifest.provider.clone(),
        product: manifest.product.clone(),
        term_days: u32::try_from(term)?,
        legal_profile: manifest.legal_profile,
        languages: settings.form_languages,
        reads: languages(&manifest.languages).context("the manifest's languages")?,
        reading_hours: manifest.reading_hours.clone(),
        accent: settings.accent,
        logo: None,
        origins: Origins { intake: manifest.intake_origin.clone(), console: manifest.console_origin.clone(), embed },
        controller: manifest.controller.clone(),
        groups: groups.collect(),
        stages,
        calendar: settings.calendar.map(|calendar| CalendarEntry {
            time_zone: calendar.time_zone,
            working_days: calendar.working_days,
            holidays: calendar.holidays,
        }),
        absences: settings.absences,
        categories: CategoryEntry { first: settings.category_order, hidden: hidden.context("hidden categories")? },
        questions: settings.questions,
        other_routes: manifest.other_routes.clone(),
        public_customers: settings.public_customers,
        limits: LimitsEntry {
            attachment_bytes: limits.attachment_bytes,
            report_bytes: limits.report_bytes,
            attachments: limits.attachments,
            text_chars: limits.text_chars,
        },
        context_keys: settings.context_keys,
    };
    let header = "# A channel file: docs/channel.md says what each field holds. `recourse channel check` reads it,\n\
                  # `recourse channel preview` shows its form, `recourse channel sign` makes it the next manifest.\n\n";
    Ok(header.to_owned() + &toml::to_string_pretty(&file)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use recourse_domain::calendar::Day;

    #[test]
    fn offsets_are_those_of_the_time_zone() {
        let day = |text: &str| text.parse::<Day>().unwrap().start();
        let offsets = offsets_of("Europe/Vienna", day("2026-01-01"), day("2027-01-01")).unwrap();
        let found: Vec<_> = offsets.iter().map(|offset| (offset.from.0, offset.seconds)).collect();
        // `date -u -d @…`: 2026-01-01, 2026-03-29T01:00Z, 2026-10-25T01:00Z.
        assert_eq!(found, [(1_767_225_600, 3_600), (1_774_746_000, 7_200), (1_792_890_000, 3_600)]);
        assert!(offsets_of("Europe/Vyenna", day("2026-01-01"), day("2027-01-01")).is_err());
        assert_eq!(offsets_of("Asia/Kolkata", day("2026-01-01"), day("2027-01-01")).unwrap().len(), 1);
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod faults;
