//! Templates: fill-in fields and where their values come from.
