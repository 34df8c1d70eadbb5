//! One signed message to the enterprise's own messenger or SMS gateway. No redirects, no proxy, no more of the answer than its status.
//!
//! `X-Dangjian-Signature: sha256=…, sm3=…` are HMACs over the timestamp, a full stop and the body, with the secret that both sides know.
//! The receiver checks one of them, refuses timestamps that are not of the last minutes, and a delivery number that it has had already.

use super::deliver::Failure;
use super::private::{is_forbidden, is_private};
use axum::http::{Request, StatusCode, Uri, header};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use store::WebhookWay;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long everything may take: shorter than a claim.
const WHOLE: Duration = Duration::from_secs(30);

/// A message.
pub(super) struct Call {
    /// The delivery's number: the same whenever the same message is sent.
    pub(super) number: String,
    /// When it is sent, UTC seconds.
    pub(super) at: i64,
    /// What it says, as JSON.
    pub(super) body: String,
}

/// Where a webhook leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Destination {
    secure: bool,
    host: String,
    port: u16,
    path: String,
}

/// Why an address is no good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadDestination {
    /// Not an address.
    #[error("地址无法识别。请写成 https://主机/路径。")]
    NotAnAddress,
    /// Not within the own network.
    #[error("不加密的 http 只能用于本机或内网地址。请改用 https。")]
    NotEncrypted,
    /// Never to be sent to.
    #[error("这个地址不能使用。请填写消息网关的地址。")]
    Forbidden,
}

/// The signature of a message.
pub(super) fn signature(secret: &str, at: i64, body: &str) -> String {
    let signed = format!("{at}.{body}");
    let (secret, signed) = (secret.as_bytes(), signed.as_bytes());
    format!("sha256={}, sm3={}", sealed::hmac_sha256(secret, signed), sealed::hmac_sm3(secret, signed))
}

impl Destination {
    /// Reads an address; an IP address is looked at already here.
    pub(super) fn parse(text: &str) -> Result<Self, BadDestination> {
        let uri: Uri = text.trim().parse().map_err(|_| BadDestination::NotAnAddress)?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(BadDestination::NotAnAddress),
        };
        let authority = uri.authority().ok_or(BadDestination::NotAnAddress)?;
        if authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(BadDestination::NotAnAddress);
        }
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let found = Destination {
            secure,
            port: authority.port_u16().unwrap_or(if secure { 443 } else { 80 }),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            host,
        };
        if let Ok(address) = found.host.parse::<IpAddr>() {
            found.check(address)?;
        }
        Ok(found)
    }

    fn check(&self, address: IpAddr) -> Result<(), BadDestination> {
        if is_forbidden(address) {
            return Err(BadDestination::Forbidden);
        }
        if self.secure || is_private(address) { Ok(()) } else { Err(BadDestination::NotEncrypted) }
    }

    /// Connects to the first of the host's addresses that answers; all of them must be allowed.
    async fn connect(&self) -> Result<TcpStream, Failure> {
        let addresses: Vec<SocketAddr> = tokio::net::lookup_host((self.host.as_str(), self.port))
            .await
            .map_err(|_| Failure::Way("找不到消息接口的主机，请核对地址".to_owned()))?
            .collect();
        for address in &addresses {
            self.check(address.ip()).map_err(|e| Failure::Way(e.to_string().trim_end_matches('。').to_owned()))?;
        }
        TcpStream::connect(&addresses[..])
            .await
            .map_err(|_| Failure::Way("连不上消息接口，请核对地址和端口".to_owned()))
    }
}

/// Sends a message.
pub(super) async fn send(way: &WebhookWay, call: &Call) -> Result<(), Failure> {
    let to = Destination::parse(&way.address).map_err(|e| Failure::Way(e.to_string()))?;
    match tokio::time::timeout(WHOLE, exchange(&to, way, call)).await {
        Ok(answer) => verdict(answer?),
        Err(_) => Err(Failure::Way("消息接口没有在 30 秒内答复".to_owned())),
    }
}

fn verdict(status: StatusCode) -> Result<(), Failure> {
    match status.as_u16() {
        200..=299 => Ok(()),
        300..=399 => Err(Failure::Way(format!("消息接口要求转到别处（{status}），不跟随转址，请填写最终地址"))),
        401 | 403 | 404 => Err(Failure::Way(format!("消息接口不接受请求（{status}），请核对地址和签名密钥"))),
        408 | 425 | 429 | 500..=599 => Err(Failure::Later(format!("消息接口暂时不收（{status}）"))),
        _ => Err(Failure::Never(format!("消息接口拒收（{status}）"))),
    }
}

async fn exchange(to: &Destination, way: &WebhookWay, call: &Call) -> Result<StatusCode, Failure> {
    let stream = tokio::time::timeout(CONNECT, to.connect())
        .await
        .map_err(|_| Failure::Way("连接消息接口超时".to_owned()))??;
    if !to.secure {
        return ask(to, way, call, stream).await;
    }
    let broken = |_| Failure::Way("无法与消息接口建立加密连接，请核对证书".to_owned());
    let name = ServerName::try_from(to.host.clone()).map_err(|_| Failure::Way("消息接口的主机名无效".to_owned()))?;
    let stream = TlsConnector::from(tls()?).connect(name, stream).await.map_err(broken)?;
    ask(to, way, call, stream).await
}

async fn ask<S>(to: &Destination, way: &WebhookWay, call: &Call, stream: S) -> Result<StatusCode, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let lost = |_| Failure::Way("与消息接口的连接中断".to_owned());
    let (mut sender, connection): (SendRequest<Full<Bytes>>, _) =
        handshake(TokioIo::new(stream)).await.map_err(lost)?;
    let connection = tokio::spawn(connection);
    let host =
        if to.host.contains(':') { format!("[{}]:{}", to.host, to.port) } else { format!("{}:{}", to.host, to.port) };
    let request = Request::post(&to.path)
        .header(header::HOST, host)
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .header(header::USER_AGENT, concat!("dangjian/", env!("CARGO_PKG_VERSION")))
        .header("x-dangjian-delivery", &call.number)
        .header("x-dangjian-timestamp", call.at)
        .header("x-dangjian-signature", signature(&way.secret, call.at, &call.body))
        .body(Full::new(Bytes::from(call.body.clone())))
        .map_err(|_| Failure::Way("消息接口的地址无效".to_owned()))?;
    let answer = sender.send_request(request).await.map_err(lost);
    connection.abort();
    Ok(answer?.status())
}

/// The operating system's certificate authorities, read once.
fn tls() -> Result<Arc<ClientConfig>, Failure> {
    static CONFIG: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    if let Some(config) = CONFIG.get() {
        return Ok(config.clone());
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| Failure::Way("本机不支持加密连接".to_owned()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(CONFIG.get_or_init(|| Arc::new(config)).clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_within_the_own_network() {
        for (address, expected) in [
            ("https://gateway.example.com/notify?x=1", Ok(())),
            ("http://10.0.0.5:8080/notify", Ok(())),
            ("http://[::1]:8080/notify", Ok(())),
            ("http://gateway.example.com/notify", Ok(())),
            ("http://8.8.8.8/notify", Err(BadDestination::NotEncrypted)),
            ("https://169.254.169.254/latest", Err(BadDestination::Forbidden)),
            ("ftp://10.0.0.5/", Err(BadDestination::NotAnAddress)),
            ("https://user:pass@gateway.example.com/", Err(BadDestination::NotAnAddress)),
            ("gateway", Err(BadDestination::NotAnAddress)),
            ("", Err(BadDestination::NotAnAddress)),
        ] {
            assert_eq!(Destination::parse(address).map(|_| ()), expected, "{address}");
        }
    }

    #[test]
    fn a_signature_depends_on_secret_time_and_text() {
        let signed = signature("secret", 1, "{}");
        assert!(signed.starts_with("sha256=") && signed.contains(", sm3="));
        for other in [signature("secre", 1, "{}"), signature("secret", 2, "{}"), signature("secret", 1, "{ }")] {
            assert_ne!(other, signed);
        }
    }
}
