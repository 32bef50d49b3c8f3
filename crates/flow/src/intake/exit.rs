//! Shift three times in five seconds. Another key in between starts anew: capitals typed in a row are no wish to leave.

/// Milliseconds in which the three presses must lie.
const WITHIN_MS: f64 = 5_000.0;

/// The last presses of Shift.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Shifts {
    last: [Option<f64>; 2],
}

impl Shifts {
    /// Takes a key press in; true when it was the third Shift.
    pub(crate) fn press(&mut self, shift: bool, at_ms: f64) -> bool {
        if !shift {
            *self = Self::default();
            return false;
        }
        let third = self.last[0].is_some_and(|first| at_ms - first <= WITHIN_MS);
        self.last = [self.last[1], Some(at_ms)];
        third
    }
}
