//! What the engine refuses, and why.

/// Why a census could not be built, read, changed or asked.
#[derive(Debug, thiserror::Error)]
pub enum CensusError {
    /// A dimension that the schema does not have.
    #[error("没有「{given}」这个维度。可用的有：{known}")]
    UnknownDimension {
        /// What was asked for.
        given: String,
        /// The schema's dimensions.
        known: String,
    },
    /// A code beyond a dimension's list.
    #[error("维度「{dimension}」没有代码 {code}，共有 {size} 个（0 至 {last}）", last = size - 1)]
    UnknownCode {
        /// The dimension.
        dimension: String,
        /// The code.
        code: usize,
        /// How many codes there are.
        size: usize,
    },
    /// A schema the columns cannot hold.
    #[error("维度「{dimension}」有 {size} 个取值，每个维度须有 1 至 256 个")]
    DimensionSize {
        /// The dimension.
        dimension: String,
        /// How many codes it was to have.
        size: usize,
    },
    /// Too many columns, or a name twice.
    #[error("列定义有误：{0}")]
    Schema(String),
    /// An organisation's number beyond the tree.
    #[error("序号为 {0} 的组织不在组织树中")]
    UnknownOrg(u32),
    /// An organisation whose superior is not in the list.
    #[error("组织「{org}」的上级「{parent}」不在组织树中")]
    UnknownParent {
        /// The organisation.
        org: String,
        /// The superior it names.
        parent: String,
    },
    /// An organisation twice.
    #[error("组织「{0}」在组织树中出现两次")]
    RepeatedOrg(String),
    /// Organisations that stand below themselves.
    #[error("组织「{0}」的上级关系成环")]
    Cycle(String),
    /// A table of too many cells.
    #[error("表格共 {0} 格，最多 65536 格，请减少维度或取值")]
    TooManyCells(usize),
    /// More rows than the columns can number.
    #[error("行数超过 {max}", max = u32::MAX)]
    TooManyRows,
    /// The system has no more memory; what was there before stays.
    #[error("内存不足，统计数据没有建立；原有的统计数据不变")]
    Memory(#[from] std::collections::TryReserveError),
    /// A row to take out that is not there: the census and its source have come apart.
    #[error("要移出的记录不在第 {0} 号组织中，统计数据须重新建立")]
    NotThere(u32),
    /// A file that is not what was written.
    #[error("统计文件 {path} 不能使用：{why}")]
    Damaged {
        /// The file.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// The disk.
    #[error("读写统计文件失败：{0}")]
    Io(#[from] std::io::Error),
}
