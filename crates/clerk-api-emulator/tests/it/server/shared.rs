//! Several emulators on one file, as in several processes: uniqueness, counters and pages hold across them.

use std::path::PathBuf;

use clerk_api_emulator::{Database, Emulator, Seed, SeedError, Snapshots, seed};
use serde_json::json;

use crate::client::{App, config};

const WANTED: Seed = Seed {
    users: 5_600,
    organizations: 30,
    memberships: None,
    seed: 3,
};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("local.db")
    }

    fn app(&self) -> App {
        App::with(config(Database::File(self.path())))
    }

    fn seed(&self, wanted: &Seed) {
        seed(&self.path(), wanted, &mut |_| {}).expect("seeds");
    }
}

/// All users, the newest first, by cursor.
fn walk(app: &mut App) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    loop {
        let after = all
            .last()
            .map_or_else(String::new, |id| format!("&starting_after={id}"));
        let page = app.get(&format!("/users?limit=500{after}")).ok().ids();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// Compares deep pages, whose beginnings are remembered, with the walk.
fn check_pages(app: &mut App, all: &[String]) {
    let total = all.len();
    assert_eq!(app.get("/users/count").ok().json()["total_count"], total);
    let mut oldest_first = all.to_vec();
    oldest_first.reverse();
    for offset in [4_090, 4_700, 5_119, 5_121, total - 3] {
        let end = total.min(offset + 7);
        let page = app
            .get(&format!("/users?limit=7&offset={offset}"))
            .ok()
            .ids();
        assert_eq!(page, all[offset..end], "newest first, {offset}");
        let order = "order_by=%2Bcreated_at";
        let page = app
            .get(&format!("/users?limit=7&offset={offset}&{order}"))
            .ok()
            .ids();
        assert_eq!(page, oldest_first[offset..end], "oldest first, {offset}");
    }
    assert!(
        app.get(&format!("/users?offset={total}"))
            .ok()
            .ids()
            .is_empty()
    );
}

/// Compares searches, page by page and by cursor, with what should be found.
fn check_found(app: &mut App, all: &[String]) {
    const QUERY: &str = "limit=500&email_address_query=post.example.org&banned=false";
    let mut matching: Vec<String> = Vec::new();
    for ids in all.chunks(100) {
        let query: String = ids.iter().map(|id| format!("&user_id=%2B{id}")).collect();
        let users = app.get(&format!("/users?limit=100{query}")).ok().json();
        let users = users.as_array().expect("a list").iter();
        let found = users.filter(|user| {
            user["banned"] == false
                && user["email_addresses"]
                    .to_string()
                    .contains("post.example.org")
        });
        matching.extend(found.map(|user| user["id"].as_str().expect("an id").to_owned()));
    }
    assert!(matching.len() > 600);
    for (order, expected) in [
        ("", matching.clone()),
        (
            "&order_by=created_at",
            matching.iter().rev().cloned().collect(),
        ),
    ] {
        let (mut by_offset, mut by_cursor) = (Vec::new(), Vec::new());
        while by_offset.len() < expected.len() {
            let path = format!("/users?{QUERY}{order}&offset={}", by_offset.len());
            by_offset.extend(app.get(&path).ok().ids());
            let after = by_cursor.last().map(|id| format!("&starting_after={id}"));
            let path = format!("/users?{QUERY}{order}{}", after.unwrap_or_default());
            by_cursor.extend(app.get(&path).ok().ids());
        }
        assert_eq!(by_offset, expected);
        assert_eq!(by_cursor, expected);
    }
}

#[test]
fn deep_pages_stay_right_while_another_emulator_changes_the_order() {
    let folder = Folder::new();
    folder.seed(&WANTED);
    let (mut one, mut two) = (folder.app(), folder.app());
    let all = walk(&mut one);
    assert_eq!(all.len(), 5_600);
    check_pages(&mut one, &all);
    check_pages(&mut two, &all);
    check_found(&mut one, &all);
    for place in [0, 17, 2_800, 5_599] {
        two.delete(&format!("/users/{}", all[place])).ok();
    }
    let all = walk(&mut one);
    assert_eq!(all.len(), 5_596);
    check_pages(&mut one, &all);
    for (n, date) in ["2000-01-01T00:00:00Z", "2023-05-06T07:08:09Z"]
        .iter()
        .enumerate()
    {
        let body = json!({"username": format!("back-dated-{n}"), "created_at": date});
        one.post("/users", &body).ok();
    }
    one.user("newest@example.com");
    let all = walk(&mut two);
    assert_eq!(all.len(), 5_599);
    check_pages(&mut two, &all);
    check_pages(&mut one, &all);
    check_found(&mut one, &all);
}

#[test]
fn of_equal_creates_at_two_emulators_one_succeeds() {
    let folder = Folder::new();
    let (one, two) = (folder.app(), folder.app());
    let create = |mut app: App| {
        move || {
            let answers = (0..60).map(|n| {
                let body = json!({"email_address": [format!("same-{n}@example.com")]});
                let answer = app.post("/users", &body);
                assert!(
                    answer.status == 200
                        || answer.errors() == "422 form_identifier_exists(email_address)",
                    "{}",
                    answer.text
                );
                answer.status == 200
            });
            answers.collect::<Vec<_>>()
        }
    };
    let other = std::thread::spawn(create(one));
    let own = create(two)();
    let other = other.join().expect("ends well");
    assert!(own.iter().zip(other).all(|(own, other)| *own != other));
    let mut app = folder.app();
    assert_eq!(app.get("/users/count").ok().json()["total_count"], 60);
    assert_eq!(walk(&mut app).len(), 60);
}

#[test]
fn a_running_emulator_serves_what_is_seeded_and_reset_beside_it() {
    let folder = Folder::new();
    let mut app = folder.app();
    app.user("before@example.com");
    folder.seed(&WANTED);
    let all = walk(&mut app);
    assert_eq!(all.len(), 5_601);
    check_pages(&mut app, &all);
    check_found(&mut app, &all);
    assert_eq!(app.get("/organizations?limit=100").ok().ids().len(), 30);
    assert!(!app.get("/users?query=example.org").ok().ids().is_empty());
    Emulator::reset(&folder.path()).expect("resets");
    assert!(walk(&mut app).is_empty());
    assert_eq!(app.get("/organizations").ok().json()["total_count"], 0);
    folder.seed(&WANTED);
    let all = walk(&mut app);
    check_pages(&mut app, &all);
}

#[test]
fn deep_pages_are_right_in_every_emulator_after_a_restore() {
    let folder = Folder::new();
    // Without memberships every deletion changes one list.
    folder.seed(&Seed {
        organizations: 0,
        ..WANTED
    });
    let (mut one, mut two) = (folder.app(), folder.app());
    let before = walk(&mut one);
    let snapshots = Snapshots::of(&folder.path());
    snapshots.save("seeded", false).expect("saves");
    // As many changes before a restore as after it, but others: their numbers must not be mistaken for each other.
    for places in [[5_000, 5_100, 5_200], [1, 20, 300]] {
        for place in places {
            two.delete(&format!("/users/{}", before[place])).ok();
        }
        let all = walk(&mut one);
        assert_eq!(all.len(), 5_597);
        for app in [&mut one, &mut two] {
            check_pages(app, &all);
        }
        snapshots.restore("seeded").expect("restores");
        assert_eq!(walk(&mut two), before);
        for app in [&mut one, &mut two] {
            check_pages(app, &before);
        }
    }
    check_found(&mut one, &before);
}

#[test]
fn equal_seeds_give_equal_answers() {
    let folders = [Folder::new(), Folder::new()];
    let wanted = Seed {
        users: 120,
        organizations: 12,
        memberships: None,
        seed: 5,
    };
    let answers = folders.each_ref().map(|folder| {
        folder.seed(&wanted);
        let mut app = folder.app();
        let paths = [
            "/users?limit=500",
            "/organizations?limit=500&include_members_count=true",
            "/organization_memberships?limit=500",
            "/organization_invitations?limit=500",
            "/invitations?limit=500",
        ];
        paths.map(|path| app.get(path).ok().pretty())
    });
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].iter().all(|text| text.len() > 1_000));
}

#[test]
fn a_seed_that_meets_a_taken_address_changes_nothing() {
    let folder = Folder::new();
    let wanted = Seed {
        users: 30,
        organizations: 2,
        memberships: None,
        seed: 9,
    };
    folder.seed(&wanted);
    let mut app = folder.app();
    let users = app.get("/users?limit=2&order_by=created_at").ok().json();
    let address = users[1]["email_addresses"][0]["email_address"].clone();
    Emulator::reset(&folder.path()).expect("resets");
    // Seeded users are numbered from the second on now, so the second has this address again.
    app.user(address.as_str().expect("an address"));
    let refused = seed(&folder.path(), &wanted, &mut |_| {}).expect_err("is refused");
    assert!(matches!(refused, SeedError::Refused { .. }), "{refused}");
    assert!(
        refused.to_string().contains("email address is taken"),
        "{refused}"
    );
    assert_eq!(app.get("/users/count").ok().json()["total_count"], 1);
    assert_eq!(app.get("/organizations").ok().json()["total_count"], 0);
}

#[test]
fn settings_of_one_process_hold_in_all() {
    let folder = Folder::new();
    let (mut one, mut other) = (folder.app(), folder.app());
    let path = "/instance/organization_settings";
    let most = |app: &mut App| {
        let made = app
            .post("/organizations", &json!({"name": "A"}))
            .ok()
            .json();
        made["max_allowed_memberships"].clone()
    };
    assert_eq!((most(&mut one), most(&mut other)), (json!(5), json!(5)));
    one.patch(path, &json!({"max_allowed_memberships": 7})).ok();
    assert_eq!((most(&mut one), most(&mut other)), (json!(7), json!(7)));
    other.patch(path, &json!({"enabled": false})).ok();
    let refused = "403 organization_not_enabled_in_instance";
    for app in [&mut one, &mut other] {
        assert_eq!(app.get("/organizations").errors(), refused);
        let made = app.post("/organizations", &json!({"name": "A"}));
        assert_eq!(made.errors(), refused);
    }
    one.patch(path, &json!({"enabled": true})).ok();
    other.get("/organizations").ok();
}

#[test]
fn the_first_process_chooses_the_settings_of_a_new_instance() {
    let folder = Folder::new();
    let mut first = config(Database::File(folder.path()));
    first.max_allowed_memberships = 7;
    App::with(first).stop();
    let made = folder.app().post("/organizations", &json!({"name": "A"}));
    assert_eq!(made.ok().json()["max_allowed_memberships"], 7);
}
