//! Files on their way to a store: one after the other, large ones in parts, so that memory stays constant.

use std::io::Read as _;
use std::path::PathBuf;

use clerk_api_admin::problem::{Outcome, Problem};
use fs_err as fs;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use object_store::{MultipartUpload, ObjectStoreExt as _};

use super::store::Store;

/// A file up to this size is one request; a larger one has parts of at least this size. Stores take parts from 5 MiB.
const PART: u64 = 8 << 20;
/// S3 takes 10,000 parts.
const MOST: u64 = 9_000;
/// How many parts are under way at once.
const FLYING: usize = 3;

/// A file, and the name of its object below the address.
#[derive(Debug, Clone)]
pub struct Object {
    /// The file.
    pub file: PathBuf,
    /// The name, such as `kind=users/date=2026-11-27/part-0000.parquet`.
    pub name: String,
    /// Whether one that is there is replaced.
    pub replaces: bool,
}

/// Objects that are written one after the other. If it is given up, what is in parts is taken away, and what is there is said.
pub struct Upload<'s> {
    store: &'s Store,
    objects: Vec<Object>,
    /// How many of them are there.
    there: usize,
    /// The one whose parts are under way.
    open: Option<Box<dyn MultipartUpload>>,
}

impl<'s> Upload<'s> {
    /// Objects that are not sent yet.
    #[must_use]
    pub fn new(store: &'s Store, objects: Vec<Object>) -> Self {
        Self {
            store,
            objects,
            there: 0,
            open: None,
        }
    }

    /// How many bytes there are in all.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn bytes(&self) -> Outcome<u64> {
        let sizes = self.objects.iter().map(|object| fs::metadata(&object.file));
        let sizes: std::io::Result<u64> = sizes.map(|facts| Ok(facts?.len())).sum();
        sizes.map_err(|error| unread(&error))
    }

    /// Sends everything, and says of each piece how many bytes it had.
    ///
    /// # Errors
    /// A file cannot be read, or the store does not take it; then it has to be given up.
    pub async fn send(&mut self, tell: &dyn Fn(u64)) -> Outcome<()> {
        while let Some(object) = self.objects.get(self.there).cloned() {
            if !object.replaces {
                // Somebody else may have written it while the export was made.
                self.store
                    .check(std::slice::from_ref(&object.name), false)
                    .await?;
            }
            self.one(&object, tell).await?;
            self.there += 1;
        }
        Ok(())
    }

    async fn one(&mut self, object: &Object, tell: &dyn Fn(u64)) -> Outcome<()> {
        let store = self.store;
        let failed = |error: object_store::Error| store.failed("write", &object.name, &error);
        let path = store.path(&object.name)?;
        let mut file = fs::File::open(&object.file).map_err(|error| unread(&error))?;
        let mut left = file.metadata().map_err(|error| unread(&error))?.len();
        let size = PART.max(left.div_ceil(MOST));
        let mut part = |left: &mut u64| {
            let length = usize::try_from(size.min(*left)).unwrap_or(usize::MAX);
            let mut part = vec![0; length];
            file.read_exact(&mut part).map_err(|error| unread(&error))?;
            *left -= length as u64;
            Ok::<_, Box<Problem>>(part)
        };
        if left <= PART {
            let bytes = left;
            store
                .store
                .put(&path, part(&mut left)?.into())
                .await
                .map_err(failed)?;
            tell(bytes);
            return Ok(());
        }
        let upload = store.store.put_multipart(&path).await.map_err(failed)?;
        let upload = self.open.insert(upload);
        let mut flying = FuturesUnordered::new();
        loop {
            while left > 0 && flying.len() < FLYING {
                let part = part(&mut left)?;
                let bytes = part.len() as u64;
                let sent = upload.put_part(part.into());
                flying.push(async move { sent.await.map(|()| bytes) });
            }
            match flying.next().await {
                Some(sent) => tell(sent.map_err(failed)?),
                None => break,
            }
        }
        upload.complete().await.map_err(failed)?;
        self.open = None;
        Ok(())
    }

    /// Takes away the parts of an object that is not whole, and adds to the problem what is there now.
    pub async fn give_up(mut self, problem: Box<Problem>) -> Box<Problem> {
        let shown = |object: &Object| self.store.address.shown(&object.name);
        let there: Vec<String> = self.objects[..self.there].iter().map(shown).collect();
        let (all, count) = (self.objects.len(), there.len());
        let mut problem = match count {
            0 => problem.cause("no object of the export was written"),
            _ => problem
                .cause(format!(
                    "{count} of {all} objects are there: {}",
                    there.join(", ")
                ))
                .hint("run the export again with --force, which replaces them"),
        };
        if let Some(upload) = &mut self.open
            && upload.abort().await.is_err()
        {
            let name = self.objects.get(self.there).map(shown).unwrap_or_default();
            problem = problem
                .cause(format!("the store did not take away the parts of {name} that were sent"))
                .hint("a rule of the bucket that ends incomplete uploads after a day removes such parts");
        }
        problem
    }
}

fn unread(error: &std::io::Error) -> Box<Problem> {
    Problem::io("cannot read the export", error)
}
