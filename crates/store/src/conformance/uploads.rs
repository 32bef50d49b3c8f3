//! Uploads: offsets, tokens, expiry.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::join_all;
use recourse_domain::time::Timestamp;

use super::sample::{self, NOW};
use crate::{AppendOutcome, CreateOutcome, CreateUploadOutcome, NewUpload, Store, UploadStatus};

/// Registers the channel that samples use.
pub async fn with_channel(store: &Arc<dyn Store>) {
    store.put_channel(sample::channel_record(&sample::channel(), 1), NOW).await.unwrap();
}

/// Sends an upload in chunks of that size, checking each offset.
pub async fn send(store: &Arc<dyn Store>, upload: &NewUpload, content: &[u8], chunk: usize) {
    assert_eq!(store.create_upload(upload.clone()).await.unwrap(), CreateUploadOutcome::Created);
    let mut offset = 0;
    for part in content.chunks(chunk) {
        let outcome = append(store, upload, offset, part).await;
        offset += part.len() as u64;
        assert_eq!(outcome, AppendOutcome::Offset(offset));
        assert_eq!(status(store, upload).await.unwrap().offset, offset);
    }
}

/// Sends the upload of a seed whole and claims it.
pub async fn sent(store: &Arc<dyn Store>, seed: u64, content: &[u8]) -> crate::Claim {
    send(store, &sample::upload(seed, content.len() as u64), content, content.len().max(1)).await;
    sample::claim(seed, content)
}

async fn append(store: &Arc<dyn Store>, upload: &NewUpload, offset: u64, part: &[u8]) -> AppendOutcome {
    let part = Bytes::copy_from_slice(part);
    store.append_upload(&upload.upload, &upload.token_hash, offset, part).await.unwrap()
}

async fn status(store: &Arc<dyn Store>, upload: &NewUpload) -> Option<UploadStatus> {
    store.upload(&upload.upload, &upload.token_hash).await.unwrap()
}

/// Lengths around nothing, one byte, a chunk, 1 MiB and a limit arrive whole and have the right hash once complete, never before.
pub async fn chunks_of_every_size_add_up(store: Arc<dyn Store>) {
    with_channel(&store).await;
    const CHUNK: usize = 64 << 10;
    const MIB: usize = 1 << 20;
    let lengths = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, MIB - 1, MIB, MIB + 1];
    for (seed, length) in lengths.into_iter().enumerate() {
        let content = sample::bytes("blob", seed as u64, length);
        let upload = sample::upload(seed as u64, length as u64);
        if length > 0 {
            let early = sample::upload(100 + seed as u64, length as u64);
            send(&store, &early, &content[..length - 1], CHUNK).await;
            assert_eq!(status(&store, &early).await.unwrap().sha256, None, "one byte is missing of {length}");
        }
        send(&store, &upload, &content, CHUNK).await;
        let status = status(&store, &upload).await.unwrap();
        assert_eq!((status.offset, status.length), (length as u64, length as u64));
        assert_eq!(status.sha256, Some(sample::sha256(&content)), "{length}");
        assert!(!status.claimed);
        assert_eq!(append(&store, &upload, length as u64, b"").await, AppendOutcome::Offset(length as u64));
        assert_eq!(append(&store, &upload, length as u64, b"x").await, AppendOutcome::TooLong, "{length}");
    }
}

/// A wrong token and an unknown upload look alike; an id is taken once.
pub async fn an_upload_opens_by_its_token_only(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let upload = sample::upload(1, 10);
    send(&store, &upload, b"12345", 5).await;
    let thief = NewUpload { token_hash: sample::sha256(b"guess"), ..upload.clone() };
    assert_eq!(status(&store, &thief).await, None);
    assert_eq!(append(&store, &thief, 5, b"67890").await, AppendOutcome::Missing);
    assert!(!store.delete_upload(&thief.upload, &thief.token_hash).await.unwrap());
    assert_eq!(store.create_upload(thief).await.unwrap(), CreateUploadOutcome::Exists);
    assert_eq!(status(&store, &sample::upload(2, 10)).await, None);
    assert_eq!(append(&store, &upload, 5, b"67890").await, AppendOutcome::Offset(10));
}

/// Gaps, repeats and too long chunks change nothing.
pub async fn a_chunk_in_the_wrong_place_is_refused_whole(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let upload = sample::upload(1, 10);
    send(&store, &upload, b"12345", 5).await;
    for (offset, part, outcome) in [
        (0, &b"12345"[..], AppendOutcome::Mismatch(5)),
        (4, b"5", AppendOutcome::Mismatch(5)),
        (6, b"7", AppendOutcome::Mismatch(5)),
        (u64::MAX, b"7", AppendOutcome::Mismatch(5)),
        (5, b"678901", AppendOutcome::TooLong),
    ] {
        assert_eq!(append(&store, &upload, offset, part).await, outcome, "{offset}");
        assert_eq!(status(&store, &upload).await.unwrap().offset, 5);
    }
    assert_eq!(append(&store, &upload, 5, b"67890").await, AppendOutcome::Offset(10));
    assert_eq!(status(&store, &upload).await.unwrap().sha256, Some(sample::sha256(b"1234567890")));
}

/// Of several clients that append to one offset, one does, and the bytes are that one's.
pub async fn two_chunks_at_one_offset_leave_one(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let upload = sample::upload(1, 100_000);
    store.create_upload(upload.clone()).await.unwrap();
    let contents: Vec<_> = (0..8).map(|seed| sample::bytes("race", seed, 100_000)).collect();
    let outcomes = join_all(contents.iter().map(|content| append(&store, &upload, 0, content))).await;
    let winners: Vec<_> = (0..8).filter(|&at| outcomes[at] == AppendOutcome::Offset(100_000)).collect();
    assert_eq!(winners.len(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|&outcome| *outcome == AppendOutcome::Mismatch(100_000)).count(), 7);
    let sha256 = status(&store, &upload).await.unwrap().sha256;
    assert_eq!(sha256, Some(sample::sha256(&contents[winners[0]])));
}

/// Expiry is kept to the hour, takes what is due and nothing else, and leaves a case its attachment.
pub async fn uploads_expire_by_the_hour_and_claimed_bytes_stay(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let hour = |hours: u64| Timestamp(NOW.0 + hours * Timestamp::HOUR);
    let early = NewUpload { expires_at: Timestamp(NOW.0 + 1), ..sample::upload(1, 5) };
    let late = NewUpload { expires_at: hour(2), ..sample::upload(2, 5) };
    send(&store, &early, b"early", 5).await;
    send(&store, &late, b"later", 5).await;
    assert_eq!(status(&store, &early).await.unwrap().expires_at, hour(1), "to the full hour");
    assert_eq!(status(&store, &late).await.unwrap().expires_at, hour(2));
    let claim = sent(&store, 3, b"claim").await;
    let case = sample::case(1, vec![claim.clone()]);
    assert_eq!(store.create_case(case.clone()).await.unwrap(), CreateOutcome::Created);

    assert_eq!(store.expire_uploads(Timestamp(hour(1).0 - 1)).await.unwrap(), 0);
    assert_eq!(store.expire_uploads(hour(1)).await.unwrap(), 1);
    assert_eq!(status(&store, &early).await, None);
    assert_eq!(append(&store, &early, 5, b"").await, AppendOutcome::Missing);
    assert!(status(&store, &late).await.is_some());
    assert_eq!(store.expire_uploads(hour(48)).await.unwrap(), 2);
    assert_eq!(status(&store, &late).await, None);
    assert_eq!(super::cases::read_blob(&store, &case.case, &claim.sha256, None).await.unwrap(), b"claim");
}

/// Deleting frees the id and takes the bytes along; a claimed upload stays.
pub async fn a_deleted_upload_is_gone(store: Arc<dyn Store>) {
    with_channel(&store).await;
    let upload = sample::upload(1, 5);
    send(&store, &upload, b"12345", 5).await;
    assert!(store.delete_upload(&upload.upload, &upload.token_hash).await.unwrap());
    assert!(!store.delete_upload(&upload.upload, &upload.token_hash).await.unwrap());
    assert_eq!(status(&store, &upload).await, None);
    let claim = sent(&store, 1, b"again").await;
    store.create_case(sample::case(1, vec![claim])).await.unwrap();
    assert!(!store.delete_upload(&upload.upload, &upload.token_hash).await.unwrap());
    assert!(status(&store, &upload).await.unwrap().claimed);
    assert_eq!(append(&store, &upload, 5, b"").await, AppendOutcome::Claimed);
}
