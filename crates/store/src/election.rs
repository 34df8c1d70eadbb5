//! 换届选举: candidates, ballots, results.
