use recourse_seal::chain::{ChainError, GENESIS, event_hash, verify_links, verify_links_to};

type Link = (u64, [u8; 32], [u8; 32]);

fn chain(length: u64) -> Vec<Link> {
    let mut previous = GENESIS;
    (0..length)
        .map(|sequence| {
            let hash = event_hash(&[&sequence.to_be_bytes(), previous.as_slice()].concat());
            let link = (sequence, previous, hash);
            previous = hash;
            link
        })
        .collect()
}

#[test]
fn whole_chains_pass() {
    for length in [0, 1, 2, 50] {
        let links = chain(length);
        assert_eq!(verify_links(&links), Ok(()));
        for &(sequence, _, hash) in &links {
            assert_eq!(verify_links_to(&links, (sequence, hash)), Ok(()));
        }
    }
}

#[track_caller]
fn refused(change: impl FnOnce(&mut Vec<Link>), expected: ChainError) {
    let mut links = chain(5);
    change(&mut links);
    assert_eq!(verify_links(&links), Err(expected));
}

#[test]
fn every_break_is_named() {
    refused(|links| links[0].1 = [1; 32], ChainError::Start);
    refused(|links| links.retain(|link| link.0 != 2), ChainError::Gap { expected: 2, found: 3 });
    refused(|links| links.retain(|link| link.0 != 0), ChainError::Gap { expected: 0, found: 1 });
    refused(|links| links.swap(2, 3), ChainError::Gap { expected: 2, found: 3 });
    refused(|links| links.insert(3, links[2]), ChainError::Order { expected: 3, found: 2 });
    refused(|links| links[2].2[31] ^= 1, ChainError::Link { sequence: 3 });
    refused(|links| links[4].1[0] ^= 1, ChainError::Link { sequence: 4 });
    refused(|links| links[4].0 = u64::MAX, ChainError::Gap { expected: 4, found: u64::MAX });
}

#[test]
fn a_known_head_finds_truncation_and_rewriting() {
    let links = chain(5);
    let (sequence, _, hash) = links[4];
    assert_eq!(verify_links_to(&links[..4], (sequence, hash)), Err(ChainError::Truncated { known: 4 }));
    assert_eq!(verify_links_to(&[], (0, hash)), Err(ChainError::Truncated { known: 0 }));
    assert_eq!(verify_links_to(&links, (3, hash)), Err(ChainError::Rewritten { sequence: 3 }));
    assert_eq!(verify_links_to(&links, (u64::MAX, hash)), Err(ChainError::Truncated { known: u64::MAX }));
}
