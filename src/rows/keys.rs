//! Quick ways to know a key or a name again: a list has a hundred thousand of them.

use std::hash::Hasher;

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

/// Hashes names, eight bytes at a time.
#[derive(Clone, Copy, Default)]
pub(super) struct NameHasher(u64);

impl NameHasher {
    fn add(&mut self, word: u64) {
        // The multiplier of rustc's own hasher for short keys.
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        words.iter().for_each(|word| self.add(u64::from_le_bytes(*word)));
        rest.iter().for_each(|byte| self.add(u64::from(*byte)));
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
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

    #[test]
    fn names_that_differ_hash_differently() {
        let hash = |text: &str| {
            let mut hasher = NameHasher::default();
            hasher.write(text.as_bytes());
            hasher.finish()
        };
        let names: Vec<String> = (0..2000).map(|number| format!("partner{number}.example")).collect();
        assert_eq!(names.iter().map(|name| hash(name)).collect::<HashSet<_>>().len(), names.len());
    }
}
