//! 提醒预警: the inbox, live, and its ways out.
