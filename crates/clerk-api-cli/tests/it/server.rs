//! A server that answers what it is told, byte by byte, and remembers what it was sent.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;

/// What comes back for one request.
#[derive(Clone)]
pub(crate) enum Answer {
    /// These bytes, then the connection is closed.
    Bytes(String),
    /// Nothing at all until the client gives up.
    Silence,
}

impl Answer {
    /// A JSON response with more headers, each ending in a line break.
    pub(crate) fn json(status: u16, headers: &str, body: &str) -> Self {
        Self::Bytes(format!(
            "HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}",
            body.len()
        ))
    }

    /// The error that Clerk sends with this status.
    pub(crate) fn error(status: u16, headers: &str, code: &str, message: &str) -> Self {
        let body = format!(
            r#"{{"errors":[{{"message":"short","long_message":"{message}","code":"{code}"}}],"clerk_trace_id":"0123456789abcdef0123456789abcdef"}}"#
        );
        Self::json(status, headers, &body)
    }
}

/// The requests so far, and who waits for one.
#[derive(Default)]
struct Seen {
    requests: Mutex<Vec<String>>,
    another: Condvar,
}

/// The server. It ends when dropped.
pub(crate) struct Server {
    pub(crate) url: String,
    requests: Arc<Seen>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Gives the answers in order; the last one again and again.
    pub(crate) fn start(answers: Vec<Answer>) -> Self {
        Self::answering(move |count, _| answers[count.min(answers.len() - 1)].clone())
    }

    /// Gives what is made of each request's number, from 0, and its text.
    pub(crate) fn answering(answer: impl Fn(usize, &str) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Seen::default());
        let seen = Arc::clone(&requests);
        let thread = std::thread::spawn(move || serve(&listener, &answer, &seen));
        Self {
            url,
            requests,
            thread: Some(thread),
        }
    }

    /// Everything that was sent so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.requests.lock().unwrap().clone()
    }

    /// Returns as soon as a request is here.
    pub(crate) fn wait_for_a_request(&self) {
        self.wait_for_requests(1);
    }

    /// Returns as soon as so many requests are here.
    pub(crate) fn wait_for_requests(&self, count: usize) {
        let seen = self.requests.requests.lock().unwrap();
        drop(
            self.requests
                .another
                .wait_while(seen, |seen| seen.len() < count)
                .unwrap(),
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let address = self.url.trim_start_matches("http://");
        if let Ok(mut stream) = TcpStream::connect(address) {
            let _ = stream.write_all(b"STOP / HTTP/1.1\r\n\r\n");
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(listener: &TcpListener, answer: &dyn Fn(usize, &str) -> Answer, seen: &Seen) {
    let mut count = 0;
    for stream in listener.incoming() {
        let Ok(mut stream) = stream else { continue };
        let Some(request) = read(&mut stream) else {
            continue;
        };
        if request.starts_with("STOP ") {
            return;
        }
        let answer = answer(count, &request);
        seen.requests.lock().unwrap().push(request);
        seen.another.notify_all();
        match answer {
            Answer::Bytes(bytes) => {
                let _ = stream.write_all(bytes.as_bytes());
            }
            // Ends when the client hangs up.
            Answer::Silence => {
                let _ = stream.read(&mut [0]);
            }
        }
        count += 1;
    }
}

/// One request, head and body.
fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some(end) = text.find("\r\n\r\n") {
            let head = text[..end].to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            if bytes.len() >= end + 4 + length.unwrap_or(0) {
                return Some(text);
            }
        }
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&part[..count]),
        }
    }
}
