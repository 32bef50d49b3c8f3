//! The ids of TAXONOMY sections 1 to 9, each list an enum with one spelling per value. An id that is not in the list is refused: a
//! provider may hide values, never add or redefine them. Labels for people live in the locale files.

/// An id that is not in its vocabulary. The text itself is left out: it may be a reporter's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown id for {vocabulary}")]
pub struct UnknownId {
    /// The vocabulary that was asked.
    pub vocabulary: &'static str,
}

// One macro instead of serde's derive: id, `ALL`, `FromStr`, JSON and JSON Schema cannot drift apart, and the form's Wasm carries one
// string comparison in a loop instead of a generated visitor per list.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $id:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "the names are the vocabulary; each is described in the locale files")]
        pub enum $name {
            $($(#[$vdoc])* $variant),+
        }

        impl $name {
            /// Every value, in the order of the taxonomy.
            pub const ALL: [Self; [$($id),+].len()] = [$(Self::$variant),+];

            /// The id.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $id),+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::vocabulary::UnknownId;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL
                    .into_iter()
                    .find(|value| value.as_str() == text)
                    .ok_or($crate::vocabulary::UnknownId { vocabulary: stringify!($name) })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": [$($id),+] })
            }
        }
    };
}
pub(crate) use vocabulary;

vocabulary! {
    /// The version of a report: the first field of it, so that one of another version is refused by name.
    ReportVersion { V1 = "recourse.report/1" }
}

vocabulary! {
    /// What the person wants (section 1): the first question.
    Purpose {
        FlagMisuse = "flag_misuse",
        SeekRemedy = "seek_remedy",
        Both = "both",
        IllegalContentNotice = "illegal_content_notice",
        Appeal = "appeal",
        RecordOnly = "record_only",
    }
}

impl Purpose {
    /// Whether harm, remedy and representation are asked.
    pub const fn seeks_remedy(self) -> bool {
        matches!(self, Self::SeekRemedy | Self::Both)
    }

    /// Whether a report of this purpose goes to the provider; a record stays on the person's device.
    pub const fn is_sent(self) -> bool {
        !matches!(self, Self::RecordOnly)
    }
}

vocabulary! {
    /// How the person stands to what happened (section 2). No value at all means `prefer_not_to_say`.
    Relationship {
        AffectedPerson = "affected_person",
        Representative = "representative",
        WitnessUser = "witness_user",
        WorkerOfCustomer = "worker_of_customer",
        EmployeeOfProvider = "employee_of_provider",
        Contractor = "contractor",
        FormerEmployee = "former_employee",
        CustomerAdmin = "customer_admin",
        NonUser = "non_user",
        TrustedFlagger = "trusted_flagger",
        ResearcherJournalistCso = "researcher_journalist_cso",
        PublicAuthority = "public_authority",
        PreferNotToSay = "prefer_not_to_say",
    }
}

vocabulary! {
    /// Who may know who reports (section 2).
    #[derive(Default)]
    Identity { #[default] Anonymous = "anonymous", Confidential = "confidential", Named = "named" }
}

vocabulary! {
    /// Age of the reporter (section 2); switches wording on the device and is sent only if the person adds it.
    AgeBand {
        Under13 = "under_13",
        From13To15 = "13_15",
        From16To17 = "16_17",
        Adult = "adult",
        PreferNotToSay = "prefer_not_to_say",
    }
}

vocabulary! {
    /// What the report is about (section 3).
    #[derive(Default)]
    SubjectKind {
        CustomerOrg = "customer_org",
        EndUser = "end_user",
        Provider = "provider",
        PartnerApp = "partner_app",
        GovernmentBody = "government_body",
        ContentItem = "content_item",
        AutomatedSystem = "automated_system",
        #[default] Unknown = "unknown",
    }
}

vocabulary! {
    /// Whether the subject is of the state (section 3).
    #[derive(Default)]
    Sector { Public = "public", Private = "private", #[default] Unknown = "unknown" }
}

vocabulary! {
    /// When it happened (section 5).
    When { Occurred = "occurred", Ongoing = "ongoing", Feared = "feared" }
}

vocabulary! {
    /// Answer to a plain question; not answering is leaving the field out.
    Answer { Yes = "yes", No = "no", NotSure = "not_sure" }
}

vocabulary! {
    /// Groups of people who are affected (section 5): special-category data, always sealed.
    AffectedGroup {
        Children = "children",
        Women = "women",
        Lgbtiq = "lgbtiq",
        PersonsWithDisabilities = "persons_with_disabilities",
        EthnicOrNationalMinority = "ethnic_or_national_minority",
        ReligiousMinority = "religious_minority",
        LinguisticMinority = "linguistic_minority",
        Indigenous = "indigenous",
        MigrantsRefugees = "migrants_refugees",
        Workers = "workers",
        HumanRightsDefenders = "human_rights_defenders",
        Journalists = "journalists",
        PoliticalOpposition = "political_opposition",
        OlderPeople = "older_people",
        PeopleInPoverty = "people_in_poverty",
        Other = "other",
        Unknown = "unknown",
    }
}

vocabulary! {
    /// What would put it right (section 6); the same list records what was done.
    Remedy {
        StopTheHarm = "stop_the_harm",
        RemoveOrRestrictContent = "remove_or_restrict_content",
        DeleteOrCorrectMyData = "delete_or_correct_my_data",
        RestoreContentOrAccount = "restore_content_or_account",
        Explanation = "explanation",
        Apology = "apology",
        Restitution = "restitution",
        RehabilitationSupport = "rehabilitation_support",
        CompensationFinancial = "compensation_financial",
        CompensationNonFinancial = "compensation_non_financial",
        SanctionOrCustomerAction = "sanction_or_customer_action",
        GuaranteeOfNonRepetition = "guarantee_of_non_repetition",
        PolicyChange = "policy_change",
        InformOnly = "inform_only",
        NotSure = "not_sure",
    }
}

vocabulary! {
    /// Who may learn who reports (section 7), beside the people who handle the case.
    #[derive(Default)]
    ShareIdentity {
        #[default] HandlersOnly = "handlers_only",
        ProviderTeam = "provider_team",
        Customer = "customer",
        Authority = "authority",
    }
}

vocabulary! {
    /// Whether the provider's customer may see what the report says (section 7).
    #[derive(Default)]
    ShareContent { #[default] Never = "never", Anonymised = "anonymised", Full = "full" }
}

vocabulary! {
    /// Whether the report may go to law enforcement (section 7).
    #[derive(Default)]
    LawEnforcement { #[default] OnlyIfLegallyRequired = "only_if_legally_required", Ok = "ok" }
}

vocabulary! {
    /// What an item of evidence is (section 8).
    EvidenceKind {
        Screenshot = "screenshot",
        Selection = "selection",
        File = "file",
        ProviderContext = "provider_context",
        Link = "link",
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::{Debug, Display};
    use std::str::FromStr;

    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::*;

    /// The ids as TAXONOMY writes them, in its order.
    fn check<T>(all: &[T], ids: &str)
    where
        T: FromStr<Err = UnknownId> + Display + Debug + PartialEq + Serialize + DeserializeOwned,
    {
        let ids: Vec<&str> = ids.split_whitespace().collect();
        assert_eq!(all.iter().map(ToString::to_string).collect::<Vec<_>>(), ids);
        for (value, id) in all.iter().zip(ids) {
            assert_eq!(id.parse::<T>().as_ref(), Ok(value));
            assert_eq!(serde_json::to_string(value).unwrap(), format!("\"{id}\""));
            assert_eq!(serde_json::from_str::<T>(&format!("\"{id}\"")).unwrap(), *value);
            for wrong in [id.to_uppercase(), format!("{id} "), format!("{id}x"), String::new()] {
                // `13_15` has no upper case.
                assert!(wrong == id || wrong.parse::<T>().is_err(), "{wrong:?}");
            }
        }
    }

    #[test]
    fn ids_are_those_of_the_taxonomy() {
        check(&ReportVersion::ALL, "recourse.report/1");
        check(&Purpose::ALL, "flag_misuse seek_remedy both illegal_content_notice appeal record_only");
        check(
            &Relationship::ALL,
            "affected_person representative witness_user worker_of_customer employee_of_provider contractor
             former_employee customer_admin non_user trusted_flagger researcher_journalist_cso public_authority
             prefer_not_to_say",
        );
        check(&Identity::ALL, "anonymous confidential named");
        check(&AgeBand::ALL, "under_13 13_15 16_17 adult prefer_not_to_say");
        check(
            &SubjectKind::ALL,
            "customer_org end_user provider partner_app government_body content_item automated_system unknown",
        );
        check(&Sector::ALL, "public private unknown");
        check(&When::ALL, "occurred ongoing feared");
        check(
            &AffectedGroup::ALL,
            "children women lgbtiq persons_with_disabilities ethnic_or_national_minority religious_minority
             linguistic_minority indigenous migrants_refugees workers human_rights_defenders journalists
             political_opposition older_people people_in_poverty other unknown",
        );
        check(
            &Remedy::ALL,
            "stop_the_harm remove_or_restrict_content delete_or_correct_my_data restore_content_or_account explanation
             apology restitution rehabilitation_support compensation_financial compensation_non_financial
             sanction_or_customer_action guarantee_of_non_repetition policy_change inform_only not_sure",
        );
        check(&ShareIdentity::ALL, "handlers_only provider_team customer authority");
        check(&ShareContent::ALL, "never anonymised full");
        check(&LawEnforcement::ALL, "only_if_legally_required ok");
        check(&EvidenceKind::ALL, "screenshot selection file provider_context link");
    }

    #[test]
    fn what_may_be_shared_is_closed_by_default() {
        assert_eq!(Identity::default(), Identity::Anonymous);
        assert_eq!(ShareIdentity::default(), ShareIdentity::HandlersOnly);
        assert_eq!(ShareContent::default(), ShareContent::Never);
        assert_eq!(LawEnforcement::default(), LawEnforcement::OnlyIfLegallyRequired);
    }
}
