//! Any bytes as the documents of an image: index, manifest, configuration, the list of `docker save`, a name.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| layerwright_fuzz::built_image::fuzzed::documents(data));
