//! The ground of every rule: regulation, article, the day from which it holds.
