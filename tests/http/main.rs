//! The server over HTTP: the router over a real database, as an outsider sees it: SQLite, or PostgreSQL
//! where `TIDEMARK_TEST_DATABASE=postgres`.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod account;
mod app;
mod app_model;
mod auth;
mod bad_requests;
mod bad_tokens;
mod concurrency;
mod frame;
mod leaving;
mod merge;
mod openapi;
mod person;
mod place;
mod pull;
mod push;
mod refresh;
mod refusals;
mod rejections;
mod routes;
mod setup;
mod sign_in_limits;
mod users;
mod values;
mod web;
