//! `cargo xtask build`: Wasm, glue and static files into `target/dist/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use data_encoding::BASE64;
use recourse_locale::{Language, Locales};
use serde_json::json;
use sha2::{Digest, Sha384};

use crate::assets::{Pool, Site, extension as ending};
use crate::process::{cargo, run};
use crate::sizes;
use crate::tools;
use crate::workspace::Workspace;
use crate::{extension, loader};

/// Packages compiled to Wasm, the stem of cargo's file, and the stem of ours.
const MODULES: [(&str, &str, &str); 8] = [
    ("recourse-intake-app", "recourse_intake_app", "intake_app"),
    ("recourse-follow-up", "recourse_follow_up", "follow_up"),
    ("recourse-console", "recourse_console", "console"),
    ("recourse-engine", "recourse_engine", "engine"),
    ("recourse-console-engine", "recourse_console_engine", "console_engine"),
    ("recourse-scrub-module", "recourse_scrub_module", "scrub"),
    ("recourse-picture-editor", "recourse_picture_editor", "picture_editor"),
    ("recourse-extension", "recourse_extension", "extension"),
];

/// The modules that come in two parts, and the scripts through which the first finds the second.
const SPLIT: [(&str, &str); 2] = [("intake_app", "intake-later.js"), ("engine", "engine-later.js")];

/// Each site and the folders its pages come from.
const SITES: [(&str, &[&str]); 2] =
    [("intake", &["widget/pages", "www/follow-up/pages"]), ("console", &["www/console/pages"])];

/// The pages of the extension, which takes along what they reach.
const EXTENSION: &[&str] = &["extension/pages"];

/// Folders whose files are assets, beside those of the pages.
const SHARED: [&str; 1] = ["crates/ui/css"];

/// What translators write; assets are what `recourse-locale` packs of it.
const LOCALES: &str = "crates/ui/locales";

/// Which languages those are, and how far they can be trusted.
const LANGUAGES: &str = "crates/ui/languages.json";

const LOADER: &str = "widget/loader/report-concern.js";

/// One file that was written, and what `size` counts it as.
#[derive(Debug)]
pub(crate) struct Written {
    /// Unhashed name.
    pub(crate) name: String,
    /// The bytes as shipped.
    pub(crate) bytes: Vec<u8>,
}

/// What was built, for measuring.
#[derive(Debug)]
pub(crate) struct Built {
    /// The loader as shipped; nothing while there is none.
    pub(crate) loader: Option<Written>,
    /// Per page (`embed.html`, …): itself and every asset it reaches.
    pub(crate) pages: BTreeMap<String, Vec<Written>>,
}

/// Builds everything; the old `target/dist` is replaced at the end, whole.
pub(crate) fn build(workspace: &Workspace) -> Result<Built> {
    let sysroot = tools::sysroot()?;
    tools::wasm_target(&sysroot)?;
    // Two builds at once would write over each other's modules; the lock ends with the file.
    fs::create_dir_all(workspace.target())?;
    let lock = fs::File::create(workspace.target().join("xtask-build.lock"))?;
    lock.lock().context("wait for another build of this tree")?;
    // What the building machine calls its folders, and what those are called in what is shipped.
    let library = sysroot.join("lib/rustlib/src/rust");
    let folders = [
        (workspace.root().to_owned(), "recourse".to_owned()),
        (tools::cargo_home()?.join("registry/src"), "registry".to_owned()),
        (library.clone(), tools::library_name()?),
    ];
    compile(workspace, &folders)?;
    let private = [workspace.root(), &tools::cargo_home()?, &library];
    let glue = workspace.target().join("bindgen");
    let mut pool = Pool::default();
    let mut scripts = Vec::new();
    for (_, compiled, name) in MODULES {
        let wasm = workspace.target().join(format!("wasm32-unknown-unknown/wasm/{compiled}.wasm"));
        let split = SPLIT.iter().find(|(module, _)| *module == name).map(|(_, script)| *script);
        let wasm = if split.is_some() { recourse_bindgen::split(&wasm, name, &glue)? } else { wasm };
        recourse_bindgen::generate(&wasm, name, &glue)?;
        if let Some(script) = split {
            let file = format!("{name}_later.wasm");
            let bytes = read(&glue.join(&file))?;
            check_no_folder(&file, &bytes, &private)?;
            pool.add(&file, &format!("second part of {compiled}"), bytes)?;
            let text = recourse_bindgen::link_script(&file);
            write(&glue.join(script), text.as_bytes())?;
            pool.add(script, "the link of recourse-bindgen", loader::strip(&text)?.into_bytes())?;
            scripts.push(glue.join(script));
        }
        for file in [format!("{name}.js"), format!("{name}_bg.wasm")] {
            let mut bytes = read(&glue.join(&file))?;
            if let (Some(script), "js") = (split, ending(&file)) {
                let text = std::str::from_utf8(&bytes)?;
                let linked = with_link(text, &recourse_bindgen::link(name), script);
                bytes = linked.with_context(|| file.clone())?.into_bytes();
            }
            if bytes.is_empty() {
                bail!("{file} came out empty");
            }
            check_no_folder(&file, &bytes, &private)?;
            pool.add(&file, &format!("wasm-bindgen of {compiled}"), bytes)?;
        }
    }
    for folder in SITES.iter().flat_map(|(_, folders)| *folders).chain(EXTENSION).chain(&SHARED) {
        for path in files(&workspace.path(folder))? {
            let file = file_name(&path);
            if ending(&file) == "html" {
                continue;
            }
            if ending(&file) == "js" {
                scripts.push(path.clone());
            }
            let mut bytes = read(&path)?;
            if ["css", "js"].contains(&ending(&file)) {
                bytes = loader::strip(std::str::from_utf8(&bytes)?).with_context(|| file.clone())?.into_bytes();
            }
            pool.add(&file, &format!("{folder}/{file}"), bytes)?;
        }
    }
    let languages = fs::read_to_string(workspace.path(LANGUAGES)).context(LANGUAGES)?;
    let locales = Locales::read(&workspace.path(LOCALES)).context(LOCALES)?;
    for locale in locales.with_english_beside(&Language::list(&languages)?).packed() {
        pool.add(&locale.name, &format!("{LOCALES}/{}", locale.source), locale.json.into_bytes())?;
    }

    let new = workspace.target().join("dist-new");
    if new.exists() {
        fs::remove_dir_all(&new).with_context(|| format!("remove {}", new.display()))?;
    }
    let mut pages = BTreeMap::new();
    for (site, folders) in SITES {
        pages.append(&mut write_site(workspace, &pool, folders, &new.join("www").join(site))?);
    }
    let panel = workspace.target().join("extension-pages");
    if panel.exists() {
        fs::remove_dir_all(&panel).with_context(|| format!("remove {}", panel.display()))?;
    }
    pages.append(&mut write_site(workspace, &pool, EXTENSION, &panel)?);
    extension::pack(workspace, &panel, &new)?;
    for name in ["background.js", "courier.js"] {
        scripts.push(workspace.path("extension").join(name));
    }
    let measure = workspace.target().join("measure.js");
    write(&measure, extension::measure(workspace)?.as_bytes())?;
    scripts.push(measure);
    copy_tree(&workspace.path("www/product"), &new.join("www/product"))?;
    let loader = write_loader(workspace, &new)?;
    if loader.is_some() {
        scripts.push(workspace.path(LOADER));
    }
    write_types(&scripts, &glue, &new.join("types"))?;

    let dist = workspace.dist();
    if dist.exists() {
        fs::remove_dir_all(&dist).with_context(|| format!("remove {}", dist.display()))?;
    }
    fs::rename(&new, &dist).with_context(|| format!("rename {} to {}", new.display(), dist.display()))?;
    Ok(Built { loader, pages })
}

/// Writes `X.br` beside every file of the two sites, for the server to hand out.
pub(crate) fn compress(workspace: &Workspace) -> Result<()> {
    for (site, _) in SITES {
        let root = workspace.dist().join("www").join(site);
        let widget = root.join("widget");
        for folder in [root.clone(), root.join("assets"), widget.join(env!("CARGO_PKG_VERSION")), widget] {
            for path in files(&folder)? {
                let name = format!("{}.br", file_name(&path));
                write(&path.with_file_name(name), &sizes::compress(&read(&path)?)?)?;
            }
        }
    }
    Ok(())
}

/// Compiles all modules in one go. The places of panics name no folder of this machine: two machines give the same bytes, and what is
/// shipped tells nothing of who built it. Each of `folders` comes with the name it gets.
fn compile(workspace: &Workspace, folders: &[(PathBuf, String)]) -> Result<()> {
    let mut flags = Vec::new();
    for (folder, name) in folders {
        flags.push(format!("--remap-path-prefix={}={name}", folder.display()));
    }
    let mut command = cargo();
    command.current_dir(workspace.root());
    // On the command line cargo adds to the flags of `.cargo/config.toml`; the variable RUSTFLAGS would replace them.
    command.arg("--config").arg(format!("target.wasm32-unknown-unknown.rustflags={}", serde_json::to_string(&flags)?));
    command.args(["build", "--locked", "--profile", "wasm", "--target", "wasm32-unknown-unknown", "--lib"]);
    for (package, _, _) in MODULES {
        command.args(["--package", package]);
    }
    run(&mut command)
}

/// The glue with `script` in the place of the module `link` that it imports.
fn with_link(glue: &str, link: &str, script: &str) -> Result<String> {
    let Some((before, after)) = glue.split_once(&format!("from\"{link}\"")) else {
        bail!("the glue does not import {link}");
    };
    Ok([before, "from\"{{asset:", script, "}}\"", after].concat())
}

/// Fails when a file to be shipped names a folder of this machine.
fn check_no_folder(name: &str, bytes: &[u8], folders: &[&Path]) -> Result<()> {
    for folder in folders {
        let needle = folder.as_os_str().as_encoded_bytes();
        if bytes.windows(needle.len()).any(|window| window == needle) {
            bail!("{name} names {}, a folder of this machine", folder.display());
        }
    }
    Ok(())
}

fn write_site(
    workspace: &Workspace,
    pool: &Pool,
    folders: &[&str],
    out: &Path,
) -> Result<BTreeMap<String, Vec<Written>>> {
    let mut site = Site::new(pool);
    let mut pages: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    for folder in folders {
        for path in files(&workspace.path(folder))? {
            let file = file_name(&path);
            if ending(&file) != "html" {
                continue;
            }
            let text = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
            let page = site.page(&format!("{folder}/{file}"), &text)?;
            if pages.insert(file.clone(), page).is_some() {
                bail!("{folder}/{file}: another page of this site has that name");
            }
        }
    }
    let mut written = BTreeMap::new();
    for (file, (text, uses)) in pages {
        write(&out.join(&file), text.as_bytes())?;
        let mut parts = vec![Written { name: file.clone(), bytes: text.into_bytes() }];
        for name in site.closure(&uses) {
            parts.push(Written { bytes: site.assets()[&name].bytes.clone(), name });
        }
        written.insert(file, parts);
    }
    for asset in site.assets().values() {
        write(&out.join("assets").join(&asset.file), &asset.bytes)?;
    }
    Ok(written)
}

/// The loader under its plain name, for whoever takes what is current, and under its version, for whoever pins it; the source beside
/// each, and the hashes of what is pinned. The intake listener serves the same files as stand in `widget/`.
fn write_loader(workspace: &Workspace, dist: &Path) -> Result<Option<Written>> {
    let path = workspace.path(LOADER);
    if !path.exists() {
        return Ok(None);
    }
    let source = fs::read_to_string(&path).with_context(|| format!("read {LOADER}"))?;
    let shipped = shipped_loader(&source).with_context(|| LOADER.to_owned())?;
    let version = env!("CARGO_PKG_VERSION");
    let mut integrity = serde_json::Map::new();
    for (name, text) in [("report-concern.js", &shipped), ("report-concern.source.js", &source)] {
        let exact = format!("{version}/{name}");
        for folder in ["widget", "www/intake/widget"] {
            write(&dist.join(folder).join(name), text.as_bytes())?;
            write(&dist.join(folder).join(&exact), text.as_bytes())?;
        }
        integrity.insert(exact, json!(format!("sha384-{}", BASE64.encode(&Sha384::digest(text.as_bytes())))));
    }
    let integrity = serde_json::to_vec_pretty(&integrity)?;
    for folder in ["widget", "www/intake/widget"] {
        write(&dist.join(folder).join("integrity.json"), &integrity)?;
    }
    Ok(Some(Written { name: "report-concern.js".into(), bytes: shipped.into_bytes() }))
}

/// The loader without comments, needless spaces, and line breaks that end no statement; its style sheet, which the source adds up line by
/// line, is one string. No string of JavaScript goes over a line's end, so each of these pairs is what it looks like wherever it stands.
fn shipped_loader(source: &str) -> Result<String> {
    let mut shipped = recourse_bindgen::squeeze(source)?;
    for (lines, one) in [("\"+\n\"", ""), (";\n", ";"), ("{\n", "{"), (",\n", ","), ("(\n", "(")] {
        shipped = shipped.replace(lines, one);
    }
    Ok(shipped)
}

/// The hand-written scripts with `./NAME` for each placeholder, beside the declarations of the glue, in two projects: pages and
/// workers see different globals.
fn write_types(scripts: &[PathBuf], glue: &Path, out: &Path) -> Result<()> {
    let (mut pages, mut workers) = (Vec::new(), Vec::new());
    for path in scripts {
        let file = file_name(path);
        let text = fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
        write(&out.join(&file), plain_names(&text).as_bytes())?;
        if file.ends_with("-worker.js") { workers.push(file) } else { pages.push(file) }
    }
    for (_, _, name) in MODULES {
        let declarations = format!("{name}.d.ts");
        write(&out.join(&declarations), &read(&glue.join(&declarations))?)?;
    }
    for (project, library, files) in [("pages.json", "DOM", pages), ("workers.json", "WebWorker", workers)] {
        if files.is_empty() {
            // The compiler refuses a project without files.
            continue;
        }
        let mut libraries = vec!["ES2022", library];
        if library == "DOM" {
            libraries.push("DOM.Iterable");
        }
        let project_file = json!({
            "compilerOptions": {
                "allowJs": true, "checkJs": true, "strict": true, "noEmit": true, "target": "ES2022", "module": "ES2022",
                "moduleResolution": "bundler", "lib": libraries, "types": [], "skipLibCheck": true
            },
            "files": files,
        });
        write(&out.join(project), &serde_json::to_vec_pretty(&project_file)?)?;
    }
    Ok(())
}

/// `{{asset:NAME}}` becomes `./NAME`, a map becomes an empty object.
fn plain_names(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("{{asset") {
        out.push_str(&rest[..start]);
        let Some((placeholder, tail)) = rest[start..].split_once("}}") else { break };
        match placeholder.split_once(':') {
            Some(("{{asset", name)) => out.push_str(&format!("./{name}")),
            _ => out.push_str("{}"),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// The files of a folder, sorted; none when it does not exist.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    if !from.exists() {
        return Ok(());
    }
    for path in files(from)? {
        write(&to.join(file_name(&path)), &read(&path)?)?;
    }
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        if path.is_dir() {
            copy_tree(&path, &to.join(file_name(&path)))?;
        }
    }
    Ok(())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("read {}", path.display()))
}

pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_check_sees_plain_names() {
        let text =
            "import a from \"{{asset:a.js}}\"; const l = {{assets:.form.json}}; new URL(\"{{asset:a_bg.wasm}}\", x)";
        assert_eq!(plain_names(text), "import a from \"./a.js\"; const l = {}; new URL(\"./a_bg.wasm\", x)");
    }

    #[test]
    fn the_glue_imports_our_script() {
        let glue = "import*as a from\"./x_link.js\"\nlet m = {\"./x_link.js\": a};";
        let linked = with_link(glue, "./x_link.js", "y.js").unwrap();
        assert_eq!(linked, "import*as a from\"{{asset:y.js}}\"\nlet m = {\"./x_link.js\": a};");
        assert!(with_link("let a;", "./x_link.js", "y.js").is_err());
    }

    #[test]
    fn the_loader_is_as_small_as_every_page_must_carry_it() {
        let shipped = shipped_loader(include_str!("../../../widget/loader/report-concern.js")).unwrap();
        assert!(!shipped.contains("//") && !shipped.contains("/*") && !shipped.contains("  "), "{shipped}");
        let size = sizes::compress(shipped.as_bytes()).unwrap().len();
        println!("{size} bytes");
        assert!(size <= 3000, "{size} bytes");
    }

    #[test]
    fn a_folder_of_this_machine_is_found() {
        let folders = [Path::new("/home/somebody/.cargo"), Path::new("/src/recourse")];
        assert!(check_no_folder("a.wasm", b"registry/x-1.0/src/lib.rs", &folders).is_ok());
        for bad in [&b"\0/home/somebody/.cargo/registry/x.rs"[..], b"/src/recourse"] {
            assert!(check_no_folder("a.wasm", bad, &folders).is_err());
        }
    }
}
