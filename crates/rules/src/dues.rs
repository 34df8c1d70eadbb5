//! 党费 (DUES-*): bases, rates, statements, arrears.
