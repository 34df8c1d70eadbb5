//! 提醒预警: who is told what, when, by which way.
