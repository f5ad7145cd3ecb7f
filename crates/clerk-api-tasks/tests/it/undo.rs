//! Undoing jobs: what was there before comes back, what somebody changed since stays, and what cannot come back is told.

use clerk_api_tasks::job::{Control, Place};
use clerk_api_tasks::undo::UndoWork;
use serde_json::Value;

use crate::harness::{Bench, Ran};

mod changes;
mod interrupted;
mod objects;

/// The place of a job that nobody works on any more.
fn left(ran: Ran) -> Place {
    let place = ran.job.place().clone();
    drop(ran);
    place
}

/// The ids of what a job was done on.
fn ids_of(ran: &Ran) -> Vec<String> {
    let rows = ran.job.rows(0, 9).unwrap();
    rows.into_iter().filter_map(|row| row.id).collect()
}

/// Undoes a job.
async fn undo(bench: &Bench, place: Place) -> Ran {
    let work = UndoWork::open(place).unwrap();
    let job = bench.undo(&work);
    bench
        .go_on(job, &work, &Control::default(), |_| {})
        .await
        .unwrap()
}

/// Objects without what no undo brings back: ids, dates, and what follows from them.
fn shape(mut value: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|name, value| {
                    !(name == "id"
                        || name.ends_with("_id") && name != "external_id"
                        || name == "updated_at"
                        || name == "image_url"
                        || name == "profile_image_url"
                        || name == "linked_to"
                        || name.ends_with("expire_at")
                        || name == "attempts"
                        || name == "strategy"
                        || name == "verification"
                        || (name == "created_at" && !value.is_null()))
                });
                members.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut value);
    value
}

async fn users(bench: &Bench) -> Vec<Value> {
    let mut users = bench.all("users.list", &[]).await;
    users.sort_by_key(|user| user["email_addresses"][0]["email_address"].to_string());
    users.into_iter().map(shape).collect()
}

/// Three users with something to lose, and their ids as rows.
async fn three(bench: &Bench) -> (Vec<String>, String) {
    let head = "email,first-name,username,external-id,public.plan,password";
    let people = [
        "ada@example.com,Ada,ada1,x-1,free,correct horse battery",
        "bo@example.com,Bo,bo22,x-2,free,",
        "cy@example.com,Cy,cy33,x-3,free,",
    ];
    let mut ids = Vec::new();
    // One by one: a job sends its rows side by side, and lists are in order of creation.
    for person in people {
        let made = bench
            .run("users.create", &format!("{head}\n{person}\n"), &[])
            .await;
        assert_eq!(made.line(), "done 1", "{:?}", made.job.rows(0, 10));
        ids.push(made.job.rows(0, 1).unwrap().remove(0).id.unwrap());
    }
    let csv = format!("id\n{}\n", ids.join("\n"));
    (ids, csv)
}

const BY_ID: (&str, &str) = ("user_id", "{{id}}");
