//! The generated glue as shipped: without what our pages cannot reach, and with short names on both sides.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};

use crate::script::{Token, text, tokens};

/// Glue with short names, and what the module must call its imports and exports from now on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Short {
    pub(crate) script: String,
    /// New names by old ones.
    pub(crate) imports: BTreeMap<String, String>,
    /// New names by old ones; those not in it keep theirs.
    pub(crate) exports: BTreeMap<String, String>,
}

/// What the module calls its glue.
pub(crate) const OWN: &str = "_";

/// Takes the glue, which the module calls `own` (and will call [`OWN`]), and the module's imports from it and exports.
///
/// # Errors
/// Whatever is not where this version of wasm-bindgen puts it: names would part ways in glue and module.
pub(crate) fn shorten(glue: &str, own: &str, imports: &BTreeSet<String>, exports: &BTreeSet<String>) -> Result<Short> {
    let own = format!("\"{own}\":");
    let glue = reduce(glue)?;
    ensure!(glue.matches(&own).count() == 1, "the glue does not have {own} once");
    let glue = glue.replace(&own, &format!("{OWN}:"));
    let tokens = tokens(&glue)?;
    let imports = name_imports(&tokens, imports)?;
    let exports = name_exports(&tokens, exports)?;
    let locals = name_locals(&tokens)?;
    let script = text(tokens.iter().enumerate().map(|(at, token)| match *token {
        Token::Word(word) => {
            let name =
                if is_export(&tokens, at) { exports.get(word) } else { imports.get(word).or_else(|| locals.get(word)) };
            Token::Word(name.map_or(word, String::as_str))
        }
        other => other,
    }));
    Ok(Short { script, imports, exports })
}

/// The declarations of the glue as [`shorten`] leaves it.
///
/// # Errors
/// When they do not end with those of starting the module.
pub(crate) fn declare(declarations: &str) -> Result<String> {
    let Some((ours, start)) = declarations.split_once("export type InitInput") else {
        bail!("the declarations have no `InitInput`");
    };
    ensure!(
        start.contains("export function initSync(") && start.contains("export default function __wbg_init"),
        "the declarations start a module in another way"
    );
    Ok(format!("{ours}{DECLARED_START}"))
}

/// What [`START`] exports.
const DECLARED_START: &str = "\
/** Fetches the module and starts it, once. */
export default function init(at: { module_or_path: string | URL }): Promise<WebAssembly.Exports>;

/** What the started module exports; nothing before. */
export function initSync(): WebAssembly.Exports | undefined;
";

/// Our pages start a module in one way: from an address, once. `initSync` is what chunks split off the module ask for its exports.
const START: &str = "\
let wasm;
async function __wbg_init({module_or_path}){
const {instance}=await WebAssembly.instantiateStreaming(fetch(module_or_path),__wbg_get_imports());
wasm=instance.exports;
wasm.__wbindgen_start();
return wasm;
}
function initSync(){
return wasm;
}
export{initSync,__wbg_init as default};
";

/// All that the generated start does to state outside it. Caches of a memory that is not there yet are empty already.
const STARTED: &str = "let wasmModule,wasmInstance,wasm;
function __wbg_finalize_init(instance,module){
wasmInstance=instance;
wasm=instance.exports;
wasmModule=module;
wasm.__wbindgen_start();
return wasm;
}
";

/// How a value looks in the text of a panic: without a type's insides, and without what was typed into a field.
const DEBUG: &str = "function debugString(val){
try{
return String(val);
}catch{
return typeof val;
}
}";

/// Leaves out what no page of ours reaches.
fn reduce(glue: &str) -> Result<String> {
    let mut glue = text(tokens(glue)?);
    // Written in strings of wasm-bindgen's own, so one change of a letter stops the build here.
    let Some(start) = glue.find("let wasmModule,") else { bail!("the glue has no `let wasmModule`") };
    let end = glue.split_off(start);
    let init: String = end.lines().filter(|line| !is_cache_reset(line)).map(|line| format!("{line}\n")).collect();
    ensure!(init.starts_with(STARTED), "the glue starts its module in another way");
    let functions: Vec<&str> =
        init.split("function ").skip(1).filter_map(|rest| rest.split_once('(')).map(|(name, _)| name).collect();
    ensure!(
        functions
            == [
                "__wbg_finalize_init",
                "__wbg_load",
                "expectedResponseType",
                "initSync",
                "__wbg_init",
                "__wbg_init_once"
            ]
            && init.ends_with("export{initSync,__wbg_init as default};\n"),
        "the glue starts its module in another way: {functions:?}"
    );
    glue.push_str(START);
    glue = replace_block(&glue, "function debugString(val){", DEBUG)?;
    // For browsers older than the references our modules are made of.
    glue = replace_block(&glue, "if(!('encodeInto'in cachedTextEncoder)){", "")?;
    // Yew can make markup of a text; our pages never ask it to, and could not by mistake either: what is given is shown as it stands.
    glue = glue.replace(".innerHTML=", ".textContent=");
    for gone in ["wasmModule", "wasmInstance", "expectedResponseType"] {
        ensure!(!glue.contains(gone), "the glue uses {gone} elsewhere");
    }
    // `const ret = x; return ret;`
    let mut lines: Vec<String> = Vec::new();
    for line in glue.lines() {
        let returned = (line == "return ret;")
            .then(|| lines.last()?.strip_prefix("const ret=")?.strip_suffix(';'))
            .flatten()
            .filter(|value| !value.contains(';'))
            .map(|value| format!("return {value};"));
        if let Some(returned) = returned {
            lines.pop();
            lines.push(returned);
        } else {
            lines.push(line.to_owned());
        }
    }
    lines.push(String::new());
    Ok(text(tokens(&lines.join("\n"))?))
}

fn is_cache_reset(line: &str) -> bool {
    line.starts_with("cached") && line.ends_with("Memory0=null;")
}

/// Replaces the block that begins with `head`, which ends with its brace; nothing when there is none.
fn replace_block(script: &str, head: &str, with: &str) -> Result<String> {
    let Some(start) = script.find(head) else { return Ok(script.to_owned()) };
    ensure!(script.matches(head).count() == 1, "the glue has {head} twice");
    let mut depth = 1_usize;
    let mut end = 0;
    let block = tokens(&script[start + head.len()..])?;
    for (at, token) in block.iter().enumerate() {
        depth = match token {
            Token::Mark("{") => depth + 1,
            Token::Mark("}") => depth - 1,
            _ => depth,
        };
        if depth == 0 {
            end = at + 1;
            break;
        }
    }
    ensure!(depth == 0, "{head} does not end");
    Ok(format!("{}{with}{}", &script[..start], text(block[end..].iter().copied())))
}

/// Short names in order: `a` … `z`, `aa` ….
fn short(number: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(number % 26).unwrap_or_default());
    match number / 26 {
        0 => letter.to_string(),
        more => format!("{}{letter}", short(more - 1)),
    }
}

fn is(tokens: &[Token<'_>], at: Option<usize>, mark: &str) -> bool {
    at.and_then(|at| tokens.get(at)).is_some_and(|token| *token == Token::Mark(mark))
}

/// Whether the word there is a name in `wasm.NAME`.
fn is_export(tokens: &[Token<'_>], at: usize) -> bool {
    at >= 2 && tokens[at - 1] == Token::Mark(".") && tokens[at - 2] == Token::Word("wasm")
}

/// Each import stands once in the glue: as a key of the table of imports.
fn name_imports(tokens: &[Token<'_>], imports: &BTreeSet<String>) -> Result<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    for (at, token) in tokens.iter().enumerate() {
        let Token::Word(word) = token else { continue };
        if !imports.contains(*word) {
            continue;
        }
        let key =
            is(tokens, Some(at + 1), ":") && at > 0 && matches!(tokens[at - 1], Token::Break | Token::Mark("," | "{"));
        ensure!(key, "the glue uses the import {word} elsewhere than in its table");
        let name = short(names.len());
        ensure!(names.insert((*word).to_owned(), name).is_none(), "the glue has the import {word} twice");
    }
    if let Some(missing) = imports.iter().find(|import| !names.contains_key(*import)) {
        bail!("the glue does not have the import {missing}");
    }
    Ok(names)
}

/// Names all exports that only the glue uses: not those for pages, nor what chunks split off the module import from it.
fn name_exports(tokens: &[Token<'_>], exports: &BTreeSet<String>) -> Result<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Word("wasm") => ensure!(
                !is(tokens, Some(at + 1), "[") && !is(tokens, Some(at + 1), "?"),
                "the glue reaches exports in another way"
            ),
            Token::Word(word) if is_export(tokens, at) => {
                ensure!(exports.contains(*word), "the glue uses {word}, which the module does not export");
                let own = word.starts_with("__wbindgen_")
                    || word.starts_with("__externref_")
                    || word.starts_with("wasm_bindgen_");
                if own && !names.contains_key(*word) {
                    let mut name = short(names.len());
                    // A page's own export may be short too.
                    while exports.contains(&name) {
                        name.push('_');
                    }
                    names.insert((*word).to_owned(), name);
                }
            }
            _ => {}
        }
    }
    Ok(names)
}

/// What the file declares at its top, and the parameters wasm-bindgen calls `arg0`….
fn name_locals(tokens: &[Token<'_>]) -> Result<BTreeMap<String, String>> {
    let words: BTreeSet<&str> =
        tokens.iter().filter_map(|token| if let Token::Word(word) = token { Some(*word) } else { None }).collect();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut open: Vec<&str> = Vec::new();
    let mut count = 0;
    let kept = ["wasm", "initSync", "__wbg_init"];
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            Token::Mark(mark @ ("{" | "(" | "[")) => open.push(mark),
            Token::Mark("}" | ")" | "]") => ensure!(open.pop().is_some(), "a bracket closes that was not opened"),
            Token::Word("let" | "const" | "function" | "var" | "class") if open.is_empty() => {
                let exported = at > 0 && tokens[at - 1] == Token::Word("export");
                if let Some(Token::Word(word)) = tokens.get(at + 1)
                    && !exported
                    && !kept.contains(word)
                {
                    names.insert((*word).to_owned(), format!("${}", short(count)));
                    count += 1;
                }
            }
            Token::Word(word) => {
                if let Some(number) = word.strip_prefix("arg")
                    && number.parse::<u8>().is_ok()
                {
                    names.insert(word.to_owned(), format!("_{number}"));
                }
            }
            _ => {}
        }
    }
    ensure!(open.is_empty(), "a bracket is not closed");
    if let Some(taken) = names.values().find(|name| words.contains(name.as_str())) {
        bail!("the glue has {taken} already");
    }
    refuse_properties(tokens, &names)?;
    Ok(names)
}

/// Refuses a name to be changed that is, or could be, a property's: those are other code's too.
fn refuse_properties(tokens: &[Token<'_>], names: &BTreeMap<String, String>) -> Result<()> {
    let mut open: Vec<&str> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            Token::Mark(mark @ ("{" | "(" | "[")) => open.push(mark),
            Token::Mark("}" | ")" | "]") => _ = open.pop(),
            Token::Literal(literal) if literal.starts_with('`') => {
                if let Some(name) = names.keys().find(|name| literal.contains(name.as_str())) {
                    bail!("the glue has {name} in a template");
                }
            }
            Token::Word(word) if names.contains_key(word) && !is_export(tokens, at) => {
                let before = at.checked_sub(1);
                // The three dots of `...name`.
                let spread = at >= 3 && (1..=3).all(|back| is(tokens, Some(at - back), "."));
                let member = is(tokens, before, ".") && !spread;
                let key = is(tokens, Some(at + 1), ":") && !is(tokens, before, "?");
                let short_hand = open.last() == Some(&"{")
                    && (is(tokens, before, "{") || is(tokens, before, ","))
                    && (is(tokens, Some(at + 1), "}") || is(tokens, Some(at + 1), ","));
                ensure!(!member && !key && !short_hand, "the glue has {word} as a property");
            }
            _ => {}
        }
    }
    open.is_empty().then_some(()).context("a bracket is not closed")
}

#[cfg(test)]
mod tests {
    use super::{declare, short, shorten};
    use std::collections::BTreeSet;

    const IMPORTS: [&str; 3] = ["__wbg_addEventListener_00ff", "__wbg_now_11ee", "__wbindgen_init_externref_table"];
    const EXPORTS: [&str; 8] = [
        "__indirect_function_table",
        "__wasm_split_00main",
        "__wbindgen_externrefs",
        "__wbindgen_malloc",
        "__wbindgen_start",
        "memory",
        "start",
        "wasm_bindgen__convert__closures_____invoke__h51eb",
    ];

    const GLUE: &str = r#"/* @ts-self-types="./x.d.ts" */
import * as import1 from "./x_link.js"

/**
 * Starts.
 */
export function start(channel) {
    const ptr0 = passString(channel, wasm.__wbindgen_malloc);
    wasm.start(ptr0, WASM_LEN);
}
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_addEventListener_00ff: function(arg0, arg1) {
            arg0.addEventListener("click", makeClosure(arg1, wasm_bindgen__convert__closures_____invoke__h51eb));
        },
        __wbg_now_11ee: function() {
            const ret = Date.now();
            return ret;
        },
        __wbindgen_init_externref_table: function() {
            const table = wasm.__wbindgen_externrefs;
            table.set(0, undefined);
        },
    };
    return {
        __proto__: null,
        "./x_bg.js": import0,
        "./x_link.js": import1,
    };
}

function wasm_bindgen__convert__closures_____invoke__h51eb(arg0) {
    wasm.wasm_bindgen__convert__closures_____invoke__h51eb(arg0);
}

function debugString(val) {
    // primitive types
    if (typeof val == 'number') {
        return `${val}`;
    }
    return /\[object ([^\]]+)\]/.exec(toString.call(val))?.[1];
}

function makeClosure(a, f) {
    return (...args) => f(a, ...args, wasm.memory);
}

function passString(arg, malloc) {
    const buf = cachedTextEncoder.encode(debugString(arg));
    return malloc(buf.length / 1, 1) >>> 0;
}

let cachedUint8ArrayMemory0 = null;

const cachedTextEncoder = new TextEncoder();

if (!('encodeInto' in cachedTextEncoder)) {
    cachedTextEncoder.encodeInto = function (arg, view) {
        return { read: arg.length };
    };
}

let WASM_LEN = 0;

let wasmModule, wasmInstance, wasm;
function __wbg_finalize_init(instance, module) {
    wasmInstance = instance;
    wasm = instance.exports;
    wasmModule = module;
    cachedUint8ArrayMemory0 = null;
    wasm.__wbindgen_start();
    return wasm;
}

async function __wbg_load(module, imports) {
    function expectedResponseType(type) {
        return false;
    }
}

function initSync(module) {
    return __wbg_finalize_init(instance, module);
}

async function __wbg_init(module_or_path) {
}

async function __wbg_init_once(module_or_path) {
}

export { initSync, __wbg_init as default };
"#;

    const SHORT: &str = r#"import*as import1 from"./x_link.js"
export function start(channel){
const ptr0=$e(channel,wasm.a);
wasm.start(ptr0,$h);
}
function $a(){
const import0={
__proto__:null,
a:function(_0,_1){
_0.addEventListener("click",$d(_1,$b));
},
b:function(){
return Date.now();
},
c:function(){
const table=wasm.b;
table.set(0,undefined);
},
};
return{
__proto__:null,
_:import0,
"./x_link.js":import1,
};
}
function $b(_0){
wasm.c(_0);
}
function $c(val){
try{
return String(val);
}catch{
return typeof val;
}
}
function $d(a,f){
return(...args)=>f(a,...args,wasm.memory);
}
function $e(arg,malloc){
const buf=$g.encode($c(arg));
return malloc(buf.length/1,1)>>>0;
}
let $f=null;
const $g=new TextEncoder();
let $h=0;
let wasm;
async function __wbg_init({module_or_path}){
const{instance}=await WebAssembly.instantiateStreaming(fetch(module_or_path),$a());
wasm=instance.exports;
wasm.d();
return wasm;
}
function initSync(){
return wasm;
}
export{initSync,__wbg_init as default};
"#;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn check(glue: &str) -> anyhow::Result<super::Short> {
        shorten(glue, "./x_bg.js", &set(&IMPORTS), &set(&EXPORTS))
    }

    #[test]
    fn both_sides_get_the_same_short_names() {
        let made = check(GLUE).unwrap();
        assert_eq!(made.imports.values().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(made.script, SHORT);
        for kept in ["memory", "start", "__indirect_function_table", "__wasm_split_00main"] {
            assert!(!made.exports.contains_key(kept), "{kept}");
        }
        assert_eq!(made.exports.len(), 4);
    }

    #[test]
    fn names_that_are_elsewhere_too_are_refused() {
        for (from, to, why) in [
            ("Date.now()", "this.__wbg_now_11ee", "elsewhere than in its table"),
            ("        __wbg_now_11ee: f", "        __wbg_now_22: f", "does not have the import"),
            ("__wbindgen_externrefs;", "__wbindgen_stack;", "does not export"),
            ("wasm.__wbindgen_externrefs", "wasm[\"__wbindgen_externrefs\"]", "in another way"),
            ("\"click\"", "`${makeClosure}`", "in a template"),
            ("\"click\"", "{ makeClosure }", "as a property"),
            ("\"click\"", "{ makeClosure: 1 }", "as a property"),
            ("\"click\"", "arg1.makeClosure", "as a property"),
            ("\"click\"", "$a", "already"),
            ("    wasmModule = module;\n", "", "starts its module in another way"),
            ("async function __wbg_init_once", "async function __wbg_other", "starts its module in another way"),
            ("Date.now()", "wasmModule", "elsewhere"),
            ("\"./x_bg.js\"", "\"./y_bg.js\"", "once"),
        ] {
            assert!(GLUE.contains(from), "{from}");
            let refused = check(&GLUE.replace(from, to)).expect_err(to).to_string();
            assert!(refused.contains(why), "{to}: {refused}");
        }
    }

    #[test]
    fn names_are_counted_in_letters() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(short), ["a", "z", "aa", "az", "ba", "zz", "aaa"]);
    }

    #[test]
    fn the_declarations_are_those_of_the_start_we_ship() {
        let ours = "export function start(): void;\n\n";
        let start = "export type InitInput = URL;\nexport function initSync(module: X): Y;\nexport default function __wbg_init (a: X): Y;\n";
        let made = declare(&format!("{ours}{start}")).unwrap();
        assert!(made.starts_with(ours) && made.contains("module_or_path: string | URL") && !made.contains("InitInput"));
        assert!(declare(ours).is_err() && declare(&format!("{ours}export type InitInput = URL;")).is_err());
    }
}
