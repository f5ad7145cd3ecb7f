//! Made-up users and organizations for a local instance. The same seed makes the same people.

use clerk_api::{Args, Client};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::call::operation;
use crate::context::Context;
use crate::error::{Failure, Outcome};
use crate::exit::Exit;
use crate::local::Server;

const FIRST: [&str; 16] = [
    "Ada",
    "Grace",
    "Alan",
    "Edsger",
    "Barbara",
    "Donald",
    "Radia",
    "Ken",
    "Margaret",
    "Linus",
    "Frances",
    "Tim",
    "Hedy",
    "Claude",
    "Katherine",
    "Niklaus",
];
const LAST: [&str; 16] = [
    "Abel", "Brown", "Castro", "Dietz", "Evans", "Fischer", "Garcia", "Huang", "Ito", "Jensen",
    "Kowalski", "Lopez", "Moreau", "Nagy", "Okafor", "Petrov",
];
const TEAMS: [&str; 12] = [
    "Engineering",
    "Design",
    "Support",
    "Sales",
    "Research",
    "Finance",
    "Platform",
    "Security",
    "Marketing",
    "Operations",
    "Legal",
    "Data",
];
/// Members that each organization gets, where there are enough users.
const MEMBERS: usize = 4;

/// What to make.
pub(crate) struct Wanted {
    pub(crate) users: u32,
    pub(crate) organizations: u32,
    pub(crate) seed: u32,
}

#[derive(Deserialize)]
struct Made {
    id: String,
}

/// A small generator whose numbers depend on the seed only.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let index = usize::try_from(self.next() % words.len() as u64).unwrap_or_default();
        words[index]
    }
}

fn client(server: &Server) -> Outcome<Client> {
    let client = Client::builder(server.key()?)
        .base_url(server.url())
        .build();
    client.map_err(|error| Failure::of_call("cannot reach the local Clerk", error))
}

async fn make(client: &Client, operation_id: &'static str, args: &Value) -> Outcome<String> {
    let meta = operation(operation_id)?;
    let bad =
        |error: serde_json::Error| Failure::new(Exit::Failed, "bad_answer", error.to_string());
    let mut all = Args::new();
    for (name, value) in args.as_object().into_iter().flatten() {
        all.set(name, value).map_err(bad)?;
    }
    let reply = client.call(meta, all).await;
    let reply = reply.map_err(|error| {
        Failure::of_call("cannot seed the local instance", error)
            .hint("the same seed makes the same people: take another --seed, or empty the instance with `clerk-api local reset`")
    })?;
    let made: Made = serde_json::from_slice(&reply.raw).map_err(bad)?;
    Ok(made.id)
}

/// Makes them, and reports what was made.
pub(crate) async fn run(context: &Context, server: &Server, wanted: &Wanted) -> Outcome<Value> {
    let client = client(server)?;
    let mut dice = Dice(u64::from(wanted.seed));
    let mut users = Vec::new();
    for number in 1..=wanted.users {
        let (first, last) = (dice.pick(&FIRST), dice.pick(&LAST));
        let name = format!("{first}.{last}.{}-{number}", wanted.seed).to_lowercase();
        let user = json!({
            "first_name": first,
            "last_name": last,
            "email_address": [format!("{name}@example.com")],
            "external_id": format!("seed-{}-{number}", wanted.seed),
            "skip_password_requirement": true,
        });
        users.push(make(&client, "users.create", &user).await?);
    }
    let mut memberships = 0;
    for number in 1..=wanted.organizations {
        let team = dice.pick(&TEAMS);
        let slug = format!("{}-{}-{number}", team.to_lowercase(), wanted.seed);
        let organization = make(
            &client,
            "organizations.create",
            &json!({"name": format!("{team} {number}"), "slug": slug}),
        )
        .await?;
        let start = usize::try_from(dice.next() % users.len().max(1) as u64).unwrap_or_default();
        for (index, user) in users
            .iter()
            .cycle()
            .skip(start)
            .take(MEMBERS.min(users.len()))
            .enumerate()
        {
            let role = if index == 0 {
                "org:admin"
            } else {
                "org:member"
            };
            let member = json!({"organization_id": organization, "user_id": user, "role": role});
            make(&client, "organizations.add_member", &member).await?;
            memberships += 1;
        }
    }
    context
        .ui
        .detail(1, &format!("seeded with {}", wanted.seed));
    Ok(
        json!({"users": wanted.users, "organizations": wanted.organizations, "memberships": memberships, "seed": wanted.seed}),
    )
}

/// How many users and organizations there are.
pub(crate) async fn counts(_: &Context, server: &Server) -> Outcome<(u64, u64)> {
    #[derive(Deserialize)]
    struct Total {
        total_count: u64,
    }
    let client = client(server)?;
    let mut totals = [0; 2];
    for (slot, id) in totals.iter_mut().zip(["users.count", "organizations.list"]) {
        let reply = client
            .call(operation(id)?, Args::new())
            .await
            .map_err(|error| Failure::of_call("cannot read the local instance", error))?;
        let total: Total = serde_json::from_slice(&reply.raw)
            .map_err(|error| Failure::new(Exit::Failed, "bad_answer", error.to_string()))?;
        *slot = total.total_count;
    }
    Ok((totals[0], totals[1]))
}
