//! What waits on the device, between the reducer and `widget/pages/keep.js`.

use recourse_domain::time::Timestamp;
use recourse_flow::intake::{Msg, ShelfAct, ShelfTask, Waiting};
use recourse_glue::{get, get_list, get_number, get_text, list_of, object_with};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

/// What `keep.js` is asked for a task; `sealed` are the sealed files of the report in hand.
pub(crate) fn job(task: ShelfTask, channel: &str, sealed: Option<&Blob>) -> JsValue {
    let letters =
        |letters: Vec<String>| list_of(&letters.iter().map(|letter| JsValue::from(&**letter)).collect::<Vec<_>>());
    let entries: Vec<(&str, JsValue)> = match task {
        ShelfTask::Put(all) => vec![
            ("do", "put".into()),
            ("channel", channel.into()),
            ("letters", letters(all)),
            ("sealed", sealed.map_or(JsValue::NULL, JsValue::from)),
        ],
        ShelfTask::Take(id) => vec![("do", "take".into()), ("id", id.into())],
        ShelfTask::Swap(id, all) => vec![("do", "swap".into()), ("id", id.into()), ("letters", letters(all))],
        ShelfTask::Drop(id) => vec![("do", "drop".into()), ("id", id.into())],
    };
    object_with(&entries)
}

/// What its answer means to the form.
pub(crate) fn told(answer: &JsValue, sealed: &mut Option<Blob>) -> Option<Msg> {
    Some(Msg::Shelf(match &*get_text(answer, "did") {
        "put" => {
            *sealed = None;
            ShelfAct::Stored(waiting(answer))
        }
        "list" => ShelfAct::Found(get_list(answer, "list").iter().filter_map(waiting).collect()),
        "take" => {
            *sealed = get(answer, "sealed").dyn_into().ok();
            let letters = get(answer, "letters").is_truthy();
            let letters =
                letters.then(|| get_list(answer, "letters").iter().filter_map(|one| one.as_string()).collect());
            ShelfAct::Taken(letters)
        }
        "swap" => ShelfAct::Swapped,
        _ => return None,
    }))
}

fn waiting(one: &JsValue) -> Option<Waiting> {
    let moment = |name| Timestamp(get_number(one, name));
    let id = get_number(one, "id") as u32;
    (id > 0).then(|| Waiting { id, day: moment("day"), until: moment("until") })
}
