//! The form without script: the agency from the channel's list, what it is used for and where, and the address for an own phone.

use recourse_domain::report::{PublicCustomer, Report, Sector, SubjectKind};
use recourse_domain::settings::Settings;
use recourse_flow::qr::Drawn;
use recourse_seal::body;
use recourse_testkit::{Answer, World, get, send};

use crate::plain::{PLAIN, posted};

const HOSTILE: &str = "</option><script>\"'&";

fn customer(name: &str, country: &str) -> PublicCustomer {
    PublicCustomer { name: name.into(), country: country.parse().ok() }
}

async fn listing(customers: Vec<PublicCustomer>) -> World {
    let settings = Settings { public_customers: customers, ..Settings::default() };
    World::with(|manifest| manifest.settings = settings.write().unwrap()).await
}

async fn world() -> World {
    listing(vec![customer("City of Town", "AT"), customer(HOSTILE, "")]).await
}

/// Sends these fields and opens what its readers get.
async fn sent(world: &World, fields: &[(&str, &str)]) -> Report {
    let story = [("purpose", "flag_misuse"), ("text-what-happened", "words"), ("go", "send")];
    let fields: Vec<(&str, &str)> = story.iter().chain(fields).copied().collect();
    send(&world.intake, posted(&fields, &[])).await.expect(200);
    let case = world.cases().await.pop().unwrap();
    let header = &world.events(&case.case).await[0].header;
    let sealed = world.stored_body(&case.case, &header.bodies[0].sha256).await;
    serde_json::from_slice(&body::open(&[world.team.identity()], &sealed).unwrap()).unwrap()
}

async fn page(world: &World, fields: &[(&str, &str)]) -> Answer {
    let fields: Vec<(&str, &str)> = [("purpose", "flag_misuse")].iter().chain(fields).copied().collect();
    send(&world.intake, posted(&fields, &[])).await
}

#[tokio::test]
async fn an_agency_is_picked_from_the_list_and_reaches_the_readers() {
    for (kind, expected) in [
        ("", SubjectKind::GovernmentBody),
        ("government_body", SubjectKind::GovernmentBody),
        ("customer_org", SubjectKind::CustomerOrg),
        ("automated_system", SubjectKind::AutomatedSystem),
    ] {
        let world = world().await;
        let subject = sent(&world, &[("subject", kind), ("customer", "City of Town")]).await.subject;
        assert_eq!((subject.kind, subject.sector), (expected, Sector::Public), "{kind}");
        assert_eq!(subject.public_customer, Some(customer("City of Town", "AT")), "{kind}");
    }
    let world = world().await;
    let questions = page(&world, &[]).await.expect(200).text();
    assert!(questions.contains("<option value=\"City of Town\">City of Town · AT</option>"), "{questions}");
    assert!(questions.contains("&lt;/option&gt;&lt;script&gt;") && !questions.contains("<script"), "{questions}");
    let check = page(&world, &[("go", "check"), ("text-what-happened", "words"), ("customer", "City of Town")]).await;
    assert!(check.expect(200).text().contains("A public body · City of Town · AT"));
    // Back, and it is still chosen.
    let again = page(&world, &[("go", "change"), ("text-what-happened", "words"), ("customer", "City of Town")]).await;
    assert!(again.expect(200).text().contains("<option value=\"City of Town\" selected>"));
}

#[tokio::test]
async fn what_is_not_in_the_list_is_typed_and_nothing_is_lost() {
    let world = world().await;
    let fields = [("subject", "government_body"), ("customer", "-"), ("subject-name", "Village")];
    let subject = sent(&world, &fields).await.subject;
    assert_eq!((subject.public_customer, &*subject.locations[0].tenant_ref), (None, "Village"));
    // Picked while the channel still listed it.
    let world = listing(vec![customer("City of Town", "AT")]).await;
    let subject = sent(&world, &[("subject", "government_body"), ("customer", "Gone Town")]).await.subject;
    assert_eq!((subject.public_customer, &*subject.locations[0].tenant_ref), (None, "Gone Town"));
}

#[tokio::test]
async fn a_channel_without_a_list_asks_for_none() {
    let world = World::new().await;
    let questions = page(&world, &[]).await.expect(200).text();
    assert!(!questions.contains("name=\"customer\"") && questions.contains("name=\"sector\""));
    let report = sent(&world, &[("subject", "government_body"), ("customer", "City of Town")]).await;
    assert_eq!(report.subject.public_customer, None);
}

#[tokio::test]
async fn use_country_and_number_are_said_and_a_country_that_is_none_is_shown() {
    let world = world().await;
    let fields = [("use-case", "to sort people"), ("market", "uk"), ("item", "4711"), ("sector", "private")];
    let subject = sent(&world, &[&fields[..], &[("subject", "customer_org")]].concat()).await.subject;
    assert_eq!((&*subject.use_case, subject.market.unwrap().as_str()), ("to sort people", "GB"));
    assert_eq!((&*subject.locations[0].item_id, subject.sector), ("4711", Sector::Private));
    let fields = [("go", "send"), ("text-what-happened", "words"), ("market", "Austria")];
    let answer = page(&world, &fields).await.expect(422).text();
    assert!(answer.contains("href=\"#market\"") && answer.contains("value=\"Austria\""), "{answer}");
    assert!(answer.contains("Write the two letters of a country"), "{answer}");
}

#[tokio::test]
async fn the_code_for_an_own_phone_holds_the_address_and_nothing_else() {
    let world = world().await;
    let address = "https://intake.example/r/demo";
    let code = Drawn::of(address).unwrap();
    for path in [PLAIN.to_owned(), format!("{PLAIN}?lang=de")] {
        let first = send(&world.intake, get(&path)).await.expect(200).text();
        assert!(first.contains(&format!("<span class=\"ltr\">{address}</span>")), "{first}");
        assert!(first.contains(&format!("<path class=\"qr-dark\" d=\"{}\">", code.dark)), "{first}");
    }
}
