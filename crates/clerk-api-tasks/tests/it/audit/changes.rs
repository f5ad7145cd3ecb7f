//! What differs between two exports.

use clerk_api_tasks::audit::database::Database;
use clerk_api_tasks::audit::diff;
use serde_json::Value;

use super::world::World;

const OLD: &str = "
    meta instance_id ins_1
    org acme
    org gone
    user ada
    user bo
    user cy banned=0 two_factor_enabled=1
    user left
    member acme ada org:member permissions=[]
    member acme bo org:admin permissions=[\"a\"]
    member acme left org:member
    member gone ada org:admin
    invite one acme x@acme.com org:member
    invite two acme y@acme.com org:member";

const NEW: &str = "
    meta instance_id ins_1
    org acme
    org fresh
    user ada
    user bo email=bo@new.com
    user cy banned=1 two_factor_enabled=0
    user came
    member acme ada org:admin permissions=[\"a\"]
    member acme bo org:admin permissions=[\"a\",\"b\"]
    member fresh came org:admin
    invite one acme x@acme.com org:member status=accepted
    invite three acme z@acme.com org:admin";

fn lines(document: &Value) -> Vec<String> {
    let changes = document["changes"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    changes
        .map(|row| {
            let cells =
                ["change", "organization", "who", "before", "after"].map(|name| text(&row[name]));
            cells.join(" ")
        })
        .collect()
}

#[test]
fn who_came_who_went_and_whose_access_changed() {
    let world = World::new();
    let (old, new) = (
        world.export("old.sqlite", OLD),
        world.export("new.sqlite", NEW),
    );
    let document = |organization| {
        let (old, new) = (Database::open(&old).unwrap(), Database::open(&new).unwrap());
        diff::document(&old, new, organization).unwrap()
    };
    let all = document(None);
    assert_eq!(
        lines(&all),
        [
            "organization_came fresh - - -",
            "organization_went gone - - -",
            "member_came fresh came@acme.com - org:admin",
            "member_went acme left@acme.com org:member -",
            "member_went gone ada@acme.com org:admin -",
            "member_role acme ada@acme.com org:member org:admin",
            "member_access acme bo@new.com [\"a\"] [\"a\",\"b\"]",
            "invitation_came acme z@acme.com - org:admin",
            "invitation_went acme x@acme.com org:member accepted",
            "invitation_went acme y@acme.com org:member gone",
            "user_came - came@acme.com - -",
            "user_went - left@acme.com - -",
            "user_address - bo@new.com bo@acme.com bo@new.com",
            "user_status - cy@acme.com active banned",
            "user_second_factor - cy@acme.com on off",
        ]
    );
    assert_eq!(all["summary"]["member_went"], 2);
    assert_eq!(all["same_instance"], true);
    let acme = document(Some("acme"));
    assert_eq!(lines(&acme).len(), 7, "{acme}");
    let (old, again) = (Database::open(&old).unwrap(), Database::open(&old).unwrap());
    assert_eq!(
        lines(&diff::document(&old, again, None).unwrap()),
        <Vec<String>>::new()
    );
}
