//! The log: JSON lines on standard error.

use std::fmt;
use std::panic;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

/// Writes the hour alone, in seconds since 1970. What the intake logs must not tell to the second when a reporter was here, and a line does
/// not know which listener it comes from.
struct Hour;

impl FormatTime for Hour {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        write!(writer, "{}", crate::now().floor_to_hour().0)
    }
}

/// Starts logging, with a filter in the syntax of `tracing_subscriber::EnvFilter`.
pub(crate) fn start(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter)?;
    tracing_subscriber::fmt().json().with_env_filter(filter).with_timer(Hour).with_writer(std::io::stderr).init();
    // The message of a panic may hold a part of a request; the place is enough to find it.
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        tracing::error!(place, "a panic");
    }));
    Ok(())
}
