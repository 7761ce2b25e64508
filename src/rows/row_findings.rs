//! What is kept of each row that was looked at: a few numbers.

/// What is kept of each row. Numbers of a kind lie together, so that taking them over is copying.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowFindings {
    /// Of the address without its spelling; 0 without one. Sixty-four bits: two addresses that share it by chance would be
    /// called duplicates here, while the plan compares the addresses themselves.
    pub keys: Vec<u64>,
    /// Place of the address's domain plus one.
    pub domains: Vec<u32>,
    /// What was found, by bits of [`super::findings::FindingKind`].
    pub faults: Vec<u16>,
}

impl RowFindings {
    pub(super) fn with_capacity(rows: usize) -> Self {
        Self { keys: Vec::with_capacity(rows), domains: Vec::with_capacity(rows), faults: Vec::with_capacity(rows) }
    }

    pub(super) fn set(&mut self, place: usize, (key, domain, faults): (u64, u32, u16)) {
        self.keys[place] = key;
        self.domains[place] = domain;
        self.faults[place] = faults;
    }

    /// Takes rows out.
    pub(super) fn take(&mut self, places: &[usize]) {
        fn without<T: Copy>(values: &mut Vec<T>, places: &[usize]) {
            let mut gone = places.iter().copied().peekable();
            let mut place = 0;
            values.retain(|_| {
                place += 1;
                gone.next_if_eq(&(place - 1)).is_none()
            });
        }
        without(&mut self.keys, places);
        without(&mut self.domains, places);
        without(&mut self.faults, places);
    }

    /// Makes room for rows that come in, up to this many in all.
    pub(super) fn put(&mut self, places: &[usize], rows: usize) {
        fn with<T: Copy + Default>(values: &mut Vec<T>, places: &[usize], rows: usize) {
            let mut new = places.iter().copied().peekable();
            let mut old = std::mem::take(values).into_iter();
            *values =
                (0..rows).map(|place| new.next_if_eq(&place).map_or_else(|| old.next().unwrap_or_default(), |_| T::default())).collect();
        }
        with(&mut self.keys, places, rows);
        with(&mut self.domains, places, rows);
        with(&mut self.faults, places, rows);
    }
}
