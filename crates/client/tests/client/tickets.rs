//! Working for a ticket, and waiting where a server says so.

use std::cell::{Cell, RefCell};

use recourse_client::follow_up::OwnSession;
use recourse_client::outbox::{Outbox, Sent};
use recourse_client::transport::{HttpRequest, HttpResponse, NetworkError, Transport};
use recourse_testkit::{InProcess, World};
use recourse_wire::engine::{Failure, Progress};
use recourse_wire::limits::{TICKET_SECONDS, WAIT_SECONDS, WORK_MAX};
use recourse_wire::problem::{Problem, ProblemKind};
use recourse_wire::ticket::Ticket;

use crate::people::{File, checked, intake, outgoing, report, rng, world};

type Change<'a> = Box<dyn FnMut(&str, &mut HttpResponse) + 'a>;

/// Stands between client and server, notes what is sent, and lets time pass where the client waits.
struct Line<'a> {
    inner: InProcess,
    world: &'a World,
    change: RefCell<Change<'a>>,
    /// The last part of each path, and the ticket that came with it.
    sent: RefCell<Vec<(String, bool)>>,
    waited: Cell<u32>,
}

impl<'a> Line<'a> {
    /// `change` gets the last part of the path and the answer.
    fn new(world: &'a World, change: impl FnMut(&str, &mut HttpResponse) + 'a) -> Self {
        let change: RefCell<Change<'a>> = RefCell::new(Box::new(change));
        Self { inner: intake(world), world, change, sent: RefCell::default(), waited: Cell::new(0) }
    }

    /// What came after the upload of the one file.
    fn after_upload(&self) -> Vec<String> {
        self.sent.borrow()[2..]
            .iter()
            .map(|(what, ticket)| format!("{what}{}", if *ticket { " with" } else { "" }))
            .collect()
    }
}

impl Transport for Line<'_> {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NetworkError> {
        let what = request.path.rsplit('/').next().unwrap().to_owned();
        let ticket = request.headers.iter().any(|(name, _)| *name == "recourse-ticket");
        self.sent.borrow_mut().push((what.clone(), ticket));
        let mut response = self.inner.send(request).await?;
        (self.change.borrow_mut())(&what, &mut response);
        Ok(response)
    }

    async fn wait(&self, seconds: u32) {
        self.waited.set(self.waited.get() + seconds);
        self.world.advance(seconds.into());
    }
}

async fn send(line: &Line<'_>, outbox: &mut Outbox) -> (Result<Sent, Failure>, Vec<Progress>) {
    let checked = checked(line.world, &intake(line.world)).await;
    let files = [File::of(10)];
    let outgoing = outgoing("with a ticket", &files);
    let heard = RefCell::new(Vec::new());
    let progress = |progress| heard.borrow_mut().push(progress);
    let seed = 1 + line.world.cases().await.len() as u64;
    let sent = outbox.send(line, &mut rng(seed), &checked, &outgoing, &files, progress).await;
    (sent, heard.into_inner())
}

fn change_ticket(response: &mut HttpResponse, change: impl FnOnce(&mut Ticket)) {
    let mut ticket: Ticket = serde_json::from_slice(&response.body).unwrap();
    change(&mut ticket);
    response.body = serde_json::to_vec(&ticket).unwrap();
}

fn busy(response: &mut HttpResponse, seconds: u32) {
    response.status = 429;
    response.headers = vec![("retry-after".to_owned(), seconds.to_string())];
    response.body = b"<h1>Slow down</h1>".to_vec();
}

fn kind(failure: &Failure) -> Option<ProblemKind> {
    let Failure::Problem { problem } = failure else { return None };
    problem.kind()
}

#[tokio::test]
async fn a_ticket_is_fetched_last_and_solved_before_the_report_goes() {
    let world = world().await;
    let line = Line::new(&world, |_, _| ());
    let (sent, heard) = send(&line, &mut Outbox::default()).await;
    sent.unwrap();
    assert_eq!(line.after_upload(), ["tickets", "reports with"]);
    assert_eq!(heard[heard.len() - 3..], [Progress::Sealing, Progress::Proving, Progress::Sending]);
}

#[tokio::test]
async fn a_ticket_that_is_not_taken_is_replaced_once() {
    let world = world().await;
    // The device slept between the work and the sending.
    let mut slept = false;
    let line = Line::new(&world, |what, _| {
        if what == "tickets" && !std::mem::replace(&mut slept, true) {
            world.advance(TICKET_SECONDS);
        }
    });
    let (sent, _) = send(&line, &mut Outbox::default()).await;
    sent.unwrap();
    assert_eq!(line.after_upload(), ["tickets", "reports with", "tickets", "reports with"]);
    drop(line);

    // A server that takes none cannot keep the device at work.
    for slug in [ProblemKind::TicketRefused, ProblemKind::TicketExpired, ProblemKind::TicketRequired] {
        let mut outbox = Outbox::default();
        let line = Line::new(&world, |what, response| {
            if what == "reports" {
                response.status = slug.status();
                response.headers = vec![("content-type".to_owned(), "application/problem+json".to_owned())];
                response.body = serde_json::to_vec(&Problem::new(slug, None)).unwrap();
            }
        });
        let (sent, _) = send(&line, &mut outbox).await;
        assert_eq!(kind(&sent.unwrap_err()), Some(slug));
        assert_eq!(line.after_upload(), ["tickets", "reports with", "tickets", "reports with"]);
        // And what it has recorded all the same is found by the next try.
        let honest = Line::new(&world, |_, _| ());
        send(&honest, &mut outbox).await.0.unwrap();
    }
    assert_eq!(world.cases().await.len(), 4);
}

#[tokio::test]
async fn a_server_without_tickets_gets_the_report_without_one() {
    let world = world().await;
    let line = Line::new(&world, |what, response| {
        if what == "tickets" {
            response.status = 404;
            response.headers = vec![("content-type".to_owned(), "application/problem+json".to_owned())];
            response.body = serde_json::to_vec(&Problem::new(ProblemKind::NotFound, None)).unwrap();
        }
    });
    // This one has them, and says what is missing.
    let (sent, _) = send(&line, &mut Outbox::default()).await;
    assert_eq!(kind(&sent.unwrap_err()), Some(ProblemKind::TicketRequired));
    assert_eq!(line.after_upload()[..2], ["tickets", "reports"]);
}

#[tokio::test]
async fn a_lying_server_cannot_make_the_device_work_for_more_than_the_cap() {
    let world = world().await;
    let line = Line::new(&world, |what, response| {
        if what == "tickets" {
            change_ticket(response, |ticket| ticket.maxnumber = u64::from(WORK_MAX) + 1);
        }
    });
    let mut outbox = Outbox::default();
    let (sent, _) = send(&line, &mut outbox).await;
    assert_eq!(sent.unwrap_err(), Failure::Overworked);
    assert_eq!(line.after_upload(), ["tickets"]);
    // A riddle without an answer.
    let line = Line::new(&world, |what, response| {
        if what == "tickets" {
            change_ticket(response, |ticket| ticket.challenge = "00".repeat(32));
        }
    });
    let (sent, _) = send(&line, &mut outbox).await;
    assert_eq!(sent.unwrap_err(), Failure::Overworked);
    assert_eq!(world.cases().await, []);
    // Nothing is lost by either.
    send(&Line::new(&world, |_, _| ()), &mut outbox).await.0.unwrap();
}

#[tokio::test]
async fn where_a_server_says_later_the_report_waits_and_goes_on() {
    for at in ["uploads", "tickets", "reports"] {
        let world = world().await;
        let mut left = 2;
        let line = Line::new(&world, |what, response| {
            if what == at && left > 0 {
                left -= 1;
                busy(response, 12);
            }
        });
        let (sent, heard) = send(&line, &mut Outbox::default()).await;
        sent.unwrap();
        assert_eq!(line.waited.get(), 24, "{at}");
        let waits: Vec<u32> = heard
            .iter()
            .filter_map(|progress| if let Progress::Waiting { seconds } = progress { Some(*seconds) } else { None })
            .collect();
        assert_eq!(waits, [12, 7, 2, 12, 7, 2], "{at}");
        assert_eq!(world.cases().await.len(), 1, "{at}");
    }
}

#[tokio::test]
async fn where_later_is_much_later_the_person_is_told_when() {
    let world = world().await;
    let mut outbox = Outbox::default();
    for (seconds, waited) in [(WAIT_SECONDS + 1, 0), (WAIT_SECONDS - 1, WAIT_SECONDS - 1), (u32::MAX, 0)] {
        let line = Line::new(&world, |what, response| {
            if what == "tickets" {
                busy(response, seconds);
            }
        });
        let (sent, _) = send(&line, &mut outbox).await;
        let Failure::Problem { problem } = sent.unwrap_err() else { panic!("{seconds}") };
        assert_eq!(problem.kind(), Some(ProblemKind::TooManyRequests));
        assert_eq!(problem.detail, Some(seconds.to_string()));
        assert_eq!(line.waited.get(), waited);
    }
    assert_eq!(world.cases().await, []);
    send(&Line::new(&world, |_, _| ()), &mut outbox).await.0.unwrap();
}

/// A flood of wrong codes from everywhere does not keep out whoever holds a right one.
#[tokio::test]
async fn a_right_receipt_opens_whatever_others_guess() {
    let world = world().await;
    let sent = report(&world, 1, "something", &[]).await;
    let other = report(&self::world().await, 2, "elsewhere", &[]).await;
    let line = Line::new(&world, |_, _| ());
    let open = async |code: &str| OwnSession::open(&line, &world.channel, code, None, world.now()).await.map(|_| ());
    let mut last = None;
    for _ in 0..201 {
        last = open(&other.receipt).await.err().and_then(|failure| kind(&failure));
        assert!(matches!(last, Some(ProblemKind::UnknownCase | ProblemKind::TooManyRequests)));
    }
    assert_eq!(last, Some(ProblemKind::TooManyRequests));
    assert_eq!(open(&sent.receipt).await, Ok(()));
}
