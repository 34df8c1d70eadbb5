//! The server on a real port: it answers, knows who asks, and stops when told.

use crate::site::Site;
use std::time::Duration;
use testbed::on_both;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

on_both! {
    async fn a_server_answers_counts_attempts_by_address_and_stops_when_told(place: Place) {
        let site = Site::with_branches(place, 0).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, told) = oneshot::channel::<()>();
        let server = tokio::spawn(server::serve(site.app.clone(), listener, async move {
            let _ = told.await;
        }));
        let mut connection = TcpStream::connect(address).await.unwrap();
        let body = r#"{"login":"nobody","password":"x"}"#;
        let request = format!(
            "POST /api/session HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("bad_login"), "{answer}");
        let from_here = [store::Attempt::Address("127.0.0.1")];
        for n in 0..50 {
            let wait = site.office.store.take_attempt(&from_here, store::now_ms()).await.unwrap();
            assert_eq!(wait.is_some(), n == 49, "{n}");
        }
        tell.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(10), server).await.unwrap().unwrap().unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }
}
