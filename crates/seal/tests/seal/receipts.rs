use proptest::prelude::*;
use recourse_seal::receipt::{Receipt, ReceiptError};

use crate::rng;

#[track_caller]
fn check(typed: &str, expected: Result<[u8; 16], ReceiptError>) {
    let expected = expected.map(Receipt::from_bytes);
    assert_eq!(typed.parse::<Receipt>(), expected, "{typed:?}");
}

#[test]
fn typing_is_forgiven() {
    let bytes = std::array::from_fn(|index| index as u8);
    check("000G-40R4-0M30-E209-185G-R38E-1WEC", Ok(bytes));
    check("  000g40r40m30e209185gr38e1wec\n", Ok(bytes));
    check("oOoG 4OR4 OM3O E2O9 L85G R38E iWEC", Ok(bytes));
    check("000G–40R4—0M30−E209\u{a0}185G_R38E\u{2011}1WEC", Ok(bytes));
}

#[test]
fn mistakes_are_named() {
    check("", Err(ReceiptError::Empty));
    check(" - ", Err(ReceiptError::Empty));
    check("000G-40R4", Err(ReceiptError::Length { got: 8 }));
    check("000G-40R4-0M30-E209-185G-R38E-1WEC0", Err(ReceiptError::Length { got: 29 }));
    check("000U-40R4-0M30-E209-185G-R38E-1WEC", Err(ReceiptError::Character { position: 3, found: 'U' }));
    check("000G-40R4-ü", Err(ReceiptError::Character { position: 10, found: 'ü' }));
    check("000G-40R4-0M30-E209-185G-R38E-1WED", Err(ReceiptError::Checksum));
    check("000H-40R4-0M30-E209-185G-R38E-1WEC", Err(ReceiptError::Checksum));
}

#[test]
fn each_use_of_a_receipt_has_its_own_secret() {
    let receipt = Receipt::generate(&mut rng(1));
    let (token, lookup) = (receipt.token(), receipt.lookup());
    assert_ne!(token[..16], lookup);
    assert_ne!(*receipt.reporter_key().to_seed(), token);
    assert_ne!(receipt.reply_identity(), recourse_seal::kem::Identity::from_seed(token));
    assert_ne!(Receipt::generate(&mut rng(2)), receipt);
}

#[test]
fn a_changed_audience_finds_no_case() {
    let receipt = Receipt::generate(&mut rng(1));
    for audience in 1..4 {
        let other = receipt.clone().with_audience(audience);
        assert_ne!(other, receipt);
        assert_ne!(other.lookup(), receipt.lookup());
        assert_ne!(other.token(), receipt.token());
        assert_ne!(other.reply_identity(), receipt.reply_identity());
    }
    // Only two bits count.
    assert_eq!(receipt.clone().with_audience(4), receipt);
}

#[test]
fn debug_shows_nothing() {
    assert_eq!(format!("{:?}", Receipt::generate(&mut rng(1))), "Receipt(…)");
    assert_eq!(format!("{:?}", Receipt::generate(&mut rng(1)).reply_identity()), "Identity(…)");
}

const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The code's distance, exhaustively for one receipt: all single errors, and all swaps of two characters.
#[test]
fn one_wrong_character_and_any_swap_are_noticed() {
    let text: Vec<char> = Receipt::generate(&mut rng(3)).to_text().replace('-', "").chars().collect();
    let refused =
        |characters: &[char]| characters.iter().collect::<String>().parse::<Receipt>() == Err(ReceiptError::Checksum);
    for position in 0..text.len() {
        for wrong in ALPHABET.chars().filter(|wrong| *wrong != text[position]) {
            let mut typed = text.clone();
            typed[position] = wrong;
            assert!(refused(&typed), "{position} {wrong}");
        }
        for other in 0..position {
            let mut typed = text.clone();
            typed.swap(position, other);
            assert!(typed == text || refused(&typed), "{position} {other}");
        }
    }
}

proptest! {
    #[test]
    fn text_round_trips(bytes: [u8; 16], audience in 0..4u8) {
        let receipt = Receipt::from_bytes(bytes).with_audience(audience);
        let text = receipt.to_text();
        prop_assert_eq!(text.len(), 34);
        prop_assert_eq!(text.parse::<Receipt>().unwrap(), receipt.clone());
        prop_assert_eq!(text.parse::<Receipt>().unwrap().audience(), audience);
        prop_assert_eq!(text.to_lowercase().replace('-', " ").parse::<Receipt>().unwrap(), receipt);
    }

    #[test]
    fn two_wrong_characters_are_noticed(bytes: [u8; 16], a in 0..28usize, b in 0..28usize, by_a in 1..32usize, by_b in 1..32usize) {
        let mut typed: Vec<char> = Receipt::from_bytes(bytes).to_text().replace('-', "").chars().collect();
        for (position, by) in [(a, by_a), (b, by_b)] {
            let index = ALPHABET.find(typed[position]).unwrap() ^ by;
            typed[position] = ALPHABET.chars().nth(index).unwrap();
        }
        prop_assume!(a != b);
        prop_assert_eq!(typed.into_iter().collect::<String>().parse::<Receipt>(), Err(ReceiptError::Checksum));
    }

    #[test]
    fn no_text_panics(text: String) {
        let _ = text.parse::<Receipt>();
    }
}
