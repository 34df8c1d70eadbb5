//! One letter to one address by the enterprise's mail server. Every failure is told in plain words, without anybody's address in them,
//! and sorted by what is to be done about it.

use super::deliver::Failure;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransport, Error as SmtpError};
use lettre::{AsyncTransport, Tokio1Executor};
use std::error::Error;
use std::io::ErrorKind;
use std::time::Duration;
use store::{MailWay, Security};

/// How long the server may take over one step.
const STEP: Duration = Duration::from_secs(15);
/// How long everything may take: shorter than a claim.
const WHOLE: Duration = Duration::from_secs(60);
/// Characters of what a server said that are shown.
const SAID: usize = 160;

/// A letter.
pub(super) struct Letter {
    /// To whom.
    pub(super) to: String,
    /// What it is about.
    pub(super) subject: String,
    /// What it says.
    pub(super) text: String,
    /// What its Message-ID is made of: the same whenever the same letter is sent, so that the receiver can tell.
    pub(super) number: String,
}

/// Sends a letter.
pub(super) async fn send(way: &MailWay, letter: &Letter) -> Result<(), Failure> {
    let message = message_of(way, letter)?;
    let transport = transport_of(way)?;
    match tokio::time::timeout(WHOLE, transport.send(message)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(e)) => Err(failure_of(&e)),
        Err(_) => Err(Failure::Way("邮件服务器没有在 60 秒内答复".to_owned())),
    }
}

fn message_of(way: &MailWay, letter: &Letter) -> Result<Message, Failure> {
    let sender: lettre::Address =
        way.sender.parse().map_err(|_| Failure::Way("发件地址不是有效的邮箱地址".to_owned()))?;
    let to: lettre::Address = letter.to.parse().map_err(|_| Failure::Never("收件地址不是有效的邮箱地址".to_owned()))?;
    let id = format!("<{}@{}>", letter.number, sender.domain());
    let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    Message::builder()
        .from(Mailbox::new(Some("智慧党建平台".to_owned()), sender))
        .to(Mailbox::new(None, to))
        .subject(letter.subject.clone())
        .message_id(Some(id))
        .raw_header(automatic)
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text.clone())
        .map_err(|e| Failure::Never(format!("邮件无法写成（{e}）")))
}

fn transport_of(way: &MailWay) -> Result<AsyncSmtpTransport<Tokio1Executor>, Failure> {
    let tls = match way.security {
        Security::Tls => Tls::Wrapper(tls_of(way)?),
        Security::Starttls => Tls::Required(tls_of(way)?),
        Security::Plain => Tls::None,
    };
    let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(way.host.as_str())
        .port(way.port)
        .timeout(Some(STEP))
        .tls(tls);
    let signed_in = way.user.clone().filter(|user| !user.is_empty());
    Ok(match signed_in {
        Some(user) => builder.credentials(Credentials::new(user, way.password.clone().unwrap_or_default())),
        None => builder,
    }
    .build())
}

fn tls_of(way: &MailWay) -> Result<TlsParameters, Failure> {
    let mut builder = TlsParameters::builder(way.host.clone());
    if let Some(authority) = &way.authority {
        builder = builder.add_root_certificate(certificate_of(authority)?);
    }
    builder.build_rustls().map_err(|e| Failure::Way(format!("证书设置无法使用（{e}）")))
}

fn certificate_of(pem: &str) -> Result<Certificate, Failure> {
    Certificate::from_pem(pem.as_bytes()).map_err(|_| Failure::Way("企业证书不是有效的 PEM 证书".to_owned()))
}

/// Whether a text is a certificate in the form that the settings take.
pub(super) fn is_certificate(pem: &str) -> bool {
    pem.contains("-----BEGIN CERTIFICATE-----") && certificate_of(pem).is_ok()
}

fn failure_of(e: &SmtpError) -> Failure {
    if let Some(code) = e.status() {
        let (code, said) = (u16::from(code), said_by(e));
        return match code {
            530 | 534 | 535 | 538 => Failure::Way(format!("邮件服务器不接受用户名或密码（{code}）{said}")),
            421 => Failure::Way(format!("邮件服务器暂停服务（{code}）{said}")),
            400..=499 => Failure::Later(format!("邮件服务器暂时不收（{code}）{said}")),
            _ => Failure::Never(format!("邮件服务器拒收（{code}）{said}")),
        };
    }
    if e.is_timeout() {
        return Failure::Way("邮件服务器没有在 15 秒内答复".to_owned());
    }
    if e.is_tls() {
        return Failure::Way("无法与邮件服务器建立加密连接，请核对端口、加密方式和证书".to_owned());
    }
    match io_kind(e) {
        Some(ErrorKind::ConnectionRefused) => Failure::Way("邮件服务器拒绝连接，请核对地址和端口".to_owned()),
        Some(ErrorKind::TimedOut) => Failure::Way("连接邮件服务器超时".to_owned()),
        Some(ErrorKind::InvalidData) => {
            Failure::Way("无法与邮件服务器建立加密连接，请核对端口、加密方式和证书".to_owned())
        }
        Some(_) => Failure::Way("与邮件服务器的连接中断，请核对地址、端口和加密方式".to_owned()),
        None if e.is_client() => Failure::Way("邮件服务器不支持所设置的加密或登录方式".to_owned()),
        None => Failure::Way("与邮件服务器的通信失败".to_owned()),
    }
}

fn io_kind(e: &SmtpError) -> Option<ErrorKind> {
    let mut cause: Option<&(dyn Error + 'static)> = e.source();
    while let Some(found) = cause {
        if let Some(io) = found.downcast_ref::<std::io::Error>() {
            return Some(io.kind());
        }
        cause = found.source();
    }
    None
}

/// What the server said, cut short and without addresses: it stands where the system administrator reads it.
fn said_by(e: &SmtpError) -> String {
    let said = e.source().map(ToString::to_string).unwrap_or_default();
    let words: Vec<String> = said
        .split_whitespace()
        .map(
            |word| {
                if word.contains('@') { "…".to_owned() } else { word.chars().filter(|c| !c.is_control()).collect() }
            },
        )
        .collect();
    let said: String = words.join(" ").chars().take(SAID).collect();
    if said.is_empty() { said } else { format!("：{said}") }
}
