//! Where an installation's data and keys live, as every subcommand is told of it.

use crate::Failure;
use clap::Args;
use rules::ids::RootOrg;
use sealed::KeyRing;
use std::path::{Path, PathBuf};
use store::{Location, Store};

/// The data directory, and the database where it is not the embedded one.
#[derive(Debug, Clone, Args)]
pub(crate) struct PlaceArgs {
    /// 数据目录：数据库文件 dangjian.db、密钥文件 keys.json 和统计表 census 在其中
    #[arg(long, value_name = "DIR", default_value = DEFAULT_DATA, env = "DANGJIAN_DATA")]
    pub(crate) data: PathBuf,
    /// PostgreSQL 地址 postgres://…；不填则使用数据目录中的嵌入式数据库
    #[arg(long, value_name = "URL", env = "DANGJIAN_DATABASE_URL")]
    pub(crate) database_url: Option<String>,
    /// 密钥文件；不填则为数据目录中的 keys.json。应与数据库分开备份
    #[arg(long, value_name = "FILE", env = "DANGJIAN_KEYS")]
    pub(crate) keys: Option<PathBuf>,
}

const DEFAULT_DATA: &str = "data";

impl PlaceArgs {
    /// Whether no place was named.
    pub(crate) fn is_default(&self) -> bool {
        self.data == Path::new(DEFAULT_DATA) && self.database_url.is_none()
    }

    /// Where the statistics' tables are kept between two starts.
    pub(crate) fn census(&self) -> PathBuf {
        self.data.join("census")
    }

    /// Opens the store, making the directory, the keys and the database where they do not exist yet.
    pub(crate) async fn open(&self) -> Result<Store, Failure> {
        std::fs::create_dir_all(&self.data)
            .map_err(|e| format!("数据目录 {} 无法建立（{e}）。请检查路径和权限", self.data.display()))?;
        let keys = self.keys.clone().unwrap_or_else(|| self.data.join("keys.json"));
        let ring = KeyRing::open_or_create(&keys).map_err(|e| e.to_string())?;
        let location = match &self.database_url {
            Some(url) => Location::Postgres(url.clone()),
            None => Location::File(self.data.join("dangjian.db")),
        };
        Store::open(&location, ring).await.map_err(|e| e.to_string())
    }
}

/// The one enterprise of the database.
pub(crate) async fn sole_root(store: &Store) -> Result<RootOrg, Failure> {
    match store.enterprises().await.map_err(|e| e.to_string())?.as_slice() {
        [one] => Ok(one.root),
        [] => Err("数据库中还没有企业。请先执行 dangjian serve 完成初始设置".to_owned()),
        _ => Err("数据库中有多家企业，命令行暂不支持选择".to_owned()),
    }
}
