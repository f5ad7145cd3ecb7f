//! A small proxy on loopback. Whatever name it is asked for, it connects to one server.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use crate::tls::{Listening, head};

/// What the proxy does with who comes.
#[derive(Clone)]
pub(crate) enum Manner {
    /// Connects everybody.
    Open,
    /// Connects who sends this header, 407 for others.
    Wants(&'static str),
    /// Answers this status line.
    Says(&'static str),
    /// Takes the request and never answers.
    Hangs,
    /// SOCKS 5, with a user name and a password where they are given.
    Socks(Option<(&'static str, &'static str)>),
}

/// The proxy. It ends when dropped.
pub(crate) struct Proxy {
    pub(crate) listening: Listening,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub(crate) fn start(manner: Manner, server: SocketAddr) -> Self {
        Self::start_with(manner, server, None)
    }

    /// One that is itself spoken to over TLS.
    pub(crate) fn start_with(
        manner: Manner,
        server: SocketAddr,
        identity: Option<TlsAcceptor>,
    ) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let listening = Listening::start(move |stream| {
            let (manner, seen, identity) = (manner.clone(), Arc::clone(&seen), identity.clone());
            async move {
                match identity {
                    None => serve(stream, manner, server, &seen).await,
                    Some(identity) => {
                        let stream = identity.accept(stream).await.ok()?;
                        serve(stream, manner, server, &seen).await
                    }
                }
            }
        });
        Self { listening, asked }
    }

    /// What was asked so far: heads of CONNECT, or "SOCKS name:port".
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// `host:port`.
    pub(crate) fn address(&self) -> String {
        self.listening.address.to_string()
    }
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    manner: Manner,
    server: SocketAddr,
    seen: &Mutex<Vec<String>>,
) -> Option<()> {
    if let Manner::Socks(credentials) = manner {
        let asked = socks(&mut stream, credentials).await?;
        seen.lock().unwrap().push(asked);
        return relay(stream, server).await;
    }
    let head = head(&mut stream).await?;
    let wanted = match &manner {
        Manner::Wants(header) => head
            .lines()
            .any(|line| line == format!("Proxy-Authorization: {header}")),
        _ => true,
    };
    seen.lock().unwrap().push(head);
    let status = match manner {
        Manner::Says(status) => status,
        Manner::Hangs => {
            // Ends when the client gives up.
            return stream.read_u8().await.ok().map(drop);
        }
        _ if !wanted => "407 Proxy Authentication Required",
        _ => "200 Connection established",
    };
    let answer = format!("HTTP/1.1 {status}\r\n\r\n");
    stream.write_all(answer.as_bytes()).await.ok()?;
    if status.starts_with("200") {
        relay(stream, server).await?;
    }
    Some(())
}

async fn relay(mut stream: impl AsyncRead + AsyncWrite + Unpin, server: SocketAddr) -> Option<()> {
    let mut server = TcpStream::connect(server).await.ok()?;
    copy_bidirectional(&mut stream, &mut server)
        .await
        .ok()
        .map(drop)
}

/// The handshake of RFC 1928 and 1929; gives the name and the port that were asked for.
async fn socks(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    credentials: Option<(&str, &str)>,
) -> Option<String> {
    stream.read_u8().await.ok()?;
    let offered = text(stream).await?;
    let wanted = if credentials.is_some() { 2 } else { 0 };
    if !offered.bytes().any(|method| method == wanted) {
        stream.write_all(&[5, 0xff]).await.ok()?;
        return None;
    }
    stream.write_all(&[5, wanted]).await.ok()?;
    if let Some((user, password)) = credentials {
        stream.read_u8().await.ok()?;
        let given = (text(stream).await?, text(stream).await?);
        let good = given == (user.to_owned(), password.to_owned());
        stream.write_all(&[1, u8::from(!good)]).await.ok()?;
        if !good {
            return None;
        }
    }
    let mut request = [0; 4];
    stream.read_exact(&mut request).await.ok()?;
    assert_eq!(
        request,
        [5, 1, 0, 3],
        "the name goes to the proxy unresolved"
    );
    let name = text(stream).await?;
    let port = stream.read_u16().await.ok()?;
    let answer = [5, 0, 0, 1, 127, 0, 0, 1, 0, 0];
    stream.write_all(&answer).await.ok()?;
    Some(format!("SOCKS {name}:{port}"))
}

/// A text with its length in front.
async fn text(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = vec![0; usize::from(stream.read_u8().await.ok()?)];
    stream.read_exact(&mut bytes).await.ok()?;
    String::from_utf8(bytes).ok()
}
