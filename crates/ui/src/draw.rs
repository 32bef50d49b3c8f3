//! Markup by calls instead of `html!`: `open`, `attr`, `text`, `close`.
//!
//! The macro expands to a few hundred bytes of Wasm for each element, and each `for` in it to an iterator of its own; a call here is a
//! dozen. Over a form of three hundred elements that decides whether it fits its budget. It is Yew's own tree all the same.
//!
//! Each element gets a key: the one it was given, its name, or its place among its siblings. So a button is never patched into another.

use yew::prelude::*;
use yew::virtual_dom::{Key as NodeKey, VList, VNode, VTag, VText};

use crate::icons::{Icon, icon};
use crate::text::{Key, t};

/// A piece of markup in the making.
#[derive(Debug, Default)]
pub struct Draw {
    /// The way from the root to the element in hand.
    way: Vec<(VTag, Vec<VNode>)>,
    roots: Vec<VNode>,
}

impl Draw {
    /// Begins an element; an empty class is none.
    #[inline(never)]
    pub fn open(&mut self, tag: &'static str, class: &'static str) -> &mut Self {
        let mut tag = VTag::new(AttrValue::Static(tag));
        if !class.is_empty() {
            tag.add_attribute("class", AttrValue::Static(class));
        }
        self.way.push((tag, Vec::new()));
        self
    }

    /// Ends it.
    #[inline(never)]
    pub fn close(&mut self) -> &mut Self {
        if let Some((mut tag, children)) = self.way.pop() {
            if !children.is_empty() {
                tag.add_child(list(children));
            }
            self.put(tag.into());
        }
        self
    }

    /// A finished piece.
    #[inline(never)]
    pub fn put(&mut self, mut node: Html) -> &mut Self {
        // A piece drawn on its own gets its place where it is put: every first piece would be the same otherwise.
        let placed = !self.way.is_empty();
        let siblings = self.siblings();
        if let VNode::VTag(tag) = &mut node
            && tag.key.is_none()
            && placed
        {
            let place = NodeKey::from(siblings.len());
            std::rc::Rc::make_mut(tag).key = Some(place);
        }
        siblings.push(node);
        self
    }

    /// An attribute.
    #[inline(never)]
    pub fn attr(&mut self, name: &'static str, value: AttrValue) -> &mut Self {
        if let Some((tag, _)) = self.way.last_mut() {
            tag.add_attribute(name, value);
        }
        self
    }

    /// An attribute that is always the same.
    #[inline(never)]
    pub fn set(&mut self, name: &'static str, value: &'static str) -> &mut Self {
        self.attr(name, AttrValue::Static(value))
    }

    /// An attribute with a text of the locale.
    #[inline(never)]
    pub fn attr_said(&mut self, name: &'static str, key: Key) -> &mut Self {
        self.attr(name, t(key))
    }

    /// The key among its siblings.
    #[inline(never)]
    pub fn key(&mut self, key: &str) -> &mut Self {
        if let Some((tag, _)) = self.way.last_mut() {
            tag.key = Some(NodeKey::from(key));
        }
        self
    }

    /// The name for tests, which is its key as well.
    #[inline(never)]
    pub fn name(&mut self, name: &str) -> &mut Self {
        self.attr("data-testid", AttrValue::from(name.to_owned())).key(name)
    }

    /// The name, and the id too.
    #[inline(never)]
    pub fn id(&mut self, id: &str) -> &mut Self {
        self.attr("id", AttrValue::from(id.to_owned())).name(id)
    }

    /// Something that the focus can be moved to by script, with that id and name.
    #[inline(never)]
    pub fn spot(&mut self, id: &str) -> &mut Self {
        self.id(id).set("tabindex", "-1")
    }

    /// Text.
    #[inline(never)]
    pub fn text(&mut self, text: AttrValue) -> &mut Self {
        self.siblings().push(VText::new(text).into());
        self
    }

    /// Text from somewhere else: from the person, the provider, the host.
    #[inline(never)]
    pub fn foreign(&mut self, text: &str) -> &mut Self {
        self.text(AttrValue::from(text.to_owned()))
    }

    /// Text of the locale.
    #[inline(never)]
    pub fn say(&mut self, key: Key) -> &mut Self {
        self.text(t(key))
    }

    /// A whole element with a text of the locale.
    #[inline(never)]
    pub fn line(&mut self, tag: &'static str, class: &'static str, key: Key) -> &mut Self {
        self.open(tag, class).say(key).close()
    }

    /// A whole element with a text.
    #[inline(never)]
    pub fn words(&mut self, tag: &'static str, class: &'static str, text: AttrValue) -> &mut Self {
        self.open(tag, class).text(text).close()
    }

    /// A whole element with a text from somewhere else, in the direction of its own.
    #[inline(never)]
    pub fn quote(&mut self, tag: &'static str, class: &'static str, text: &str) -> &mut Self {
        self.open(tag, class).set("dir", "auto").foreign(text).close()
    }

    /// An icon.
    #[inline(never)]
    pub fn icon(&mut self, which: Icon) -> &mut Self {
        self.put(icon(which))
    }

    /// What a click does.
    #[inline(never)]
    pub fn click(&mut self, click: Callback<MouseEvent>) -> &mut Self {
        if let Some((tag, _)) = self.way.last_mut() {
            tag.add_listener(std::rc::Rc::new(yew::html::onclick::Wrapper::new(click)));
        }
        self
    }

    /// What a change does.
    #[inline(never)]
    pub fn change(&mut self, change: Callback<Event>) -> &mut Self {
        if let Some((tag, _)) = self.way.last_mut() {
            tag.add_listener(std::rc::Rc::new(yew::html::onchange::Wrapper::new(change)));
        }
        self
    }

    /// What typing does.
    #[inline(never)]
    pub fn input(&mut self, input: Callback<InputEvent>) -> &mut Self {
        if let Some((tag, _)) = self.way.last_mut() {
            tag.add_listener(std::rc::Rc::new(yew::html::oninput::Wrapper::new(input)));
        }
        self
    }

    /// What stands in a field.
    #[inline(never)]
    pub fn value(&mut self, value: AttrValue) -> &mut Self {
        if let Some((tag, _)) = self.way.last_mut() {
            tag.set_value(Some(value));
        }
        self
    }

    /// Whether a box is ticked.
    #[inline(never)]
    pub fn checked(&mut self, on: bool) -> &mut Self {
        if let Some((tag, _)) = self.way.last_mut() {
            tag.set_checked(on);
        }
        self
    }

    /// What was drawn.
    pub fn done(mut self) -> Html {
        while !self.way.is_empty() {
            self.close();
        }
        if self.roots.len() == 1
            && let Some(root) = self.roots.pop()
        {
            return root;
        }
        list(self.roots)
    }

    fn siblings(&mut self) -> &mut Vec<VNode> {
        match self.way.last_mut() {
            Some((_, children)) => children,
            None => &mut self.roots,
        }
    }
}

/// Draws a piece on its own.
pub fn draw(piece: impl FnOnce(&mut Draw)) -> Html {
    let mut draw = Draw::default();
    piece(&mut draw);
    draw.done()
}

fn list(nodes: Vec<VNode>) -> VNode {
    VList::with_children(nodes, None).into()
}
