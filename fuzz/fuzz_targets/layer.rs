//! Any bytes as a layer: gzip, zstd or a plain tar.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| layerwright_fuzz::built_image::fuzzed::layer(data));
