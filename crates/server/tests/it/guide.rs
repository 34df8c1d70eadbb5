//! 一学就会: how every activity is done.
