//! Drawing, moving and sizing by mouse, finger and pen.

use recourse_cover::Rect;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, PointerEvent};

use super::{Drag, STILL, Screen, box_of, place};

impl Screen {
    /// Where in the picture.
    fn spot(&self, event: &PointerEvent) -> (f64, f64) {
        let stage = self.stage.get_bounding_client_rect();
        let at = |client: i32, start: f64| (f64::from(client) - start) / self.scale;
        (at(event.client_x(), stage.left()), at(event.client_y(), stage.top()))
    }

    pub(super) fn down(&mut self, event: &PointerEvent) {
        // One finger, or the main button; a second finger zooms by the browser's own means.
        if self.busy || event.button() != 0 || !event.is_primary() {
            return;
        }
        let _ = self.stage.set_pointer_capture(event.pointer_id());
        let chosen = box_of(event);
        let drag = if self.panning {
            Drag::Pan { left: self.view.scroll_left(), top: self.view.scroll_top() }
        } else if let (Some(place), None) = (chosen, self.corner) {
            self.sheet.choose(Some(place));
            self.show();
            let Some((_, rect)) = self.sheet.chosen() else { return };
            let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
            if target.is_some_and(|target| target.class_name() == "editor-handle") {
                Drag::Size { rect, begun: false }
            } else {
                Drag::Move { rect, begun: false }
            }
        } else {
            Drag::Draw { corner: self.spot(event), begun: false }
        };
        self.drag = Some(((f64::from(event.client_x()), f64::from(event.client_y())), drag));
    }

    pub(super) fn moved(&mut self, event: &PointerEvent) {
        let Some((start, drag)) = self.drag else { return };
        let far = (f64::from(event.client_x()) - start.0, f64::from(event.client_y()) - start.1);
        if let Drag::Pan { left, top } = drag {
            self.view.set_scroll_left(left - far.0 as i32);
            self.view.set_scroll_top(top - far.1 as i32);
            return;
        }
        let still = far.0.abs().max(far.1.abs()) < STILL;
        let far = (far.0 / self.scale, far.1 / self.scale);
        let here = self.spot(event);
        let next = match drag {
            Drag::Draw { begun: false, .. } | Drag::Move { begun: false, .. } | Drag::Size { begun: false, .. }
                if still =>
            {
                return;
            }
            Drag::Draw { corner, begun } => {
                let rect = Rect::between(corner, here, self.sheet.size());
                if begun {
                    self.sheet.shape(rect)
                } else {
                    self.sheet.add(rect)
                }
                self.corner = None;
                Drag::Draw { corner, begun: true }
            }
            Drag::Move { rect, begun } => {
                self.step_begins(begun);
                self.sheet.shape(self.sheet.move_by(rect, far));
                Drag::Move { rect, begun: true }
            }
            Drag::Size { rect, begun } => {
                self.step_begins(begun);
                let corner = (f64::from(rect.x), f64::from(rect.y));
                let end = (f64::from(rect.right()) + far.0, f64::from(rect.bottom()) + far.1);
                let end = (end.0.max(corner.0 + 1.0), end.1.max(corner.1 + 1.0));
                self.sheet.shape(Rect::between(corner, end, self.sheet.size()));
                Drag::Size { rect, begun: true }
            }
            Drag::Pan { .. } => return,
        };
        self.drag = Some((start, next));
        self.show();
    }

    fn step_begins(&mut self, begun: bool) {
        if !begun {
            self.sheet.mark();
        }
    }

    /// Gives what the focus goes to.
    pub(super) fn up(&mut self, event: &PointerEvent) -> Option<HtmlElement> {
        let (_, drag) = self.drag.take()?;
        match drag {
            Drag::Draw { begun: true, .. } => self.say("added", &[("count", self.sheet.boxes().len() as u32)]),
            // Not dragged: the first or the second of two corners.
            Drag::Draw { begun: false, .. } => match self.corner.take() {
                Some(first) => self.add(Rect::between(first, self.spot(event), self.sheet.size())),
                None => {
                    self.corner = Some(self.spot(event));
                    self.say("corner", &[]);
                    self.show();
                    return None;
                }
            },
            Drag::Move { .. } | Drag::Size { .. } => {
                if let Some((_, rect)) = self.sheet.chosen() {
                    self.say("place", &place(rect));
                }
            }
            Drag::Pan { .. } => return None,
        }
        self.chosen_element()
    }
}
