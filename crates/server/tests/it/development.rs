//! 发展党员: cases and their steps.
