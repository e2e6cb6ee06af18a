use super::{Caps, DecodeError, Decoder};
use proptest::prelude::{any, prop, proptest};
use std::io::Write;

const CAPS: Caps = Caps { decoded: 4 * 1024 * 1024, ratio: 100, codings: 3 };

fn encode(coding: &str, bytes: &[u8]) -> Vec<u8> {
    match coding {
        "gzip" => {
            let mut gz = flate2::GzBuilder::new()
                .filename("page.html")
                .comment("c")
                .extra(vec![7; 9])
                .write(Vec::new(), flate2::Compression::default());
            gz.write_all(bytes).expect("memory");
            gz.finish().expect("memory")
        }
        "deflate" => {
            let mut z = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
            z.write_all(bytes).expect("memory");
            z.finish().expect("memory")
        }
        "raw deflate" => {
            let mut z = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
            z.write_all(bytes).expect("memory");
            z.finish().expect("memory")
        }
        "br" => {
            let mut out = Vec::new();
            let mut br = brotli::CompressorWriter::new(&mut out, 4096, 5, 22);
            br.write_all(bytes).expect("memory");
            drop(br);
            out
        }
        "zstd" => zstd::encode_all(bytes, 3).expect("memory"),
        other => panic!("no encoder for {other}"),
    }
}

fn decode(header: &str, bytes: &[u8], piece: usize) -> Result<Vec<u8>, DecodeError> {
    let mut decoder = Decoder::new(header, CAPS)?;
    let mut out = Vec::new();
    for piece in bytes.chunks(piece.max(1)) {
        decoder.push(piece, &mut out)?;
    }
    decoder.end()?;
    Ok(out)
}

fn name(coding: &str) -> &str {
    coding.trim_start_matches("raw ")
}

const CODINGS: [&str; 5] = ["gzip", "deflate", "raw deflate", "br", "zstd"];

#[test]
fn every_coding_comes_back_whole_at_any_cut() {
    let text: Vec<u8> = (0..200_000_u32).flat_map(|n| (n % 251).to_le_bytes()).collect();
    for coding in CODINGS {
        let packed = encode(coding, &text);
        for piece in [1, 7, 1000, usize::MAX] {
            assert_eq!(decode(name(coding), &packed, piece).as_ref(), Ok(&text), "{coding} by {piece}");
        }
        for cut in [1, packed.len() / 2, packed.len() - 1] {
            let result = decode(name(coding), &packed[..cut], 64);
            assert!(matches!(result, Err(DecodeError::Truncated(_))), "{coding} cut at {cut}: {result:?}");
        }
    }
}

#[test]
fn stacked_codings_are_undone_in_turn_and_only_so_many() {
    let text = b"a page".to_vec();
    let packed = encode("zstd", &encode("br", &encode("gzip", &text)));
    assert_eq!(decode("gzip, br, zstd", &packed, 5), Ok(text.clone()));
    assert_eq!(decode(" X-GZIP ", &encode("gzip", &text), 5), Ok(text.clone()));
    assert_eq!(decode("identity,", &text, 5), Ok(text.clone()));
    assert_eq!(decode("br,br,br,br", &text, 5), Err(DecodeError::TooDeep(3)));
    assert_eq!(decode("lzma", &text, 5), Err(DecodeError::Unknown("lzma".to_owned())));
}

#[test]
fn bombs_are_stopped_early_in_every_coding() {
    let zeros = vec![0; 64 * 1024 * 1024];
    for coding in CODINGS {
        let packed = encode(coding, &zeros);
        let mut decoder = Decoder::new(name(coding), CAPS).expect("a coding");
        let mut out = Vec::new();
        let result = packed.chunks(1000).try_for_each(|piece| decoder.push(piece, &mut out));
        assert!(matches!(result, Err(DecodeError::Bomb(100))), "{coding}: {result:?}");
        assert!(out.len() <= 2 * 1024 * 1024, "{coding} gave {} bytes", out.len());
    }
    let nested = encode("gzip", &encode("gzip", &zeros));
    let result = decode("gzip, gzip", &nested, 100);
    assert!(matches!(result, Err(DecodeError::Bomb(_))), "{result:?}");
}

#[test]
fn too_much_is_too_large_even_at_a_fair_ratio() {
    // Bytes without a pattern do not shrink.
    let mut state = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(5 * 1024 * 1024)
    .collect();
    assert_eq!(decode("gzip", &encode("gzip", &noise), 9999), Err(DecodeError::TooLarge(CAPS.decoded)));
    assert_eq!(decode("", &noise, 9999), Err(DecodeError::TooLarge(CAPS.decoded)));
}

#[test]
fn gzip_members_are_joined_and_what_follows_is_ignored() {
    let mut packed = encode("gzip", b"one ");
    packed.extend(encode("gzip", b"two"));
    packed.extend(b"trailing junk");
    for piece in [1, 3, 10_000] {
        assert_eq!(decode("gzip", &packed, piece), Ok(b"one two".to_vec()));
    }
    let mut wrong = encode("gzip", b"one");
    let last = wrong.len() - 5;
    wrong[last] ^= 1;
    assert_eq!(decode("gzip", &wrong, 100), Err(DecodeError::Corrupt("gzip")));
    let many = encode("gzip", b"").repeat(1100);
    assert_eq!(decode("gzip", &many, 5000), Err(DecodeError::Corrupt("gzip")));
    let mut frames = encode("zstd", b"one ");
    frames.extend(encode("zstd", b"two"));
    for piece in [1, 10_000] {
        assert_eq!(decode("zstd", &frames, piece), Ok(b"one two".to_vec()));
    }
}

#[test]
fn plain_text_under_a_coding_is_an_error_and_nothing_is_nothing() {
    for coding in ["gzip", "zstd"] {
        let result = decode(coding, b"<html>plain</html>", 3);
        assert!(matches!(result, Err(DecodeError::Corrupt(_))), "{coding}: {result:?}");
    }
    for coding in CODINGS {
        assert_eq!(decode(name(coding), b"", 3), Ok(Vec::new()), "{coding}");
    }
}

proptest! {
    #[test]
    fn any_bytes_end_in_a_text_or_an_error(
        bytes in prop::collection::vec(any::<u8>(), 0..300), coding in 0_usize..5, piece in 1_usize..50
    ) {
        let _ = decode(name(CODINGS[coding]), &bytes, piece);
    }

    #[test]
    fn damage_is_survived(at in any::<prop::sample::Index>(), with in any::<u8>(), coding in 0_usize..5) {
        let mut packed = encode(CODINGS[coding], b"some words, some words, and some other words");
        let at = at.index(packed.len());
        packed[at] = with;
        let _ = decode(name(CODINGS[coding]), &packed, 9);
    }
}
