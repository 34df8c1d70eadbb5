//! `dangjian serve`: the web server on a register, and the one-time link with which it is set up.

use crate::Failure;
use crate::place::PlaceArgs;
use clap::Args;
use jiff::civil::Date;
use server::{App, Config};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use store::Store;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// How the server is reached.
#[derive(Debug, Clone, Args)]
pub(crate) struct ListenArgs {
    /// 监听地址和端口；端口填 0 由系统分配
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", env = "DANGJIAN_LISTEN")]
    listen: SocketAddr,
    /// 前置了 HTTPS：登录信息只经 HTTPS 发送
    #[arg(long, env = "DANGJIAN_SECURE_COOKIES")]
    secure_cookies: bool,
    /// 前置了反向代理：来访地址取 X-Forwarded-For 的最后一项。没有代理时不要使用
    #[arg(long, env = "DANGJIAN_BEHIND_PROXY")]
    behind_proxy: bool,
    /// LibreOffice 的程序文件，用来把自备模板转为 PDF；不写则自动查找，写 off 则不用
    #[arg(long, value_name = "FILE", env = "DANGJIAN_OFFICE")]
    office: Option<PathBuf>,
}

impl ListenArgs {
    /// Takes the address; done before anything is written, so that a port in use costs nothing.
    pub(crate) async fn bind(&self) -> Result<TcpListener, Failure> {
        TcpListener::bind(self.listen).await.map_err(|e| {
            let hint = match e.kind() {
                std::io::ErrorKind::AddrInUse => "端口已被占用，请用 --listen 换一个端口，或先停止占用它的程序",
                std::io::ErrorKind::PermissionDenied => "没有监听此端口的权限，请换 1024 以上的端口",
                _ => "请核对 --listen 的地址",
            };
            format!("无法监听 {}：{hint}（{e}）", self.listen)
        })
    }

    fn office(&self) -> Option<PathBuf> {
        match &self.office {
            None => server::find_office(),
            Some(off) if off.as_os_str() == "off" => None,
            Some(program) => Some(program.clone()),
        }
    }

    /// Serves on a bound address until the program is told to stop.
    pub(crate) async fn serve(
        &self,
        listener: TcpListener,
        store: Arc<Store>,
        place: &PlaceArgs,
        today: Option<Date>,
    ) -> Result<(), Failure> {
        let config = Config {
            today,
            secure_cookies: self.secure_cookies,
            behind_proxy: self.behind_proxy,
            office: self.office(),
            census: Some(place.census()),
        };
        let stop = stopped().map_err(|e| format!("无法接收停止信号（{e}）"))?;
        server::serve(App::new(store.clone(), config), listener, stop).await.map_err(|e| format!("服务中断（{e}）"))?;
        store.close().await;
        Ok(())
    }
}

/// Done when the program is told to stop, by Ctrl+C or by the service manager.
fn stopped() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// The address as one types it into a browser.
pub(crate) fn address(listener: &TcpListener) -> Result<String, Failure> {
    listener.local_addr().map(|address| format!("http://{address}")).map_err(|e| format!("监听地址无法读取（{e}）"))
}

/// Runs `dangjian serve`.
#[allow(clippy::print_stdout)]
pub(crate) async fn run(place: &PlaceArgs, listen: &ListenArgs) -> Result<ExitCode, Failure> {
    let listener = listen.bind().await?;
    let address = address(&listener)?;
    let store = Arc::new(place.open().await?);
    let token = store.prepare_setup().await.map_err(|e| e.to_string())?;
    println!("智慧党建平台已启动：{address}");
    if let Some(token) = token {
        println!("首次使用，请打开一次性链接设置三名系统管理员：{address}/setup?token={token}");
    }
    listen.serve(listener, store, place, None).await?;
    Ok(ExitCode::SUCCESS)
}
