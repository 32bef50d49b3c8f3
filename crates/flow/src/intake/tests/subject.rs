//! Whom it is about: the channel's list of public-sector customers, sector, number, use and country.

use recourse_domain::report::PublicCustomer;
use recourse_domain::settings::Settings;

use super::*;

fn customer(name: &str, country: &str) -> PublicCustomer {
    PublicCustomer { name: name.into(), country: country.parse().ok() }
}

pub(super) fn listing(customers: Vec<PublicCustomer>) -> Msg {
    let mut manifest = manifest();
    manifest.settings =
        serde_json::to_string(&Settings { public_customers: customers, ..Settings::default() }).unwrap();
    Msg::ChannelChecked(Box::new(OpenChannel::of(&manifest, false, "en")))
}

pub(super) fn cities() -> Vec<PublicCustomer> {
    vec![
        customer("City of Zürich", "CH"),
        customer("Ministry of Work", "AT"),
        customer("بلدية القاهرة", "EG"),
        customer("City of Town", ""),
    ]
}

/// A form of a channel with a list, after these edits.
fn listed(edits: impl IntoIterator<Item = Edit>) -> State {
    form(
        [listing(cities()), Msg::Door(Purpose::FlagMisuse), said("words")]
            .into_iter()
            .chain(edits.into_iter().map(Msg::Edit)),
    )
}

#[test]
fn an_agency_is_picked_from_the_list_and_stands_in_the_report() {
    for edits in [
        vec![Edit::SubjectKind(SubjectKind::GovernmentBody)],
        vec![Edit::SubjectKind(SubjectKind::CustomerOrg), Edit::Sector(Sector::Public)],
        vec![Edit::SubjectKind(SubjectKind::AutomatedSystem), Edit::Sector(Sector::Public)],
    ] {
        let mut state = listed(edits.clone());
        assert!(state.asks_customer());
        update(&mut state, Msg::Edit(Edit::Customer(Some(1))));
        let subject = outgoing(&state).draft.subject;
        assert_eq!(subject.public_customer, Some(customer("Ministry of Work", "AT")), "{edits:?}");
        assert_eq!((subject.sector, subject.locations.len()), (Sector::Public, 0));
        update(&mut state, Msg::Edit(Edit::SubjectName("its housing office".into())));
        let subject = outgoing(&state).draft.subject;
        assert!(subject.public_customer.is_some() && subject.locations.len() == 1, "which part of it");
        update(&mut state, Msg::Edit(Edit::Customer(None)));
        let subject = outgoing(&state).draft.subject;
        assert_eq!((subject.public_customer, subject.locations.len()), (None, 1), "it is not in the list");
    }
}

#[test]
fn nobody_is_asked_who_has_nothing_to_pick() {
    let kinds = [SubjectKind::Unknown, SubjectKind::Provider, SubjectKind::PartnerApp];
    for kind in kinds {
        let state = listed([Edit::SubjectKind(kind), Edit::Sector(Sector::Public), Edit::Customer(Some(0))]);
        assert!(!state.asks_customer() && !state.asks_sector(), "{kind}");
        let subject = outgoing(&state).draft.subject;
        assert_eq!((subject.sector, subject.public_customer), (Sector::Unknown, None), "{kind}");
    }
    for sector in [Sector::Private, Sector::Unknown] {
        let state = listed([
            Edit::SubjectKind(SubjectKind::CustomerOrg),
            Edit::Sector(Sector::Public),
            Edit::Customer(Some(0)),
            Edit::Sector(sector),
        ]);
        assert!(!state.asks_customer() && state.asks_sector());
        assert_eq!(outgoing(&state).draft.subject.public_customer, None, "what is not seen is not sent");
    }
    let mut state = form([Msg::Edit(Edit::SubjectKind(SubjectKind::GovernmentBody))]);
    assert!(!state.asks_customer(), "a channel without a list");
    update(&mut state, Msg::Edit(Edit::Customer(Some(0))));
    assert_eq!(outgoing(&state).draft.subject.public_customer, None);
}

#[test]
fn words_of_name_and_country_find_it_however_they_are_written() {
    let mut state = listed([Edit::SubjectKind(SubjectKind::GovernmentBody)]);
    let called = |code: &str| match code {
        "CH" => "Schweiz".to_owned(),
        "AT" => "Österreich".to_owned(),
        other => other.to_owned(),
    };
    for (typed, expected) in [
        ("", &[0, 1, 2, 3][..]),
        ("  city ", &[0, 3]),
        ("ZURICH", &[0]),
        ("town city", &[3]),
        ("osterreich", &[1]),
        ("at", &[1]),
        ("القاهره", &[2]),
        ("city schweiz", &[0]),
        ("village", &[]),
    ] {
        update(&mut state, Msg::Edit(Edit::CustomerQuery(typed.into())));
        assert_eq!(state.customers_found(&called), expected, "{typed:?}");
    }
}

#[test]
fn a_name_that_the_channel_no_longer_lists_is_not_lost() {
    let pick = [Edit::SubjectKind(SubjectKind::GovernmentBody), Edit::Customer(Some(0))];
    let mut state = listed(pick.clone());
    update(&mut state, listing(cities().split_off(1)));
    update(&mut state, said("more words"));
    let subject = outgoing(&state).draft.subject;
    assert_eq!(subject.public_customer, None);
    assert_eq!(subject.locations[0].tenant_ref, "City of Zürich");
    assert!(state.unlisted);

    // One that it still lists, perhaps at another place, stays.
    let mut state = listed(pick.clone());
    update(&mut state, listing(cities().into_iter().rev().collect()));
    update(&mut state, said("more words"));
    assert_eq!(outgoing(&state).draft.subject.public_customer, Some(customer("City of Zürich", "CH")));

    // The same for a draft.
    let kept = listed(pick).pack();
    let mut again = form([listing(cities()), said("")]);
    again.unpack(&kept);
    assert_eq!(again.draft.subject.public_customer, Some(customer("City of Zürich", "CH")));
    let mut later = form([listing(vec![]), said("")]);
    later.unpack(&kept);
    assert_eq!((later.subject_name.as_str(), later.unlisted), ("City of Zürich", true));
}

#[test]
fn names_that_fit_no_report_are_not_offered() {
    let state =
        form([listing(vec![customer("x".repeat(201).as_str(), "AT"), customer(" ", ""), customer("City", "XX")])]);
    let asked = Asked::of(state.open().unwrap());
    assert_eq!(asked.customers, [customer("City", "")], "a country that is none is left out");
}

#[test]
fn a_country_is_two_letters_in_any_case() {
    for (typed, expected) in [("de", "DE"), (" Br ", "BR"), ("uk", "GB"), ("GB", "GB")] {
        let state = listed([Edit::Market(typed.into())]);
        assert_eq!(outgoing(&state).draft.subject.market.unwrap().as_str(), expected, "{typed}");
        assert!(state.all_faults().is_empty());
    }
    for typed in ["Germany", "EU", "d", "1"] {
        let state = listed([Edit::Market(typed.into())]);
        let expected = FormFault { step: Step::WhatHappened, field: "market".into(), wrong: Wrong::NoCountry };
        assert_eq!(state.all_faults(), [expected], "{typed}");
    }
}

#[test]
fn a_number_alone_says_where_it_is_and_an_agency_alone_says_nothing_of_what_happened() {
    let mut state = form([listing(cities()), Msg::Door(Purpose::FlagMisuse)]);
    update(&mut state, Msg::Edit(Edit::SubjectKind(SubjectKind::GovernmentBody)));
    update(&mut state, Msg::Edit(Edit::Customer(Some(0))));
    assert_eq!(state.all_faults().iter().map(|fault| fault.wrong).collect::<Vec<_>>(), [Wrong::NothingSaid]);
    update(&mut state, Msg::Edit(Edit::Item(" 4711 ".into())));
    assert_eq!(state.all_faults(), []);
    assert_eq!(outgoing(&state).draft.subject.locations[0].item_id, "4711");
}

#[test]
fn emptying_the_line_or_taking_it_out_takes_all_of_it_out() {
    let edits = || {
        [
            Edit::OpenLine(Line::Where),
            Edit::SubjectKind(SubjectKind::CustomerOrg),
            Edit::Sector(Sector::Public),
            Edit::Customer(Some(0)),
            Edit::Item("4711".into()),
            Edit::UseCase("to sort people".into()),
            Edit::Market("de".into()),
        ]
    };
    let all = outgoing(&listed(edits())).draft.subject;
    assert!(all.public_customer.is_some() && all.market.is_some() && all.use_case == "to sort people");
    let plain = outgoing(&listed([])).draft.subject;
    let mut closed = listed(edits());
    update(&mut closed, Msg::Edit(Edit::OpenLine(Line::Where)));
    assert_eq!(outgoing(&closed).draft.subject, all, "what is in a closed line stays");
    update(&mut closed, Msg::Edit(Edit::EmptyLine(Line::Where)));
    assert_eq!(outgoing(&closed).draft.subject, plain);
    let mut removed = listed(edits());
    update(&mut removed, Msg::Remove(Part::Details));
    assert_eq!(outgoing(&removed).draft.subject, plain);
    let mut one = listed(edits());
    update(&mut one, Msg::RemoveDetail(Detail::Subject));
    let subject = outgoing(&one).draft.subject;
    assert_eq!((subject.sector, subject.public_customer), (Sector::Unknown, None));
    assert_eq!(subject.use_case, "to sort people");
}

#[test]
fn a_name_is_asked_once_somebody_looked_into_the_list() {
    let mut state = listed([Edit::SubjectKind(SubjectKind::GovernmentBody)]);
    assert!(!state.asks_name());
    update(&mut state, Msg::Edit(Edit::Customer(None)));
    assert!(state.asks_name());
    update(&mut state, Msg::Edit(Edit::Customer(Some(2))));
    update(&mut state, Msg::Edit(Edit::SubjectName("housing".into())));
    assert!(state.asks_name() && !state.unlisted, "a part of what was picked");
    // What was typed before the list came is still to be seen, and stays while it is changed.
    let mut state = listed([Edit::SubjectName("Town".into()), Edit::SubjectKind(SubjectKind::GovernmentBody)]);
    assert!(state.asks_name() && !state.unlisted);
    update(&mut state, Msg::Edit(Edit::SubjectName(String::new())));
    assert!(state.asks_name() && state.unlisted);
    // Where there is no list, a name is asked as ever.
    assert!(form([Msg::Edit(Edit::SubjectKind(SubjectKind::GovernmentBody))]).asks_name());
}
