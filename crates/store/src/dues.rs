//! 党费: bases, statements, payments, reductions.
