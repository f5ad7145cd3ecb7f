//! Files appear whole or not at all, for their owner only, and replace nothing unless they may.

use clerk_api_tasks::export::{Format, Target};
use clerk_api_tasks::sweep::Kind;

use super::{export, options, path};
use crate::harness::{Bench, fault};

const FORMATS: [Format; 5] = [
    Format::Ndjson,
    Format::Json,
    Format::Csv,
    Format::Sqlite,
    Format::Parquet,
];

#[cfg(unix)]
#[tokio::test]
async fn reliability_4_12_a_file_is_private_and_is_not_replaced_by_itself() {
    use std::os::unix::fs::PermissionsExt as _;
    let bench = Bench::new();
    bench.create_user("ada@example.com").await;
    for format in FORMATS {
        let file = path(&bench, format.name());
        let mut options = options(&[Kind::Users], Target::File(file.clone()), format);
        let done = export(&bench, &options).await.unwrap();
        let facts = std::fs::metadata(&file).unwrap();
        assert_eq!(
            facts.permissions().mode() & 0o777,
            0o600,
            "{}",
            format.name()
        );
        assert_eq!(done.files[0].bytes, facts.len(), "{}", format.name());

        bench
            .create_user(&format!("{}@example.com", format.name()))
            .await;
        let before = std::fs::read(&file).unwrap();
        let refused = export(&bench, &options).await.err().unwrap();
        assert!(
            refused.message.ends_with("exists already"),
            "{}",
            refused.message
        );
        assert_eq!(std::fs::read(&file).unwrap(), before);

        options.replaces = true;
        export(&bench, &options).await.unwrap();
        assert_ne!(std::fs::read(&file).unwrap(), before);
    }
    let names: Vec<_> = std::fs::read_dir(bench.folder.path()).unwrap().collect();
    assert_eq!(names.len(), FORMATS.len(), "{names:?}");
}

#[tokio::test]
async fn reliability_4_12_an_export_that_fails_leaves_no_file() {
    let bench = Bench::with(|config| {
        config.faults = vec![fault(
            r#"{"on":"GET /organization_memberships","status":401}"#,
        )];
    });
    bench.create_user("ada@example.com").await;
    for format in FORMATS {
        let target = match format {
            Format::Sqlite => Target::File(path(&bench, "all.sqlite")),
            _ => Target::Folder(path(&bench, "all")),
        };
        let failed = export(&bench, &options(&Kind::ALL, target, format))
            .await
            .err();
        assert_eq!(failed.unwrap().http, Some(401), "{}", format.name());
    }
    let mut folders = vec![bench.folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            assert!(path.is_dir(), "{path:?}");
            folders.push(path);
        }
    }
}

#[tokio::test]
async fn a_file_that_holds_one_table_takes_one_kind() {
    let bench = Bench::new();
    for format in [Format::Csv, Format::Parquet] {
        let target = Target::File(path(&bench, "x"));
        let refused = export(&bench, &options(&Kind::ALL, target, format))
            .await
            .err();
        assert!(refused.unwrap().message.ends_with("file holds one table"));
    }
    assert_eq!(bench.lines().await.len(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn reliability_9_a_folder_that_is_a_link_is_refused() {
    let bench = Bench::new();
    let link = path(&bench, "link");
    std::os::unix::fs::symlink(bench.folder.path(), &link).unwrap();
    let target = Target::Folder(link);
    let refused = export(&bench, &options(&Kind::ALL, target, Format::Csv))
        .await
        .err();
    assert!(refused.unwrap().message.ends_with("is a link"));
}
