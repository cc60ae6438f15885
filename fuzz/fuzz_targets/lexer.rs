//! Any bytes: the tokens in a row are the bytes, and every problem has a place in them.
#![no_main]

use layerwright_fuzz::build_file::lexer::lex;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &[u8]| {
    let (tokens, problems) = lex(source);
    let mut at = 0;
    for token in &tokens {
        assert_eq!(token.span.start, at, "a gap or an overlap before {token:?}");
        assert!(token.span.end > at, "an empty token: {token:?}");
        at = token.span.end;
    }
    assert_eq!(at, source.len(), "bytes after the last token");
    for problem in &problems {
        assert!(problem.span.start <= problem.span.end && problem.span.end <= source.len(), "{problem:?}");
    }
});
