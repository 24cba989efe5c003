//! WebKitGTK with a profile that stays. Its driver only knows windows that forget everything, so the small browser that
//! comes with it is started as a person would, and spoken to over its remote inspector.

use super::process::{Process, free_port};
use super::wait::eventually;
use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

/// A display that nobody sees, for windows that need one.
pub struct Display {
    name: String,
    _process: Process,
}

/// A browser window and the processes behind it.
pub struct Inspected {
    process: Process,
    port: u16,
}

/// The page in the window, for scripts.
pub struct InspectedPage {
    socket: WebSocketStream<TcpStream>,
    target: Option<String>,
    last_id: u64,
}

impl Display {
    /// Starts on the first display that is free; what it says goes into the log file, which must be new.
    pub async fn start(log: &Path) -> Result<Self> {
        let mut command = Command::new("Xvfb");
        command.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1280x1024x24",
            "-nolisten",
            "tcp",
        ]);
        let process = Process::start(&mut command, log)?;
        let number = eventually("the display has its number", async || {
            let said = std::fs::read_to_string(log)?;
            let mut lines = said.lines().map(str::trim);
            Ok(lines.find_map(|line| line.parse::<u32>().ok()))
        });
        let name = format!(":{}", number.await?);
        Ok(Self {
            name,
            _process: process,
        })
    }

    /// What a program finds it by: `DISPLAY`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl Inspected {
    /// Opens a window on an address, on a profile that an earlier window may have left.
    pub fn start(profile: &Path, display: &Display, address: &str, log: &Path) -> Result<Self> {
        std::fs::create_dir_all(profile)?;
        let port = free_port()?;
        let program = program().context("WebKitGTK's MiniBrowser is not installed")?;
        let mut command = Command::new(program);
        command
            .args(["--enable-developer-extras=true", address])
            .env("WEBKIT_INSPECTOR_HTTP_SERVER", format!("127.0.0.1:{port}"))
            .env("DISPLAY", &display.name)
            .env("LANGUAGE", "en");
        for (variable, folder) in [
            ("XDG_DATA_HOME", "data"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_CONFIG_HOME", "config"),
        ] {
            command.env(variable, profile.join(folder));
        }
        let process = Process::start(&mut command, log)?;
        Ok(Self { process, port })
    }

    /// Connects to the page, as soon as there is one.
    pub async fn page(&self) -> Result<InspectedPage> {
        let path = eventually("the inspector lists the page", async || {
            self.page_path().await
        })
        .await?;
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await?;
        let address = format!("ws://127.0.0.1:{}{path}", self.port);
        let (socket, _) = client_async(address, stream).await?;
        let mut page = InspectedPage {
            socket,
            target: None,
            last_id: 0,
        };
        while page.target.is_none() {
            page.receive().await?;
        }
        Ok(page)
    }

    /// Kills the browser, all processes of it, as a dying battery would. The profile stays.
    pub async fn kill(self) -> Result<()> {
        self.process.kill_tree().await
    }

    /// From the inspector's own page: the socket of the tab, which stands beside that of its service worker.
    async fn page_path(&self) -> Result<Option<String>> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await?;
        stream.write_all(b"GET / HTTP/1.0\r\n\r\n").await?;
        let mut list = String::new();
        stream.read_to_string(&mut list).await?;
        let path = list
            .split('\'')
            .find(|part| part.starts_with("/socket/") && part.ends_with("/WebPage"));
        Ok(path.map(str::to_owned))
    }
}

impl InspectedPage {
    /// Runs the body of a function and returns its value.
    pub async fn execute(&mut self, script: &str) -> Result<Value> {
        let call =
            json!({ "expression": format!("(() => {{ {script} }})()"), "returnByValue": true });
        self.call("Runtime.evaluate", &call).await
    }

    /// Runs the body of a function with one argument and a second one, a function that it calls with its value.
    pub async fn execute_async(&mut self, script: &str, argument: &Value) -> Result<Value> {
        let expression =
            format!("new Promise((done) => (function () {{ {script} }})({argument}, done))");
        let promise = self.remote(&json!({ "expression": expression })).await?;
        let call = json!({ "promiseObjectId": promise["objectId"], "returnByValue": true });
        self.call("Runtime.awaitPromise", &call).await
    }

    async fn remote(&mut self, call: &Value) -> Result<Value> {
        let answer = self.request("Runtime.evaluate", call).await?;
        Ok(answer["result"].clone())
    }

    async fn call(&mut self, method: &str, parameters: &Value) -> Result<Value> {
        let answer = self.request(method, parameters).await?;
        if answer["wasThrown"] == true {
            bail!("the script threw: {}", answer["result"]["description"]);
        }
        Ok(answer["result"]["value"].clone())
    }

    async fn request(&mut self, method: &str, parameters: &Value) -> Result<Value> {
        self.last_id += 1;
        let (id, target) = (self.last_id, self.target.clone());
        let inner = json!({ "id": id, "method": method, "params": parameters }).to_string();
        let outer = json!({
            "id": id, "method": "Target.sendMessageToTarget", "params": { "targetId": target, "message": inner },
        });
        self.socket.send(Message::text(outer.to_string())).await?;
        loop {
            let message = self.receive().await?;
            let is_refused = message["id"] == id && !message["error"].is_null();
            if is_refused || self.target != target {
                bail!("the page was replaced by another one: {message}");
            }
            let inner = message["params"]["message"].as_str().unwrap_or("null");
            let inner: Value = serde_json::from_str(inner)?;
            if inner["id"] == id {
                return match &inner["error"] {
                    Value::Null => Ok(inner["result"].clone()),
                    error => bail!("{method}: {error}"),
                };
            }
        }
    }

    /// The next message. When the window gets a page, or another one, from then on that is the page.
    async fn receive(&mut self) -> Result<Value> {
        let message = self.socket.next().await.context("the browser is gone")??;
        let message: Value = serde_json::from_str(message.to_text()?).unwrap_or_default();
        let parameters = &message["params"];
        let info = &parameters["targetInfo"];
        let new = match message["method"].as_str() {
            Some("Target.targetCreated")
                if info["type"] == "page" && info["isProvisional"] != true =>
            {
                &info["targetId"]
            }
            Some("Target.didCommitProvisionalTarget") => &parameters["newTargetId"],
            _ => &Value::Null,
        };
        if let Some(new) = new.as_str() {
            self.target = Some(new.to_owned());
        }
        Ok(message)
    }
}

/// The browser's place differs by architecture and by the version of WebKitGTK's interface.
fn program() -> Option<PathBuf> {
    let libraries = std::fs::read_dir("/usr/lib").ok()?;
    libraries
        .filter_map(Result::ok)
        .map(|folder| folder.path().join("webkit2gtk-4.1/MiniBrowser"))
        .find(|path| path.is_file())
}
