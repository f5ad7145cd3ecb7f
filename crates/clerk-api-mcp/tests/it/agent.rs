//! An agent that speaks raw lines of JSON with a server, and the person beside it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::thread::JoinHandle;

use clerk_api_admin::problem::Outcome;
use serde_json::{Value, json};

/// Answers a form.
pub(crate) type Person = Box<dyn FnMut(&Value) -> Value>;

/// A person who types this.
pub(crate) fn types(text: &str) -> Option<Person> {
    let text = text.to_owned();
    Some(Box::new(
        move |_| json!({"action": "accept", "content": {"answer": text}}),
    ))
}

/// The other end of the stream.
pub(crate) struct Agent {
    write: UnixStream,
    read: BufReader<UnixStream>,
    next: u64,
    /// What each request says, in the life without `initialize`.
    pub(crate) meta: Option<Value>,
    pub(crate) person: Option<Person>,
    /// The forms that the person saw.
    pub(crate) forms: Vec<Value>,
    /// Notifications of the server.
    pub(crate) told: Vec<Value>,
    /// What the agent read.
    pub(crate) bytes: usize,
    server: Option<JoinHandle<Outcome<()>>>,
}

impl Agent {
    pub(crate) fn new(stream: UnixStream, server: JoinHandle<Outcome<()>>) -> Self {
        Self {
            write: stream.try_clone().unwrap(),
            read: BufReader::new(stream),
            next: 0,
            meta: None,
            person: None,
            forms: Vec::new(),
            told: Vec::new(),
            bytes: 0,
            server: Some(server),
        }
    }

    pub(crate) fn send(&mut self, message: &Value) {
        self.send_text(&message.to_string());
    }

    pub(crate) fn send_text(&mut self, text: &str) {
        writeln!(self.write, "{text}").unwrap();
    }

    /// The next message of the server, which is always one line of JSON-RPC.
    #[track_caller]
    pub(crate) fn message(&mut self) -> Value {
        let mut line = String::new();
        self.read.read_line(&mut line).unwrap();
        assert!(!line.contains("CANARY"), "the key is in a message: {line}");
        let message: Value =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        assert_eq!(message["jsonrpc"], "2.0", "{message}");
        message
    }

    /// Sends a request and gives its id.
    pub(crate) fn ask(&mut self, method: &str, mut params: Value) -> u64 {
        self.next += 1;
        if let Some(meta) = &self.meta {
            let mut meta = meta.clone();
            if let Some(token) = params
                .get("_meta")
                .and_then(|meta| meta.get("progressToken"))
            {
                meta["progressToken"] = token.clone();
            }
            params["_meta"] = meta;
        }
        let id = self.next;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        id
    }

    /// The response to a request; forms that come before it are shown to the person.
    #[track_caller]
    pub(crate) fn response(&mut self, id: u64) -> Value {
        loop {
            let message = self.message();
            if message["method"] == "elicitation/create" {
                let params = message["params"].clone();
                let person = self.person.as_mut().expect("nobody can be asked");
                let answer = person(&params);
                self.forms.push(params);
                self.send(&json!({"jsonrpc": "2.0", "id": message["id"], "result": answer}));
            } else if message.get("method").is_some() {
                self.told.push(message);
            } else if message["id"] == id {
                return message;
            } else {
                panic!("a response to something else: {message}");
            }
        }
    }

    #[track_caller]
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        self.response(id)
    }

    /// The result of a tool, whatever it is.
    #[track_caller]
    pub(crate) fn call(&mut self, tool: &str, arguments: Value) -> Value {
        self.call_with(json!({"name": tool, "arguments": arguments}))
    }

    /// The same with more members, such as a seal and answers.
    #[track_caller]
    pub(crate) fn call_with(&mut self, params: Value) -> Value {
        let response = self.request("tools/call", params);
        let result = response["result"].clone();
        assert!(result.is_object(), "{response}");
        self.bytes += result.to_string().len();
        result
    }

    /// The structured answer of a tool that succeeded.
    #[track_caller]
    pub(crate) fn done(&mut self, tool: &str, arguments: Value) -> Value {
        let result = self.call(tool, arguments);
        assert_eq!(result["isError"], false, "{result}");
        result["structuredContent"].clone()
    }

    /// The structured answer of a tool that failed with this code.
    #[track_caller]
    pub(crate) fn fails(&mut self, tool: &str, arguments: Value, code: &str) -> Value {
        let result = self.call(tool, arguments);
        assert_eq!(result["isError"], true, "{result}");
        assert_eq!(
            result["structuredContent"]["error"]["code"], code,
            "{result}"
        );
        result["structuredContent"].clone()
    }

    /// The names of the tools.
    pub(crate) fn tools(&mut self) -> Vec<String> {
        let listed = self.request("tools/list", json!({}));
        let tools = listed["result"]["tools"]
            .as_array()
            .unwrap_or_else(|| panic!("{listed}"));
        tools
            .iter()
            .map(|tool| tool["name"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Goes away, and says how the server ended.
    pub(crate) fn leave(mut self) -> Outcome<()> {
        self.write.shutdown(std::net::Shutdown::Both).unwrap();
        self.server.take().unwrap().join().unwrap()
    }
}
