//! A kind that ends while the walks of all others wait for the sink. Nothing happens by chance here: the lists are made by hand, and what has
//! to come later waits until nothing else goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use clerk_api::transport::{BoxFuture, Transport, TransportError};
use clerk_api::{Client, SecretKey};
use clerk_api_admin::problem::Outcome;
use clerk_api_tasks::sweep::{Count, Kind, Order, Sink, sweep};
use serde_json::json;
use tokio::sync::{Notify, oneshot};
use tokio::task::yield_now;

use crate::harness::KEY;

/// As many walks as pages may wait for the sink: they take every place in the line. And one that ends.
const KINDS: [Kind; 5] = [
    Kind::Organizations,
    Kind::Memberships,
    Kind::OrganizationInvitations,
    Kind::Invitations,
    Kind::Domains,
];
/// More pages than can wait, and the walk's own page size.
const ROWS: u64 = 10 * 500;
/// So many turns without an event are enough to say that everybody waits: no response takes time here.
const TURNS: usize = 200;

/// What the sink and the walks have come to.
#[derive(Default)]
struct Progress {
    /// Pages that were given to the line, and the one that the sink has.
    events: AtomicUsize,
    held: AtomicUsize,
    ended: Notify,
}

impl Progress {
    /// Returns when the sink has a page, and nothing more happens.
    async fn stands(&self) {
        let (mut turns, mut events) = (0, 0);
        while turns < TURNS {
            yield_now().await;
            let now = self.events.load(Ordering::SeqCst);
            let is_still = now == events && self.held.load(Ordering::SeqCst) > 0;
            turns = if is_still { turns + 1 } else { 0 };
            events = now;
        }
    }
}

/// Long lists, and that of the domains, which is empty. Its response comes when the walks of all others stand.
struct Lists(Arc<Progress>);

impl Transport for Lists {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let uri = request.uri();
        let query = uri.query().unwrap_or_default();
        let number = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            let value = pairs.find(|(key, _)| *key == name);
            value.map_or(0, |(_, value)| value.parse::<u64>().unwrap())
        };
        let is_last = uri.path() == "/v1/organization_domains";
        let total = if is_last { 0 } else { ROWS };
        let (from, limit) = (number("offset"), number("limit"));
        let rows: Vec<_> = (from..total.min(from + limit))
            .map(|at| json!({"object": "x", "id": format!("x_{at}")}))
            .collect();
        let body = json!({"data": rows, "total_count": total}).to_string();
        Box::pin(async move {
            if is_last {
                self.0.stands().await;
                self.0.ended.notify_one();
            }
            Ok(http::Response::new(Bytes::from(body)))
        })
    }
}

/// Keeps the first page until it may go on.
struct Held {
    progress: Arc<Progress>,
    goes_on: Option<oneshot::Receiver<()>>,
    ends: Vec<Kind>,
}

impl Sink for Held {
    fn page(&mut self, _: Kind, _: &clerk_api::list::Page) -> Outcome<()> {
        if let Some(goes_on) = self.goes_on.take() {
            self.progress.held.store(1, Ordering::SeqCst);
            goes_on.blocking_recv().unwrap();
        }
        Ok(())
    }

    fn end(&mut self, count: &Count) -> Outcome<()> {
        self.ends.push(count.kind());
        Ok(())
    }
}

#[tokio::test]
async fn a_kind_that_ends_while_all_others_wait_for_the_sink_stops_nobody() {
    let progress = Arc::new(Progress::default());
    let client = Client::builder(SecretKey::parse(KEY).unwrap())
        .base_url("http://127.0.0.1:1")
        .transport(Arc::new(Lists(Arc::clone(&progress))))
        .build()
        .unwrap();
    let (go_on, goes_on) = oneshot::channel();
    let sink = Held {
        progress: Arc::clone(&progress),
        goes_on: Some(goes_on),
        ends: Vec::new(),
    };
    let tell = |_| {
        progress.events.fetch_add(1, Ordering::SeqCst);
    };
    let reads = sweep(&client, &KINDS, Order::SideBySide, sink, &tell);
    let lets_go = async {
        progress.ended.notified().await;
        for _ in 0..TURNS {
            yield_now().await;
        }
        go_on.send(()).unwrap();
    };
    let both = async { tokio::join!(reads, lets_go).0 };
    let read = tokio::time::timeout(Duration::from_secs(20), both).await;
    let (sweep, sink) = read.expect("the sweep goes on").unwrap();
    assert_eq!(sink.ends.len(), KINDS.len());
    assert_eq!(sink.ends[0], Kind::Domains, "{:?}", sink.ends);
    for count in &sweep.counts {
        let rows = if count.kind() == Kind::Domains {
            0
        } else {
            ROWS
        };
        assert_eq!(count.rows, rows, "{:?}", count.kind());
    }
}
