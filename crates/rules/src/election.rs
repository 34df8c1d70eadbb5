//! 换届选举 (ELEC-*): thresholds, ballots, results.
