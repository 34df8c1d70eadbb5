//! 发展党员: cases, steps, papers.
