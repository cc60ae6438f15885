//! Watches a workspace for changes from outside, on a thread of its own: by system events, or by polling where the
//! system has no more watches. Reports the time of a change, not its content; the receiver reads again unless it has
//! read since. Does IO.

mod debounce;
mod folders;
mod places;
mod poll;
#[cfg(test)]
mod tests;

use crate::app::state::watching::WatchNews;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime};

use crate::history::reader::head;
use debounce::Debounce;
use places::{Message, Places, Relevance};

const IDLE: Duration = Duration::from_secs(3600);

pub(crate) struct Watch {
    inbox: Sender<Message>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        // A thread that ended by itself needs no stop.
        self.inbox.send(Message::Stop).unwrap_or_default();
    }
}

impl Watch {
    /// Watches the workspace at `root`. Also reports changes after `since` but before the watch began.
    ///
    /// # Errors
    /// When no thread can be started.
    pub(crate) fn start(
        root: &Path,
        since: SystemTime,
        tell: impl Fn(WatchNews) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (inbox, messages) = channel();
        let watch = Self { inbox: inbox.clone() };
        let root = root.to_owned();
        std::thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || run(&root, since, inbox, &messages, &tell))?;
        Ok(watch)
    }
}

fn run(root: &Path, since: SystemTime, inbox: Sender<Message>, messages: &Receiver<Message>, tell: &dyn Fn(WatchNews)) {
    let known_head = head(root);
    let reason = match Places::begin(root, inbox) {
        Ok((places, newest)) => {
            if newest > since {
                tell(WatchNews::Changed(newest));
            }
            match listen(root, places, known_head.clone(), messages, tell) {
                Some(reason) => reason,
                None => return,
            }
        }
        Err(error) => error.to_string(),
    };
    tell(WatchNews::Polls(reason));
    poll_until_stopped(root, since, known_head, messages, tell);
}

/// Listens until stopped (`None`) or until the system has no more watches.
fn listen(
    root: &Path,
    mut places: Places,
    mut known_head: Option<String>,
    messages: &Receiver<Message>,
    tell: &dyn Fn(WatchNews),
) -> Option<String> {
    let mut debounce = Debounce::default();
    let mut pending = Pending::default();
    loop {
        let wait = debounce.due().map_or(IDLE, |due| due.saturating_duration_since(Instant::now()));
        match messages.recv_timeout(wait) {
            Ok(Message::Event(at, Ok(event))) => {
                match places.relevance(&event) {
                    Relevance::None => continue,
                    Relevance::Branch => pending.may_have_moved = true,
                    Relevance::Files => pending.has_files = true,
                }
                pending.last = Some(at);
                debounce.note(Instant::now());
                if let Err(error) = places.follow(&event) {
                    return Some(error.to_string());
                }
            }
            Ok(Message::Event(at, Err(error))) => {
                if places::is_out_of_watches(&error) {
                    return Some(error.to_string());
                }
                tracing::debug!("watching: {error}");
                (pending.has_files, pending.last) = (true, Some(at));
                debounce.note(Instant::now());
            }
            Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => {
                debounce.take();
                let Pending { has_files, may_have_moved, last } = std::mem::take(&mut pending);
                let now = if may_have_moved { head(root) } else { known_head.clone() };
                let has_moved = now != known_head;
                known_head = now;
                if let Some(last) = last.filter(|_| has_files || has_moved) {
                    tell(WatchNews::Changed(last));
                }
            }
        }
    }
}

/// Unreported changes.
#[derive(Default)]
struct Pending {
    has_files: bool,
    may_have_moved: bool,
    last: Option<SystemTime>,
}

fn poll_until_stopped(
    root: &Path,
    since: SystemTime,
    known_head: Option<String>,
    messages: &Receiver<Message>,
    tell: &dyn Fn(WatchNews),
) {
    let mut last = poll::look(root);
    last.head = known_head;
    if last.newest > since {
        tell(WatchNews::Changed(last.newest));
    }
    loop {
        match messages.recv_timeout(last.pause()) {
            Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            Ok(Message::Event(..)) => continue,
            Err(RecvTimeoutError::Timeout) => {}
        }
        // Taken before the look: later changes are seen by the next one.
        let begun = SystemTime::now();
        let now = poll::look(root);
        if now.files != last.files || now.head != last.head {
            tell(WatchNews::Changed(begun));
        }
        last = now;
    }
}
