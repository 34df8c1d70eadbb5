//! 一学就会: what, who, when, which papers, common mistakes, for every activity.
