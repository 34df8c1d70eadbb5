//! 模板: the library and documents made from it.
