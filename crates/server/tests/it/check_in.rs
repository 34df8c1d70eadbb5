//! 会议签到: the rotating code, the signed link.
