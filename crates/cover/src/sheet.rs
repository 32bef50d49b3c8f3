//! The editor without a screen.

use crate::{Rect, Size};

/// Steps that can be taken back.
const STEPS: usize = 200;

/// A step of moving or sizing a box; sizes change at right and bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Nudge {
    Left,
    Right,
    Up,
    Down,
    Narrower,
    Wider,
    Shorter,
    Taller,
}

/// Boxes over one picture.
#[derive(Debug, Clone)]
pub struct Sheet {
    size: Size,
    boxes: Vec<Rect>,
    chosen: Option<usize>,
    past: Vec<Vec<Rect>>,
    future: Vec<Vec<Rect>>,
}

impl Sheet {
    /// No box yet. A picture without pixels is taken for one pixel.
    pub fn new(size: Size) -> Self {
        let size = Size { width: size.width.max(1), height: size.height.max(1) };
        Self { size, boxes: Vec::new(), chosen: None, past: Vec::new(), future: Vec::new() }
    }

    /// Boxes that are there from the beginning: no step that could be taken back.
    pub fn begin_with(&mut self, rects: impl Iterator<Item = Rect>) {
        self.boxes = rects.map(|rect| self.inside(rect)).collect();
    }

    /// The picture's size.
    pub const fn size(&self) -> Size {
        self.size
    }

    /// The boxes, in the order they were made.
    pub fn boxes(&self) -> &[Rect] {
        &self.boxes
    }

    /// Place and box of the chosen one.
    pub fn chosen(&self) -> Option<(usize, Rect)> {
        let place = self.chosen?;
        Some((place, *self.boxes.get(place)?))
    }

    /// Chooses a box, or none.
    pub fn choose(&mut self, place: Option<usize>) {
        self.chosen = place.filter(|place| *place < self.boxes.len());
    }

    /// Adds a box and chooses it.
    pub fn add(&mut self, rect: Rect) {
        self.mark();
        self.boxes.push(self.inside(rect));
        self.chosen = Some(self.boxes.len() - 1);
    }

    /// Adds a box there or beside it, where it lies over no other: else one could not be told or pressed apart. Where there is no such
    /// room it lies where it was asked for.
    pub fn add_apart(&mut self, rect: Rect) {
        let rect = self.inside(rect);
        let gap = self.step();
        let (across, down) = (f64::from(rect.width + gap), f64::from(rect.height + gap));
        let mut free = None;
        for far in 0..8 {
            for (x, y) in [(0.0, 1.0), (0.0, -1.0), (1.0, 0.0), (-1.0, 0.0), (1.0, 1.0), (-1.0, -1.0)] {
                let far = f64::from(far);
                let there = self.move_by(rect, (x * far * across, y * far * down));
                if free.is_none() && !self.boxes.iter().any(|other| there.meets(*other)) {
                    free = Some(there);
                }
            }
        }
        self.add(free.unwrap_or(rect));
    }

    /// Begins a step: what follows by [`Self::shape`] is taken back in one.
    pub fn mark(&mut self) {
        self.future.clear();
        self.past.push(self.boxes.clone());
        if self.past.len() > STEPS {
            self.past.remove(0);
        }
    }

    /// Gives the chosen box another place and size.
    pub fn shape(&mut self, rect: Rect) {
        let rect = self.inside(rect);
        if let Some(chosen) = self.chosen.and_then(|place| self.boxes.get_mut(place)) {
            *chosen = rect;
        }
    }

    /// Moves the chosen box by so many pixels, as far as the picture goes.
    pub fn move_by(&self, rect: Rect, (dx, dy): (f64, f64)) -> Rect {
        let at = |start: u32, by: f64, room: u32| (f64::from(start) + by).round().clamp(0.0, f64::from(room)) as u32;
        let (width, height) = (rect.width.min(self.size.width), rect.height.min(self.size.height));
        Rect { x: at(rect.x, dx, self.size.width - width), y: at(rect.y, dy, self.size.height - height), width, height }
    }

    /// Moves or sizes the chosen box by so many pixels. What has no room left stays, and is no step.
    pub fn nudge(&mut self, nudge: Nudge, by: u32) {
        let Some((_, rect)) = self.chosen() else { return };
        let far = f64::from(by);
        let new = match nudge {
            Nudge::Left => self.move_by(rect, (-far, 0.0)),
            Nudge::Right => self.move_by(rect, (far, 0.0)),
            Nudge::Up => self.move_by(rect, (0.0, -far)),
            Nudge::Down => self.move_by(rect, (0.0, far)),
            Nudge::Narrower => Rect { width: rect.width.saturating_sub(by).max(1), ..rect },
            Nudge::Wider => Rect { width: rect.width.saturating_add(by), ..rect },
            Nudge::Shorter => Rect { height: rect.height.saturating_sub(by).max(1), ..rect },
            Nudge::Taller => Rect { height: rect.height.saturating_add(by), ..rect },
        };
        let new = self.inside(new);
        if new != rect {
            self.mark();
            self.shape(new);
        }
    }

    /// A step for keys: a hundredth of the picture's longer side.
    pub fn step(&self) -> u32 {
        (self.size.width.max(self.size.height) / 100).max(1)
    }

    /// Takes the chosen box away and chooses its neighbour.
    pub fn remove(&mut self) {
        let Some((place, _)) = self.chosen() else { return };
        self.mark();
        self.boxes.remove(place);
        self.chosen = if self.boxes.is_empty() { None } else { Some(place.min(self.boxes.len() - 1)) };
    }

    /// Takes the last step back; `false` where there is none.
    pub fn undo(&mut self) -> bool {
        let Some(before) = self.past.pop() else { return false };
        self.future.push(std::mem::replace(&mut self.boxes, before));
        self.settle();
        true
    }

    /// Takes the last undo back; `false` where there is none.
    pub fn redo(&mut self) -> bool {
        let Some(after) = self.future.pop() else { return false };
        self.past.push(std::mem::replace(&mut self.boxes, after));
        self.settle();
        true
    }

    /// Whether there is something to take back.
    pub const fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether an undo can be taken back.
    pub const fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    fn settle(&mut self) {
        let last = self.boxes.len().checked_sub(1);
        self.chosen = self.chosen.zip(last).map(|(place, last)| place.min(last));
    }

    /// Cut to the picture, a pixel at least.
    fn inside(&self, rect: Rect) -> Rect {
        let (x, y) = (rect.x.min(self.size.width - 1), rect.y.min(self.size.height - 1));
        Rect {
            x,
            y,
            width: rect.width.clamp(1, self.size.width - x),
            height: rect.height.clamp(1, self.size.height - y),
        }
    }
}
