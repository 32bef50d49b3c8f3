use std::io::{self, Read, Write as _};

use proptest::prelude::*;
use recourse_seal::file::{HEADER_LIMIT, OpenError, OpenReader, SealError, SealWriter, open, seal};

use crate::{identity, noise, rng};

const CHUNK: usize = 64 << 10;
const SEALED_CHUNK: usize = CHUNK + 16;

fn sealed(length: usize) -> Vec<u8> {
    seal(&mut rng(1), &[identity(1).to_recipient()], &noise(length)).unwrap()
}

/// Offset of the first chunk: behind the line `--- …` and a nonce of 16 bytes.
fn content_start(sealed: &[u8]) -> usize {
    let last_line = sealed.windows(5).position(|window| window == b"\n--- ").unwrap() + 1;
    last_line + 4 + 43 + 1 + 16
}

#[test]
fn round_trips_at_the_edges_of_chunks() {
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1, 1 << 20] {
        assert_eq!(open(identity(1), &sealed(length)), Ok(noise(length)), "{length}");
    }
}

#[test]
fn any_of_the_recipients_opens_and_nobody_else() {
    let recipients = [identity(1).to_recipient(), identity(2).to_recipient(), identity(3).to_recipient()];
    let sealed = seal(&mut rng(1), &recipients, b"content").unwrap();
    for seed in 1..=3 {
        assert_eq!(open(identity(seed), &sealed), Ok(b"content".to_vec()));
    }
    assert_eq!(open([identity(8), identity(9), identity(2)], &sealed), Ok(b"content".to_vec()));
    assert_eq!(open(identity(4), &sealed), Err(OpenError::NoMatchingKey));
    assert_eq!(open([], &sealed), Err(OpenError::NoMatchingKey));
    assert_eq!(seal(&mut rng(1), &[], b"content"), Err(SealError::NoRecipients));
}

#[test]
fn a_flip_in_any_byte_is_refused() {
    let sealed = sealed(40);
    for position in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[position] ^= 1 << (position % 8);
        let opened = open(identity(1), &changed);
        assert!(opened.is_err(), "byte {position} of {}", sealed.len());
        if position >= content_start(&sealed) {
            assert_eq!(opened, Err(OpenError::Damaged), "byte {position}");
        }
    }
}

#[test]
fn every_truncation_is_refused() {
    let sealed = sealed(40);
    for length in 0..sealed.len() {
        assert!(open(identity(1), &sealed[..length]).is_err(), "{length} of {}", sealed.len());
    }
    let start = content_start(&sealed);
    for in_header in [0, 5, 21, 22, 100, start - 20, start - 16, start - 1, start] {
        assert_eq!(open(identity(1), &sealed[..in_header]), Err(OpenError::Truncated), "{in_header} of {start}");
    }
}

#[test]
fn chunks_cannot_be_cut_swapped_repeated_or_added() {
    let sealed = sealed(3 * CHUNK + 100);
    let start = content_start(&sealed);
    let (head, content) = sealed.split_at(start);
    let chunks: Vec<&[u8]> = content.chunks(SEALED_CHUNK).collect();
    assert_eq!(chunks.len(), 4);
    let put =
        |order: &[usize]| [head.to_vec(), order.iter().flat_map(|&index| chunks[index].to_vec()).collect()].concat();
    assert!(open(identity(1), &put(&[0, 1, 2, 3])).is_ok());

    let refused = |order: &[usize], expected| assert_eq!(open(identity(1), &put(order)), Err(expected), "{order:?}");
    refused(&[], OpenError::Truncated);
    refused(&[0], OpenError::Truncated);
    refused(&[0, 1, 2], OpenError::Truncated);
    refused(&[1, 0, 2, 3], OpenError::Damaged);
    refused(&[0, 2, 1, 3], OpenError::Damaged);
    refused(&[0, 1, 3], OpenError::Damaged);
    refused(&[0, 0, 1, 2, 3], OpenError::Damaged);
    refused(&[0, 1, 2, 3, 3], OpenError::Damaged);
    refused(&[3], OpenError::Damaged);
    for extra in [&b"x"[..], &[0; 16], &[0; SEALED_CHUNK]] {
        assert_eq!(
            open(identity(1), &[&sealed, extra].concat()),
            Err(OpenError::Damaged),
            "{} more bytes",
            extra.len()
        );
    }
}

#[test]
fn content_of_one_file_does_not_fit_another() {
    let seal = |seed| seal(&mut rng(seed), &[identity(1).to_recipient()], &noise(100)).unwrap();
    let (one, other) = (seal(1), seal(2));
    let mixed = [&one[..content_start(&one)], &other[content_start(&other)..]].concat();
    assert_eq!(open(identity(1), &mixed), Err(OpenError::Damaged));
}

#[test]
fn headers_are_guarded() {
    let good = sealed(10);
    let line = good.iter().position(|&byte| byte == b'\n').unwrap();
    let with_first_line = |text: &[u8]| [text, &good[line..]].concat();
    let refused = |bytes: &[u8], expected| assert_eq!(open(identity(1), bytes), Err(expected));
    refused(&with_first_line(b"age-encryption.org/v2"), OpenError::UnknownVersion);
    refused(&with_first_line(b"age-encryption.org/"), OpenError::Malformed);
    refused(&with_first_line(b"age-encryption.org/v1\r"), OpenError::Malformed);
    refused(&with_first_line(&[b'a'; 100_000]), OpenError::Malformed);
    refused(b"\x89PNG\r\n\x1a\n", OpenError::Malformed);

    // A stanza that nobody knows is skipped by readers, but not one that was put in afterwards.
    let added = [&good[..=line], b"-> x\n\n", &good[line + 1..]].concat();
    refused(&added, OpenError::HeaderChanged);
    let endless = [&good[..=line], "-> x\n\n".repeat(HEADER_LIMIT / 6).as_bytes(), &good[line + 1..]].concat();
    refused(&endless, OpenError::HeaderTooLarge);
    refused(&[&good[..=line], &[b'A'; 2 * HEADER_LIMIT]].concat(), OpenError::HeaderTooLarge);
}

/// A source that breaks is told apart from a file that is broken.
#[test]
fn errors_of_the_source_stay_what_they_are() {
    struct Breaks;
    impl Read for Breaks {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::InvalidData.into())
        }
    }
    let sealed = sealed(200_000);
    let expected = OpenError::Read(io::ErrorKind::InvalidData);
    assert_eq!(OpenReader::new(identity(1), sealed[..100].chain(Breaks)).unwrap_err(), expected);
    let mut reader = OpenReader::new(identity(1), sealed[..100_000].chain(Breaks)).unwrap();
    let mut buffer = vec![0; 1 << 20];
    assert_eq!(reader.read_some(&mut buffer), Ok(CHUNK));
    assert_eq!(reader.read_some(&mut buffer), Err(expected));
}

#[test]
fn a_reader_that_failed_stays_failed() {
    let mut bytes = sealed(3 * CHUNK);
    let second = content_start(&bytes) + SEALED_CHUNK;
    bytes[second] ^= 1;
    let mut reader = OpenReader::new(identity(1), bytes.as_slice()).unwrap();
    let mut buffer = vec![0; CHUNK];
    assert_eq!(reader.read_some(&mut buffer), Ok(CHUNK));
    for _ in 0..3 {
        assert_eq!(reader.read_some(&mut buffer), Err(OpenError::Damaged));
    }
    let error = reader.read(&mut buffer).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
}

#[test]
fn a_writer_that_was_not_finished_leaves_no_file() {
    let mut bytes = Vec::new();
    let mut writer = SealWriter::new(&mut rng(1), &[identity(1).to_recipient()], &mut bytes).unwrap();
    writer.write_all(&noise(CHUNK + 5)).unwrap();
    drop(writer);
    assert_eq!(open(identity(1), &bytes), Err(OpenError::Truncated));
}

/// File key, nonce and encapsulations come from the generator that was handed in, and from nowhere else.
#[test]
fn randomness_is_the_callers() {
    let seal = |seed| seal(&mut rng(seed), &[identity(1).to_recipient()], b"content").unwrap();
    assert_eq!(seal(1), seal(1));
    let (one, other) = (seal(1), seal(2));
    let line = |sealed: &[u8], index| sealed.split(|&byte| byte == b'\n').nth(index).unwrap().to_vec();
    assert_ne!(line(&one, 1), line(&other, 1), "the encapsulated key");
    let nonce = content_start(&one) - 16..content_start(&one);
    assert_ne!(one[nonce.clone()], other[nonce], "the nonce");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_content_in_any_pieces(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40_000), 0..8), read in 1..100_000usize) {
        let mut writer = SealWriter::new(&mut rng(1), &[identity(1).to_recipient()], Vec::new()).unwrap();
        for piece in &pieces {
            writer.write_all(piece).unwrap();
        }
        let sealed = writer.finish().unwrap();
        let mut reader = OpenReader::new(identity(1), sealed.as_slice()).unwrap();
        let (mut plaintext, mut buffer) = (Vec::new(), vec![0; read]);
        loop {
            match reader.read_some(&mut buffer).unwrap() {
                0 => break,
                read => plaintext.extend_from_slice(&buffer[..read]),
            }
        }
        prop_assert_eq!(plaintext, pieces.concat());
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, keep in 0..3000usize) {
        prop_assert!(open(identity(1), &bytes).is_err());
        let good = sealed(10);
        let kept = [&good[..keep.min(good.len())], &bytes].concat();
        prop_assert!(kept == good || open(identity(1), &kept).is_err());
    }
}
