//! A request out of bytes: the first [`HEADER`] bytes choose the edits, the rest is the text of one or two BUILD files.
//!
//! Names and labels are mostly taken from the text itself, so that many requests meet something to change.

use crate::build_file::lexer::{TokenKind, lex};
use crate::rewrite::confirmed_drops::ConfirmedDrops;
use crate::rewrite::dependency::Dependency;
use crate::rewrite::request::{Edit, EditRequest, RemoveTarget, RewireDeps, SetDeps};
use crate::rule_sets::dep_layers::add_py_library::AddPyLibrary;
use crate::rule_sets::dep_layers::set_dep_layers::{SetDepLayers, WantedLayer};

/// How many bytes choose the edits.
pub const HEADER: usize = 32;

/// Stands between the two BUILD files; never part of UTF-8.
const SEPARATOR: u8 = 0xFF;

const NAMES: [&str; 8] = ["my-app", "main_lib", "layer", "", "a b", "//libs/base:base", "//demo/app:x", "\u{e9}\"\\\n"];
const LABELS: [&str; 10] = [
    ":x",
    "//libs/base",
    "//libs/base:base",
    "@pypi//:x",
    "@pypi//x",
    "@@pypi//x",
    "x",
    ":my-app",
    "//:\"",
    "requirement",
];

/// Bytes that make choices; zeros when they are used up.
struct Choices<'a> {
    bytes: std::slice::Iter<'a, u8>,
    texts: Vec<String>,
}

impl Choices<'_> {
    fn number(&mut self, below: usize) -> usize {
        usize::from(self.bytes.next().copied().unwrap_or_default()) % below.max(1)
    }

    /// A string of the text, or one of `others`.
    fn text(&mut self, others: &[&str]) -> String {
        let index = self.number(self.texts.len() + others.len());
        let of_file = self.texts.get(index).cloned();
        of_file.unwrap_or_else(|| others.get(index - self.texts.len()).map_or(String::new(), |text| (*text).to_owned()))
    }

    fn texts(&mut self, others: &[&str], most: usize) -> Vec<String> {
        (0..self.number(most + 1)).map(|_| self.text(others)).collect()
    }

    fn dependencies(&mut self) -> Vec<Dependency> {
        let texts = self.texts(&LABELS, 3);
        let dependency = |text: String| match self.number(5) {
            0 => Dependency::Expression { expr: format!("requirement({text:?})") },
            1 => Dependency::Expression { expr: text },
            _ => Dependency::Label(text),
        };
        texts.into_iter().map(dependency).collect()
    }

    fn drops(&mut self) -> ConfirmedDrops {
        match self.number(3) {
            0 => ConfirmedDrops::All(true),
            1 => ConfirmedDrops::These(vec!["# a".to_owned()]),
            _ => ConfirmedDrops::All(false),
        }
    }

    fn layer(&mut self) -> WantedLayer {
        WantedLayer { name: self.text(&NAMES), targets: self.texts(&LABELS, 3) }
    }

    fn edit(&mut self) -> Edit {
        match self.number(6) {
            0 => Edit::from(AddPyLibrary {
                name: self.text(&NAMES),
                deps: self.dependencies(),
                before: (self.number(2) == 0).then(|| self.text(&NAMES)),
                load: (self.number(2) == 0).then(|| "@rules_python//python:defs.bzl".to_owned()),
                visibility: (self.number(3) == 0).then(|| self.texts(&LABELS, 2)),
            }),
            1 => Edit::RewireDeps(RewireDeps {
                target: self.text(&NAMES),
                remove: self.dependencies(),
                add: self.dependencies(),
                drop_comments_confirmed: self.drops(),
            }),
            2 => Edit::SetDeps(SetDeps {
                target: self.text(&NAMES),
                deps: self.dependencies(),
                drop_comments_confirmed: self.drops(),
            }),
            3 => Edit::RemoveTarget(RemoveTarget { target: self.text(&NAMES), drop_comments_confirmed: self.drops() }),
            _ => Edit::from(SetDepLayers {
                app: self.text(&NAMES),
                layers: (0..self.number(4)).map(|_| self.layer()).collect(),
                drop_comments_confirmed: self.drops(),
            }),
        }
    }
}

/// The request and the texts that some bytes stand for.
#[must_use]
pub fn split(data: &[u8]) -> (EditRequest, Vec<&[u8]>) {
    let (header, text) = data.split_at(data.len().min(HEADER));
    let texts: Vec<&[u8]> = text.splitn(2, |byte| *byte == SEPARATOR).collect();
    let mut choices = Choices { bytes: header.iter(), texts: strings(text) };
    let edits = (0..=choices.number(2)).map(|_| choices.edit()).collect();
    (EditRequest { package: "demo/app".to_owned(), edits }, texts)
}

/// The first string literals of a text, without quotes.
fn strings(text: &[u8]) -> Vec<String> {
    let (tokens, _) = lex(text);
    let literals = tokens.iter().filter(|token| token.kind == TokenKind::String).take(200);
    literals.map(|token| token.span.text(text).trim_matches(['"', '\'']).to_owned()).collect()
}
