//! The lines of `backup.ndjson` by row: one pass notes where they are, and a row's lines are read when they are needed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use fs_err as fs;
use sha2::{Digest as _, Sha256};

use crate::job::backup::{Head, Line};

/// Where the lines of a row are; no bytes where the row has none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) offset: u64,
    pub(super) length: u64,
}

/// The file, and where each row's last lines are: 16 bytes a row.
#[derive(Debug)]
pub(super) struct Backup {
    file: fs::File,
    spots: Vec<Spot>,
    /// The operations of all lines.
    pub(super) ops: BTreeSet<String>,
    /// The ids of what was made before the job, by numbers that no row has.
    pub(super) made: BTreeMap<u64, String>,
    /// The SHA-256 of the file, in hex.
    pub(super) sha256: String,
}

impl Backup {
    /// Reads the file once. Half a line, left by a process that was killed, belongs to a row that was not sent.
    pub(super) fn open(path: &Path) -> Outcome<Self> {
        let file = fs::File::open(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => nothing_kept(),
            _ => Problem::io("cannot read what was there before", &error),
        })?;
        let failed = |error| Problem::io("cannot read what was there before", &error);
        let mut reader = BufReader::with_capacity(1 << 16, file);
        let (mut spots, mut ops, mut made) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
        let mut digest = Sha256::new();
        let (mut line, mut offset) = (Vec::new(), 0);
        loop {
            line.clear();
            let read = reader.read_until(b'\n', &mut line).map_err(failed)?;
            if read == 0 {
                break;
            }
            digest.update(&line);
            if let Ok(head) = serde_json::from_slice::<Head>(&line) {
                note(&mut spots, &head, offset, line.len() as u64);
                if let Some(id) = head.made {
                    made.insert(head.row, id);
                }
                if !ops.contains(&head.op) {
                    ops.insert(head.op);
                }
            }
            offset += read as u64;
        }
        let digest = digest.finalize();
        Ok(Self {
            file: reader.into_inner(),
            spots,
            ops,
            made,
            sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }

    /// Where the lines of a row are.
    pub(super) fn spot(&self, row: u64) -> Option<Spot> {
        let at = usize::try_from(row).ok()?;
        self.spots.get(at).copied().filter(|spot| spot.length > 0)
    }

    /// The bytes of a row's lines, and the first half of their SHA-256.
    pub(super) fn bytes(&self, spot: Spot) -> Outcome<(Vec<u8>, [u8; 16])> {
        let mut bytes = vec![0; usize::try_from(spot.length).unwrap_or_default()];
        // Reading moves the place in the file only, which every reader sets anew.
        let mut file = &self.file;
        file.seek(SeekFrom::Start(spot.offset))
            .and_then(|_| file.read_exact(&mut bytes))
            .map_err(|_| changed())?;
        let mut half = [0; 16];
        half.copy_from_slice(&Sha256::digest(&bytes)[..16]);
        Ok((bytes, half))
    }

    /// The lines of a row, in the order in which they were sent.
    pub(super) fn lines(&self, spot: Spot) -> Outcome<Vec<Line>> {
        let (bytes, _) = self.bytes(spot)?;
        let lines = bytes
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty());
        lines
            .map(|line| serde_json::from_slice(line).map_err(|_| changed()))
            .collect()
    }
}

/// Later lines of a row take the place of earlier ones, but for those of its further requests, which follow.
fn note(spots: &mut Vec<Spot>, head: &Head, offset: u64, length: u64) {
    let at = usize::try_from(head.row).unwrap_or(usize::MAX);
    // No file has so many rows.
    if at > 1 << 32 {
        return;
    }
    if spots.len() <= at {
        spots.resize(at + 1, Spot::default());
    }
    let spot = &mut spots[at];
    if head.step > 0 && spot.offset + spot.length == offset {
        spot.length += length;
    } else if head.step == 0 {
        *spot = Spot { offset, length };
    }
}

/// The file is another one than when the job was made.
pub(super) fn changed() -> Box<Problem> {
    Problem::new(
        ProblemKind::Changed,
        "backup_changed",
        "what was kept of the job that is undone changed meanwhile",
    )
}

fn nothing_kept() -> Box<Problem> {
    Problem::refused("cannot undo this job: what was there before was not kept")
        .hint("a job with --no-backup, or one that changed nothing, leaves nothing to undo")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_of_a_row_count_and_half_a_line_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("backup.ndjson");
        let text = concat!(
            r#"{"row":2,"op":"users.ban","args":{"n":1},"before":null}"#,
            "\n",
            r#"{"row":1,"op":"users.update","args":{},"before":{"id":"a"}}"#,
            "\n",
            r#"{"row":1,"step":1,"op":"users.ban","args":{},"withheld":["password"],"before":{"id":"a"}}"#,
            "\n",
            r#"{"row":3,"op":"us"#,
            "\n",
            r#"{"row":2,"op":"users.ban","args":{"n":2},"before":null}"#,
            "\n",
        );
        fs::write(&path, text).unwrap();
        let backup = Backup::open(&path).unwrap();
        assert_eq!(
            (backup.spot(0), backup.spot(3), backup.spot(9)),
            (None, None, None)
        );
        let one = backup.lines(backup.spot(1).unwrap()).unwrap();
        assert_eq!(
            one.iter().map(|line| &*line.op).collect::<Vec<_>>(),
            ["users.update", "users.ban"]
        );
        assert_eq!(one[1].withheld, ["password"]);
        assert!(one[0].before.is_some());
        let two = backup.lines(backup.spot(2).unwrap()).unwrap();
        assert_eq!(two.len(), 1);
        assert_eq!(two[0].args.get("n").unwrap().get(), "2");
        assert!(two[0].before.is_none());
        assert_eq!(
            Backup::open(&folder.path().join("none")).unwrap_err().kind,
            ProblemKind::Refused
        );
    }
}
