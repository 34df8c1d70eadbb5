//! 应办: what is due, when, on which ground, and whether a record fulfils it. Pure functions over the register, the records and the calendar.
