//! What a first manifest says to people. A provider replaces these texts with its own when it signs its next manifest.

use std::collections::BTreeMap;

use recourse_domain::channel::{Controller, OtherRoute, Stage};
use recourse_domain::lifecycle::CaseState;

/// Name of the group that usually reads.
pub(crate) const TEAM: &str = "Report team";
/// Name of the group that reads reports about the report team.
pub(crate) const INDEPENDENT: &str = "Independent readers";
/// Name of the group that reads reports about the safety of a child.
pub(crate) const RESTRICTED: &str = "Child safety readers";

/// A text in English alone.
pub(crate) fn english(text: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("en".to_owned(), text.to_owned())])
}

/// The uniform stages (TAXONOMY, section 10).
pub(crate) fn stages() -> Vec<Stage> {
    let stage = |state, days, text| Stage { state, days, text: english(text) };
    vec![
        stage(CaseState::InTriage, 3, "Somebody reads your report and decides who should look into it."),
        stage(CaseState::InReview, 30, "Somebody looks into it. You may be asked questions here."),
        stage(CaseState::Decided, 90, "You are told what was decided, and why."),
    ]
}

/// Who answers for the data, with notice and rules.
pub(crate) fn controller(provider: &str, product: &str, contact: &str) -> Controller {
    let privacy = format!(
        "{provider} answers for the data in reports about {product}.\n\n\
         What we receive. Your report and its attachments are sealed on your device. Only the readers named in the form can open them; the \
         server that keeps them cannot. The server sees: which channel took the report, whether you marked it as urgent, how large the sealed \
         parts are, the state of the case and its dates. Times of what you do are kept to the hour. It keeps no address of your device, no \
         browser name and no cookie.\n\n\
         What it is used for. To find out what happened, to end harm, to put things right, and to answer you. Not for advertising, not for \
         performance reviews, and not to find out who you are.\n\n\
         Who else may get it. Nobody, unless you agreed to it in the form, or a law obliges us. If a law obliges us we tell you here, unless \
         that law forbids it.\n\n\
         How long. Until the case is closed and the time for an appeal has passed, and longer only where a law asks for it.\n\n\
         Your rights. You can ask to see, correct or erase what we hold about you, and to restrict its use. With the receipt you can do so \
         without telling us who you are. You can complain to a data protection authority at any time."
    );
    let rules = format!(
        "1. Anybody may report: users of {product}, people who work with it or because of it, people whom it affects, and those who speak for \
         them. It costs nothing and needs no account.\n\n\
         2. You may stay anonymous. Nobody tries to find out who you are. Nobody may be treated worse for reporting in good faith; if that \
         happens, report it here too.\n\n\
         3. If one of the readers is involved, choose the independent readers. A reader who is named in a report takes no part in it.\n\n\
         4. Each report is read by a person. Within 3 days you see that it was taken up, within 30 days that it is looked into, within 90 days \
         what was decided. If we are late, the follow-up page says so.\n\n\
         5. Each decision gives its reasons and names the rights that were considered, also when nothing is done.\n\n\
         6. You may contest a decision. Somebody else decides then.\n\n\
         7. You may add to your report, or take it back, at any time with the receipt.\n\n\
         8. Reporting here takes no other way from you: courts, authorities, unions and the other routes that we list stay open."
    );
    Controller {
        name: provider.to_owned(),
        contact: contact.to_owned(),
        privacy_notice: english(&privacy),
        rules: english(&rules),
    }
}

/// Where else one can be heard. None of these depends on the provider.
pub(crate) fn other_routes() -> Vec<OtherRoute> {
    let route =
        |name: &str, text, url: &str| OtherRoute { name: name.to_owned(), text: english(text), url: url.to_owned() };
    vec![
        route(
            "Find A Helpline",
            "Free and confidential help lines in your country, if you are in distress.",
            "https://findahelpline.com",
        ),
        route(
            "European Data Protection Board",
            "Lists the authorities that you can complain to about the use of personal data.",
            "https://www.edpb.europa.eu",
        ),
        route(
            "OECD National Contact Points",
            "Hear complaints about how companies treat people, and mediate.",
            "https://mneguidelines.oecd.org/ncps/",
        ),
    ]
}
