//! A database over TLS, which shows whose it is.

use crate::suite::epoch;
use tidemark_server::storage::{PostgresStorage, Storage};
use tidemark_testdb::Postgres;

#[tokio::test]
async fn over_tls_only_a_database_with_a_trusted_certificate_is_used() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let (_server, port) = Postgres::over_tls(&certificate, &key).unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    let root = folder.path().join("root.pem");
    std::fs::write(&root, certificate).unwrap();
    let address = format!("postgres://tidemark@localhost:{port}/postgres?sslmode=verify-full");
    let trusting = format!("{address}&sslrootcert={}", root.display());
    let storage = PostgresStorage::open(&trusting, &epoch()).await.unwrap();
    assert_eq!(storage.epoch(), epoch());
    storage.close().await;
    assert!(PostgresStorage::open(&address, &epoch()).await.is_err());
    let open = address.replace("verify-full", "disable");
    assert!(PostgresStorage::open(&open, &epoch()).await.is_err());
}
