//! Whom it is about, where and what for; and the form's address for the camera of an own phone.

use recourse_domain::text::Country;
use recourse_domain::vocabulary::{Sector, SubjectKind};
use recourse_flow::qr::Drawn;

use crate::asking::{Asking, ids};
use crate::icon::Icon;
use crate::markup::Markup;
use crate::plain::Page;
use crate::text::{form, plain};

/// The value that says of a list that the one meant is not in it. An agency of that name would be found first.
pub(crate) const UNLISTED: &str = "-";

impl Asking<'_> {
    /// Whom or what, by kind, list and name.
    pub(crate) fn subject(&self, html: &mut Markup) {
        let kinds = ids(SubjectKind::ALL.map(SubjectKind::as_str));
        self.select(html, "subject", form::SUBJECT_LEGEND, form::SUBJECT_, &kinds);
        let sectors = ids(Sector::ALL.map(Sector::as_str));
        self.select(html, "sector", form::SECTOR_LEGEND, form::SECTOR_, &sectors);
        self.customers(html);
        self.line(html, "subject-name", form::SUBJECT_NAME, Some(form::SUBJECT_NAME_HINT));
        self.line(html, "item", form::WHERE_ITEM, Some(form::WHERE_ITEM_HINT));
    }

    /// Where in the product, what for, in which country.
    pub(crate) fn used(&self, html: &mut Markup) {
        self.line(html, "feature", form::WHERE_FEATURE, Some(form::WHERE_FEATURE_HINT));
        self.line(html, "use-case", form::WHERE_USE_CASE, Some(form::WHERE_USE_CASE_HINT));
        // Names of countries in the reader's language are the browser's, which without script cannot be asked for them.
        self.line(html, "market", form::WHERE_MARKET, Some(plain::PLAIN_MARKET_HINT));
    }

    /// The channel's customers of the public sector. Every browser finds in such a list by the first letters.
    fn customers(&self, html: &mut Markup) {
        let customers = self.answers.state.customers();
        if customers.is_empty() {
            return;
        }
        html.open("div", "field").open("label", "").set("for", "customer").text(self.page.say(plain::PLAIN_CUSTOMER));
        html.close().open("p", "hint").set("id", "customer-hint").text(&self.page.named(form::CUSTOMER_HINT)).close();
        html.open("select", "").set("id", "customer").set("name", "customer").set("aria-describedby", "customer-hint");
        html.open("option", "").set("value", "").text(self.page.say(plain::PLAIN_NO_ANSWER)).close();
        html.open("option", "").set("value", UNLISTED).flag("selected", self.answers.state.unlisted);
        html.text(self.page.say(form::CUSTOMER_UNLISTED)).close();
        for customer in customers {
            let chosen = !self.answers.state.unlisted && self.answers.chose("customer", &customer.name);
            html.open("option", "").set("value", &customer.name).flag("selected", chosen);
            html.text(&called(&customer.name, customer.country.as_ref())).close();
        }
        html.close().close();
    }
}

/// A name with the letters of its country.
pub(crate) fn called(name: &str, country: Option<&Country>) -> String {
    country.map_or_else(|| name.to_owned(), |country| [name, " · ", country.as_str()].concat())
}

impl Page<'_> {
    /// The address of the form with script, to type or to scan: it names the form and nothing else.
    pub(crate) fn phone(&self, html: &mut Markup) {
        html.open("li", "phone").icon(Icon::Phone).open("details", "plainly").set("id", "on-phone");
        html.line("summary", "", self.say(form::START_ON_PHONE));
        html.open("p", "hint").text(self.say(form::START_ON_PHONE_HINT)).text(" ");
        html.line("span", "ltr", self.hosted).close();
        if let Some(code) = Drawn::of(self.hosted) {
            html.open("div", "stack small").line("p", "hint", self.say(form::PHONE_SCAN));
            html.open("svg", "qr").set("role", "img").set("aria-label", self.say(form::PHONE_QR));
            html.set("viewBox", &code.view_box()).open("path", "qr-light").set("d", &code.light()).close();
            html.open("path", "qr-dark").set("d", &code.dark).close().close().close();
        }
        html.close().close();
    }
}
