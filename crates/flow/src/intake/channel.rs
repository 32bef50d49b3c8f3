//! The channel as the form shows it.

use recourse_domain::channel::{GroupKind, LegalProfile, Limits, Manifest};
use recourse_domain::lifecycle::CaseState;

/// What is known of the channel.
#[derive(Debug, Clone, Default)]
pub enum Channel {
    /// Being fetched and checked.
    #[default]
    Loading,
    /// Checked.
    Open(Box<OpenChannel>),
    /// Not to be had, and why.
    Shut(Shut),
}

/// A channel whose manifest holds: what people are shown of it, in the language that the form is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenChannel {
    /// The company that carries the channel.
    pub provider: String,
    /// Its product.
    pub product: String,
    /// When reports are read.
    pub reading_hours: String,
    /// Who can open a report.
    pub groups: Vec<Readers>,
    /// What may be expected and when.
    pub stages: Vec<StageShown>,
    /// Sizes and numbers.
    pub limits: Limits,
    /// Who answers for the data.
    pub controller: String,
    /// How to reach its data protection people.
    pub contact: String,
    /// The privacy notice.
    pub privacy_notice: String,
    /// The rules of procedure.
    pub rules: String,
    /// Other ways to be heard.
    pub other_routes: Vec<RouteShown>,
    /// Ids of categories that are not offered.
    pub hidden_categories: Vec<String>,
    /// Past its end, within the days of grace.
    pub expired: bool,
    /// Which law's clocks are caps here.
    pub legal: LegalProfile,
    /// Every report here is a test.
    pub test: bool,
    /// What the channel sets beside, as JSON; see [`super::Asked`].
    pub settings: String,
    /// The language that its texts are in.
    pub language: String,
}

/// A reader group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readers {
    /// Which.
    pub kind: GroupKind,
    /// Its name.
    pub name: String,
    /// Who is in it, by role or name.
    pub members: Vec<String>,
}

/// A stage and its days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageShown {
    /// The state that the stage ends in.
    pub state: CaseState,
    /// Days from the report.
    pub days: u32,
    /// What happens; may be empty.
    pub text: String,
}

/// Another way to be heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteShown {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub text: String,
    /// Where.
    pub url: String,
}

impl OpenChannel {
    /// What a manifest shows in that language.
    pub fn of(manifest: &Manifest, expired: bool, language: &str) -> Self {
        let text = |texts| Manifest::text(texts, language).to_owned();
        Self {
            provider: manifest.provider.clone(),
            product: manifest.product.clone(),
            reading_hours: text(&manifest.reading_hours),
            groups: manifest
                .groups
                .iter()
                .map(|group| Readers {
                    kind: group.kind,
                    name: group.name.clone(),
                    members: group.members.iter().map(|member| member.name.clone()).collect(),
                })
                .collect(),
            stages: manifest
                .stages
                .iter()
                .map(|stage| StageShown { state: stage.state, days: stage.days, text: text(&stage.text) })
                .collect(),
            limits: manifest.limits,
            controller: manifest.controller.name.clone(),
            contact: manifest.controller.contact.clone(),
            privacy_notice: text(&manifest.controller.privacy_notice),
            rules: text(&manifest.controller.rules),
            other_routes: manifest
                .other_routes
                .iter()
                .map(|route| RouteShown { name: route.name.clone(), text: text(&route.text), url: route.url.clone() })
                .collect(),
            hidden_categories: manifest.hidden_categories.clone(),
            expired,
            legal: manifest.legal_profile,
            test: manifest.test,
            settings: manifest.settings.clone(),
            language: language.to_owned(),
        }
    }

    /// Whether notices of illegal content are taken: where the Digital Services Act holds.
    pub fn takes_notices(&self) -> bool {
        matches!(self.legal, LegalProfile::DsaHosting | LegalProfile::DsaPlatform)
    }

    /// The group of that kind, if the channel has one.
    pub fn group(&self, kind: GroupKind) -> Option<&Readers> {
        self.groups.iter().find(|group| group.kind == kind)
    }
}

/// Why a channel cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// The server cannot be reached, or the engine cannot be loaded.
    Unreachable,
    /// There is no such channel.
    Unknown,
    /// It ended.
    Closed,
    /// Its signature, key or serial does not hold: somebody may have changed it.
    Untrusted,
}
