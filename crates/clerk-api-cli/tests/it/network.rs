//! The way to Clerk where people work: behind a proxy, with certificates of a company's own.

use serde_json::Value;

use crate::env::{CANARY, Env, Ran};
use crate::proxy::{Manner, Proxy};
use crate::tls::{Authority, SecureServer};

/// A name that no resolver knows: who gets there went through the proxy.
const HOST: &str = "clerk.test";

/// A server behind a proxy, and an environment whose commands go there.
struct Behind {
    authority: Authority,
    server: SecureServer,
}

impl Behind {
    fn new() -> Self {
        let authority = Authority::new();
        let server = SecureServer::start(authority.issue(HOST));
        Self { authority, server }
    }

    fn proxy(&self, manner: Manner) -> Proxy {
        Proxy::start(manner, self.server.listening.address)
    }

    /// With quick limits, so that what is tried again is not waited for.
    fn env(&self) -> Env {
        let env = Env::at(&format!("https://{HOST}:{}", self.server.listening.port())).config(
            &format!("hosts = [\"{HOST}\"]\n[http]\nbackoff_ms = 1\nconnect_timeout_ms = 500\n"),
        );
        let file = env.file("company.pem", &self.authority.pem);
        env.set("SSL_CERT_FILE", file.display().to_string())
    }

    fn requests(&self) -> usize {
        self.server.connections().iter().flatten().count()
    }
}

#[track_caller]
fn message(error: &Value) -> &str {
    error["message"].as_str().unwrap()
}

#[track_caller]
fn works(ran: &Ran) {
    assert_eq!(ran.json(), serde_json::json!([]));
}

#[test]
fn https_goes_through_the_proxy_that_the_environment_names() {
    let behind = Behind::new();
    let proxy = behind.proxy(Manner::Open);
    for (name, url) in [
        ("HTTPS_PROXY", format!("http://{}", proxy.address())),
        ("https_proxy", proxy.address()),
        ("ALL_PROXY", format!("http://{}/", proxy.address())),
        ("all_proxy", proxy.address()),
    ] {
        works(&behind.env().set(name, url).run(["users", "list"]));
    }
    let asked = proxy.asked();
    assert_eq!((asked.len(), behind.requests()), (4, 4));
    let connect = format!("CONNECT {HOST}:{} HTTP/1.1", behind.server.listening.port());
    for head in asked {
        assert!(head.starts_with(&connect), "{head}");
        assert!(!head.contains("sk_test"), "the key is for Clerk: {head}");
    }
}

#[test]
fn a_proxy_can_be_a_setting_of_the_file_or_of_a_profile() {
    let behind = Behind::new();
    let (of_file, of_profile) = (behind.proxy(Manner::Open), behind.proxy(Manner::Open));
    let env = behind.env().config(&format!(
        "hosts = [\"{HOST}\"]\nproxy = \"{}\"\n[profiles.office]\nproxy = \"{}\"\n[profiles.home]\nno_proxy = \"{HOST}\"\n[http]\nattempts = 1\n",
        of_file.address(),
        of_profile.address()
    ));
    works(&env.run(["users", "list"]));
    works(&env.run(["--profile", "office", "users", "list"]));
    assert_eq!((of_file.asked().len(), of_profile.asked().len()), (1, 1));
    // Without the proxy nobody knows the name.
    let error = env.run(["--profile", "home", "users", "list"]).error(75);
    assert_eq!(error["code"], "connect", "{error}");
    assert_eq!((of_file.asked().len(), of_profile.asked().len()), (1, 1));
}

#[test]
fn credentials_of_the_proxy_are_sent_to_it_and_shown_to_nobody() {
    let behind = Behind::new();
    // "ada:p@ss/word"
    let proxy = behind.proxy(Manner::Wants("Basic YWRhOnBAc3Mvd29yZA=="));
    let env = |user: &str| {
        let url = format!("http://{user}{}", proxy.address());
        behind.env().set("HTTPS_PROXY", url)
    };
    works(&env("ada:p%40ss%2Fword@").run(["-vv", "users", "list"]));
    let sends = proxy.asked().len();
    for (user, says) in [
        ("", "wants a user name and a password"),
        ("ada:CANARYword@", "refused the user name and the password"),
    ] {
        let ran = env(user).run(["-vv", "users", "list"]);
        let error = ran.error(1);
        assert_eq!(
            (&error["code"], &error["sent"]),
            (&"proxy_auth".into(), &"no".into())
        );
        assert!(message(&error).contains(says), "{error}");
        assert!(
            message(&error).contains("environment HTTPS_PROXY"),
            "{error}"
        );
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.contains("USER:PASSWORD@"), "{hint}");
        assert!(
            !ran.stderr.contains("CANARYword") && !ran.stderr.contains("Basic"),
            "{ran:?}"
        );
    }
    assert_eq!(
        proxy.asked().len(),
        sends + 2,
        "one attempt each: a proxy may lock who tries often"
    );
    assert_eq!(behind.requests(), 1);
}

#[test]
fn a_proxy_that_refuses_hangs_or_is_not_there_is_named() {
    let behind = Behind::new();
    let refuses = behind.proxy(Manner::Says("403 Forbidden"));
    let hangs = behind.proxy(Manner::Hangs);
    let garbage = behind.proxy(Manner::Says("hello"));
    let absent = behind.proxy(Manner::Open).address();
    for (address, says) in [
        (refuses.address(), "did not connect to clerk.test"),
        (
            hangs.address(),
            "no connection within 0.5 s through the proxy",
        ),
        (garbage.address(), "did not connect to clerk.test"),
        (absent, "cannot be reached"),
    ] {
        let env = behind.env().set("HTTPS_PROXY", &address);
        let error = env.run(["users", "list"]).error(75);
        assert_eq!(
            (&error["code"], &error["sent"]),
            (&"connect".into(), &"no".into())
        );
        let named = format!("{address} (environment HTTPS_PROXY)");
        assert!(
            message(&error).contains(says) && message(&error).contains(&named),
            "{error}"
        );
    }
    assert_eq!(behind.requests(), 0);
}

#[test]
fn a_proxy_over_tls_is_spoken_to_over_tls() {
    let behind = Behind::new();
    let identity = Some(behind.authority.issue("localhost"));
    let manner = Manner::Wants("Basic YWRhOnNlY3JldA==");
    let proxy = Proxy::start_with(manner, behind.server.listening.address, identity);
    let url = format!("https://ada:secret@localhost:{}", proxy.listening.port());
    let env = behind.env().set("HTTPS_PROXY", url);
    works(&env.run(["users", "list"]));
    assert_eq!((proxy.asked().len(), behind.requests()), (1, 1));
    let error = env.without("SSL_CERT_FILE").run(["users", "list"]).error(1);
    assert_eq!(error["code"], "certificate_untrusted");
    assert!(
        message(&error).contains("certificate of the proxy localhost"),
        "{error}"
    );
}

#[test]
fn socks_is_spoken_with_and_without_a_password() {
    let behind = Behind::new();
    let open = behind.proxy(Manner::Socks(None));
    let closed = behind.proxy(Manner::Socks(Some(("ada", "p@ss"))));
    let run = |url: String| behind.env().set("ALL_PROXY", url).run(["users", "list"]);
    works(&run(format!("socks5h://{}", open.address())));
    works(&run(format!("socks5://{}", open.address())));
    works(&run(format!("socks5h://ada:p%40ss@{}", closed.address())));
    let asked = format!("SOCKS {HOST}:{}", behind.server.listening.port());
    assert_eq!(open.asked(), [asked.clone(), asked.clone()]);
    assert_eq!(closed.asked(), [asked]);
    for user in ["", "ada:CANARYword@"] {
        let ran = run(format!("socks5h://{user}{}", closed.address()));
        let error = ran.error(1);
        assert_eq!(error["code"], "proxy_auth", "{error}");
        assert!(message(&error).contains("environment ALL_PROXY"), "{error}");
        assert!(!ran.stderr.contains("CANARYword"), "{ran:?}");
    }
}

#[test]
fn a_proxy_that_cannot_be_one_is_refused_by_name_before_anything_is_sent() {
    let behind = Behind::new();
    for (url, says) in [
        (
            "ftp://ada:CANARYword@127.0.0.1:1",
            "ftp:// is not supported",
        ),
        (
            "socks4://ada:CANARYword@127.0.0.1:1",
            "socks4:// is not supported",
        ),
        ("http://ada:CANARYword@", "its host is not valid"),
        ("http://ada:CANARY/word@127.0.0.1:1", "percent-encoded"),
    ] {
        let env = behind.env().set("https_proxy", url);
        for arguments in [["users", "list"], ["doctor", "--offline"]] {
            let ran = env.run(arguments);
            assert!(
                !ran.stdout.contains("CANARY") && !ran.stderr.contains("CANARY"),
                "{ran:?}"
            );
        }
        let error = env.run(["users", "list"]).error(2);
        assert_eq!(error["code"], "config", "{error}");
        assert!(
            message(&error).contains("environment https_proxy"),
            "{error}"
        );
        assert!(message(&error).contains(says), "{url}: {error}");
    }
}

#[test]
fn reliability_7_4_this_machine_is_never_reached_through_a_proxy() {
    let authority = Authority::new();
    let server = SecureServer::start(authority.issue("localhost"));
    let proxy = Proxy::start(Manner::Open, server.listening.address);
    let env = Env::at(&format!("https://localhost:{}", server.listening.port()))
        .config("hosts = [\"localhost\"]")
        .set("HTTPS_PROXY", proxy.address());
    let file = env
        .file("company.pem", &authority.pem)
        .display()
        .to_string();
    works(&env.run(["--ca-file", &file, "users", "list"]));
    let local = crate::server::Server::start(vec![crate::server::Answer::json(200, "", "[]")]);
    let env = Env::at(&local.url).set("HTTPS_PROXY", "ftp://nonsense");
    works(&env.run(["users", "list"]));
    assert!(proxy.asked().is_empty());
}

#[test]
fn no_proxy_names_who_is_reached_without_it() {
    let behind = Behind::new();
    let proxy = behind.proxy(Manner::Open);
    let env = behind.env().set("HTTPS_PROXY", proxy.address());
    let env = env.set("no_proxy", "example.com, test");
    // The proxy's only way to know the name is not taken, so nobody does.
    assert_eq!(env.run(["users", "list"]).error(75)["code"], "connect");
    assert!(proxy.asked().is_empty());
    let report = env.run(["doctor", "--offline"]).json();
    assert_eq!(report["settings"]["proxy"]["used"], false, "{report}");
    assert_eq!(
        report["settings"]["no_proxy"]["source"],
        "environment no_proxy"
    );
}

#[test]
fn doctor_shows_the_proxy_and_the_certificates_but_no_password() {
    let behind = Behind::new();
    let env = behind
        .env()
        .set("HTTPS_PROXY", "ada:CANARYword@proxy.example:3128");
    let ran = env.run(["doctor", "--offline"]);
    let settings = &ran.json()["settings"];
    assert_eq!(settings["proxy"]["value"], "http://…@proxy.example:3128");
    assert_eq!(settings["proxy"]["source"], "environment HTTPS_PROXY");
    assert_eq!(settings["proxy"]["used"], true);
    let certificates = &settings["certificates"][0];
    assert_eq!(certificates["source"], "environment SSL_CERT_FILE");
    assert!(!ran.stdout.contains("CANARYword") && !ran.stdout.contains(CANARY));
}

#[test]
fn certificates_are_added_by_flag_setting_and_environment() {
    let authority = Authority::new();
    let server = SecureServer::start(authority.issue("localhost"));
    let url = format!("https://localhost:{}", server.listening.port());
    let env = || Env::at(&url).config("hosts = [\"localhost\"]");
    let pem = |env: &Env| {
        env.file("ca/company.pem", &authority.pem)
            .display()
            .to_string()
    };

    let flag = env();
    let file = pem(&flag);
    works(&flag.run(["users", "list", "--ca-file", &file]));
    let variable = env();
    let file = pem(&variable);
    works(&variable.set("SSL_CERT_FILE", file).run(["users", "list"]));
    let folder = env();
    pem(&folder);
    folder.file("ca/README", "not a certificate");
    let path = format!("/:{}", folder.home().join("ca").display());
    let path = path.trim_start_matches("/:").to_owned();
    works(&folder.set("SSL_CERT_DIR", path).run(["users", "list"]));
    let setting = env();
    let file = pem(&setting);
    let setting = setting.config(&format!("hosts = [\"localhost\"]\nca_file = \"{file}\""));
    works(&setting.run(["users", "list"]));
    let profile = env();
    let file = pem(&profile);
    let profile = profile.config(&format!(
        "hosts = [\"localhost\"]\n[profiles.office]\nca_file = \"{file}\""
    ));
    works(&profile.run(["--profile", "office", "users", "list"]));
    // As Windows exports them.
    let der = env();
    let file = der
        .file("company.cer", &authority.der)
        .display()
        .to_string();
    works(&der.run(["users", "list", "--ca-file", &file]));
    let marked = env();
    let file = marked.file(
        "marked.pem",
        format!("\u{feff}Company root\r\n{}", authority.pem),
    );
    works(&marked.run(["users", "list", "--ca-file", &file.display().to_string()]));
}

#[test]
fn an_untrusted_certificate_is_one_attempt_with_a_code_of_its_own() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    for (identity, says) in [
        (
            stranger.issue("localhost"),
            "its issuer is not trusted here",
        ),
        (authority.issue_expired("localhost"), "has expired"),
        (authority.issue("other.example"), "issued for another name"),
    ] {
        let server = SecureServer::start(identity);
        let env = Env::at(&format!("https://localhost:{}", server.listening.port()))
            .config("hosts = [\"localhost\"]");
        let file = env
            .file("company.pem", &authority.pem)
            .display()
            .to_string();
        for arguments in [
            vec!["users", "list"],
            vec!["organizations", "create", "--name", "Acme"],
        ] {
            let ran = env.run(arguments.into_iter().chain(["--ca-file", &file]));
            let error = ran.error(1);
            assert_eq!(error["code"], "certificate_untrusted", "{error}");
            assert_eq!(error["sent"], "no", "{error}");
            assert!(message(&error).contains(says), "{error}");
            assert!(message(&error).contains("localhost:"), "{error}");
            let hint = error["hint"].as_str().unwrap();
            assert!(
                hint.contains("--ca-file") && hint.contains("proxy"),
                "{hint}"
            );
        }
        assert_eq!(server.connections(), [None, None], "one attempt each");
    }
}

#[test]
fn a_file_that_adds_no_certificate_is_named_with_what_is_wrong() {
    let env = Env::at("https://localhost:1").config("hosts = [\"localhost\"]");
    let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let half: String = Authority::new()
        .pem
        .lines()
        .take(5)
        .collect::<Vec<_>>()
        .join("\n");
    let empty = env.home().join("empty");
    std::fs::create_dir(&empty).unwrap();
    for (path, says) in [
        (env.home().join("nowhere.pem"), "there is no such file"),
        (env.file("text", "hello"), "not PEM"),
        (env.file("nothing", ""), "not PEM"),
        (env.file("key.pem", key), "no certificate in it"),
        (env.file("half.pem", half), "damaged"),
        (
            env.file(
                "odd.pem",
                "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n",
            ),
            "a certificate in it cannot be used",
        ),
        (std::path::PathBuf::from("/dev/zero"), "not a file"),
        (empty, "no file in this folder"),
    ] {
        let path = path.display().to_string();
        let error = env.run(["users", "list", "--ca-file", &path]).error(2);
        assert_eq!(error["code"], "config", "{error}");
        assert!(message(&error).contains(&path), "{error}");
        assert!(message(&error).contains("flag --ca-file"), "{error}");
        assert!(message(&error).contains(says), "{error}");
    }
}

#[test]
fn certificates_are_not_read_where_no_tls_is_spoken() {
    let server = crate::server::Server::start(vec![crate::server::Answer::json(200, "", "[]")]);
    let env = Env::at(&server.url).set("SSL_CERT_FILE", "/nowhere/at/all.pem");
    works(&env.run(["users", "list"]));
    assert_eq!(env.run(["--version"]).code, 0);
    assert_eq!(env.run(["doctor", "--offline"]).code, 0);
    let error = env
        .set("CLERK_API_URL", "https://api.clerk.com")
        .run(["users", "list"])
        .error(2);
    assert!(message(&error).contains("SSL_CERT_FILE"), "{error}");
}
