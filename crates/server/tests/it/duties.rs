//! 应办: the duty calendar of organisations and persons, excuses, the enterprise's own numbers and duties.
