//! Archives: whatever stands in a manifest and a database, an import takes it whole or refuses it, and what it takes can
//! be read.
//!
//! The first byte chooses what the rest is put into: the manifest, the database's bytes at some place, or statements that
//! are run on it.
#![no_main]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use clerk_api_emulator::{Config, Database, Emulator, export, import};
use libfuzzer_sys::fuzz_target;
use rusqlite::Connection;
use rusqlite::limits::Limit;

/// An instance with one user, and its export.
static MODEL: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("model.db");
    let mut config = Config::new("sk_test_0123456789");
    config.database = Database::File(database.clone());
    Emulator::start(config).unwrap().stop();
    let archive = folder.path().join("archive");
    export(&database, &archive, false).unwrap();
    (folder, archive)
});

fn spoil(archive: &Path, kind: u8, input: &[u8]) {
    let database = archive.join("instance.db");
    match kind % 3 {
        0 => std::fs::write(archive.join("manifest.json"), input).unwrap(),
        1 => {
            let mut bytes = std::fs::read(&database).unwrap();
            let Some((place, input)) = input.split_first_chunk::<3>() else {
                return;
            };
            let place = u32::from_be_bytes([0, place[0], place[1], place[2]]) as usize % bytes.len();
            let end = bytes.len().min(place + input.len());
            bytes[place..end].copy_from_slice(&input[..end - place]);
            std::fs::write(&database, bytes).unwrap();
        }
        _ => {
            let db = Connection::open(&database).unwrap();
            // No statement may reach another file.
            db.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0).unwrap();
            let _ = db.execute_batch(&String::from_utf8_lossy(input));
        }
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((kind, input)) = input.split_first() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("archive");
    std::fs::create_dir(&archive).unwrap();
    for name in ["manifest.json", "instance.db"] {
        std::fs::copy(MODEL.1.join(name), archive.join(name)).unwrap();
    }
    spoil(&archive, *kind, input);
    let target = folder.path().join("target.db");
    if import(&archive, &target).is_ok() {
        // It opens, and can be exported again.
        let mut config = Config::new("sk_test_0123456789");
        config.database = Database::File(target.clone());
        Emulator::start(config).unwrap().stop();
        export(&target, &folder.path().join("again"), false).unwrap();
    }
});
