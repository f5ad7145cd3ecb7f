//! Against the local Clerk with its limits on: nobody is refused, and the rate is what it may be.

use std::sync::Arc;
use std::time::Duration;

use clerk_api::ops::application_invitations::CreateApplicationInvitation;
use clerk_api::ops::users::ListUsers;
use clerk_api::transport::BoxFuture;
use clerk_api::{Client, SecretKey};
use clerk_api_emulator::{Clock, Config, Emulator, LimitProfile, LimitWindow};

use crate::governor::{Governor, Share, Table, WallClock};

/// The server's clock, which goes on where the governor waits.
struct Server(Clock);

impl clerk_api::transport::Clock for Server {
    fn now(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.peek()).unwrap())
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let millis = duration.as_micros().div_ceil(1_000);
            assert!(
                self.0
                    .advance(Duration::from_millis(u64::try_from(millis).unwrap()))
            );
        })
    }

    fn random(&self) -> u64 {
        0
    }
}

impl WallClock for Server {
    fn micros(&self) -> i64 {
        self.0.peek() * 1_000
    }
}

const KEY: &str = "sk_test_0123456789";

/// A server with limits, a client that gives up at the first refusal, and their time.
fn world(window: LimitWindow) -> (clerk_api_emulator::Handle, Client, Clock) {
    let clock = Clock::starting_at(1_790_000_000_000);
    let mut config = Config::new(KEY);
    config.clock = clock.clone();
    config.limits.profile = Some(LimitProfile::Development);
    config.limits.window = window;
    let server = Emulator::start(config).unwrap();
    let time = Arc::new(Server(clock.clone()));
    let table = Some(Table::published(false));
    let governor = Governor::new(table, Share::TEST, time.clone()).wall_clock(time);
    let mut policy = clerk_api::RetryPolicy::default();
    policy.attempts = 1;
    policy.longest_wait = Duration::from_secs(7_200);
    let client = Client::builder(SecretKey::parse(KEY).unwrap())
        .base_url(server.url())
        .policy(policy)
        .pace(Arc::new(Refused(governor)))
        .build()
        .unwrap();
    (server, client, clock)
}

/// A governor that must not see a refusal.
struct Refused(Governor);

impl clerk_api::pace::Pace for Refused {
    fn permit<'a>(&'a self, exchange: &'a clerk_api::pace::Exchange<'a>) -> BoxFuture<'a, ()> {
        self.0.permit(exchange)
    }

    fn observe(
        &self,
        exchange: &clerk_api::pace::Exchange<'_>,
        observed: &clerk_api::pace::Observed<'_>,
    ) {
        assert_eq!(observed.status, Some(200), "{exchange:?}");
        self.0.observe(exchange, observed);
    }
}

#[tokio::test]
async fn reliability_3_2_nobody_is_refused_and_98_percent_are_reached() {
    for window in [LimitWindow::Fixed, LimitWindow::Sliding] {
        let (_server, client, clock) = world(window);
        let began = clock.peek();
        let mut sent = 0_u32;
        while clock.peek() < began + 40_000 {
            let list = ListUsers::new().limit(1);
            // Several at once, as a walk or a job has them.
            let both = futures_util::future::join(client.send(&list), client.send(&list)).await;
            both.0.unwrap();
            both.1.unwrap();
            sent += 2;
        }
        // 90 % of 100 in 10 s.
        assert!(f64::from(sent) >= 0.98 * 360.0, "{window:?}: {sent}");
    }
}

#[tokio::test]
async fn reliability_3_3_an_hourly_limit_is_used_to_96_of_100_and_never_refused() {
    for window in [LimitWindow::Fixed, LimitWindow::Sliding] {
        let (_server, client, clock) = world(window);
        let began = clock.peek();
        for number in 0..250 {
            let invitation = CreateApplicationInvitation::new(format!("guest{number}@example.com"));
            client.send(&invitation.notify(false)).await.unwrap();
        }
        // The third hour has begun, and is not over.
        let took = clock.peek() - began;
        assert!((7_200_000..7_300_000).contains(&took), "{window:?}: {took}");
    }
}
