//! What the person chose before the form begins, as text: the browser holds it in its memory beside what was captured, so that a closed panel loses
//! none of it. Pure.

use recourse_capture::address::Address;
use recourse_cover::Rect;
use serde::{Deserialize, Serialize};

use crate::state::{Box, OwnWords, Stage, State, Words};
use crate::tile::name;
use crate::whom::Whom;

/// As it is held.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    stage: Stage,
    /// Width and height of the picture: to another one nothing of this belongs.
    picture: Option<[u32; 2]>,
    with_picture: bool,
    boxes: Vec<(String, Vec<[u32; 4]>, bool)>,
    part: Option<[u32; 4]>,
    part_css: String,
    own: [String; 2],
    out: Vec<Words>,
    bare: Vec<Words>,
    /// Whether each parameter of the address is kept.
    parameters: Vec<bool>,
    image: String,
    link: String,
    /// Place of the way that is chosen, and the link that was typed.
    to: (usize, String),
}

/// What is to be held; nothing while there is nothing to choose.
pub(crate) fn write(state: &State, whom: &Whom) -> Option<String> {
    state.seen.as_ref().filter(|_| matches!(state.stage, Stage::Picture | Stage::Page | Stage::Whom))?;
    let boxes = state.boxes.iter();
    let kept = Kept {
        stage: state.stage,
        picture: size(state),
        with_picture: state.with_picture,
        boxes: boxes.map(|one| (one.reason.to_owned(), one.rects.iter().map(numbers).collect(), one.on)).collect(),
        part: state.part.as_ref().map(numbers),
        part_css: state.part_css.clone(),
        own: [state.own.name.clone(), state.own.handle.clone()],
        out: state.out.clone(),
        bare: state.bare.clone(),
        parameters: state.parameters().iter().map(|parameter| parameter.keep).collect(),
        image: state.image.clone(),
        link: state.link.clone(),
        to: (whom.chosen, whom.link.clone()),
    };
    serde_json::to_string(&kept).ok()
}

/// Chooses it again, for the same capture. Whether it could be read and belongs to it.
pub(crate) fn read(text: &str, state: &mut State, whom: &mut Whom) -> bool {
    let kept = serde_json::from_str::<Kept>(text).ok();
    let Some(kept) = kept.filter(|kept| state.seen.is_some() && kept.picture == size(state)) else { return false };
    let [name_typed, handle] = kept.own;
    state.own = OwnWords { name: name_typed, handle };
    let own = state.own.own();
    if let Some(page) = state.seen.as_ref().map(|seen| &seen.page) {
        state.address = Address::read(&page.address, &own);
    }
    let parameters = state.parameters().iter().map(|parameter| parameter.keep).collect::<Vec<_>>();
    if parameters.len() == kept.parameters.len() {
        for (at, (is, was)) in parameters.into_iter().zip(kept.parameters).enumerate() {
            if is != was {
                state.turn_parameter(at);
            }
        }
    }
    state.with_picture = kept.with_picture && state.shot.is_some();
    let boxes = kept.boxes.into_iter();
    state.boxes = boxes
        .map(|(reason, rects, on)| Box { reason: name(&reason), rects: rects.into_iter().map(rect).collect(), on })
        .collect();
    state.part = kept.part.map(rect);
    state.part_css = kept.part_css;
    state.out = kept.out;
    state.bare = kept.bare;
    state.image = kept.image;
    state.link = kept.link;
    state.stage = kept.stage;
    let (chosen, link) = kept.to;
    if chosen < whom.ways.len() {
        whom.choose(chosen);
    }
    whom.link = link;
    true
}

fn size(state: &State) -> Option<[u32; 2]> {
    state.shot.map(|shot| [shot.size.width, shot.size.height])
}

fn numbers(rect: &Rect) -> [u32; 4] {
    [rect.x, rect.y, rect.width, rect.height]
}

fn rect([x, y, width, height]: [u32; 4]) -> Rect {
    Rect { x, y, width, height }
}

#[cfg(test)]
mod tests {
    use recourse_capture::whom::Directory;

    use super::*;
    use crate::state::tests::captured;

    #[test]
    fn what_was_chosen_is_chosen_again_and_only_for_the_same_picture() {
        let (mut state, _) = captured(0);
        state.stage = Stage::Page;
        state.boxes[0].on = false;
        state.edited(&[state.boxes[1].rects[0], Rect { x: 5, y: 5, width: 9, height: 9 }]);
        state.own.handle = "jane".to_owned();
        state.turn(Words::Title);
        state.bare(Words::Selection);
        state.turn_parameter(0);
        state.pointing = Some(1);
        state.choose_part();
        let whom = || Whom::of("crm.example", &Directory { services: Vec::new() }, Vec::new());
        let (mut whom, mut to) = (whom(), whom());
        whom.choose(1);
        whom.link = "https://intake.example/r/x".to_owned();
        let text = write(&state, &whom).unwrap();

        let (mut again, _) = captured(0);
        assert!(read(&text, &mut again, &mut to));
        assert_eq!(write(&again, &to).unwrap(), text);
        assert_eq!(again.burned(), state.burned());
        assert_eq!(again.words(Words::Address), state.words(Words::Address));

        let (mut other, _) = captured(0);
        other.shot.as_mut().unwrap().size.width += 1;
        let before = other.boxes.clone();
        assert!(!read(&text, &mut other, &mut to) && !read("{}", &mut other, &mut to));
        assert_eq!(other.boxes, before);
    }

    #[test]
    fn nothing_is_held_where_nothing_can_be_chosen() {
        let (mut state, _) = captured(0);
        for stage in [Stage::Idle, Stage::Looking, Stage::Away, Stage::Again] {
            state.stage = stage;
            assert_eq!(write(&state, &Whom::default()), None);
        }
    }
}
