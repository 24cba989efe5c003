//! The least that speaks HTTP: what the driver spends is taken from the server on the same machine.

use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// One kept connection.
pub struct Client {
    stream: BufReader<TcpStream>,
    headers: String,
}

impl Client {
    /// Connects; `token` is empty before a sign-in.
    pub fn connect(address: &str, token: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let bearer = if token.is_empty() {
            String::new()
        } else {
            format!("Authorization: Bearer {token}\r\n")
        };
        Ok(Self {
            stream: BufReader::with_capacity(1 << 12, stream),
            headers: format!("Host: localhost\r\n{bearer}Content-Type: application/json\r\n"),
        })
    }

    /// Sends a request and reads its answer, which must be one of success with a length.
    pub fn call(&mut self, head: &str, body: &str) -> Result<String> {
        self.send(head, body)?;
        let length = self.head()?.context("the answer has no length")?;
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer)?;
        Ok(String::from_utf8(answer)?)
    }

    /// Sends a request.
    pub fn send(&mut self, head: &str, body: &str) -> Result<()> {
        let (headers, length) = (&self.headers, body.len());
        let request = format!("{head} HTTP/1.1\r\n{headers}Content-Length: {length}\r\n\r\n{body}");
        Ok(self.stream.get_mut().write_all(request.as_bytes())?)
    }

    /// Reads an answer's head; answers its length, if it has one.
    pub fn head(&mut self) -> Result<Option<usize>> {
        let (mut line, mut length) = (String::new(), None);
        self.stream.read_line(&mut line)?;
        ensure!(line.starts_with("HTTP/1.1 2"), "refused: {line}");
        while line != "\r\n" {
            line.clear();
            ensure!(self.stream.read_line(&mut line)? > 0, "cut off");
            let (name, value) = line.split_once(':').unwrap_or(("", ""));
            if name.eq_ignore_ascii_case("content-length") {
                length = Some(value.trim().parse()?);
            }
        }
        Ok(length)
    }
}
