//! The process of one call of Bazel: starts it, reads its pipes on threads, stops it.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use super::call::{BazelCall, TerminalKeys};

/// Then SIGTERM: Bazel may have been started with Ctrl+C ignored.
const PATIENCE: Duration = Duration::from_secs(2);
/// Time to end after the request; then it is killed.
const GRACE: Duration = Duration::from_secs(5);
/// Polling interval meanwhile.
const GLANCE: Duration = Duration::from_millis(20);
/// In bytes; longer lines of standard error are split.
const LONGEST_LINE: u64 = 64 * 1024;
/// Of standard output.
const PIECE: usize = 64 * 1024;
/// Capacity of the channel; beyond it Bazel waits.
const WAITING: usize = 64;

pub(super) enum Event {
    Bytes(Vec<u8>),
    Line(String),
}

/// A process that is stopped when dropped.
pub(super) struct Running {
    child: Child,
    keys: TerminalKeys,
}

impl Running {
    pub(super) fn start(call: &BazelCall<'_>) -> io::Result<Self> {
        let mut command = Command::new(&call.bazel.program);
        command
            .args(&call.bazel.arguments)
            .args(&call.arguments)
            .current_dir(call.workspace.root())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        #[cfg(unix)]
        if call.keys == TerminalKeys::Apart {
            std::os::unix::process::CommandExt::process_group(&mut command, 0);
        }
        Ok(Self { child: command.spawn()?, keys: call.keys })
    }

    /// The channel closes when both pipes do.
    pub(super) fn listen(&mut self) -> io::Result<Receiver<Event>> {
        let (Some(output), Some(messages)) = (self.child.stdout.take(), self.child.stderr.take()) else {
            return Err(io::Error::other("it has no pipes"));
        };
        let (sender, events) = sync_channel(WAITING);
        let other = sender.clone();
        let named = |name: &str| std::thread::Builder::new().name(name.to_owned());
        named("bazel output").spawn(move || read_pieces(output, &sender))?;
        named("bazel messages").spawn(move || read_lines(messages, &other))?;
        Ok(events)
    }

    pub(super) fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// Interrupts like Ctrl+C, so that Bazel's server stops too; then kills.
    fn stop(&mut self) {
        self.signal(Signal::Interrupt);
        let asked = Instant::now();
        let (mut is_there, mut is_firm) = (true, false);
        while is_there && asked.elapsed() < GRACE {
            std::thread::sleep(GLANCE);
            is_there = self.is_there();
            if is_there && !is_firm && asked.elapsed() >= PATIENCE {
                self.signal(Signal::Terminate);
                is_firm = true;
            }
        }
        if is_there {
            self.signal(Signal::Kill);
        }
        self.child.wait().map(drop).unwrap_or_default();
    }

    /// Returns `true` if a process of the group is left. A wrapper may end before Bazel.
    #[cfg(unix)]
    fn is_there(&mut self) -> bool {
        let group = rustix::process::Pid::from_child(&self.child);
        let is_running = matches!(self.child.try_wait(), Ok(None));
        is_running || (self.keys == TerminalKeys::Apart && rustix::process::test_kill_process_group(group).is_ok())
    }

    #[cfg(not(unix))]
    fn is_there(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    #[cfg(unix)]
    fn signal(&self, signal: Signal) {
        use rustix::process::{Pid, kill_process, kill_process_group};
        let signal = match signal {
            Signal::Interrupt => rustix::process::Signal::INT,
            Signal::Terminate => rustix::process::Signal::TERM,
            Signal::Kill => rustix::process::Signal::KILL,
        };
        let child = Pid::from_child(&self.child);
        let sent = match self.keys {
            TerminalKeys::Apart => kill_process_group(child, signal),
            TerminalKeys::Shared => kill_process(child, signal),
        };
        // A group without processes needs no signal.
        if let Err(error) = sent {
            tracing::trace!("no signal was sent to Bazel: {error}");
        }
    }

    #[cfg(not(unix))]
    fn signal(&mut self, _: Signal) {
        self.child.kill().unwrap_or_default();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Once waited for, the process id may be reused.
        if matches!(self.child.try_wait(), Ok(None)) {
            self.stop();
        }
    }
}

#[derive(Clone, Copy)]
enum Signal {
    Interrupt,
    Terminate,
    Kill,
}

fn read_pieces(mut output: impl Read, events: &SyncSender<Event>) {
    let mut piece = vec![0; PIECE];
    loop {
        match output.read(&mut piece) {
            Ok(0) => return,
            Ok(length) => {
                if events.send(Event::Bytes(piece.get(..length).unwrap_or_default().to_vec())).is_err() {
                    return;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

fn read_lines(messages: impl Read, events: &SyncSender<Event>) {
    let mut messages = BufReader::new(messages);
    loop {
        let mut line = Vec::new();
        match messages.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        // A line rewritten in place comes with carriage returns.
        for part in line.split(|byte| *byte == b'\r').map(printable).filter(|part| !part.trim().is_empty()) {
            if events.send(Event::Line(part.trim_end().to_owned())).is_err() {
                return;
            }
        }
    }
}

/// Removes colours and other control sequences.
fn printable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut printable = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // `ESC [ ... letter`; other sequences are two characters long.
            if characters.next() == Some('[') {
                characters.by_ref().find(|character| matches!(character, '@'..='~'));
            }
        } else if !character.is_control() {
            printable.push(character);
        } else if character == '\t' {
            printable.push(' ');
        }
    }
    printable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_control_characters_go() {
        assert_eq!(printable(b"\x1b[32mINFO: \x1b[0mAnalyzed\x07\ta\xff\n"), "INFO: Analyzed a\u{fffd}");
        assert_eq!(printable(b"\x1b[K\x1b[A\x1b"), "");
    }

    #[test]
    fn lines_are_cut_and_empty_ones_left_out() {
        let (sender, events) = sync_channel(10);
        let long = "x".repeat(70_000);
        read_lines(format!("a\n\n  \nb\rc\n{long}").as_bytes(), &sender);
        drop(sender);
        let lines: Vec<usize> =
            events.iter().map(|event| if let Event::Line(line) = event { line.len() } else { 0 }).collect();
        assert_eq!(lines, [1, 1, 1, 65_536, 70_000 - 65_536]);
    }
}
