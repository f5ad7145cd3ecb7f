//! The hyper transport over real sockets: what a broken server looks like to the caller.

use std::time::Duration;

use clerk_api::ops::users::{CreateUser, ListUsers};
use clerk_api::transport::Timeouts;
use clerk_api::{Client, ErrorKind, RetryPolicy, SecretKey, Sent};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Answers every connection with these bytes and closes it; `None` reads on and never answers.
async fn server(answer: Option<Vec<u8>>) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = socket.read(&mut request).await;
                match answer {
                    Some(bytes) => drop(socket.write_all(&bytes).await),
                    None => while socket.read(&mut request).await.is_ok_and(|count| count > 0) {},
                }
            });
        }
    });
    address
}

fn client(url: &str) -> Client {
    let mut policy = RetryPolicy::default();
    policy.attempts = 2;
    policy.backoff = Duration::from_millis(1);
    policy.looks = [Duration::ZERO; 3];
    let mut timeouts = Timeouts::default();
    timeouts.first_byte = Duration::from_millis(80);
    timeouts.idle = Duration::from_millis(80);
    let key = SecretKey::parse("sk_test_abcdefghij").unwrap();
    Client::builder(key)
        .base_url(url)
        .allow_host("localhost")
        .policy(policy)
        .timeouts(timeouts)
        .build()
        .unwrap()
}

async fn list_from(answer: Option<Vec<u8>>) -> clerk_api::Error {
    let address = server(answer).await;
    client(&format!("http://{address}"))
        .send(&ListUsers::new())
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_closed_port_means_that_nothing_was_sent() {
    let address = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let error = client(&format!("http://{address}"))
        .send(&CreateUser::new().username("ada"))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind, error.sent, error.attempts),
        (ErrorKind::Connect, Sent::No, 2)
    );
}

#[tokio::test]
async fn a_failed_tls_handshake_means_that_nothing_was_sent() {
    let address = server(Some(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())).await;
    let error = client(&format!("https://localhost:{}", address.port()))
        .send(&ListUsers::new())
        .await
        .unwrap_err();
    assert_eq!((error.kind, error.sent), (ErrorKind::Connect, Sent::No));
}

#[tokio::test]
async fn reliability_2_8_a_server_that_never_answers_is_given_up() {
    let error = list_from(None).await;
    assert_eq!(
        (error.kind, error.sent),
        (ErrorKind::Timeout, Sent::Unknown)
    );
}

#[tokio::test]
async fn reliability_p1_a_create_without_an_answer_is_unknown() {
    let address = server(None).await;
    let error = client(&format!("http://{address}"))
        .send(&CreateUser::new())
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind, error.sent),
        (ErrorKind::OutcomeUnknown, Sent::Unknown)
    );
}

#[tokio::test]
async fn a_cut_body_is_not_taken_for_a_list() {
    let error = list_from(Some(
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{\"id\":".to_vec(),
    ))
    .await;
    assert_eq!(
        (error.kind, error.status),
        (ErrorKind::BadAnswer, Some(200))
    );
}

#[tokio::test]
async fn an_empty_success_is_not_taken_for_a_list() {
    let error = list_from(Some(
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec(),
    ))
    .await;
    assert_eq!(error.kind, ErrorKind::BadAnswer);
    assert!(error.to_string().contains("empty"), "{error}");
}

#[tokio::test]
async fn reliability_2_10_an_answer_over_64_mib_is_refused_by_its_head() {
    let error = list_from(Some(
        b"HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\n".to_vec(),
    ))
    .await;
    assert_eq!(error.kind, ErrorKind::ResponseTooLarge);
}

#[tokio::test]
async fn reliability_2_10_headers_over_64_kib_are_refused() {
    let head = format!(
        "HTTP/1.1 200 OK\r\nX-Long: {}\r\nContent-Length: 2\r\n\r\n[]",
        "a".repeat(70_000)
    );
    assert_eq!(
        list_from(Some(head.into_bytes())).await.kind,
        ErrorKind::ResponseTooLarge
    );
}
