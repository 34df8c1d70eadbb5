//! 发展党员 (DEV-*): five stages, twenty-five steps, their conditions.
