//! Creates an organization and invites its people.
//!
//! `CLERK_SECRET_KEY=sk_test_… cargo run -p clerk-api --example onboard_team -- "Acme" user_2abc ann@example.com bob@example.com`:
//! the name, the user who becomes its admin, the addresses to invite as members. `CLERK_API_URL` points it at another server.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example reads its settings and prints by itself"
)]

use std::env;
use std::error::Error;

use clerk_api::id::UserId;
use clerk_api::ops::invitations::CreateInvitation;
use clerk_api::ops::organizations::CreateOrganization;
use clerk_api::value::Patch;
use clerk_api::{Client, SecretKey, Sent};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let (Some(name), Some(creator)) = (args.next(), args.next()) else {
        return Err("usage: onboard_team NAME CREATOR_USER_ID [ADDRESS…]".into());
    };
    let creator: UserId = creator.parse()?;
    let key = SecretKey::parse(&env::var("CLERK_SECRET_KEY")?)?;
    let mut client = Client::builder(key);
    if let Ok(url) = env::var("CLERK_API_URL") {
        client = client.base_url(url);
    }
    let client = client.build()?;

    let create = CreateOrganization::new(name).created_by(creator.clone());
    let organization = client.send(&create).await?.value;
    let id = organization.id;
    println!("created {id}");

    let mut failed = 0;
    for address in args {
        let invite = CreateInvitation::new(id.clone(), address.as_str(), "org:member")
            .inviter_user_id(creator.clone())
            .expires_in_days(Patch::Set(7));
        match client.send(&invite).await {
            Ok(reply) => {
                let invitation = reply.value;
                // The invitation's link lets its reader in: it is not printed.
                println!("invited {address:?} as {}", invitation.id);
            }
            Err(error) => {
                failed += 1;
                // Whether an email may have gone out decides what to do next.
                let advice = match error.sent {
                    Sent::Yes | Sent::No => "",
                    _ => "; look before you invite again",
                };
                println!("cannot invite {address:?}: {error}{advice}");
            }
        }
    }
    if failed == 0 {
        Ok(())
    } else {
        Err(format!("{failed} invitations failed").into())
    }
}
