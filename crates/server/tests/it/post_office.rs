//! Mail servers and messengers to test against: a real SMTP server (aiosmtpd, from Debian's python3-aiosmtpd), and sockets that follow
//! a script.

use serde_json::Value;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, ChildStdout, Command};

/// A real SMTP server.
pub(crate) struct MailServer {
    /// Its port.
    pub(crate) port: u16,
    said: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

/// The interpreter that Debian's packages belong to.
const PYTHON: &str = "/usr/bin/python3";
/// Who may send by the servers that ask.
pub(crate) const USER: (&str, &str) = ("dangjian", "p4ssword-of-mail");

impl MailServer {
    /// A server in the own machine that asks nobody who he is.
    pub(crate) async fn plain() -> Self {
        Self::start(&["plain"]).await
    }

    /// A server with a certificate and a password: `tls` or `starttls`.
    pub(crate) async fn protected(mode: &str, certificates: &Certificates) -> Self {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        let (certificate, key) = (text(&certificates.certificate), text(&certificates.key));
        Self::start(&[mode, &certificate, &key, USER.0, USER.1]).await
    }

    async fn start(arguments: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/smtp_server.py");
        let mut child = Command::new(PYTHON)
            .arg(script)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("python3");
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = said.next_line().await.unwrap().expect("python3-aiosmtpd: run scripts/install.sh");
        MailServer { port: port.parse().unwrap(), said, _child: child }
    }

    /// The next message that it took.
    pub(crate) async fn next(&mut self) -> Value {
        let line = tokio::time::timeout(Duration::from_secs(20), self.said.next_line()).await.expect("a mail");
        serde_json::from_str(&line.unwrap().unwrap()).unwrap()
    }

    /// Whether nothing more comes within a moment.
    pub(crate) async fn is_quiet(&mut self) -> bool {
        tokio::time::timeout(Duration::from_millis(300), self.said.next_line()).await.is_err()
    }
}

/// An authority of the enterprise's own, and a certificate by it for `localhost`.
pub(crate) struct Certificates {
    /// The authority, as PEM.
    pub(crate) authority: String,
    certificate: PathBuf,
    key: PathBuf,
}

impl Certificates {
    /// Makes them in a directory.
    pub(crate) async fn new(dir: &Path) -> Self {
        let script = "set -e; cd \"$1\"; \
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=authority; \
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out request.pem -subj /CN=localhost; \
            printf 'subjectAltName=DNS:localhost\\nbasicConstraints=CA:FALSE\\n' > extensions; \
            openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions -out certificate.pem";
        let done = Command::new("sh").args(["-c", script, "sh", dir.to_str().unwrap()]).output().await.unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        Certificates {
            authority: std::fs::read_to_string(dir.join("ca.pem")).unwrap(),
            certificate: dir.join("certificate.pem"),
            key: dir.join("key.pem"),
        }
    }
}

/// A port on which nobody listens.
pub(crate) async fn deaf_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

/// A socket that follows a script of SMTP answers: one is given as a greeting and one for every line that comes.
pub(crate) async fn scripted_smtp(answers: &'static [&'static str]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(follow(stream, answers));
        }
    });
    port
}

async fn follow(stream: TcpStream, answers: &[&str]) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    for answer in answers {
        if *answer == "hang" {
            tokio::time::sleep(Duration::from_secs(600)).await;
        }
        if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
        if !matches!(lines.next_line().await, Ok(Some(_))) {
            return;
        }
    }
}

/// A request as the messenger got it.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Head and body as they came.
    pub(crate) head: String,
    /// The body.
    pub(crate) body: String,
}

impl Asked {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> String {
        let found = self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then(|| value.to_owned())
        });
        found.unwrap_or_default()
    }
}

/// A messenger that answers with these statuses in turn, the last one for ever, each after a moment.
pub(crate) struct Messenger {
    /// Where it is.
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Messenger {
    /// Starts one.
    pub(crate) async fn answering(statuses: &'static [&'static str], after: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let kept = kept.clone();
                tokio::spawn(async move {
                    let _ = answer(stream, statuses, after, &kept).await;
                });
            }
        });
        Messenger { address, asked }
    }

    /// What it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer(
    mut stream: TcpStream,
    statuses: &[&str],
    after: Duration,
    kept: &Mutex<Vec<Asked>>,
) -> std::io::Result<()> {
    let (mut bytes, mut some) = (Vec::new(), [0; 4096]);
    let (head, body) = loop {
        let read = stream.read(&mut some).await?;
        bytes.extend_from_slice(&some[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let asked = Asked { head: head.to_owned(), body: body.to_owned() };
            if body.len() >= asked.header("content-length").parse::<usize>().unwrap_or_default() {
                break (asked.head, asked.body);
            }
        }
    };
    let turn = {
        let mut kept = kept.lock().unwrap();
        kept.push(Asked { head, body });
        kept.len() - 1
    };
    tokio::time::sleep(after).await;
    let status = statuses[turn.min(statuses.len() - 1)];
    stream.write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").as_bytes()).await
}
