//! The list of numbers to call in danger: somebody may dial one, so nothing stands in it without what it was compared with.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;

use recourse_domain::text::Country;
use serde_json::{Value, json};

const LIST: &str = include_str!("../data/help.json");

fn list() -> Value {
    serde_json::from_str(LIST).expect("the list is JSON")
}

/// Whether each entry can be dialled, says who published it, and carries its check; every fault with its place.
fn faults(list: &Value) -> Vec<String> {
    let mut out = Vec::new();
    let copies = list["copies"].as_object().expect("the list has copies");
    for (name, copy) in copies {
        published(&mut out, name, &copy["of"]);
        read(&mut out, name, &copy["read"]);
        day(&mut out, name, &copy["as_of"]);
    }
    let mut seen = BTreeSet::new();
    for country in each(&list["countries"]) {
        let code = text(&country["country"]);
        if code.parse::<Country>().is_err() || code == "XK" {
            out.push(format!("{code}: not in ISO 3166-1"));
        }
        if !seen.insert(code) {
            out.push(format!("{code}: twice"));
        }
        published(&mut out, code, &country["source"]);
        checked(&mut out, code, &country["checked"]);
        if each(&country["emergency"]).is_empty() {
            out.push(format!("{code}: no emergency number"));
        }
        for entry in each(&country["emergency"]) {
            let place = &format!("{code} {}", text(&entry["number"]));
            if !["all", "police", "ambulance", "fire"].contains(&text(&entry["for"])) {
                out.push(format!("{place}: for what?"));
            }
            number(&mut out, place, &entry["number"]);
            if each(&entry["in"]).is_empty() {
                out.push(format!("{place}: found nowhere"));
            }
            known(&mut out, place, &entry["in"], copies);
        }
        for entry in each(&country["helplines"]) {
            let place = &format!("{code} {}", text(&entry["name"]));
            if text(&entry["name"]).is_empty() {
                out.push(format!("{place}: no name"));
            }
            number(&mut out, place, &entry["number"]);
            published(&mut out, place, &entry["source"]);
            checked(&mut out, place, &entry["checked"]);
            known(&mut out, place, &entry["in"], copies);
            if !["own", "government", "other"].contains(&text(&entry["checked"]["by"])) {
                out.push(format!("{place}: whose word is it?"));
            }
        }
    }
    out
}

fn each(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Digits, with single spaces or hyphens between them.
fn number(out: &mut Vec<String>, place: &str, value: &Value) {
    let groups: Vec<&str> = text(value).split([' ', '-']).collect();
    let whole = groups.iter().all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    if !whole || !(2..=11).contains(&groups.concat().len()) {
        out.push(format!("{place}: {value} cannot be dialled"));
    }
}

fn published(out: &mut Vec<String>, place: &str, value: &Value) {
    if text(value).strip_prefix("https://").is_none_or(|rest| !rest.contains('.') || rest.contains([' ', '"'])) {
        out.push(format!("{place}: source {value}"));
    }
}

/// A copy may be kept by somebody without TLS; what is shown as the source may not.
fn read(out: &mut Vec<String>, place: &str, value: &Value) {
    if !["https://", "http://"].iter().any(|scheme| text(value).starts_with(scheme)) {
        out.push(format!("{place}: read {value}"));
    }
}

fn checked(out: &mut Vec<String>, place: &str, check: &Value) {
    if each(&check["against"]).is_empty() {
        out.push(format!("{place}: checked against nothing"));
    }
    for address in each(&check["against"]) {
        read(out, place, address);
    }
    day(out, place, &check["on"]);
}

/// `2026-11-30`.
fn day(out: &mut Vec<String>, place: &str, value: &Value) {
    let parts: Vec<&str> = text(value).split('-').collect();
    let numbers: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let real = matches!(numbers[..], [2020..=2999, 1..=12, 1..=31]);
    if !real || parts.iter().map(|part| part.len()).ne([4, 2, 2]) {
        out.push(format!("{place}: day {value}"));
    }
}

fn known(out: &mut Vec<String>, place: &str, names: &Value, copies: &serde_json::Map<String, Value>) {
    for name in each(names) {
        if !copies.contains_key(text(name)) {
            out.push(format!("{place}: {name} is no copy"));
        }
    }
}

#[test]
fn every_number_can_be_dialled_and_carries_its_check() {
    assert_eq!(faults(&list()), [""; 0]);
}

#[test]
fn what_is_wrong_in_the_list_is_found() {
    let check = |place: &str, value: Value, expected: &str| {
        let mut list = list();
        *list.pointer_mut(place).unwrap_or_else(|| panic!("{place} is there")) = value;
        let found = faults(&list);
        assert!(found.iter().any(|fault| fault.contains(expected)), "{place}: {found:?} without {expected:?}");
    };
    check("/countries/0/country", json!("UK"), "not in ISO 3166-1");
    check("/countries/0/country", json!("XK"), "not in ISO 3166-1");
    check("/countries/0/country", json!("AR"), "twice");
    check("/countries/0/source", json!("http://www.gov.uk/"), "source");
    check("/countries/0/source", json!("gov.uk"), "source");
    check("/countries/0/checked", Value::Null, "against nothing");
    check("/countries/0/checked/on", json!("2026-13-01"), "day");
    check("/countries/0/checked/on", json!("30.11.2026"), "day");
    check("/countries/0/checked/against", json!(["from memory"]), "read");
    check("/countries/0/emergency", json!([]), "no emergency number");
    check("/countries/0/emergency/0/for", json!("taxi"), "for what");
    check("/countries/0/emergency/0/in", json!([]), "found nowhere");
    check("/countries/0/emergency/0/in", json!(["hearsay"]), "no copy");
    for number in ["", "9", "999 ", "99  9", "tel:999", "９９９", "+44 999", "999;ext=1", "123456789012"] {
        check("/countries/0/emergency/0/number", json!(number), "cannot be dialled");
    }
    check("/countries/1/helplines/0/name", json!(""), "no name");
    check("/countries/1/helplines/0/number", json!("call us"), "cannot be dialled");
    check("/countries/1/helplines/0/source", Value::Null, "source");
    check("/countries/1/helplines/0/checked/by", Value::Null, "whose word");
    check("/countries/1/helplines/0/checked/against", json!([]), "against nothing");
    check("/copies/uk/as_of", json!("lately"), "day");
    check("/copies/uk/of", json!("http://www.gov.uk"), "source");
}
