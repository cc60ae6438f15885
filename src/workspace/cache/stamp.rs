//! When a file's content can be taken as unchanged without reading it. Does IO: asks for facts about files.

use std::fs::Metadata;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// A file that was touched less than so many nanoseconds before it was read may change again without another time: clocks
/// of file systems are as coarse as two seconds.
const UNSETTLED: i128 = 3_000_000_000;

/// What the system says of a file. A change of the content changes it, once it is settled: the time of the last change
/// of any kind can't be set by programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    bytes: u64,
    /// Nanoseconds since 1970, as the file says.
    modified: i128,
    /// Likewise, as the system says.
    changed: i128,
    device: u64,
    number: u64,
}

impl Stamp {
    /// The stamp of a file; `None` where the system says too little.
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

    /// Other systems do not say when a file was changed last by any means: there every file is read.
    #[cfg(not(unix))]
    #[must_use]
    pub fn of(_about: &Metadata) -> Option<Self> {
        None
    }

    /// Whether a later change would be seen in the stamp, if it was taken at `now`.
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
