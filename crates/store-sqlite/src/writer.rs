//! The one thread that writes. Jobs queue; whatever waits goes into one transaction, each job in a savepoint of its own, and
//! all are answered after the one sync of the commit. So the price of a sync is shared by everybody who waited for it.

use std::sync::Arc;
use std::thread::JoinHandle;

use recourse_store::StoreError;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::error;

/// Jobs that may wait before callers are held up.
const QUEUE: usize = 1_024;
/// Jobs in one transaction, so that the first does not wait for ever.
const GROUP: usize = 256;

/// Why a write failed, and whether what it refers to may be thrown away.
#[derive(Debug)]
pub(crate) struct WriteError {
    pub(crate) cause: StoreError,
    /// The transaction may yet be found committed after a restart: leave the files that it names.
    pub(crate) undecided: bool,
}

impl From<WriteError> for StoreError {
    fn from(error: WriteError) -> Self {
        error.cause
    }
}

/// Hands jobs to the thread; dropping it waits until the queue is empty and the thread has ended.
#[derive(Debug)]
pub(crate) struct Writer {
    jobs: Option<mpsc::Sender<Box<dyn Work>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread on that connection.
    pub(crate) fn start(connection: Connection) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let thread =
            std::thread::Builder::new().name("recourse-writer".into()).spawn(move || run(&connection, queue))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Runs a job and answers when its transaction is synced. An error of the job undoes the job alone. Once queued, the job runs
    /// to its end even when the caller stops waiting.
    pub(crate) async fn write<T, F>(&self, job: F) -> Result<T, WriteError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let work = Pending { job: Some(job), outcome: None, sender };
        let jobs = self.jobs.as_ref().ok_or_else(|| stopped(false))?;
        jobs.send(Box::new(work)).await.map_err(|_| stopped(false))?;
        // A job that vanished with the thread was not answered, so nobody knows how it ended.
        receiver.await.map_err(|_| stopped(true))?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn stopped(undecided: bool) -> WriteError {
    WriteError { cause: StoreError::unavailable("the writer has stopped"), undecided }
}

/// How the transaction of a job ended.
#[derive(Clone)]
enum Fate {
    Committed,
    /// Certainly nothing of it is stored.
    RolledBack(Arc<StoreError>),
    /// The commit failed on the way: its frames may stand in the log whole.
    Undecided(Arc<StoreError>),
}

/// A job and the caller who waits for it.
trait Work: Send {
    /// Runs the job and says if it failed and is to be undone.
    fn run(&mut self, connection: &Connection) -> Option<&StoreError>;
    /// Tells the caller.
    fn answer(self: Box<Self>, fate: Fate);
}

struct Pending<T, F> {
    job: Option<F>,
    outcome: Option<Result<T, StoreError>>,
    sender: oneshot::Sender<Result<T, WriteError>>,
}

impl<T, F> Work for Pending<T, F>
where
    T: Send,
    F: FnOnce(&Connection) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, connection: &Connection) -> Option<&StoreError> {
        self.outcome = self.job.take().map(|job| job(connection));
        self.outcome.as_ref().and_then(|outcome| outcome.as_ref().err())
    }

    fn answer(self: Box<Self>, fate: Fate) {
        let answer = match (self.outcome, fate) {
            (Some(Err(cause)), _) => Err(WriteError { cause, undecided: false }),
            (Some(Ok(value)), Fate::Committed) => Ok(value),
            (Some(Ok(_)), Fate::Undecided(cause)) => Err(WriteError { cause: again(&cause), undecided: true }),
            (_, Fate::RolledBack(cause)) => Err(WriteError { cause: again(&cause), undecided: false }),
            (None, _) => Err(stopped(false)),
        };
        // The caller may have stopped waiting.
        let _ = self.sender.send(answer);
    }
}

/// The same failure, told to one more caller.
fn again(cause: &Arc<StoreError>) -> StoreError {
    match cause.as_ref() {
        StoreError::NoSpace => StoreError::NoSpace,
        StoreError::Damaged(what) => StoreError::Damaged(what.clone()),
        StoreError::Unavailable(_) | StoreError::Inconsistent(_) => StoreError::unavailable(Arc::clone(cause)),
    }
}

fn run(connection: &Connection, mut queue: mpsc::Receiver<Box<dyn Work>>) {
    while let Some(first) = queue.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP {
            match queue.try_recv() {
                Ok(work) => group.push(work),
                Err(_) => break,
            }
        }
        let fate = run_group(connection, &mut group);
        // After a failed sync the kernel may have dropped the pages and report success the next time, so no later answer could
        // be believed; a restart reads the log anew and settles what is stored. A full disk fails before the sync.
        let trusted = match &fate {
            Fate::Undecided(cause) => matches!(cause.as_ref(), StoreError::NoSpace),
            Fate::Committed | Fate::RolledBack(_) => true,
        };
        for work in group {
            work.answer(fate.clone());
        }
        if !trusted {
            tracing::error!("the log could not be synced: nothing more is written until a restart");
            return;
        }
    }
}

fn run_group(connection: &Connection, group: &mut [Box<dyn Work>]) -> Fate {
    match run_transaction(connection, group) {
        Ok(()) => match connection.execute_batch("COMMIT").map_err(error::sql) {
            Ok(()) => Fate::Committed,
            Err(cause) => {
                roll_back(connection, group.len(), &cause);
                Fate::Undecided(Arc::new(cause))
            }
        },
        Err(cause) => {
            roll_back(connection, group.len(), &cause);
            Fate::RolledBack(Arc::new(cause))
        }
    }
}

/// Runs the jobs. An error here is one of the whole transaction.
fn run_transaction(connection: &Connection, group: &mut [Box<dyn Work>]) -> Result<(), StoreError> {
    let execute = |sql| connection.prepare_cached(sql)?.execute([]);
    connection.execute_batch("BEGIN IMMEDIATE").map_err(error::sql)?;
    for work in group {
        execute("SAVEPOINT job").map_err(error::sql)?;
        if let Some(failure) = work.run(connection) {
            // A full disk or a failed read makes SQLite roll the whole transaction back by itself, savepoints and all.
            if connection.is_autocommit() {
                return Err(match failure {
                    StoreError::NoSpace => StoreError::NoSpace,
                    other => StoreError::unavailable(other.to_string()),
                });
            }
            execute("ROLLBACK TO job").map_err(error::sql)?;
        }
        execute("RELEASE job").map_err(error::sql)?;
    }
    Ok(())
}

fn roll_back(connection: &Connection, jobs: usize, cause: &StoreError) {
    tracing::error!(error = %cause, jobs, "a transaction was rolled back");
    if !connection.is_autocommit()
        && let Err(error) = connection.execute_batch("ROLLBACK")
    {
        tracing::error!(%error, "rolling back failed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writer() -> (tempfile::TempDir, std::path::PathBuf, Writer) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("jobs.sqlite");
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE jobs (number INTEGER, fill BLOB)",
            )
            .unwrap();
        (folder, path, Writer::start(connection).unwrap())
    }

    fn insert(number: i64, bytes: i64) -> impl FnOnce(&Connection) -> Result<i64, StoreError> + Send {
        move |connection| {
            connection.execute("INSERT INTO jobs VALUES (?1, zeroblob(?2))", (number, bytes)).map_err(error::sql)?;
            Ok(number)
        }
    }

    fn stored(path: &std::path::Path) -> Vec<i64> {
        let connection = Connection::open(path).unwrap();
        let mut statement = connection.prepare("SELECT number FROM jobs ORDER BY number").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[tokio::test]
    async fn a_failing_job_undoes_itself_alone() {
        let (_folder, path, writer) = writer();
        let jobs = (0..100).map(|number| {
            let writer = &writer;
            async move {
                if number % 3 == 0 {
                    let failing = move |connection: &Connection| {
                        insert(number, 10)(connection)?;
                        Err::<i64, _>(StoreError::Inconsistent("on purpose"))
                    };
                    assert!(matches!(writer.write(failing).await.unwrap_err().cause, StoreError::Inconsistent(_)));
                } else {
                    assert_eq!(writer.write(insert(number, 10)).await.unwrap(), number);
                }
            }
        });
        futures_util::future::join_all(jobs).await;
        assert_eq!(stored(&path), (0..100).filter(|number| number % 3 != 0).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn a_full_disk_is_an_error_for_everyone_in_the_group_and_passes() {
        let (_folder, path, writer) = writer();
        let pages = |number: i64| {
            move |connection: &Connection| {
                connection.query_row(&format!("PRAGMA max_page_count = {number}"), [], |_| Ok(())).map_err(error::sql)
            }
        };
        writer.write(pages(20)).await.unwrap();
        let outcomes = futures_util::future::join_all((0..40).map(|number| writer.write(insert(number, 30_000)))).await;
        let kept: Vec<i64> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok().copied()).collect();
        let failed = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect::<Vec<_>>();
        assert!(!failed.is_empty() && failed.iter().all(|error| matches!(error.cause, StoreError::NoSpace)));
        assert_eq!(stored(&path), kept, "answered and stored are the same");
        writer.write(pages(10_000)).await.unwrap();
        writer.write(insert(1_000, 30_000)).await.unwrap();
        assert_eq!(stored(&path).last(), Some(&1_000));
    }
}
