//! Categories (TAXONOMY section 4): one primary, any number of secondary, in seven groups; and what each means in the schemes that
//! exports speak. A missing mapping is missing: an invented one would send a report somewhere under a false name.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// The seven groups that the form shows first.
    CategoryGroup {
        UseByCustomers = "use_by_customers",
        PrivacyAndData = "privacy_and_data",
        AiAndAutomation = "ai_and_automation",
        ContentAndConduct = "content_and_conduct",
        PeopleAtWork = "people_at_work",
        AccessAndProcess = "access_and_process",
        NotSure = "not_sure",
    }
}

vocabulary! {
    /// What a report is about.
    Category {
        SurveillanceTracking = "surveillance_tracking",
        StateRepressionForce = "state_repression_force",
        Discrimination = "discrimination",
        HumanTrafficking = "human_trafficking",
        ScamFraudImpersonation = "scam_fraud_impersonation",
        SpamBulk = "spam_bulk",
        IllegalGoods = "illegal_goods",
        ConsumerDeception = "consumer_deception",
        HealthEnvironment = "health_environment",
        PersonalDataMisuse = "personal_data_misuse",
        SecurityAbuse = "security_abuse",
        AutomatedDecisionHarm = "automated_decision_harm",
        HateSpeech = "hate_speech",
        HarassmentThreats = "harassment_threats",
        GenderBasedViolence = "gender_based_violence",
        IntimateImageAbuse = "intimate_image_abuse",
        ChildSafety = "child_safety",
        ViolentExtremism = "violent_extremism",
        SelfHarm = "self_harm",
        CivicElectionHarm = "civic_election_harm",
        Defamation = "defamation",
        IpInfringement = "ip_infringement",
        AnimalWelfare = "animal_welfare",
        LabourExploitation = "labour_exploitation",
        WorkerMonitoringUnion = "worker_monitoring_union",
        AccessibilityExclusion = "accessibility_exclusion",
        CensorshipAccessDenial = "censorship_access_denial",
        Retaliation = "retaliation",
        ProcessComplaint = "process_complaint",
        OtherUnsure = "other_unsure",
    }
}

impl Category {
    /// The group that the form shows it in.
    pub const fn group(self) -> CategoryGroup {
        use Category::*;
        match self {
            SurveillanceTracking
            | StateRepressionForce
            | Discrimination
            | HumanTrafficking
            | ScamFraudImpersonation
            | SpamBulk
            | IllegalGoods
            | ConsumerDeception
            | HealthEnvironment => CategoryGroup::UseByCustomers,
            PersonalDataMisuse | SecurityAbuse => CategoryGroup::PrivacyAndData,
            AutomatedDecisionHarm => CategoryGroup::AiAndAutomation,
            HateSpeech | HarassmentThreats | GenderBasedViolence | IntimateImageAbuse | ChildSafety
            | ViolentExtremism | SelfHarm | CivicElectionHarm | Defamation | IpInfringement | AnimalWelfare => {
                CategoryGroup::ContentAndConduct
            }
            LabourExploitation | WorkerMonitoringUnion => CategoryGroup::PeopleAtWork,
            AccessibilityExclusion | CensorshipAccessDenial | Retaliation | ProcessComplaint => {
                CategoryGroup::AccessAndProcess
            }
            OtherUnsure => CategoryGroup::NotSure,
        }
    }

    /// What it means elsewhere. Kept apart from the ids so that the form, which never exports, does not carry it.
    pub const fn mapping(self) -> Mapping {
        use Category::*;
        let (dsa, xarf, ozone, rights): (_, &[&str], Option<&str>, &[&str]) = match self {
            SurveillanceTracking => {
                (None, &[], None, &["UDHR 3", "UDHR 9", "UDHR 12", "UDHR 13", "UDHR 19", "UDHR 20"])
            }
            StateRepressionForce => (None, &[], None, &["UDHR 3", "UDHR 5", "UDHR 9", "UDHR 20", "UDHR 21"]),
            Discrimination => (None, &[], None, &["UDHR 2", "UDHR 7"]),
            HumanTrafficking => (
                dsa("STATEMENT_CATEGORY_VIOLENCE", Keywords::OneOf(&["KEYWORD_HUMAN_TRAFFICKING"])),
                &[],
                Some("ViolenceTrafficking"),
                &["UDHR 4"],
            ),
            ScamFraudImpersonation => (
                dsa("STATEMENT_CATEGORY_SCAMS_AND_FRAUD", Keywords::Any),
                &["content/fraud", "content/phishing"],
                Some("MisleadingScam"),
                &["UDHR 17"],
            ),
            SpamBulk => (
                dsa("STATEMENT_CATEGORY_OTHER_VIOLATION_TC", Keywords::OneOf(&["KEYWORD_OTHER"])),
                &["messaging/spam", "messaging/bulk_messaging"],
                Some("MisleadingSpam"),
                &["UDHR 12"],
            ),
            IllegalGoods => (
                dsa("STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS", Keywords::Any),
                &[],
                Some("RuleProhibitedSales"),
                &["UDHR 3", "UDHR 25"],
            ),
            ConsumerDeception => {
                (dsa("STATEMENT_CATEGORY_CONSUMER_INFORMATION", Keywords::Any), &[], Some("MisleadingOther"), &[])
            }
            HealthEnvironment => (
                dsa(
                    "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
                    Keywords::OneOf(&["KEYWORD_RISK_PUBLIC_HEALTH", "KEYWORD_RISK_ENVIRONMENTAL_DAMAGE"]),
                ),
                &[],
                None,
                &["UDHR 25"],
            ),
            PersonalDataMisuse => (
                dsa(
                    "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
                    Keywords::OneOf(&["KEYWORD_MISSING_PROCESSING_GROUND"]),
                ),
                &["content/exposed_data"],
                None,
                &["UDHR 12"],
            ),
            SecurityAbuse => (
                dsa("STATEMENT_CATEGORY_OTHER_VIOLATION_TC", Keywords::OneOf(&["KEYWORD_OTHER"])),
                &["content/malware", "content/remote_compromise"],
                Some("RuleSiteSecurity"),
                &["UDHR 12"],
            ),
            AutomatedDecisionHarm => (
                dsa("STATEMENT_CATEGORY_OTHER_VIOLATION_TC", Keywords::OneOf(&["KEYWORD_OTHER"])),
                &[],
                Some("Other"),
                &["UDHR 2", "UDHR 7", "UDHR 8", "UDHR 12"],
            ),
            HateSpeech => (
                dsa("STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH", Keywords::OneOf(&["KEYWORD_HATE_SPEECH"])),
                &[],
                Some("HarassmentHateSpeech"),
                &["UDHR 2", "UDHR 7", "ICCPR 20(2)"],
            ),
            HarassmentThreats => (
                dsa("STATEMENT_CATEGORY_CYBER_VIOLENCE", Keywords::OneOf(&["KEYWORD_CYBER_HARASSMENT"])),
                &[],
                Some("HarassmentTargeted"),
                &["UDHR 3", "UDHR 5", "UDHR 12"],
            ),
            GenderBasedViolence => (
                dsa("STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN", Keywords::Any),
                &[],
                Some("HarassmentTargeted"),
                &["UDHR 2", "UDHR 3", "CEDAW"],
            ),
            IntimateImageAbuse => (
                dsa("STATEMENT_CATEGORY_CYBER_VIOLENCE", Keywords::OneOf(&["KEYWORD_NON_CONSENSUAL_IMAGE_SHARING"])),
                &[],
                Some("SexualNCII"),
                &["UDHR 12"],
            ),
            ChildSafety => (
                dsa("STATEMENT_CATEGORY_PROTECTION_OF_MINORS", Keywords::Any),
                &["content/csam", "content/csem"],
                Some("ChildSafetyOther"),
                &["CRC 16", "CRC 19", "CRC 34"],
            ),
            ViolentExtremism => (
                dsa("STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY", Keywords::OneOf(&["KEYWORD_TERRORIST_CONTENT"])),
                &[],
                Some("ViolenceExtremistContent"),
                &["UDHR 3"],
            ),
            SelfHarm => (
                dsa("STATEMENT_CATEGORY_SELF_HARM", Keywords::Any),
                &[],
                Some("SelfHarmContent"),
                &["UDHR 3", "UDHR 25"],
            ),
            CivicElectionHarm => (
                dsa("STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS", Keywords::Any),
                &[],
                Some("MisleadingElections"),
                &["UDHR 19", "UDHR 21"],
            ),
            Defamation => (
                dsa("STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH", Keywords::OneOf(&["KEYWORD_DEFAMATION"])),
                &[],
                Some("HarassmentOther"),
                &["UDHR 12"],
            ),
            IpInfringement => (
                dsa("STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS", Keywords::Any),
                &["copyright/copyright", "content/brand_infringement"],
                Some("RuleOther"),
                &["UDHR 27(2)"],
            ),
            AnimalWelfare => {
                (dsa("STATEMENT_CATEGORY_ANIMAL_WELFARE", Keywords::Any), &[], Some("ViolenceAnimal"), &[])
            }
            LabourExploitation => (
                dsa("STATEMENT_CATEGORY_VIOLENCE", Keywords::OneOf(&["KEYWORD_HUMAN_EXPLOITATION"])),
                &[],
                None,
                &["UDHR 4", "UDHR 23", "UDHR 24"],
            ),
            WorkerMonitoringUnion => (
                dsa("STATEMENT_CATEGORY_OTHER_VIOLATION_TC", Keywords::OneOf(&["KEYWORD_OTHER"])),
                &[],
                Some("Other"),
                &["UDHR 12", "UDHR 20", "UDHR 23"],
            ),
            AccessibilityExclusion => (None, &[], Some("Other"), &["UDHR 2", "CRPD 9"]),
            CensorshipAccessDenial => (None, &[], Some("Appeal"), &["UDHR 19", "UDHR 21", "UDHR 26", "UDHR 27"]),
            Retaliation => (None, &[], Some("Other"), &["UDHR 8"]),
            ProcessComplaint => (None, &[], Some("Appeal"), &["UDHR 8"]),
            OtherUnsure => {
                (dsa("STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE", Keywords::None), &[], Some("Other"), ANY_RIGHT)
            }
        };
        Mapping { dsa, xarf, ozone, rights }
    }
}

impl CategoryGroup {
    /// Its categories, in the order of the taxonomy.
    pub fn categories(self) -> impl Iterator<Item = Category> {
        Category::ALL.into_iter().filter(move |category| category.group() == self)
    }
}

/// What a category means in the schemes that exports speak; nothing where the taxonomy has no valid mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mapping {
    /// Transparency Database of the DSA, schema in force since 2025-07-01.
    pub dsa: Option<DsaMapping>,
    /// XARF v4, `category/type`.
    pub xarf: &'static [&'static str],
    /// The name after `tools.ozone.report.defs#reason`.
    pub ozone: Option<&'static str>,
    /// Rights concerned, `UDHR 12` or an article of the treaty named; [`ANY_RIGHT`] where it may be any.
    pub rights: &'static [&'static str],
}

/// A category of the DSA Transparency Database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DsaMapping {
    /// `STATEMENT_CATEGORY_…`.
    pub category: &'static str,
    /// Which keywords fit.
    pub keywords: Keywords,
}

/// Keywords of a DSA category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keywords {
    /// The category stands alone.
    None,
    /// Any of the category's keywords: a reviewer picks.
    Any,
    /// One of these, `KEYWORD_…`.
    OneOf(&'static [&'static str]),
}

/// Rights of a category that may touch any.
pub const ANY_RIGHT: &[&str] = &["any"];

const fn dsa(category: &'static str, keywords: Keywords) -> Option<DsaMapping> {
    Some(DsaMapping { category, keywords })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a mapping as the table of the taxonomy does, and compares row by row.
    #[test]
    fn every_row_is_that_of_the_table() {
        let table = include_str!("../tests/data/categories.txt");
        let rows: Vec<Vec<&str>> =
            table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(" | ").collect()).collect();
        assert_eq!(rows.len(), 30);
        for (category, row) in Category::ALL.into_iter().zip(&rows) {
            let Mapping { dsa, xarf, ozone, rights } = category.mapping();
            let dsa = dsa.map_or("–".to_owned(), |DsaMapping { category, keywords }| {
                let name = category.strip_prefix("STATEMENT_CATEGORY_").unwrap();
                let short = |keyword: &&str| keyword.strip_prefix("KEYWORD_").unwrap().to_owned();
                match keywords {
                    Keywords::None => name.to_owned(),
                    Keywords::Any => format!("{name} / *"),
                    Keywords::OneOf(list) => {
                        format!("{name} / {}", list.iter().map(short).collect::<Vec<_>>().join(", "))
                    }
                }
            });
            let xarf = if xarf.is_empty() { "–".to_owned() } else { xarf.join(", ") };
            let found =
                [category.as_str(), &category.group().as_str().replace('_', " "), &dsa, &xarf, ozone.unwrap_or("–")];
            let mut expected = row.clone();
            let group = expected[1].to_lowercase();
            expected[1] = &group;
            // What the table adds in brackets is a rule of the form and of the export.
            expected[3] = expected[3].strip_suffix(" (**never media**)").unwrap_or(expected[3]);
            assert_eq!(found, expected[..5]);

            // Articles: those of the Universal Declaration stand bare, a treaty names itself once.
            let mut written = String::new();
            let mut treaty = "UDHR";
            for right in rights {
                let (source, article) = right.split_once(' ').unwrap_or((right, ""));
                let new = source != treaty && source != "any";
                let sign = if written.is_empty() {
                    ""
                } else if new {
                    "; "
                } else {
                    " "
                };
                written += sign;
                match (new, source) {
                    (_, "any") => written += "any",
                    (true, _) if article.is_empty() => written += source,
                    (true, _) => written += right,
                    (false, _) => written += article,
                }
                treaty = source;
            }
            let written = if written.is_empty() { "–".to_owned() } else { written };
            assert_eq!(written, row[5], "{category}");
        }
    }

    #[test]
    fn groups_hold_every_category_once() {
        assert!(CategoryGroup::ALL.len() <= 7);
        let grouped: Vec<_> = CategoryGroup::ALL.into_iter().flat_map(CategoryGroup::categories).collect();
        assert_eq!(grouped, Category::ALL);
    }
}
