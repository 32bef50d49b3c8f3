//! Markup by calls instead of `html!`: `open`, `attr`, `text`, `close`.
//!
//! The macro expands to a few hundred bytes of Wasm for each element, and each `for` in it to an iterator of its own; a call here is a
//! dozen. Over a form of three hundred elements that decides whether it fits its budget. It is Yew's own tree all the same.
//!
//! Each element gets a key: the one it was given, its name, or its place among its siblings. So a button is never patched into another.

use yew::prelude::*;
use yew::virtual_dom::{AttributeOrProperty, Attributes, Key as NodeKey, VList, VNode, VTag, VText};

use crate::icons::{Icon, icon};
use crate::text::{ENGLISH, Key, t};

macro_rules! attributes {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// The attributes that pages use.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the names are those of HTML")]
        pub enum At {
            $($variant),+
        }

        /// Their names. One list for all elements: Yew compares attributes of one list value by value, without hashing names.
        static NAMES: [&str; [$($name),+].len()] = [$($name),+];
    };
}

attributes! {
    Class = "class",
    TestId = "data-testid",
    Id = "id",
    Type = "type",
    For = "for",
    Role = "role",
    Title = "title",
    Href = "href",
    Src = "src",
    Alt = "alt",
    D = "d",
    ViewBox = "viewBox",
    Dir = "dir",
    Lang = "lang",
    Tabindex = "tabindex",
    Selected = "selected",
    Value = "value",
    Max = "max",
    Rows = "rows",
    Name = "name",
    Accept = "accept",
    Capture = "capture",
    Readonly = "readonly",
    Multiple = "multiple",
    Inputmode = "inputmode",
    Autocapitalize = "autocapitalize",
    Autocomplete = "autocomplete",
    Spellcheck = "spellcheck",
    Translate = "translate",
    Target = "target",
    Rel = "rel",
    Inert = "inert",
    AriaHidden = "aria-hidden",
    AriaLabel = "aria-label",
    AriaLabelledby = "aria-labelledby",
    AriaDescribedby = "aria-describedby",
    AriaPressed = "aria-pressed",
    AriaExpanded = "aria-expanded",
    AriaCurrent = "aria-current",
    AriaDisabled = "aria-disabled",
    AriaInvalid = "aria-invalid",
    AriaLive = "aria-live",
    AriaModal = "aria-modal",
}

/// An element in the making.
#[derive(Debug)]
struct Open {
    tag: VTag,
    values: Box<[Option<AttributeOrProperty>; NAMES.len()]>,
    children: Vec<VNode>,
}

/// A piece of markup in the making.
#[derive(Debug, Default)]
pub struct Draw {
    /// The way from the root to the element in hand.
    way: Vec<Open>,
    roots: Vec<VNode>,
}

impl Draw {
    /// Begins an element; an empty class is none.
    #[inline(never)]
    pub fn open(&mut self, tag: &'static str, class: &'static str) -> &mut Self {
        let values = Box::new([const { None }; NAMES.len()]);
        self.way.push(Open { tag: VTag::new(AttrValue::Static(tag)), values, children: Vec::new() });
        if class.is_empty() { self } else { self.set(At::Class, class) }
    }

    /// Ends it.
    #[inline(never)]
    pub fn close(&mut self) -> &mut Self {
        if let Some(Open { mut tag, values, children }) = self.way.pop() {
            tag.attributes = Attributes::Dynamic { keys: &NAMES, values };
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
    pub fn attr(&mut self, name: At, value: AttrValue) -> &mut Self {
        let value = match value.split_once(ENGLISH) {
            Some((own, _)) => AttrValue::from(own.to_owned()),
            None => value,
        };
        if let Some(open) = self.way.last_mut() {
            open.values[name as usize] = Some(AttributeOrProperty::Attribute(value));
        }
        self
    }

    /// An attribute that is always the same.
    #[inline(never)]
    pub fn set(&mut self, name: At, value: &'static str) -> &mut Self {
        self.attr(name, AttrValue::Static(value))
    }

    /// An attribute with a text of the locale.
    #[inline(never)]
    pub fn attr_said(&mut self, name: At, key: Key) -> &mut Self {
        self.attr(name, t(key))
    }

    /// The key among its siblings.
    #[inline(never)]
    pub fn key(&mut self, key: &str) -> &mut Self {
        if let Some(open) = self.way.last_mut() {
            open.tag.key = Some(NodeKey::from(key));
        }
        self
    }

    /// The name for tests, which is its key as well.
    #[inline(never)]
    pub fn name(&mut self, name: &str) -> &mut Self {
        self.attr(At::TestId, AttrValue::from(name.to_owned())).key(name)
    }

    /// The name, and the id too.
    #[inline(never)]
    pub fn id(&mut self, id: &str) -> &mut Self {
        self.attr(At::Id, AttrValue::from(id.to_owned())).name(id)
    }

    /// Something that the focus can be moved to by script, with that id and name.
    #[inline(never)]
    pub fn spot(&mut self, id: &str) -> &mut Self {
        self.id(id).set(At::Tabindex, "-1")
    }

    /// Text, with its English behind it where the locale has both.
    #[inline(never)]
    pub fn text(&mut self, text: AttrValue) -> &mut Self {
        if let Some((own, english)) = text.split_once(ENGLISH) {
            self.siblings().push(VText::new(own.to_owned()).into());
            self.open("span", "beside").set(At::Lang, "en").set(At::Dir, "ltr");
            self.siblings().push(VText::new(english.to_owned()).into());
            return self.close();
        }
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
        self.open(tag, class).set(At::Dir, "auto").foreign(text).close()
    }

    /// An icon.
    #[inline(never)]
    pub fn icon(&mut self, which: Icon) -> &mut Self {
        self.put(icon(which))
    }

    /// What a click does.
    #[inline(never)]
    pub fn click(&mut self, click: Callback<MouseEvent>) -> &mut Self {
        if let Some(open) = self.way.last_mut() {
            open.tag.add_listener(std::rc::Rc::new(yew::html::onclick::Wrapper::new(click)));
        }
        self
    }

    /// What a change does.
    #[inline(never)]
    pub fn change(&mut self, change: Callback<Event>) -> &mut Self {
        if let Some(open) = self.way.last_mut() {
            open.tag.add_listener(std::rc::Rc::new(yew::html::onchange::Wrapper::new(change)));
        }
        self
    }

    /// What typing does.
    #[inline(never)]
    pub fn input(&mut self, input: Callback<InputEvent>) -> &mut Self {
        if let Some(open) = self.way.last_mut() {
            open.tag.add_listener(std::rc::Rc::new(yew::html::oninput::Wrapper::new(input)));
        }
        self
    }

    /// What sending a form does.
    #[inline(never)]
    pub fn submit(&mut self, submit: Callback<SubmitEvent>) -> &mut Self {
        if let Some(open) = self.way.last_mut() {
            open.tag.add_listener(std::rc::Rc::new(yew::html::onsubmit::Wrapper::new(submit)));
        }
        self
    }

    /// What stands in a field.
    #[inline(never)]
    pub fn value(&mut self, value: AttrValue) -> &mut Self {
        if let Some(open) = self.way.last_mut() {
            open.tag.set_value(Some(value));
        }
        self
    }

    /// Whether a box is ticked.
    #[inline(never)]
    pub fn checked(&mut self, on: bool) -> &mut Self {
        if let Some(open) = self.way.last_mut() {
            open.tag.set_checked(on);
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
            Some(open) => &mut open.children,
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
