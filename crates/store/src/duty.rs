//! What the duty calendar is computed from: the register, the records, the enterprise's own duties, what was excused.
