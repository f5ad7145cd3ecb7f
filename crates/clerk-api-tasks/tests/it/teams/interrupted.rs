//! A job over people that ends in the middle.

use std::cell::Cell;

use clerk_api_tasks::job::{Control, End, Event, Job, Place, State};
use clerk_api_tasks::teams::{Sheet, TeamWork};

use super::syncing::{acme, inviting};
use crate::harness::{Bench, fault};

#[tokio::test]
async fn interrupted_it_continues_and_lost_responses_are_found() {
    let bench = Bench::with(|config| {
        config.max_allowed_memberships = 0;
        config.faults = vec![
            fault(r#"{"on":"POST /organizations/*/memberships","cut":"after","every":4}"#),
            fault(
                r#"{"on":"POST /organizations/*/invitations/bulk","cut":"after","nth":1,"times":1}"#,
            ),
        ];
    });
    let org = acme(&bench).await;
    let mut csv = "email,role\nada@example.com,org:admin\nbo@example.com,org:member\n".to_owned();
    for number in 0..30 {
        let address = format!("p{number}@example.com");
        if number % 2 == 0 {
            bench.create_user(&address).await;
        }
        let line = format!("{address},org:member\n");
        csv.push_str(&line);
    }
    let entries = bench
        .entries(Some("acme"), &csv, &inviting())
        .await
        .unwrap();
    let (job, work) = bench.team_job(&entries, true);
    let id = job.place().id();
    let (control, seen) = (Control::default(), Cell::new(0));
    let watch = |event: &Event<'_>| {
        if matches!(
            event,
            Event::Row {
                state: State::Done,
                ..
            }
        ) {
            seen.set(seen.get() + 1);
            control.stop();
        }
    };
    let first = bench.go_on(job, &work, &control, watch).await.unwrap();
    assert!(matches!(first.end, End::Stopped));
    assert!(first.counts.of(State::Pending) > 0, "{}", first.line());
    drop((first, work));
    let place = Place::find(&bench.jobs(), &id).unwrap();
    let work = TeamWork::new(Sheet::open(&place.rows()).unwrap(), true);
    let job = Job::open(place).unwrap();
    let ran = bench
        .go_on(job, &work, &Control::default(), |_| {})
        .await
        .unwrap();
    assert_eq!(
        ran.counts.with(clerk_api_tasks::job::Outcome::Done),
        33,
        "{}",
        ran.line()
    );
    assert_eq!(bench.members(&org).await.len(), 17);
    assert_eq!(bench.invited(&org).await.len(), 15);
}
