//! A webhook endpoint: a real server that answers as it is told and keeps what it receives.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver as Queue, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

/// How long a test waits for something that must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// What an endpoint does with the next request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    Status(u16),
    /// Says nothing until the other side gives up.
    Silence,
}

/// A running endpoint.
pub(crate) struct Receiver {
    pub(crate) url: String,
    queue: Queue<Received>,
    /// What is done once each, before everything is well.
    script: Arc<Mutex<Vec<Reply>>>,
}

/// A request that came.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Receiver {
    /// Answers so, in this order, and then with 200.
    pub(crate) fn start(script: &[Reply]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let (tell, queue) = mpsc::channel();
        let script = Arc::new(Mutex::new(script.iter().rev().copied().collect::<Vec<_>>()));
        let steps = Arc::clone(&script);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (tell, steps) = (tell.clone(), Arc::clone(&steps));
                std::thread::spawn(move || serve(stream, &steps, &tell));
            }
        });
        Self {
            url: format!("http://127.0.0.1:{port}/hooks?a=b"),
            queue,
            script,
        }
    }

    /// Waits for the next request.
    pub(crate) fn next(&self) -> Received {
        let next = self.queue.recv_timeout(PATIENCE);
        next.unwrap_or_else(|_| panic!("nothing came; left: {:?}", self.script.lock()))
    }

    /// Waits for so many requests and returns the types of their events.
    pub(crate) fn types<const N: usize>(&self) -> [String; N] {
        std::array::from_fn(|_| self.next().kind())
    }

    /// Tells what has come and was not waited for.
    pub(crate) fn rest(&self) -> Vec<Received> {
        self.queue.try_iter().collect()
    }
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(other, _)| other == name);
        &found.unwrap_or_else(|| panic!("no {name}")).1
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    pub(crate) fn kind(&self) -> String {
        self.json()["type"].as_str().expect("a type").to_owned()
    }
}

fn serve(stream: TcpStream, steps: &Mutex<Vec<Reply>>, tell: &Sender<Received>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length")?;
    let mut body = vec![0; length.1.parse().ok()?];
    stream.read_exact(&mut body).ok()?;
    let reply = steps.lock().ok()?.pop().unwrap_or(Reply::Status(200));
    let received = Received {
        line: line.trim_end().to_owned(),
        headers,
        body: String::from_utf8(body).ok()?,
    };
    tell.send(received).ok()?;
    match reply {
        Reply::Status(status) => write!(
            stream.get_mut(),
            "HTTP/1.1 {status} Said\r\nlocation: /other\r\ncontent-length: 5\r\n\r\nheard"
        )
        .ok(),
        // The end of the stream is that of the other's patience.
        Reply::Silence => stream.read_to_end(&mut Vec::new()).ok().map(drop),
    }
}
