//! Prints the id and the primary email address of every user, page by page, in constant memory.
//!
//! `CLERK_SECRET_KEY=sk_test_… cargo run -p clerk-api --example list_users [TEXT]`; the text narrows the list as `query` does.
//! `CLERK_API_URL` points it at another server, such as a local one.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example reads its settings and prints by itself"
)]

use std::env;
use std::error::Error;

use clerk_api::ops::users::{ListUsers, UserOrder};
use clerk_api::value::Order;
use clerk_api::{Client, SecretKey};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let key = SecretKey::parse(&env::var("CLERK_SECRET_KEY")?)?;
    let mut client = Client::builder(key);
    if let Ok(url) = env::var("CLERK_API_URL") {
        client = client.base_url(url);
    }
    let client = client.build()?;

    // Oldest first: users who come while the list is read are at its end and are not missed.
    let mut list = ListUsers::new().order_by(Order::ascending(UserOrder::CreatedAt));
    if let Some(text) = env::args().nth(1) {
        list = list.query(text);
    }
    let mut users = client.list(&list);
    while let Some(user) = users.next().await {
        let user = user?;
        let address = user.primary_email_address().unwrap_or("(no address)");
        // Debug form: an address is someone else's text, and this escapes what would move a terminal.
        println!("{} {address:?}", user.id);
    }
    Ok(())
}
