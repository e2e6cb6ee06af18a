//! Whatever the bytes are: the inputs end, every item says where it stood, and nothing panics.

use crate::archives::archive;
use crate::program::{gz, row};
use proptest::prelude::{ProptestConfig, TestCaseError, any, prop, prop_assert, prop_assert_eq, proptest};
use proptest::sample::Index;
use tamis::input::{DOCUMENT_LIMIT, Inputs};

const NAMES: [&str; 8] =
    ["a.html", "a.txt", "a.jsonl", "a.warc", "a.json.gz", "a.warc.gz", "a.unknown", "noname"];

/// Reads the bytes under each name; gives the number of documents and failures.
fn read(bytes: &[u8]) -> Result<Vec<usize>, TestCaseError> {
    let dir = tempfile::tempdir()?;
    let mut counts = Vec::new();
    for name in NAMES {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes)?;
        let mut count = 0;
        for item in Inputs::new(vec![path.clone()]) {
            count += 1;
            prop_assert!(count <= bytes.len() + 1, "{} does not end", name);
            let place = match item {
                Ok(document) => {
                    prop_assert!(document.bytes.len() <= DOCUMENT_LIMIT && !document.source.is_empty());
                    document.place
                }
                Err(failure) => {
                    prop_assert!(failure.to_string().contains("; "), "{} says not what to do", failure);
                    failure.place
                }
            };
            prop_assert_eq!(&*place.file, path.to_str().unwrap());
        }
        counts.push(count);
    }
    Ok(counts)
}

fn damage(mut bytes: Vec<u8>, changes: &[(Index, u8, bool)], cut: Index) -> Vec<u8> {
    for (at, byte, insert) in changes {
        let at = at.index(bytes.len());
        if *insert { bytes.insert(at, *byte) } else { bytes[at] = *byte }
    }
    let end = cut.index(2 * bytes.len());
    bytes.truncate(end.max(1));
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        read(&bytes)?;
        read(&gz(&bytes))?;
    }

    #[test]
    fn bytes_that_nearly_mean_something(text in "(WARC/1\\.1|HTTP/1.1 200 OK|Content-Length: [0-9]{1,20}|WARC-Type: (response|resource|[a-z]{0,5})|\\{\"html\":|\"[a-z<>]{0,9}\"|[\\[{}\\]:,]|\r\n\r\n|\r\n|\n){0,60}") {
        read(text.as_bytes())?;
    }

    #[test]
    fn damaged_archives_and_rows(
        changes in prop::collection::vec((any::<Index>(), any::<u8>(), any::<bool>()), 0..12),
        cut in any::<Index>(),
    ) {
        let rows = format!("{}\n{}\n", row("one", "moles"), row("two", "moles"));
        for bytes in [archive().concat(), rows.into_bytes()] {
            read(&damage(bytes.clone(), &changes, cut))?;
            read(&damage(gz(&bytes), &changes, cut))?;
            read(&gz(damage(bytes, &changes, cut)))?;
        }
    }
}
