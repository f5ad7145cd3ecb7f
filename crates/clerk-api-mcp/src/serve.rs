//! The protocol, in both of its lives: with `initialize` (to 2025-11-25), and without it (2026-07-28).

mod client;
mod extensions;
mod limit;
mod patient;
mod reply;
mod server;
mod skills;
mod tasks;

use std::pin::Pin;
use std::rc::Rc;

use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use rmcp::serve_server;
use rmcp::transport::io::stdio_pipes;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::LocalSet;

use crate::host::{Connection, Connector};
use crate::session::Session;
use crate::settings::Settings;
use patient::Patient;
use server::Server;

/// Serves the protocol over standard input and output until the client closes them. `connect` makes the connection whenever a tool needs
/// one and there is none.
///
/// # Errors
/// The client did not speak the protocol.
pub async fn serve_stdio(
    settings: Settings,
    connect: impl AsyncFnMut() -> Outcome<Connection>,
) -> Outcome<()> {
    let (read, write) = stdio_pipes();
    serve(settings, read, write, connect).await
}

/// As [`serve_stdio`], over any pair of streams.
///
/// # Errors
/// The client did not speak the protocol.
pub async fn serve<R, W>(
    settings: Settings,
    read: R,
    write: W,
    mut connect: impl AsyncFnMut() -> Outcome<Connection>,
) -> Outcome<()>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    let (connector, mut requests) = Connector::new();
    let session = Rc::new(Session::new(settings, connector));
    let mut speaking = speak(session, Box::new(read), Box::new(write));
    LocalSet::new()
        .run_until(async {
            loop {
                tokio::select! {
                    ended = &mut speaking => return ended,
                    Some(answer) = requests.recv() => {
                        // A call that was given up waits for no connection.
                        let _ = answer.send(connect().await);
                    }
                }
            }
        })
        .await
}

/// Speaks the protocol until the client closes the streams. Boxed, so that it is compiled here and not in every crate that serves.
fn speak(
    session: Rc<Session>,
    read: Box<dyn AsyncRead + Send + Unpin>,
    write: Box<dyn AsyncWrite + Send + Unpin>,
) -> Pin<Box<dyn Future<Output = Outcome<()>>>> {
    let failed = |why: String| {
        Problem::new(
            ProblemKind::Failed,
            "protocol",
            "the client did not speak the protocol",
        )
        .cause(why)
    };
    Box::pin(async move {
        let server = Server::new(Rc::clone(&session));
        let running = match serve_server(server, Patient::new(read, write)).await {
            Ok(running) => running,
            // A client that goes away at once asked for nothing.
            Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
            Err(error) => return Err(failed(error.to_string())),
        };
        let ended = running.waiting().await;
        session.end().await;
        ended.map(drop).map_err(|error| failed(error.to_string()))
    })
}
