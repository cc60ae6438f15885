//! The real binary, with folders of its own for settings, caches and journals, and what tests do with folders.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::path::Path;
use std::process::Command;

/// The program with `home` as the only place for what it keeps, and without a display.
pub fn layerwright(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_layerwright"));
    isolate(&mut command, home);
    command
}

/// Takes a command, and what it starts, away from the user's own folders and display.
pub fn isolate(command: &mut Command, home: &Path) {
    command.env("HOME", home);
    for name in ["XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        command.env_remove(name);
    }
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(name);
    }
}

/// A copy of the demo workspace.
pub fn copy_demo(to: &Path) {
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo"), to);
}

/// A copy of a folder.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What a program printed.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
