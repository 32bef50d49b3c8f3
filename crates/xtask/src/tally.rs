//! Reads from a test runner's output how many tests passed and failed.

/// Tests counted so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Ran and were good.
    pub(crate) passed: u64,
    /// Ran and were not, or were left out: nothing may be skipped.
    pub(crate) failed: u64,
}

impl Tally {
    /// Counts a line if it is a summary of libtest (also wasm-bindgen's), of `node --test`, of Playwright, or of our own scripts.
    pub(crate) fn read(&mut self, line: &str) {
        let line = plain(line);
        let line = line.trim();
        if let Some(summary) = line.strip_prefix("test result: ") {
            for part in summary.split(['.', ';']) {
                match part.trim().split_once(' ') {
                    Some((count, "passed")) => self.passed += number(count),
                    Some((count, "failed" | "ignored")) => self.failed += number(count),
                    _ => {}
                }
            }
            return;
        }
        // node: `# pass 3` (TAP) or `ℹ pass 3` (for people).
        if let Some((word, count)) = line.strip_prefix(['#', 'ℹ']).and_then(|rest| rest.trim().split_once(' ')) {
            match word {
                "pass" => self.passed += number(count),
                "fail" | "cancelled" | "skipped" | "todo" => self.failed += number(count),
                _ => {}
            }
            return;
        }
        // Our own scripts: `what: 3 passed, 0 failed`.
        if let Some((passed, failed)) = line.rsplit_once(": ").and_then(|(_, counts)| counts.split_once(" passed, "))
            && let Some(failed) = failed.strip_suffix(" failed")
        {
            self.passed += number(passed);
            self.failed += number(failed);
            return;
        }
        // Playwright: `  3 passed (4.1s)`, `  1 failed`, `  1 flaky`, `  2 skipped`, `  1 did not run`.
        if let Some((count, rest)) = line.split_once(' ') {
            match rest {
                "failed" | "flaky" | "skipped" | "did not run" | "interrupted" => self.failed += number(count),
                _ if rest == "passed" || rest.starts_with("passed (") => self.passed += number(count),
                _ => {}
            }
        }
    }
}

fn number(text: &str) -> u64 {
    text.trim().parse().unwrap_or(0)
}

/// The line without ANSI colours.
fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, escape)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        rest = escape.split_once(|end: char| end.is_ascii_alphabetic()).map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_counted_and_nothing_else() {
        for (line, passed, failed) in [
            ("test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s", 12, 0),
            ("test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured; 4 filtered out", 3, 3),
            ("test result: \u{1b}[32mok\u{1b}[0m. 5 passed; 0 failed; 0 ignored", 5, 0),
            ("# pass 7", 7, 0),
            ("ℹ pass 7", 7, 0),
            ("\u{1b}[34mℹ fail 2\u{1b}[39m", 0, 2),
            ("# skipped 1", 0, 1),
            ("# Subtest: pass 9 things", 0, 0),
            ("  14 passed (31.2s)", 14, 0),
            ("\u{1b}[31m  1 failed\u{1b}[39m", 0, 1),
            ("  1 did not run", 0, 1),
            ("  1 flaky", 0, 1),
            ("cctv-age: 120 passed, 2 failed", 120, 2),
            ("test sealed::works ... ok", 0, 0),
            ("3 passed through the door", 0, 0),
        ] {
            let mut tally = Tally::default();
            tally.read(line);
            assert_eq!(tally, Tally { passed, failed }, "{line:?}");
        }
    }
}
