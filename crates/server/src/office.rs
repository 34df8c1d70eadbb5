//! LibreOffice, where the administrator has it: the one way from somebody's own DOCX to PDF. It runs without macros, active
//! content and links, in a directory of its own, one document at a time, and no longer than a minute.

use crate::documents::failed;
use crate::{App, Problem};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;
use tokio::sync::Semaphore;

/// How long one document may take.
const LONGEST: Duration = Duration::from_secs(60);
/// One at a time: each takes a processor and some hundred megabytes.
static TURN: Semaphore = Semaphore::const_new(1);

/// What LibreOffice must not do, whatever its own settings say.
const SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"#;

/// Where LibreOffice lies on this machine; none where it is not installed.
pub fn find_office() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|place| ["soffice", "libreoffice"].map(|name| place.join(name)))
        .find(|program| program.is_file())
}

/// Whether PDFs can be made of somebody's own DOCX.
pub(crate) fn is_there(app: &App) -> bool {
    app.config.office.is_some()
}

/// The DOCX as PDF; none where there is no LibreOffice.
pub(crate) async fn pdf_of(app: &App, docx: Vec<u8>) -> Result<Option<Vec<u8>>, Problem> {
    let Some(program) = app.config.office.clone() else { return Ok(None) };
    let _turn = TURN.acquire().await.map_err(|e| failed(e.to_string()))?;
    let place = Place::new().map_err(|e| failed(format!("临时目录无法使用（{e}）")))?;
    let written = place.prepare(&docx).await;
    written.map_err(|e| failed(format!("临时目录无法写入（{e}）")))?;
    let run = tokio::time::timeout(LONGEST, command(&program, &place.0).output()).await;
    let said = match run {
        Ok(Ok(output)) => String::from_utf8_lossy(&output.stderr).into_owned(),
        Ok(Err(e)) => e.to_string(),
        Err(_) => "超过一分钟没有完成".to_owned(),
    };
    match tokio::fs::read(place.0.join("form.pdf")).await {
        Ok(pdf) => Ok(Some(pdf)),
        Err(_) => {
            tracing::warn!(said, "LibreOffice made no PDF");
            Err(failed("LibreOffice 没有生成 PDF。请改下载 DOCX，或联系系统管理员".to_owned()))
        }
    }
}

fn command(program: &Path, place: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", place)
        .env("LANG", "C.UTF-8")
        .arg(format!("-env:UserInstallation=file://{}", place.join("profile").display()))
        .args(["--headless", "--norestore", "--nolockcheck", "--convert-to", "pdf", "--outdir"])
        .arg(place)
        .arg(place.join("form.docx"))
        .current_dir(place)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// A directory that only this program can read and that is gone afterwards.
struct Place(PathBuf);

impl Place {
    fn new() -> std::io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt;
        let token = sealed::random_token().map_err(std::io::Error::other)?;
        let path = std::env::temp_dir().join(format!("dangjian-{}", &token[..16]));
        std::fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Place(path))
    }

    async fn prepare(&self, docx: &[u8]) -> std::io::Result<()> {
        let profile = self.0.join("profile/user");
        tokio::fs::create_dir_all(&profile).await?;
        tokio::fs::write(profile.join("registrymodifications.xcu"), SETTINGS).await?;
        tokio::fs::write(self.0.join("form.docx"), docx).await
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
