//! Objects in the stores of clouds: S3 and what speaks like it, Google Cloud Storage, Azure Blob Storage.
//!
//! An export is a file or a folder first, and every file of it becomes an object. The requests are made by `object_store`; they go out over
//! the transport that the caller brings, so that its proxy and its certificates hold.

mod access;
mod address;
mod refusal;
mod store;
mod upload;
mod wire;
mod words;

pub use access::secrets;
pub use address::{Address, Scheme};
pub use store::Store;
pub use upload::{Object, Upload};
pub use words::Words;
