//! The network of one device: a TCP proxy in front of the server, with weather.
//!
//! Drivers can take a page offline, but not its service worker. A cut cable stops both.

use anyhow::Result;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What happens to connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// They reach the server.
    Clear,
    /// They are ended, and new ones are refused.
    Cut,
    /// New ones are taken and go nowhere, as in a tunnel.
    Silent,
    /// They are broken off with a reset.
    Reset,
    /// Requests reach the server, but no answer comes back.
    LosesAnswers,
    /// Something else answers every request: these bytes, an HTTP answer. Captive portals and broken proxies do so.
    Answers(&'static str),
}

/// Forwards a port of its own to the server while the weather is clear.
pub struct Proxy {
    port: u16,
    weather: watch::Sender<Weather>,
    connections: watch::Receiver<u64>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Starts in clear weather.
    pub async fn start(server: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let weather = watch::Sender::new(Weather::Clear);
        let (counter, connections) = watch::channel(0);
        let task = tokio::spawn(accept(listener, server, weather.subscribe(), counter));
        Ok(Self {
            port,
            weather,
            connections,
            task,
        })
    }

    /// Waits for a new connection.
    pub async fn next_connection(&self) -> Result<()> {
        let mut connections = self.connections.clone();
        connections.mark_unchanged();
        Ok(connections.changed().await?)
    }

    /// The port that the device connects to.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Changes the weather; connections of the weather before are ended.
    pub fn set(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }

    /// Ends all connections and refuses new ones.
    pub fn cut(&self) {
        self.set(Weather::Cut);
    }

    /// Lets traffic through again.
    pub fn mend(&self) {
        self.set(Weather::Clear);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(
    listener: TcpListener,
    server: SocketAddr,
    weather: watch::Receiver<Weather>,
    connections: watch::Sender<u64>,
) {
    while let Ok((client, _)) = listener.accept().await {
        connections.send_modify(|count| *count += 1);
        let mut weather = weather.clone();
        tokio::spawn(async move {
            let now = *weather.borrow_and_update();
            tokio::select! {
                () = serve(client, server, now) => {}
                _ = weather.wait_for(|later| *later != now) => {}
            }
        });
    }
}

/// Does to one connection what the weather wants; it ends with this call.
async fn serve(mut client: TcpStream, server: SocketAddr, weather: Weather) {
    match weather {
        Weather::Clear => {
            if let Ok(mut upstream) = TcpStream::connect(server).await {
                let _ = copy_bidirectional(&mut client, &mut upstream).await;
            } // else the server is down, and the client sees its connection end
        }
        Weather::Cut => {}
        Weather::Silent => std::future::pending().await,
        Weather::Reset => {
            let _ = client.set_zero_linger();
        }
        Weather::LosesAnswers => {
            if let Ok(mut upstream) = TcpStream::connect(server).await {
                let (mut from_client, _) = client.split();
                let (mut from_server, mut to_server) = upstream.split();
                let mut first = [0; 1];
                tokio::select! {
                    _ = tokio::io::copy(&mut from_client, &mut to_server) => {}
                    _ = from_server.read(&mut first) => {} // it has answered
                }
            }
        }
        Weather::Answers(answer) => {
            let mut request = [0; 16 * 1024];
            let _ = client.read(&mut request).await;
            let _ = client.write_all(answer.as_bytes()).await;
            let _ = client.shutdown().await;
        }
    }
}
