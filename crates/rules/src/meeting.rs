//! 组织生活 (MEET-*, VOTE-*): meetings from plan to archive, their quorum, votes and minutes.
