//! The function of the fuzz target `read`, over damage that a seed makes: what every machine can run.
#![allow(clippy::unwrap_used, clippy::panic, clippy::single_range_in_vec_init)]

#[path = "../fuzz/damage.rs"]
mod damage;

#[test]
fn what_is_damaged_is_never_read_as_something_else() {
    let mut seed = 1u64;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as u32
    };
    for n in 0..1_500 {
        let mut data = vec![(n % 8) as u8];
        for _ in 0..1 + next() % 3 {
            // The end of a file says where all else is, so half of the damage is there.
            let place = if next() % 2 == 0 { next() } else { (1 << 23) | (next() % 4_096) };
            data.extend_from_slice(&place.to_le_bytes()[..3]);
            data.push(if next() % 64 == 0 { 0 } else { next() as u8 });
        }
        damage::check(&data);
    }
}

#[test]
fn nothing_and_noise_are_not_read() {
    for file in 0..3 {
        for fitting in [0, 4] {
            damage::check(&[file | fitting | 8]);
            damage::check(&[&[file | fitting | 8], "PAR1PAR1".repeat(20).as_bytes()].concat());
        }
    }
}

#[test]
fn what_is_whole_is_read() {
    damage::check(&[0]);
    damage::check(&[5]);
}
