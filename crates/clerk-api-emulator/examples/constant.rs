//! A server that answers everything with the same JSON: the most that the HTTP layer under the local Clerk can do.

use std::io::{Read as _, Write as _};

use axum::Router;
use http::header::CONTENT_TYPE;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        writeln!(std::io::stdout(), "http://{}", listener.local_addr()?)?;
        let answer = || async {
            (
                [(CONTENT_TYPE, "application/json")],
                r#"{"object":"constant"}"#,
            )
        };
        // A finished input stops it, as it does the other servers that are measured.
        let ended = async {
            let _ =
                tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await;
        };
        axum::serve(listener, Router::new().fallback(answer))
            .with_graceful_shutdown(ended)
            .await
    })?;
    Ok(())
}
