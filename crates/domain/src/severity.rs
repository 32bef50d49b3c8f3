//! How grave the risk to people is (TAXONOMY section 9, after UNGP 14, 19 and 24). Reviewers assess it; the level follows from the table
//! and may be overruled with reasons, beside which the computed one stays. There is no field for risk to the business: due diligence
//! looks at risk to people, and unknown fields are refused.

use std::cmp::Ordering;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::vocabulary::{Answer, vocabulary};

vocabulary! {
    /// How grave.
    Scale { Low = "low", Medium = "medium", High = "high", Unclear = "unclear" }
}

vocabulary! {
    /// How many.
    Scope { OnePerson = "one_person", Group = "group", ManyOrSector = "many_or_sector", Unclear = "unclear" }
}

vocabulary! {
    /// How easily it is put right: `no` is the gravest.
    Irremediability { Easily = "easily", Partly = "partly", No = "no", Unclear = "unclear" }
}

vocabulary! {
    /// How likely. Severity outranks it: it is not in the level.
    Likelihood {
        Occurred = "occurred",
        Ongoing = "ongoing",
        Likely = "likely",
        Possible = "possible",
        Unclear = "unclear",
    }
}

vocabulary! {
    /// Whether somebody must fear retaliation.
    RetaliationRisk { None = "none", Low = "low", High = "high", Unknown = "unknown" }
}

vocabulary! {
    /// The provider's part in it (UNGP 19).
    Involvement { Caused = "caused", Contributed = "contributed", DirectlyLinked = "directly_linked", None = "none" }
}

vocabulary! {
    /// What the provider can move.
    Leverage { High = "high", Medium = "medium", Low = "low" }
}

vocabulary! {
    /// How urgent the case is among others. Sorts by gravity, the gravest greatest: `unassessed` above `low`, for what nobody knows yet
    /// must not sink.
    Level { Low = "low", Unassessed = "unassessed", Medium = "medium", High = "high", Severe = "severe" }
}

/// What a reviewer assesses. Nothing said means unclear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// How grave.
    pub scale: Scale,
    /// How many.
    pub scope: Scope,
    /// How easily it is put right.
    pub irremediability: Irremediability,
    /// How likely.
    pub likelihood: Likelihood,
    /// Whether somebody is in danger now.
    pub imminent_danger: Answer,
    /// Whether somebody must fear retaliation.
    pub retaliation_risk: RetaliationRisk,
    /// The provider's part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub involvement: Option<Involvement>,
    /// What the provider can move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leverage: Option<Leverage>,
    /// Rights considered, as in [`crate::category::Mapping::rights`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rights_considered: Vec<String>,
    /// Another level than the computed one, with reasons.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub overruled: Option<LevelOverride>,
}

impl Default for Assessment {
    fn default() -> Self {
        Self {
            scale: Scale::Unclear,
            scope: Scope::Unclear,
            irremediability: Irremediability::Unclear,
            likelihood: Likelihood::Unclear,
            imminent_danger: Answer::NotSure,
            retaliation_risk: RetaliationRisk::Unknown,
            involvement: None,
            leverage: None,
            rights_considered: Vec::new(),
            overruled: None,
        }
    }
}

/// A level that a reviewer set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct LevelOverride {
    level: Level,
    #[cfg_attr(feature = "schema", schemars(regex(pattern = r"\S"), length(max = 20_000)))]
    reasons: String,
}

/// A level set without written reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("another level than the computed one needs written reasons, of at most 20,000 characters")]
pub struct ReasonsMissing;

impl LevelOverride {
    /// Sets a level.
    ///
    /// # Errors
    /// [`ReasonsMissing`] unless there are reasons.
    pub fn new(level: Level, reasons: String) -> Result<Self, ReasonsMissing> {
        let fits = !reasons.trim().is_empty() && reasons.chars().count() <= crate::content::TEXT_CHARS;
        if fits { Ok(Self { level, reasons }) } else { Err(ReasonsMissing) }
    }

    /// The level.
    pub const fn level(&self) -> Level {
        self.level
    }

    /// Why.
    pub fn reasons(&self) -> &str {
        &self.reasons
    }
}

impl<'de> Deserialize<'de> for LevelOverride {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Unchecked {
            level: Level,
            reasons: String,
        }
        let Unchecked { level, reasons } = Unchecked::deserialize(deserializer)?;
        Self::new(level, reasons).map_err(de::Error::custom)
    }
}

/// Where one dimension stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Height {
    Unclear,
    Bottom,
    Middle,
    Top,
}

impl Assessment {
    /// The level that follows from scale, scope and irremediability: any of them at its top is severe; two in the middle are high, one
    /// is medium. What is unclear lowers nothing; nothing but unclear is unassessed.
    pub fn computed(&self) -> Level {
        let scale = match self.scale {
            Scale::Low => Height::Bottom,
            Scale::Medium => Height::Middle,
            Scale::High => Height::Top,
            Scale::Unclear => Height::Unclear,
        };
        let scope = match self.scope {
            Scope::OnePerson => Height::Bottom,
            Scope::Group => Height::Middle,
            Scope::ManyOrSector => Height::Top,
            Scope::Unclear => Height::Unclear,
        };
        let irremediability = match self.irremediability {
            Irremediability::Easily => Height::Bottom,
            Irremediability::Partly => Height::Middle,
            Irremediability::No => Height::Top,
            Irremediability::Unclear => Height::Unclear,
        };
        let heights = [scale, scope, irremediability];
        let count = |height| heights.iter().filter(|&&one| one == height).count();
        match (count(Height::Top), count(Height::Middle), count(Height::Unclear)) {
            (1.., _, _) => Level::Severe,
            (_, 2.., _) => Level::High,
            (_, 1, _) => Level::Medium,
            // Something low and something unclear is not known to be low: what is unclear never lowers.
            (_, _, 0) => Level::Low,
            _ => Level::Unassessed,
        }
    }

    /// The level that counts: the reviewer's, if they set one, else the computed.
    pub fn level(&self) -> Level {
        self.overruled.as_ref().map_or_else(|| self.computed(), LevelOverride::level)
    }

    /// Compares for the queue, the gravest first: by level, then by danger now, then by likelihood.
    pub fn by_gravity(&self, other: &Self) -> Ordering {
        let rank = |one: &Self| {
            let danger = matches!(one.imminent_danger, Answer::Yes);
            let likelihood = match one.likelihood {
                Likelihood::Ongoing => 4,
                Likelihood::Occurred => 3,
                Likelihood::Likely => 2,
                Likelihood::Unclear => 1,
                Likelihood::Possible => 0,
            };
            (one.level(), danger, likelihood)
        };
        rank(other).cmp(&rank(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table in other words than the code: each dimension as a digit, then the sentences of TAXONOMY section 9 in their order.
    fn oracle(scale: &str, scope: &str, irremediability: &str) -> &'static str {
        let words = [scale, scope, irremediability];
        let any_of = |these: [&str; 3]| (0..3).filter(|&at| words[at] == these[at]).count();
        if any_of(["high", "many_or_sector", "no"]) > 0 {
            return "severe";
        }
        let middle = any_of(["medium", "group", "partly"]);
        if middle >= 2 {
            return "high";
        }
        if middle == 1 {
            return "medium";
        }
        if words == ["low", "one_person", "easily"] {
            return "low";
        }
        "unassessed"
    }

    #[test]
    fn every_combination_has_the_level_of_the_table() {
        let mut seen = std::collections::BTreeMap::<&str, u32>::new();
        for scale in Scale::ALL {
            for scope in Scope::ALL {
                for irremediability in Irremediability::ALL {
                    let expected = oracle(scale.as_str(), scope.as_str(), irremediability.as_str());
                    *seen.entry(expected).or_default() += 1;
                    // No other dimension moves the level: severity outranks likelihood.
                    for likelihood in Likelihood::ALL {
                        for imminent_danger in Answer::ALL {
                            for retaliation_risk in RetaliationRisk::ALL {
                                for involvement in Involvement::ALL {
                                    for leverage in Leverage::ALL {
                                        let assessment = Assessment {
                                            scale,
                                            scope,
                                            irremediability,
                                            likelihood,
                                            imminent_danger,
                                            retaliation_risk,
                                            involvement: Some(involvement),
                                            leverage: Some(leverage),
                                            ..Assessment::default()
                                        };
                                        assert_eq!(assessment.computed().as_str(), expected, "{assessment:?}");
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        let seen: Vec<_> = seen.into_iter().collect();
        // 64 in all: 27 without a top; of these 7 with two or three in the middle, 12 with one, 8 with none, one of which is all low.
        assert_eq!(seen, [("high", 7), ("low", 1), ("medium", 12), ("severe", 37), ("unassessed", 7)]);
    }

    #[test]
    fn what_becomes_unclear_never_sinks_below_low_and_never_to_it() {
        assert!(Level::Severe > Level::High && Level::High > Level::Medium && Level::Medium > Level::Unassessed);
        assert!(Level::Unassessed > Level::Low);
        assert_eq!(Assessment::default().computed(), Level::Unassessed);
    }

    #[test]
    fn an_override_needs_reasons_and_keeps_the_computed_level() {
        assert_eq!(LevelOverride::new(Level::Low, "  \n".into()), Err(ReasonsMissing));
        let overruled = LevelOverride::new(Level::Medium, "Two people, both safe now.".into()).unwrap();
        let assessment = Assessment { scale: Scale::High, overruled: Some(overruled), ..Assessment::default() };
        assert_eq!((assessment.computed(), assessment.level()), (Level::Severe, Level::Medium));
        let json = serde_json::to_string(&assessment).unwrap();
        assert_eq!(serde_json::from_str::<Assessment>(&json).unwrap(), assessment);
        let without = json.replace("Two people, both safe now.", " ");
        assert!(serde_json::from_str::<Assessment>(&without).is_err());
    }

    #[test]
    fn the_gravest_comes_first() {
        let low = Assessment {
            scale: Scale::Low,
            scope: Scope::OnePerson,
            irremediability: Irremediability::Easily,
            likelihood: Likelihood::Ongoing,
            ..Assessment::default()
        };
        let severe = Assessment { scale: Scale::High, likelihood: Likelihood::Possible, ..Assessment::default() };
        let danger = Assessment { imminent_danger: Answer::Yes, ..severe.clone() };
        let mut queue = [low.clone(), Assessment::default(), severe.clone(), danger.clone()];
        queue.sort_by(Assessment::by_gravity);
        assert_eq!(queue, [danger, severe, Assessment::default(), low]);
    }
}
