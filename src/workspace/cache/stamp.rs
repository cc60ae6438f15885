//! Detects unchanged files without reading them.

use std::fs::Metadata;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// In nanoseconds. A file changed this recently may change again without another time: clocks of file systems are as
/// coarse as two seconds.
const UNSETTLED: i128 = 3_000_000_000;

/// File metadata that changes with the content, once settled: programs can't set the time of the last change of any
/// kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    bytes: u64,
    /// Nanoseconds since 1970.
    modified: i128,
    /// Nanoseconds since 1970.
    changed: i128,
    device: u64,
    number: u64,
}

impl Stamp {
    /// `None` if the system tells too little.
    #[cfg(unix)]
    #[must_use]
    pub fn of(about: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let nanoseconds = |seconds: i64, part: i64| i128::from(seconds) * 1_000_000_000 + i128::from(part);
        Some(Self {
            bytes: about.len(),
            modified: nanoseconds(about.mtime(), about.mtime_nsec()),
            changed: nanoseconds(about.ctime(), about.ctime_nsec()),
            device: about.dev(),
            number: about.ino(),
        })
    }

    /// Other systems do not have the time of any change: there every file is read.
    #[cfg(not(unix))]
    #[must_use]
    pub fn of(_about: &Metadata) -> Option<Self> {
        None
    }

    /// Returns `true` if the stamp would show a change after `now`.
    #[must_use]
    pub fn is_settled(&self, now: SystemTime) -> bool {
        let Ok(now) = now.duration_since(SystemTime::UNIX_EPOCH) else { return false };
        let now = i128::from(now.as_secs()) * 1_000_000_000 + i128::from(now.subsec_nanos());
        self.modified.max(self.changed) + UNSETTLED < now
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_file_that_was_just_written_is_not_settled() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("BUILD");
        std::fs::write(&path, "a").unwrap();
        let stamp = Stamp::of(&path.metadata().unwrap()).unwrap();
        assert!(!stamp.is_settled(SystemTime::now()));
        assert!(stamp.is_settled(SystemTime::now() + Duration::from_secs(10)));
        // A clock that went back proves nothing.
        assert!(!stamp.is_settled(SystemTime::now() - Duration::from_secs(1000)));
    }

    #[test]
    fn an_older_time_that_a_program_sets_is_no_disguise() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("BUILD");
        std::fs::write(&path, "a").unwrap();
        let before = path.metadata().unwrap();
        let stamp = Stamp::of(&before).unwrap();
        std::thread::sleep(Duration::from_millis(20));
        std::fs::write(&path, "b").unwrap();
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(before.modified().unwrap()).unwrap();
        assert_ne!(Stamp::of(&path.metadata().unwrap()).unwrap(), stamp);
    }
}
