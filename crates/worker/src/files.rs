//! Files that the page handed over, read piece by piece.

use js_sys::Uint8Array;
use recourse_client::outbox::{Source, SourceError};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// A `File` or `Blob`.
#[derive(Debug)]
pub struct BrowserFile(
    /// It.
    pub Blob,
);

impl Source for BrowserFile {
    fn length(&self) -> u64 {
        self.0.size() as u64
    }

    async fn read(&self, offset: u64, size: u64) -> Result<Vec<u8>, SourceError> {
        let slice = self.0.slice_with_f64_and_f64(offset as f64, (offset + size) as f64).map_err(|_| SourceError)?;
        let buffer = JsFuture::from(slice.array_buffer()).await.map_err(|_| SourceError)?;
        Ok(Uint8Array::new(&buffer).to_vec())
    }
}
