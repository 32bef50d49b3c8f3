//! Hand-written files as shipped: their source without comments and indentation.

use anyhow::{Result, bail};

/// Drops whole-line comments, block comments that begin a line, indentation and empty lines. Line breaks stay, so nothing
/// depends on where JavaScript puts its semicolons.
///
/// # Errors
/// What a line-based pass cannot be sure of: a template literal or a string over several lines, a comment of several lines with code
/// before or behind it, a comment that does not end. Within one line nothing is changed, so regular expressions are safe.
pub(crate) fn strip(source: &str) -> Result<String> {
    let mut out = String::new();
    let mut in_comment = false;
    for (number, line) in (1..).zip(source.lines()) {
        let mut line = line.trim();
        // A cast such as `/** @type {X} */ (y)`: only the comment goes.
        while !in_comment && let Some((_, rest)) = line.strip_prefix("/*").and_then(|comment| comment.split_once("*/"))
        {
            line = rest.trim_start();
        }
        if in_comment || line.starts_with("/*") {
            match line.split_once("*/") {
                Some((_, "")) => in_comment = false,
                Some(_) => bail!("line {number}: code behind a long comment; put it on a line of its own"),
                None => in_comment = true,
            }
            continue;
        }
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        if line.bytes().filter(|byte| *byte == b'`').count() % 2 == 1 {
            bail!("line {number}: a template literal over several lines; join strings instead");
        }
        if line.ends_with('\\') {
            bail!("line {number}: a string over several lines; join strings instead");
        }
        if line.rsplit_once("/*").is_some_and(|(_, comment)| !comment.contains("*/")) {
            bail!("line {number}: a long comment behind code; put it on a line of its own");
        }
        out.push_str(line);
        out.push('\n');
    }
    if in_comment {
        bail!("a block comment does not end");
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::strip;

    #[test]
    fn comments_and_indentation_go_and_code_stays() {
        let source = "// note\n/** doc\n * more\n */\nconst a = `x ${1}`; // kept: it may be a string\n\n  if (a) {\n    b();\n  }\n/* one */\n/** @type {X} */ (c).d();\n";
        assert_eq!(
            strip(source).unwrap(),
            "const a = `x ${1}`; // kept: it may be a string\nif (a) {\nb();\n}\n(c).d();\n"
        );
    }

    #[test]
    fn what_is_unsure_is_refused() {
        for source in [
            "const a = `one\n  two`;",
            "/* two\nlines */ const a = 1;",
            "/* never ends\ncode();",
            "a = 'one \\\n  // two';",
            "a(); /* one\n/* two */",
            "a = `one\n// two` + `three\n/* four */`;",
        ] {
            assert!(strip(source).is_err(), "{source}");
        }
    }

    #[test]
    fn nothing_within_a_line_is_taken_for_a_comment() {
        for line in [
            "const a = /\\/\\* \"`\\/\\//u.test(b) ? `// ${c}  /* d */` : \"https://e  /* f */\"; // g `",
            "return /^\\/\\//.test(a) && `  b`;",
        ] {
            assert_eq!(strip(&format!("  {line}\n")).unwrap(), format!("{line}\n"));
        }
    }
}
