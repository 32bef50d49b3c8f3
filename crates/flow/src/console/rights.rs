//! Rights that a decision may name.

use recourse_domain::category::Category;

/// A right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    /// As the taxonomy names it, `UDHR 12`; this stands in the decision.
    pub id: &'static str,
    /// The same in letters, digits and `_`, for locale files and test ids: `udhr_12`.
    pub slug: String,
}

/// Letters, digits and `_` of a right's id.
pub fn slug(id: &str) -> String {
    let words: Vec<_> = id.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("_").to_ascii_lowercase()
}

/// All rights that the taxonomy names, those of the given categories first.
pub fn rights(first: &[Category]) -> Vec<Right> {
    let mut ids: Vec<&'static str> = Vec::new();
    let mut rest: Vec<&'static str> = Vec::new();
    for (list, categories) in [(&mut ids, first), (&mut rest, &Category::ALL[..])] {
        // A category whose row says "any" suggests none before the others.
        for id in
            categories.iter().filter(|category| **category != Category::OtherUnsure).flat_map(|it| it.mapping().rights)
        {
            if !list.contains(id) {
                list.push(id);
            }
        }
    }
    rest.sort_by_key(|id| order(id));
    for id in rest {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids.into_iter().map(|id| Right { id, slug: slug(id) }).collect()
}

/// The Universal Declaration first, by article; then the treaties by name.
fn order(id: &'static str) -> (bool, u32, &'static str) {
    let article = id.split(|c: char| !c.is_ascii_digit()).find_map(|digits| digits.parse().ok()).unwrap_or_default();
    if id.starts_with("UDHR") { (false, article, id) } else { (true, 0, id) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_of_the_category_come_first_and_none_twice() {
        let slugs = |first: &[Category]| rights(first).into_iter().map(|right| right.slug).collect::<Vec<_>>();
        let plain = slugs(&[]);
        assert_eq!(plain[..3], ["udhr_2", "udhr_3", "udhr_4"]);
        assert!(plain.contains(&"iccpr_20_2".to_owned()) && plain.contains(&"cedaw".to_owned()));
        let child = slugs(&[Category::ChildSafety, Category::OtherUnsure]);
        assert_eq!(child[..4], ["crc_16", "crc_19", "crc_34", "udhr_2"]);
        assert_eq!(child.len(), plain.len());
    }
}
