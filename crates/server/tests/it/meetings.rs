//! 组织生活: meetings from plan to archive.
