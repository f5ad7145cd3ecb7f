//! The open connections and their limit. Idle connections make room for new ones, and two places are kept for
//! the server's own API, so that a server with only hanging connections can still be reached and stopped.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use futures_util::future::{Either, select};
use http::header::CONNECTION;
use http::{HeaderValue, Request};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tower::ServiceExt as _;

use crate::http::gate::Crowded;
use crate::lab::faults::Cable;
use crate::lab::requests::ticks;

/// How long a connection may take to say what it wants, and be silent between two requests.
const SILENCE: Duration = Duration::from_secs(30);
/// Bytes of a request's line and its headers.
const HEAD_MOST: usize = 64 << 10;
/// How long a silent connection keeps its place when others wait for one.
const GRACE: Duration = Duration::from_secs(1);
/// How soon it is looked again whether there is a place.
const AGAIN: Duration = Duration::from_millis(100);
/// Places for the server's own API.
const SPARE: usize = 2;
/// The most connections where the system allows many files.
const MOST: usize = 1_024;

/// All connections of a server.
#[derive(Debug)]
pub(super) struct Connections {
    most: usize,
    places: Mutex<Places>,
    freed: Notify,
}

#[derive(Debug, Default)]
struct Places {
    last: u64,
    taken: BTreeMap<u64, Place>,
}

#[derive(Debug)]
struct Place {
    spare: bool,
    /// When it fell silent; `None` while a request is served.
    silent: Option<Instant>,
    /// Told to make room, and not counted any more.
    leaving: bool,
    leave: Arc<Notify>,
}

impl Places {
    fn count(&mut self, spare: bool) -> usize {
        self.of_kind(spare).count()
    }

    fn of_kind(&mut self, spare: bool) -> impl Iterator<Item = &mut Place> {
        let all = self.taken.values_mut();
        all.filter(move |place| place.spare == spare && !place.leaving)
    }

    /// Takes the place of the connection that has been silent longest.
    fn clear_one(&mut self, spare: bool) -> bool {
        let silent = self
            .of_kind(spare)
            .filter(|place| place.silent.is_some_and(|since| since.elapsed() >= GRACE));
        let Some(longest) = silent.min_by_key(|place| place.silent) else {
            return false;
        };
        longest.leaving = true;
        longest.leave.notify_one();
        true
    }

    fn has_room(&mut self, spare: bool, most: usize) -> bool {
        self.count(spare) < most || self.clear_one(spare)
    }
}

/// A connection's hold on its place.
#[derive(Clone, Debug)]
struct Seat {
    id: u64,
    connections: Arc<Connections>,
}

/// A request that is being served.
struct Serving(Seat);

impl Connections {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            most: most(),
            places: Mutex::default(),
            freed: Notify::new(),
        })
    }

    /// Takes connections until the server stops, and waits for the requests that are under way then.
    pub(super) async fn take(
        self: Arc<Self>,
        listener: TcpListener,
        router: Router,
        stopped: watch::Receiver<bool>,
    ) {
        let mut open = JoinSet::new();
        let taking = async {
            loop {
                let Some(stream) = self.accept(&listener).await else {
                    continue;
                };
                let (seat, leave) = self.seat().await;
                let (router, stopped) = (router.clone(), stopped.clone());
                open.spawn(serve(stream, seat, leave, router, stopped));
                while open.try_join_next().is_some() {}
            }
        };
        select(pin!(taking), pin!(super::told(stopped.clone()))).await;
        while open.join_next().await.is_some() {}
    }

    async fn accept(&self, listener: &TcpListener) -> Option<TcpStream> {
        match listener.accept().await {
            Ok((stream, _)) => {
                let _ = stream.set_nodelay(true);
                Some(stream)
            }
            Err(error) => {
                let peer = matches!(
                    error.kind(),
                    io::ErrorKind::ConnectionAborted
                        | io::ErrorKind::ConnectionRefused
                        | io::ErrorKind::ConnectionReset
                );
                // Else there are no more files: somebody has to go.
                if !peer && !self.places().clear_one(false) {
                    sleep(AGAIN).await;
                }
                None
            }
        }
    }

    /// Waits for a place.
    async fn seat(self: &Arc<Self>) -> (Seat, Arc<Notify>) {
        loop {
            if let Some(seat) = self.find() {
                return seat;
            }
            let _ = timeout(AGAIN, self.freed.notified()).await;
        }
    }

    fn find(self: &Arc<Self>) -> Option<(Seat, Arc<Notify>)> {
        let mut places = self.places();
        let spare = !places.has_room(false, self.most);
        if spare && !places.has_room(true, SPARE) {
            return None;
        }
        places.last += 1;
        let (id, leave) = (places.last, Arc::<Notify>::default());
        let place = Place {
            spare,
            silent: Some(ticks()),
            leaving: false,
            leave: Arc::clone(&leave),
        };
        places.taken.insert(id, place);
        let connections = Arc::clone(self);
        Some((Seat { id, connections }, leave))
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Begins a request; the second value says whether its place is reserved.
    fn begin(&self) -> (Serving, bool) {
        let mut places = self.connections.places();
        let is_spare = |places: &Places| places.taken.get(&self.id).is_some_and(|it| it.spare);
        // By now there may be room among the others.
        let spare = is_spare(&places) && !places.has_room(false, self.connections.most);
        if let Some(place) = places.taken.get_mut(&self.id) {
            place.spare = spare;
            place.silent = None;
        }
        (Serving(self.clone()), spare)
    }

    fn is_serving(&self) -> bool {
        let places = self.connections.places();
        let place = places.taken.get(&self.id);
        place.is_some_and(|place| place.silent.is_none())
    }

    fn leave(&self) {
        self.connections.places().taken.remove(&self.id);
        self.connections.freed.notify_one();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let Seat { id, connections } = &self.0;
        if let Some(place) = connections.places().taken.get_mut(id) {
            place.silent = Some(ticks());
        }
        connections.freed.notify_one();
    }
}

/// Serves one connection until it ends, has to make room, or the server stops.
async fn serve(
    stream: TcpStream,
    seat: Seat,
    leave: Arc<Notify>,
    router: Router,
    stopped: watch::Receiver<bool>,
) {
    let (cable, connection) = Cable::of(stream);
    let service = service_fn(|mut request: Request<Incoming>| {
        let (serving, spare) = seat.begin();
        request.extensions_mut().insert(connection.clone());
        if spare {
            request.extensions_mut().insert(Crowded);
        }
        let answering = router.clone().oneshot(request.map(Body::new));
        async move {
            let mut response = answering.await?;
            if spare {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(CONNECTION, close);
            }
            // It is served until the last byte of its response is on the way.
            let response = response.map(|body| {
                body.map_frame(move |frame| {
                    let _ = &serving;
                    frame
                })
            });
            Ok::<_, Infallible>(response)
        }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(SILENCE)
        .max_buf_size(HEAD_MOST)
        .serve_connection(TokioIo::new(cable), service);
    let mut serving = pin!(serving);
    let told = pin!(async {
        match select(pin!(leave.notified()), pin!(super::told(stopped))).await {
            Either::Left(_) => seat.is_serving(),
            Either::Right(_) => true,
        }
    });
    if let Either::Right((true, _)) = select(serving.as_mut(), told).await {
        serving.as_mut().graceful_shutdown();
        // What breaks off is the other side's business.
        let _ = serving.await;
    }
    seat.leave();
}

/// Half of the files that this process may have open: the database and what else it does need some too.
fn most() -> usize {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        let files = getrlimit(Resource::Nofile).current;
        let half = files.and_then(|files| usize::try_from(files / 2).ok());
        half.unwrap_or(MOST).clamp(4, MOST)
    }
    #[cfg(not(unix))]
    MOST
}
