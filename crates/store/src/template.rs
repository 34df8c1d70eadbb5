//! Templates of organisations.
