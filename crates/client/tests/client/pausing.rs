//! A sending that the person pauses, and one whose device has no network for a while.

use std::cell::{Cell, RefCell};

use recourse_client::outbox::Outbox;
use recourse_client::transport::{HttpRequest, HttpResponse, Method, NetworkError, Transport};
use recourse_testkit::InProcess;
use recourse_wire::engine::{Failure, Progress};

use crate::people::{File, checked, intake, outgoing, rng, world};

/// A line on which something happens at the first pieces of a file.
struct Line {
    inner: InProcess,
    /// Pieces that are cut from the second on.
    cuts: Cell<u32>,
    /// The person pauses at the first cut.
    pauses: bool,
    paused: Cell<bool>,
    offline: Cell<bool>,
    pieces: Cell<u32>,
    heard: RefCell<Vec<String>>,
}

impl Line {
    fn new(inner: InProcess, cuts: u32, pauses: bool, offline: bool) -> Self {
        let (cuts, offline) = (Cell::new(cuts), Cell::new(offline));
        Self { inner, cuts, pauses, paused: Cell::new(false), offline, pieces: Cell::new(0), heard: RefCell::default() }
    }

    fn hears(&self, what: &str) {
        self.heard.borrow_mut().push(what.to_owned());
    }
}

impl Transport for Line {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NetworkError> {
        assert!(!self.paused.get(), "nothing is sent while it is paused");
        let upload = request.path.contains("/uploads/");
        if upload {
            self.hears(request.method.as_str());
        }
        if upload && request.method == Method::Patch {
            self.pieces.set(self.pieces.get() + 1);
            if self.pieces.get() > 1 && self.cuts.get() > 0 {
                self.cuts.set(self.cuts.get() - 1);
                self.paused.set(self.pauses);
                // It arrives, and nobody hears of it.
                self.inner.send(request).await?;
                return Err(NetworkError);
            }
        }
        self.inner.send(request).await
    }

    async fn wait(&self, seconds: u32) {
        self.inner.wait(seconds).await;
    }

    fn is_paused(&self) -> bool {
        self.paused.get()
    }

    async fn go_on(&self) {
        self.hears("gone on");
        self.paused.set(false);
    }

    fn is_offline(&self) -> bool {
        self.offline.get() && self.cuts.get() > 0
    }

    async fn reconnected(&self, seconds: u32) {
        self.hears(&format!("waited {seconds}"));
    }
}

/// Sends a file of three pieces and tells what happened on the line, and what the person was told beside how far it is.
async fn sending(line: impl FnOnce(InProcess) -> Line) -> (Result<(), Failure>, Vec<String>, Vec<Progress>) {
    let world = world().await;
    let line = line(intake(&world));
    let files = [File::of(5 << 20)];
    let checked = checked(&world, &intake(&world)).await;
    let (outgoing, mut told) = (outgoing("slowly", &files), Vec::new());
    let mut last = 0;
    let progress = |progress| match progress {
        Progress::Uploading { sent, .. } => {
            assert!(sent >= last, "never backwards");
            last = sent;
        }
        Progress::Paused | Progress::Offline => told.push(progress),
        _ => (),
    };
    let result = Outbox::default().send(&line, &mut rng(5), &checked, &outgoing, &files, progress).await;
    let cases = world.cases().await.len();
    assert_eq!(cases, usize::from(result.is_ok()));
    (result.map(drop), line.heard.take(), told)
}

#[tokio::test]
async fn a_pause_cuts_what_is_on_its_way_and_goes_on_where_the_server_stands() {
    let (result, heard, told) = sending(|inner| Line::new(inner, 1, true, false)).await;
    assert_eq!(result, Ok(()));
    // The second piece had arrived: the server says so, and it is not sent again.
    assert_eq!(heard, ["PATCH", "PATCH", "gone on", "HEAD", "PATCH"]);
    assert_eq!(told, [Progress::Paused]);
}

#[tokio::test]
async fn a_device_without_network_waits_however_long_it_takes() {
    let (result, heard, told) = sending(|inner| Line::new(inner, 1, false, true)).await;
    assert_eq!((result, told), (Ok(()), vec![Progress::Offline]));
    assert_eq!(heard, ["PATCH", "PATCH", "waited 1", "HEAD", "PATCH"]);
}

#[tokio::test]
async fn a_line_that_is_bad_is_tried_three_times_with_pauses_between() {
    let (result, heard, told) = sending(|inner| Line::new(inner, u32::MAX, false, false)).await;
    // What arrived unheard counts: the line is bad, and the server has it all.
    assert_eq!(result, Ok(()));
    assert!(told.iter().all(|progress| *progress == Progress::Offline) && !told.is_empty());
    assert!(heard.iter().filter(|what| *what == "HEAD").count() >= 2, "{heard:?}");
}
