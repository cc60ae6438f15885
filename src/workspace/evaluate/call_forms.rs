//! Marks calls in comprehensions and with `**`, which evaluation does not show.

use std::collections::BTreeMap;

use super::evaluated::EvaluatedPackage;
use crate::build_file::fold;
use crate::build_file::{Dialect, parse};

pub fn mark_calls(evaluated: &mut EvaluatedPackage, text: &str) {
    let file = parse(text.as_bytes(), Dialect::Build);
    let mut forms: BTreeMap<(usize, usize), (bool, bool)> = BTreeMap::new();
    for call in fold::calls(&file) {
        let position = file.position(call.span.start);
        forms.insert((position.line, position.column), (call.open_ended, call.comprehension_line.is_some()));
    }
    for call in &mut evaluated.calls {
        if let Some((open_ended, in_comprehension)) = forms.get(&(call.line, call.column)) {
            (call.open_ended, call.in_comprehension) = (*open_ended, *in_comprehension);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::evaluate::evaluated::MacroCall;

    #[test]
    fn marks_comprehensions_and_keywords() {
        let text = "[app(name = n) for n in ['a']]\napp(name = 'b', **K)\napp(name = 'c')\n";
        let call = |line, column| MacroCall { line, column, direct: true, ..MacroCall::default() };
        let mut evaluated =
            EvaluatedPackage { calls: vec![call(1, 2), call(2, 1), call(3, 1)], ..EvaluatedPackage::default() };
        mark_calls(&mut evaluated, text);
        let forms: Vec<_> = evaluated.calls.iter().map(|call| (call.open_ended, call.in_comprehension)).collect();
        assert_eq!(forms, [(false, true), (true, false), (false, false)]);
    }
}
