//! Every rule finds what it is for, and nothing beside it.

use clerk_api_tasks::audit::{Options, check, rules};

use super::world::World;

/// A rule, an export, and what the rule finds: the values that its findings are about. Everything else in the export is what it
/// must not find.
const CASES: &[(&str, &str, &[&str])] = &[
    (
        "organization-without-members",
        "org empty
         org full
         user ada
         member full ada org:member",
        &["empty"],
    ),
    (
        "organization-without-admin",
        "org headless
         org led
         org empty
         user ada
         user bo
         member headless ada org:member
         member headless bo org:member
         member led ada org:admin
         member led bo org:member",
        &["headless"],
    ),
    (
        "organization-missing-permissions",
        "org told missing_member_with_elevated_permissions=1
         org empty missing_member_with_elevated_permissions=1
         org fine
         user ada
         member told ada org:member
         member fine ada org:admin
         org unasked missing_member_with_elevated_permissions=null",
        &["told"],
    ),
    (
        "organization-with-one-admin",
        "org one
         org two
         org alone
         user ada
         user bo
         member one ada org:admin
         member one bo org:member
         member two ada org:admin
         member two bo org:admin
         member alone ada org:admin",
        &["one"],
    ),
    (
        "organization-near-limit",
        "org at max_allowed_memberships=5 members_count=4 pending_invitations_count=1
         org near max_allowed_memberships=10 members_count=9
         org below max_allowed_memberships=10 members_count=8
         org unlimited max_allowed_memberships=0 members_count=500",
        &["at", "near"],
    ),
    (
        "organization-abandoned",
        "org quiet
         org busy
         org active
         org fresh created_at=-3d
         org joined
         user ada last_sign_in_at=-91d
         user never last_sign_in_at=null
         user bo
         user cy last_sign_in_at=-200d last_active_at=-2d
         user di last_sign_in_at=-200d
         member quiet ada org:admin
         member quiet never org:member
         member busy ada org:admin
         member busy bo org:member
         member active cy org:admin
         member fresh ada org:admin
         member joined di org:admin created_at=-2d",
        &["quiet"],
    ),
    (
        "role-outside-role-set",
        "org set role_set_key=role_set:a
         org unread role_set_key=role_set:b
         user ada
         user bo
         role-set role_set:a org:admin
         member set ada org:admin
         member set bo org:gone
         member unread ada org:gone",
        &["set org:gone"],
    ),
    (
        "admin-dormant",
        "org acme
         org other
         user ada last_sign_in_at=-46d
         user never last_sign_in_at=null
         user bo last_sign_in_at=-44d
         user cy last_sign_in_at=-46d
         user di last_sign_in_at=-46d last_active_at=-1d
         user new last_sign_in_at=null created_at=-2d
         member acme ada org:admin
         member other ada org:admin
         member acme never org:admin
         member acme bo org:admin
         member acme cy org:member
         member acme di org:admin
         member acme new org:admin",
        &["ada", "never"],
    ),
    (
        "admin-without-second-factor",
        "org acme
         user ada two_factor_enabled=0
         user bo
         user cy two_factor_enabled=0
         member acme ada org:admin
         member acme bo org:admin
         member acme cy org:member",
        &["ada"],
    ),
    (
        "admin-unverified-address",
        "org acme
         user ada primary_email_verified=0
         user bo
         user cy primary_email_verified=0
         user phone primary_email_address=null primary_email_verified=null
         member acme ada org:admin
         member acme bo org:admin
         member acme cy org:member
         member acme phone org:admin",
        &["ada"],
    ),
    (
        "admin-of-many",
        "org a
         org b
         org c
         org d
         org e
         org f
         user ada
         user bo
         member a ada org:admin
         member b ada org:admin
         member c ada org:admin
         member d ada org:admin
         member e ada org:admin
         member f ada org:admin
         member a bo org:admin
         member b bo org:admin
         member c bo org:admin
         member d bo org:admin
         member e bo org:admin
         member f bo org:member",
        &["ada"],
    ),
    (
        "member-banned-or-locked",
        "org acme
         user ada banned=1
         user bo locked=1
         user cy
         user di banned=1
         member acme ada org:member
         member acme bo org:admin
         member acme cy org:member",
        &["acme ada", "acme bo"],
    ),
    (
        "member-outside-domains",
        "org acme
         org open
         org claimed
         domain acme Acme.com
         domain claimed acme.com verified=0
         user ada
         user guest email=guest@other.com
         user claim primary_email_verified=0
         member acme ada org:member
         member acme guest org:member
         member acme claim org:member
         member open guest org:member
         member claimed guest org:member",
        &["acme claim", "acme guest"],
    ),
    (
        "invitation-stale",
        "org acme
         user ada
         member acme ada org:member
         invite old acme x@acme.com org:member created_at=-15d
         invite over acme y@acme.com org:member expires_at=-1d
         invite expired acme z@acme.com org:member status=expired created_at=-40d
         invite fresh acme w@acme.com org:member created_at=-13d
         invite came acme ada@acme.com org:member status=expired created_at=-40d
         invite again acme q@acme.com org:member status=expired created_at=-40d
         invite second acme q@acme.com org:member created_at=-2d
         invite gone acme r@acme.com org:member status=revoked created_at=-40d
         invite done acme s@acme.com org:member status=accepted created_at=-40d",
        &["expired", "old", "over"],
    ),
    (
        "invitation-to-member",
        "org acme
         org other
         user ada
         member acme ada org:member
         invite again acme A.da+x@acme.com org:member
         invite elsewhere other ada@acme.com org:member
         invite new acme bo@acme.com org:member
         invite done acme ada@acme.com org:member status=accepted",
        &["again"],
    ),
    (
        "invitation-double",
        "org acme
         org other
         invite one acme bo@acme.com org:member
         invite two acme b.o@acme.com org:admin
         invite three other bo@acme.com org:member
         invite four acme cy@acme.com org:member
         invite five acme cy@acme.com org:member status=revoked",
        &["acme bo@acme.com"],
    ),
    (
        "invitation-foreign-domain",
        "org acme
         org empty
         domain acme acme.org
         domain acme acme.dev verified=0
         user ada
         member acme ada org:member
         invite stranger acme bo@acme.co org:member
         invite claimed acme bo@acme.dev org:member
         invite colleague acme bo@acme.com org:member
         invite domain acme bo@acme.org org:member
         invite revoked acme bo@acme.co org:member status=revoked
         invite first empty bo@else.com org:admin",
        &["claimed", "stranger"],
    ),
    (
        "invitation-as-admin",
        "org acme
         invite high acme bo@acme.com org:admin
         invite low acme cy@acme.com org:member
         invite done acme di@acme.com org:admin status=accepted",
        &["high"],
    ),
    (
        "application-invitation-stale",
        "user ada
         apply old x@acme.com created_at=-31d
         apply over y@acme.com status=expired created_at=-3d
         apply fresh z@acme.com created_at=-29d
         apply came ada@acme.com created_at=-31d
         apply done w@acme.com status=accepted created_at=-31d
         apply first q@acme.com created_at=-31d
         apply again q@acme.com created_at=-1d",
        &["old", "over"],
    ),
    (
        "user-without-organization",
        "org acme
         user ada
         user alone
         member acme ada org:member",
        &["alone"],
    ),
    // Where nobody uses organizations, nobody is missing in one.
    ("user-without-organization", "user ada", &[]),
    (
        "user-never-signed-in",
        "user never last_sign_in_at=null created_at=-31d
         user new last_sign_in_at=null created_at=-29d
         user ada",
        &["never"],
    ),
    (
        "user-duplicate-address",
        "user one email=ada.lovelace@acme.com
         user two email=adalovelace+work@acme.com
         user three email=ada@acme.com
         user four email=adalovelace@other.com",
        &["adalovelace@acme.com"],
    ),
    (
        "user-duplicate-person",
        "user one name=Ada
         user two name=Ada
         user three name=Bo
         user four name=null
         user five name=null
         phone one +15550100
         phone two +15550100
         phone three +15550100
         phone four +15550101
         phone five +15550101",
        &["+15550100 Ada"],
    ),
    (
        "user-disposable-domain",
        "user spam email=x@mailinator.com
         user ada
         user alike email=x@notmailinator.com",
        &["spam idn_spam"],
    ),
];

#[test]
fn each_rule_finds_what_it_is_for_and_nothing_beside_it() {
    let all = rules::built_in().unwrap();
    for rule in &all {
        let cases: Vec<_> = CASES.iter().filter(|(id, ..)| *id == rule.id).collect();
        assert!(
            cases.iter().any(|(_, _, found)| !found.is_empty()),
            "{} has no case",
            rule.id
        );
        for (number, (id, lines, expected)) in cases.into_iter().enumerate() {
            let world = World::new();
            let database = world.open(lines);
            let report = check(&database, std::slice::from_ref(rule), &Options::default()).unwrap();
            let report = &report.rules[0];
            let mut found: Vec<String> = report
                .findings
                .iter()
                .map(|finding| {
                    let values: Vec<String> = report
                        .about(finding)
                        .map(|(_, value)| value.shown())
                        .collect();
                    values.join(" ")
                })
                .collect();
            found.sort();
            assert_eq!(&found, expected, "{id}, case {number}");
            for finding in &report.findings {
                let (says, mend) = (report.says(finding), report.mend(finding));
                assert!(!says.contains("nothing"), "{says}");
                assert!(!mend.contains("nothing") && !mend.contains("''"), "{mend}");
            }
        }
    }
}
