//! A record on the person's own device: its code opens it, and nothing else does.

use recourse_client::record::{OpenRecordError, open, seal};
use recourse_seal::receipt::Receipt;

use crate::people::*;

#[tokio::test]
async fn a_record_opens_with_its_code_and_with_no_other() {
    let channel = "demo".parse().unwrap();
    let files = [File(b"names and dates".to_vec()), File(Vec::new()), File(vec![7; (1 << 20) + 1])];
    let kept = outgoing("for myself", &files);
    let (code, sealed) = seal(&mut rng(3), &channel, &kept, &files).await.unwrap();
    let record = open(&code.to_lowercase(), &sealed).unwrap();
    assert_eq!((record.head.draft, record.head.contact), (kept.draft, kept.contact));
    let contents: Vec<_> = files.iter().map(|file| file.0.clone()).collect();
    assert_eq!(record.files, contents);

    // A receipt, the same bits for another audience, another record's code, a damaged and a cut file.
    let same: Receipt = code.parse().unwrap();
    for audience in 0..3 {
        let receipt = same.clone().with_audience(audience).to_text();
        assert_eq!(open(&receipt, &sealed).unwrap_err(), OpenRecordError::OfReport);
    }
    let other = Receipt::generate(&mut rng(4)).with_audience(3).to_text();
    assert_eq!(open(&other, &sealed).unwrap_err(), OpenRecordError::Sealed);
    let mut damaged = sealed.clone();
    *damaged.last_mut().unwrap() ^= 1;
    assert_eq!(open(&code, &damaged).unwrap_err(), OpenRecordError::Sealed);
    assert_eq!(open(&code, &sealed[..sealed.len() - 40]).unwrap_err(), OpenRecordError::Sealed);
    // It holds nothing readable.
    assert!(!sealed.windows(10).any(|window| window == b"for myself"));
}
