//! The reading half of `workspace`: evaluation in this process, lock files, MODULE.bazel. Child processes, the cache and the disk are left out.

#[path = "../../../src/workspace/apps.rs"]
pub mod apps;
pub mod bazel;
#[path = "../../../src/workspace/evaluate/mod.rs"]
#[allow(unsafe_code)]
pub mod evaluate;
#[path = "../../../src/workspace/fallback.rs"]
pub mod fallback;
#[path = "../../../src/workspace/listing.rs"]
pub mod listing;
#[path = "../../../src/workspace/lock/mod.rs"]
pub mod lock;
#[path = "../../../src/workspace/model.rs"]
pub mod model;
#[path = "../../../src/workspace/module_file.rs"]
pub mod module_file;
#[path = "../../../src/workspace/packages.rs"]
pub mod packages;
#[path = "../../../src/workspace/platform.rs"]
pub mod platform;
#[path = "../../../src/workspace/python_version.rs"]
pub mod python_version;
#[path = "../../../src/workspace/repositories.rs"]
pub mod repositories;
#[path = "../../../src/workspace/root.rs"]
mod root;
#[path = "../../../src/workspace/toolchain.rs"]
pub mod toolchain;
#[path = "../../../src/workspace/walk.rs"]
pub mod walk;
#[path = "../../../src/workspace/way.rs"]
pub mod way;
#[path = "../../../src/workspace/modules.rs"]
pub mod modules;
#[path = "../../../src/workspace/refusal_code.rs"]
pub mod refusal_code;
#[path = "../../../src/workspace/other_images.rs"]
pub mod other_images;
#[path = "../../../src/workspace/images.rs"]
pub mod images;
