//! Sorting and looking up words, once for all: the standard library's are made for speed, and each use of them weighs kilobytes.

/// Sorts by `key`, by heaps; equal keys in any order.
pub(crate) fn sort<T: Copy>(items: &mut Vec<T>, key: impl Fn(&T) -> u64) {
    let mut keys: Vec<(u64, usize)> = items.iter().map(&key).zip(0..).collect();
    heap_sort(&mut keys);
    *items = keys.iter().map(|(_, index)| items[*index]).collect();
}

fn heap_sort(keys: &mut [(u64, usize)]) {
    let mut heap = keys.len();
    let mut root = heap / 2;
    while heap > 1 {
        if root > 0 {
            root -= 1;
        } else {
            heap -= 1;
            keys.swap(0, heap);
        }
        let mut at = root;
        loop {
            let mut child = 2 * at + 1;
            if child >= heap {
                break;
            }
            if child + 1 < heap && keys[child] < keys[child + 1] {
                child += 1;
            }
            if keys[at] >= keys[child] {
                break;
            }
            keys.swap(at, child);
            at = child;
        }
    }
}

/// Whether a word is in a list of words with a blank before and behind each.
pub(crate) fn listed(list: &str, word: &[char]) -> bool {
    let mut rest = list.chars();
    let (mut at, mut same) = (0, false);
    !word.is_empty()
        && rest.any(|c| {
            let end = c == ' ';
            let hit = end && same && at == word.len();
            (at, same) = if end { (0, true) } else { (at + 1, same && word.get(at) == Some(&c)) };
            hit
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts() {
        let mut items: Vec<u64> = (0..200).map(|i| i * 7919 % 211).collect();
        let mut expected = items.clone();
        expected.sort_unstable();
        sort(&mut items, |item| *item);
        assert_eq!(items, expected);
        sort(&mut Vec::<u64>::new(), |item| *item);
    }

    #[test]
    fn finds_whole_words() {
        let word = |word: &str| listed(" token key ключ ", &word.chars().collect::<Vec<_>>());
        assert!(word("token") && word("key") && word("ключ"));
        assert!(!word("tok") && !word("tokens") && !word("oken") && !word("") && !word(" key"));
    }
}
