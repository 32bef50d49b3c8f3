//! Whom or what it is about: the sector, the agency from the channel's list, number, use and country.

use recourse_domain::report::PublicCustomer;
use recourse_domain::text::Country;
use recourse_domain::vocabulary::{Sector, SubjectKind};
use recourse_redact::folded;

use super::State;

/// Names of the list that are shown at once: more are found by typing.
pub const CUSTOMERS_SHOWN: usize = 6;

impl State {
    /// Whether it is asked what kind of organisation is behind it: not where the answer follows, nor where nobody knows.
    pub const fn asks_sector(&self) -> bool {
        matches!(
            self.draft.subject.kind,
            SubjectKind::CustomerOrg | SubjectKind::EndUser | SubjectKind::ContentItem | SubjectKind::AutomatedSystem
        )
    }

    /// The sector, as it would be sent.
    pub const fn sector(&self) -> Sector {
        match self.draft.subject.kind {
            SubjectKind::GovernmentBody => Sector::Public,
            _ if self.asks_sector() => self.draft.subject.sector,
            _ => Sector::Unknown,
        }
    }

    /// The channel's customers of the public sector, as it lists them.
    pub fn customers(&self) -> &[PublicCustomer] {
        self.asked.as_ref().map_or(&[], |asked| &asked.customers)
    }

    /// Whether people can pick one: where it is of the state, and the channel has a list.
    pub fn asks_customer(&self) -> bool {
        matches!(self.sector(), Sector::Public) && !self.customers().is_empty()
    }

    /// The one that was picked, as it would be sent.
    pub fn customer(&self) -> Option<&PublicCustomer> {
        if self.asks_customer() { self.draft.subject.public_customer.as_ref() } else { None }
    }

    /// The name that was typed, as it would be sent: beside one that was picked, it may say which part of it.
    pub fn named_subject(&self) -> &str {
        self.subject_name.trim()
    }

    /// Whether the name is asked: not before somebody looked into the list that may have it. Beside what was picked it is asked which part.
    pub fn asks_name(&self) -> bool {
        !self.asks_customer() || self.unlisted || self.customer().is_some() || !self.subject_name.is_empty()
    }

    /// The country, as it would be sent.
    pub fn market(&self) -> Option<Country> {
        country(&self.market)
    }

    /// Places of the customers in whose name or country every word typed stands. `called` names a country for people.
    pub fn customers_found(&self, called: &dyn Fn(&str) -> String) -> Vec<usize> {
        let query = folded(&self.customer_query);
        let mut found = Vec::new();
        for (at, customer) in self.customers().iter().enumerate() {
            let country = customer.country.as_ref().map_or("", Country::as_str);
            let text = folded(&[&*customer.name, " ", country, " ", &*called(country)].concat());
            if query.split_whitespace().all(|word| text.contains(word)) {
                found.push(at);
            }
        }
        found
    }

    /// Whoever types a name beside the list did not find it there.
    pub(super) fn name_subject(&mut self, name: String) {
        self.subject_name = name;
        self.unlisted = self.unlisted || (self.asks_customer() && self.customer().is_none());
    }

    pub(super) fn pick_customer(&mut self, at: Option<usize>) {
        self.unlisted = at.is_none();
        self.draft.subject.public_customer = at.and_then(|at| self.customers().get(at).cloned());
    }

    /// The channel was read anew: a name that it no longer lists becomes one that was typed.
    pub(super) fn keep_customer(&mut self) {
        let listed = |customer: &PublicCustomer| self.customers().contains(customer);
        if let Some(gone) = self.draft.subject.public_customer.as_ref().filter(|customer| !listed(customer)) {
            if self.subject_name.trim().is_empty() {
                self.subject_name = gone.name.clone();
            }
            self.pick_customer(None);
        }
    }

    /// Forgets whom it is about.
    pub(super) fn clear_subject(&mut self) {
        let subject = &mut self.draft.subject;
        subject.kind = SubjectKind::Unknown;
        subject.sector = Sector::Unknown;
        subject.public_customer = None;
        self.unlisted = false;
        self.customer_query.clear();
        self.subject_name.clear();
    }
}

/// A country by its two letters, as people write them: `UK` is one that they know.
pub(super) fn country(text: &str) -> Option<Country> {
    let mut code = text.trim().to_ascii_uppercase();
    if code == "UK" {
        code.clear();
        code.push_str("GB");
    }
    code.parse().ok()
}
