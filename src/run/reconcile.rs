//! Rows that are not sent after all, because somebody else invited them since the plan was made.

use super::index::Place;
use super::stage::TaskStage;
use super::task::Task;
use super::{Now, Run};
use crate::outcome::Outcome;
use crate::plan::Skip;
use time::Moment;

/// As often as a row may be lost: after that it is never sent again by itself.
const LOST_FOR_GOOD: u32 = 2;

impl Run {
    /// Rows that are to be sent to people who were not there when the plan was made.
    pub fn rows_to_invite(&self) -> impl Iterator<Item = u32> {
        self.index.all().iter().filter(|task| matches!(task.stage, TaskStage::Waiting { .. }) && !task.is_known).map(|task| task.row)
    }

    /// Leaves out these rows where they have not left. Where one may have left, it is looked for but not sent again. How many
    /// were left out.
    pub fn leave_out(&mut self, rows: &[(u32, Skip)], now: Moment) -> usize {
        let now = self.at(now);
        let mut left_out = 0;
        for (row, skip) in rows {
            let Some(place) = self.index.by_row(*row) else { continue };
            if let Some(entry) = self.leave_out_one(place, skip, now) {
                left_out += 1;
                self.unrecorded.push(entry);
            }
        }
        left_out
    }

    fn leave_out_one(&mut self, place: Place, skip: &Skip, now: Now) -> Option<super::Entry> {
        self.index.change(place, |task: &mut Task| match task.stage {
            TaskStage::Waiting { .. } => Some(task.end(Outcome::Skipped(skip.clone()), now)),
            TaskStage::Unsure { .. } => {
                task.lost = task.lost.max(LOST_FOR_GOOD);
                None
            }
            _ => None,
        })
    }
}
