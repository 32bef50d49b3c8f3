//! The calendar file (RFC 5545): a whole day for each date on which something is due, under a title that the person chose. Whoever sees
//! the calendar learns that title and no more: no provider, no product, and the address only where it was asked for.

use recourse_domain::time::Timestamp;

/// Octets in a line, without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// The file. `seed` makes the events' names unlike those of another file; the time of making is left at the day.
pub fn calendar(title: &str, address: Option<&str>, days: &[Timestamp], now: Timestamp, seed: u32) -> String {
    let mut out = String::new();
    for text in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Calendar//Calendar 1.0//EN", "CALSCALE:GREGORIAN"] {
        line(&mut out, text);
    }
    let today = date(now);
    for (at, day) in days.iter().enumerate() {
        let end = Timestamp(day.0 + 86_400);
        line(&mut out, "BEGIN:VEVENT");
        line(&mut out, &["UID:", &seed.to_string(), "-", &at.to_string(), "-", &date(*day)].concat());
        line(&mut out, &["DTSTAMP:", &today, "T000000Z"].concat());
        line(&mut out, &["DTSTART;VALUE=DATE:", &date(*day)].concat());
        line(&mut out, &["DTEND;VALUE=DATE:", &date(end)].concat());
        line(&mut out, &["SUMMARY:", &escaped(title)].concat());
        if let Some(address) = address {
            line(&mut out, &["DESCRIPTION:", &escaped(address)].concat());
        }
        line(&mut out, "TRANSP:TRANSPARENT");
        line(&mut out, "CLASS:PRIVATE");
        line(&mut out, "END:VEVENT");
    }
    line(&mut out, "END:VCALENDAR");
    out
}

/// One line, folded where it is too long, never within a character.
fn line(out: &mut String, text: &str) {
    let mut room = LINE;
    for c in text.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE - 1;
        }
        room -= c.len_utf8();
        out.push(c);
    }
    out.push_str("\r\n");
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// `20261129`, in UTC.
fn date(at: Timestamp) -> String {
    // Days to a civil date, after Howard Hinnant's `civil_from_days`.
    let days = at.0 / 86_400 + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    let mut out = year.to_string();
    for part in [month, day] {
        if part < 10 {
            out.push('0');
        }
        out.push_str(&part.to_string());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (at, expected) in
            [(0, "19700101"), (951_782_400, "20000229"), (1_795_305_600, "20261122"), (4_102_444_799, "20991231")]
        {
            assert_eq!(date(Timestamp(at)), expected);
        }
    }

    #[test]
    fn lines_are_folded_within_75_octets_and_texts_escaped() {
        let title = "día; uno, \\ \u{7}".to_owned() + &"ø".repeat(60) + "\nend";
        let file =
            calendar(&title, Some("https://intake.example/follow-up/demo"), &[Timestamp(951_696_000)], Timestamp(0), 7);
        assert!(file.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{file}");
        let whole = file.replace("\r\n ", "");
        assert!(whole.contains(&["SUMMARY:día\\; uno\\, \\\\ ", &"ø".repeat(60), "\\nend\r\n"].concat()), "{whole}");
        assert!(whole.contains("DTSTART;VALUE=DATE:20000228\r\nDTEND;VALUE=DATE:20000229\r\n"));
        assert!(whole.contains("DESCRIPTION:https://intake.example"));
        assert!(!calendar("x", None, &[Timestamp(0)], Timestamp(0), 7).contains("DESCRIPTION"));
    }
}
