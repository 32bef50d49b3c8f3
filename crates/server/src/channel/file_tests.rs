//! What a channel file is refused for, each with its path.

use std::path::PathBuf;

use super::*;
use recourse_domain::calendar::Day;
use recourse_domain::question::{Given, shown};

const KEY: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

/// A file with everything in it; also what `docs/channel.md` shows.
const FULL: &str = include_str!("../../../../docs/channel.example.toml");

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        std::fs::write(folder.0.path().join("logo.png"), b"\x89PNG\r\n\x1a\n...").unwrap();
        std::fs::write(folder.0.path().join("logo.svg"), b"<svg/>").unwrap();
        std::fs::write(folder.0.path().join("large.png"), [b"\x89PNG\r\n\x1a\n".as_slice(), &[0; LOGO_BYTES]].concat())
            .unwrap();
        folder
    }

    fn read(&self, text: &str) -> Result<Read, String> {
        let path: PathBuf = self.0.path().join("channel.toml");
        std::fs::write(&path, text).unwrap();
        read(&path, "2026-11-22".parse::<Day>().unwrap().start()).map_err(|error| error.to_string())
    }

    /// The example with one passage changed is refused with exactly that fault.
    #[track_caller]
    fn refuses(&self, from: &str, to: &str, expected: &str) {
        assert!(FULL.contains(from), "{from:?} is not in the example");
        let error = self.read(&FULL.replacen(from, to, 1)).map(|_| ()).unwrap_err();
        assert!(error.contains(expected), "{from:?} → {to:?}: {error}");
    }
}

#[test]
fn the_example_holds_and_becomes_a_manifest_and_a_file_again() {
    let folder = Folder::new();
    let Read { file, offsets, logo } = folder.read(FULL).unwrap();
    assert!(offsets.len() >= 4 && logo.is_some());
    let recipients = file.groups.iter().map(|group| (group.kind, 1, "age1pq1q".to_owned())).collect();
    let issued_at = "2026-11-22".parse::<Day>().unwrap().start();
    let issue = recourse_domain::channel_file::Issue {
        serial: 2,
        issued_at,
        recipients,
        acknowledgement_keys: Vec::new(),
        offsets,
        logo,
    };
    let manifest = file.clone().into_manifest(issue).unwrap();
    assert!(manifest.missing_for_live().is_empty());
    assert_eq!(manifest.expires_at, issued_at.plus_days(365));
    let settings = Settings::read(&manifest.settings).unwrap();
    let states: Vec<&str> = manifest.stages.iter().map(|stage| stage.state.as_str()).collect();
    assert_eq!(states, ["in_triage", "in_review", "decided"]);
    // Three working days from the Sunday: Wednesday, in Vienna.
    assert_eq!(
        settings.due(&manifest.stages, issued_at)[0].1.0,
        "2026-11-25".parse::<Day>().unwrap().start().0 + 22 * 3_600
    );
    let german: Vec<_> = settings.questions.iter().map(|question| question.in_language("de")).collect();
    assert_eq!(shown(&german, &Given::default()), [true, false, false, true]);
    // Written out and read again it is the same, but for the logo's name.
    let again = folder.read(&to_toml(&manifest, file.origins.embed.clone()).unwrap()).unwrap().file;
    assert_eq!(again, ChannelFile { logo: None, ..file });
}

#[test]
fn what_the_types_exclude_is_refused_with_path_and_line() {
    let folder = Folder::new();
    let check = |from: &str, to: &str, expected: &str| folder.refuses(from, to, expected);
    check("days = 30", "dayz = 30", "stages.in_review.dayz: unknown field");
    check("days = 30", "days = \"30\"", "stages.in_review.days: invalid type");
    check("days = 30", "days = -1", "stages.in_review.days: invalid value");
    check("version = 1", "version = 1\nbusiness_risk = \"high\"", "business_risk: unknown field");
    check("legal_profile = \"none\"", "legal_profile = \"us_law\"", "legal_profile: unknown variant");
    check("[stages.in_review]", "[stages.closed]", "stages.closed: unknown field");
    check("[stages.decided]", "[stages.remedied]", "stages");
    check("kind = \"choice\"", "kind = \"slider\"", "questions[0].kind");
    check("hidden = [\"spam_bulk\"]", "hidden = [\"spam\"]", "categories.hidden[0]");
    check("\"2026-12-25\"", "\"2026-13-25\"", "calendar.holidays[0]");
    check("channel = \"acme\"", "channel = \"Acme\"", "channel: ");
    check("version = 1", "version = ", "is not TOML");
    let error = folder.read(&FULL.replacen("days = 30", "days = true", 1)).map(|_| ()).unwrap_err();
    assert!(error.contains("(line "), "{error}");
}

#[test]
fn what_does_not_hold_is_refused_with_its_path_and_what_would() {
    let folder = Folder::new();
    let check = |from: &str, to: &str, expected: &str| folder.refuses(from, to, expected);
    check("version = 1", "version = 2", "version: 2 is not known here");
    check("days = 30", "days = 0", "stages.in_review.days: 0 is too few (1–365)");
    check("days = 30", "days = 366", "stages.in_review.days: 366 is too many (1–365)");
    check("days = 30", "days = 2", "stages.in_review.days: 2 is less than the 3 of the stage before");
    check("days = 3\n", "days = 61\n", "stages.in_triage.days: 61 is too many (1–60)");
    check(
        "legal_profile = \"none\"",
        "legal_profile = \"eu_whistleblower\"",
        "stages.decided.days: 90 is too many under eu_whistleblower",
    );
    check("term_days = 365", "term_days = 29", "term_days: 29 is too few (30–730)");
    check("languages = [\"en\", \"de\"]", "languages = [\"en\", \"nl\"]", "languages[1]: the form has no nl");
    check("languages = [\"en\", \"de\"]", "languages = [\"en\", \"de\", \"fr\"]", "reading_hours.fr: is missing");
    check(
        "languages = [\"en\", \"de\"]",
        "languages = [\"en\"]",
        "reading_hours.de: is not one of the form's languages",
    );
    check("accent = \"#0a5c7a\"", "accent = \"teal\"", "accent: is not a colour");
    check("logo = \"logo.png\"", "logo = \"logo.svg\"", "logo: is neither PNG nor WebP");
    check("logo = \"logo.png\"", "logo = \"large.png\"", "logo: 16392 bytes are too many");
    check("logo = \"logo.png\"", "logo = \"none.png\"", "cannot be read");
    check(
        "intake = \"https://report.acme-help.example\"",
        "intake = \"http://report.acme-help.example\"",
        "origins.intake",
    );
    check(
        "console = \"https://console.acme-help.example\"",
        "console = \"https://report.acme-help.example\"",
        "origins.console: is the intake's",
    );
    check("\"https://*.acme.example\"", "\"https://*\"", "origins.embed[1]");
    check("kind = \"team\"", "kind = \"restricted\"", "groups: has no group of the kind team");
    check(KEY, "abc", "groups[0].members[0].key");
    check(
        "time_zone = \"Europe/Vienna\"",
        "time_zone = \"Europe/Wien\"",
        "calendar.time_zone: \"Europe/Wien\" is no time zone",
    );
    check(
        "deputy = \"Deputy head of trust\"",
        "deputy = \"Ombudsperson\"",
        "absences[0].deputy: is not another member of the same group",
    );
    check(
        "member = \"Head of trust\"",
        "member = \"Nobody\"",
        "absences[0].member: nobody in a group is called \"Nobody\"",
    );
    check("until = \"2027-01-03\"", "until = \"2026-12-01\"", "absences[0].until: 2026-12-01 is before 2026-12-23");
    for id in ["other_unsure", "process_complaint", "retaliation", "child_safety"] {
        let hidden = format!("hidden = [\"{id}\"]");
        check("hidden = [\"spam_bulk\"]", &hidden, &format!("categories.hidden[0]: {id} cannot be hidden"));
    }
    check("hidden = [\"spam_bulk\"]", "hidden = [\"discrimination\"]", "discrimination is also among categories.first");
    check("id = \"since\"", "id = \"plan\"", "questions[1].id: plan stands twice");
    check("id = \"since\"", "id = \"category\"", "questions[1].id");
    check("question = \"plan\"", "question = \"seats\"", "seats is not an earlier question");
    check(
        "is = [\"trial\"]",
        "is = [\"gold\"]",
        "questions[1].show_if[0].is[0]: gold is not an option of that question",
    );
    check("max = 100000", "max = 0", "questions[2].max: 0 is less than the 1 of min");
    check(
        "max = 100000",
        "max = 100000\nmax_chars = 5",
        "questions[2].max_chars: is for questions of the kind text, not number",
    );
    check("max_chars = 500", "max_chars = 2001", "questions[3].max_chars: 2001 is too many (1–2000)");
    check("url = \"https://www.ombudsman.example/\"", "url = \"javascript:alert(1)\"", "other_routes[0].url");
    check("attachments = 20", "attachments = 101", "limits.attachments: 101 is too many (0–100)");
    check("attachment_bytes = 26214400", "attachment_bytes = 1", "limits.attachment_bytes: 1 is too few");
    check("alg = \"EdDSA\"", "alg = \"RS256\"", "context_keys[0].alg: \"RS256\" is neither EdDSA nor ES256");
    check("alg = \"EdDSA\"", "alg = \"ES256\"", "context_keys[0].y");
}

#[test]
fn notices_may_be_missing_in_a_test_only() {
    let folder = Folder::new();
    let from = FULL.find("[controller.privacy_notice]").unwrap();
    let to = FULL.find("[[groups]]").unwrap();
    let without = format!("{}[controller.privacy_notice]\n[controller.rules]\n{}", &FULL[..from], &FULL[to..]);
    let error = folder.read(&without).map(|_| ()).unwrap_err();
    assert!(
        error.contains("controller.privacy_notice.en: is missing") && error.contains("controller.rules.de"),
        "{error}"
    );
    folder.read(&without.replacen("version = 1", "version = 1\ntest = true", 1)).unwrap();
}
