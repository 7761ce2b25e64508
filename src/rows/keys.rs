//! A quick way to know a key again: a list has a hundred thousand of them.

/// Keys that were met. Each stands where it says itself, or in the next free place behind; a place is free where there is a zero.
pub(super) struct SeenKeys(Vec<u64>);

impl SeenKeys {
    /// With room for so many keys.
    pub(super) fn for_rows(rows: usize) -> Self {
        Self(vec![0; (rows * 2).next_power_of_two()])
    }

    /// Whether a key was met before. From now on it was.
    pub(super) fn has_or_takes(&mut self, key: u64) -> bool {
        let last = self.0.len() - 1;
        let mut place = (key ^ key >> 32) as usize & last;
        while self.0[place] != 0 {
            if self.0[place] == key {
                return true;
            }
            place = (place + 1) & last;
        }
        self.0[place] = key;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn keys_are_known_again_wherever_they_stand() {
        let (mut seen, mut known) = (SeenKeys::for_rows(1000), HashSet::new());
        let mut key = 1_u64;
        for number in 0..1000_u64 {
            // Many want the same place.
            key = if number % 3 == 0 { key.wrapping_mul(6_364_136_223_846_793_005) | 1 } else { (number % 40 + 1) << 20 };
            assert_eq!(seen.has_or_takes(key), !known.insert(key), "{key}");
        }
    }
}
