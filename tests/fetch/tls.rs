//! Certificates are verified, unless a host is named as an exception.

use super::{assert_class, fetch, page, settings};
use std::sync::Arc;
use tamis::fetch::{Class, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// A server with a certificate that only it believes in; gives its port.
async fn self_signed(name: &str) -> u16 {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a certificate");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let mut asked = [0; 4096];
                let _ = stream.read(&mut asked).await;
                let _ = stream
                    .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
                    .await;
                let _ = stream.shutdown().await;
            });
        }
    });
    port
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_refused() {
    let port = self_signed("a.test").await;
    let failure = assert_class(fetch(settings(), &format!("https://a.test:{port}/")).await, Class::Tls);
    assert!(!failure.retry_later);
}

#[tokio::test]
async fn only_the_named_host_is_excepted() {
    let port = self_signed("a.test").await;
    let excepting = || Settings { insecure_hosts: vec!["A.test".to_owned()], ..settings() };
    assert_eq!(page(fetch(excepting(), &format!("https://a.test:{port}/")).await).body, b"hi");
    assert_class(fetch(excepting(), &format!("https://b.test:{port}/")).await, Class::Tls);
}

#[tokio::test]
async fn a_server_without_tls_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut hello = [0; 4096];
            let _ = stream.read(&mut hello).await;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let outcome = fetch(settings(), &format!("https://a.test:{port}/")).await;
    assert_class(outcome, Class::Tls);
}
