//! Time grows with the text and no faster, whatever the text.
#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, reason = "a test of speed reads the clock")]

use std::time::{Duration, Instant};

use recourse_redact::{Options, Own, find};

/// Texts of about `length` characters that make careless scanners slow.
fn hostile(length: usize) -> Vec<String> {
    let units = [
        "1",
        "1 ",
        "1-",
        "12 ",
        "4111 ",
        "1111-",
        "0 ",
        "(0",
        "+",
        "+1",
        "+1 ",
        "1.",
        "1.1.1.",
        "192.0.2.",
        ":",
        "1:",
        "::",
        "f:",
        "a",
        "a.",
        "a@",
        "@",
        "@a.",
        "a@a.",
        "a-",
        "x@y.z ",
        "eyJ",
        "eyJ.",
        "eyJhbGciOiJub25lIn0.",
        "ey",
        "ghp_",
        "AKIA",
        "SK",
        "sk-",
        "Bearer ",
        "Bearer a1B2",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----A1\n",
        "-----BEGIN ",
        "-",
        "://",
        "a://",
        "http://a/reset/",
        "http://a:b@",
        "?token=",
        "&a=",
        "a=",
        "=",
        "www.",
        "DE89",
        "DE89 ",
        "DE89 3704 ",
        "AB12",
        "AB 12 ",
        "A1",
        "1A ",
        "2A",
        "order ",
        "phone ",
        "phone 1 ",
        "元",
        "電話",
        "電話1",
        "टेलीफोन ",
        "№",
        "[phone]",
        "[",
        "María ",
        "M. ",
        "M.",
        "maria_k",
        "@maria_k",
        "佐藤",
        "佐",
        "Кузнецовой ",
        "\u{301}",
        "\u{200F}",
        "é",
        "\n",
        " ",
        "123456789012345678 ",
        "44051401359 ",
        "123-45-6789",
        "1 1 1 1 1 1 1 1 1 1 ",
        "0171/39200",
    ];
    units.iter().map(|unit| unit.repeat(length / unit.chars().count())).collect()
}

/// The least of `times` measurements.
fn time(text: &str, times: usize) -> Duration {
    let own = Own {
        names: vec!["María José García Müller".into(), "佐藤 花子".into(), "Вера Кузнецова".into()],
        handles: vec!["maria_k".into()],
        emails: vec!["m.garcia@example.org".into()],
    };
    let once = || {
        let start = Instant::now();
        std::hint::black_box(find(text, &own, &Options::default()));
        start.elapsed()
    };
    (0..times).map(|_| once()).min().unwrap()
}

#[test]
fn hostile_texts_take_linear_time() {
    // Without optimisation a quarter of the length shows the same.
    let length = if cfg!(debug_assertions) { 2_500 } else { 10_000 };
    let mut slowest = (Duration::ZERO, String::new());
    for (short, long) in hostile(length).into_iter().zip(hostile(8 * length)) {
        let start: String = short.chars().take(24).collect();
        let (mut one, mut eight) = (time(&short, 2), time(&long, 1));
        // Others may use the machine: what looks slow is measured again.
        if eight > one * 16 || one > Duration::from_millis(10) {
            (one, eight) = (time(&short, 9), time(&long, 9));
        }
        // Eight times the text; a quadratic scanner takes 64 times as long.
        assert!(eight < one * 24, "{start}: {one:?} became {eight:?}");
        assert!(one < Duration::from_millis(20), "{start}: {one:?}");
        slowest = slowest.max((one, start));
    }
    println!("{length} characters: at most {:?}, for {}…", slowest.0, slowest.1.escape_debug());
}
