//! A production instance for commands of the real binary. A live key goes to `https://api.clerk.com` only (reliability.md 7.3), and a local
//! Clerk refuses it (11.4), so the way there is as it is at a company: a proxy, and behind it the API's name with a certificate of an
//! authority of its own. There the key is exchanged for the one of a local Clerk.

use std::net::SocketAddr;

use clerk_api_emulator::{Config, Emulator, Handle};
use serde_json::{Value, json};
use tokio::io::{AsyncWriteExt as _, copy_bidirectional};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use crate::env::{CANARY, Env};
use crate::local_http::Asked;
use crate::proxy::{Manner, Proxy};
use crate::tls::{Authority, Listening, head};

/// A key of a production instance, which no output may show.
pub(crate) const LIVE: &str = "sk_live_CANARYcanaryCANARY00";

/// The instance.
pub(crate) struct Live {
    /// Commands with the live key.
    pub(crate) env: Env,
    /// Commands that prepare the instance and look at it, without the way to it.
    pub(crate) behind: Env,
    control: Asked,
    _proxy: Proxy,
    _front: Listening,
    _clerk: Handle,
}

impl Live {
    pub(crate) fn start() -> Self {
        let clerk = Emulator::start(Config::new(CANARY)).unwrap();
        let server: SocketAddr = clerk.url()["http://".len()..].parse().unwrap();
        let authority = Authority::new();
        let identity = authority.issue("api.clerk.com");
        let front = Listening::start(move |stream| exchange(identity.clone(), stream, server));
        let proxy = Proxy::start(Manner::Open, front.address);
        let env = Env::new().config("[http]\nbackoff_ms = 1\n");
        let roots = env.file("company.pem", &authority.pem);
        let env = env
            .set("CLERK_SECRET_KEY", LIVE)
            .set("HTTPS_PROXY", format!("http://{}", proxy.address()))
            .set("SSL_CERT_FILE", roots.display().to_string());
        let ready = json!({
            "url": clerk.url(),
            "secret_key": CANARY,
            "control_token": clerk.control_token(),
        });
        Self {
            env,
            behind: Env::at(clerk.url()),
            control: Asked::of(&ready),
            _proxy: proxy,
            _front: front,
            _clerk: clerk,
        }
    }

    /// What a command came to, and the requests that the server's own log has of it, such as `DELETE /v1/users/user_1`.
    pub(crate) fn watch<T>(&self, command: impl FnOnce(&Env) -> T) -> (T, Vec<String>) {
        let before = self.log(0).len();
        let ran = command(&self.env);
        (ran, self.log(before))
    }

    fn log(&self, after: usize) -> Vec<String> {
        let path = format!("/local/api/requests?after={after}");
        let (status, log) = self.control.get(&path);
        assert_eq!(status, 200, "{log}");
        let line = |entry: &Value| {
            let text = |name: &str| entry[name].as_str().unwrap().to_owned();
            format!("{} {}", text("method"), text("path"))
        };
        log["data"].as_array().unwrap().iter().map(line).collect()
    }
}

/// Those of the requests that change something.
pub(crate) fn writes(log: &[String]) -> Vec<&str> {
    let all = log.iter().map(String::as_str);
    all.filter(|line| !line.starts_with("GET ")).collect()
}

/// One request of a connection, which ends with its response.
async fn exchange(identity: TlsAcceptor, stream: TcpStream, server: SocketAddr) -> Option<()> {
    let mut stream = identity.accept(stream).await.ok()?;
    let head = head(&mut stream).await?;
    let mut lines = head.lines();
    let mut passed = format!("{}\r\n", lines.next()?);
    let mut is_known = false;
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        match name.to_ascii_lowercase().as_str() {
            "authorization" => is_known = value == format!("Bearer {LIVE}"),
            "host" => assert_eq!(value, "api.clerk.com"),
            "connection" => {}
            _ => passed.extend([name, ": ", value, "\r\n"]),
        }
    }
    let key = if is_known { CANARY } else { "none" };
    let ours =
        format!("host: {server}\r\nauthorization: Bearer {key}\r\nconnection: close\r\n\r\n");
    passed.push_str(&ours);
    let mut server = TcpStream::connect(server).await.ok()?;
    server.write_all(passed.as_bytes()).await.ok()?;
    let both = copy_bidirectional(&mut stream, &mut server).await;
    both.ok().map(drop)
}
