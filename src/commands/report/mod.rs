//! `layerwright report`: an HTML or Markdown file about an app's layers, with the figures of `plan` and `replay`. Never
//! overwrites a file that is no report.

mod colours;
mod content;
mod html;
mod markdown;
mod prose;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use crate::commands::arguments::ReportArguments;
use crate::commands::failure::Failure;
use crate::commands::open::{Opened, open_app, read_plan};
use crate::commands::output::print_text;
use crate::commands::report::content::{MARK, PlanOrigin, Report};
use crate::engine::advice::advise::advise;
use crate::jobs::Unwatched;
use crate::whole_file::write_document;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Html,
    Markdown,
}

/// # Errors
/// When there is no such app, the plan file is no plan, or FILE is something other than a report or can't be written.
pub(crate) fn run(arguments: &ReportArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    // Fails before the long work.
    let form = form_of(&arguments.out)?;
    keep_what_is_no_report(&arguments.out)?;
    let opened = open_app(&arguments.app)?;
    let Opened { workspace, model, choices, .. } = &opened;
    let (plan, origin) = match (&arguments.plan, arguments.suggest) {
        (Some(path), _) => {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            (read_plan(path, model)?, PlanOrigin::File(name))
        }
        (None, true) => {
            let advice = advise(workspace, model, arguments.advice.options(choices), &mut |_| {}, &Unwatched);
            (advice.recommended(&model.on_disk).clone(), PlanOrigin::Suggested(Box::new(advice)))
        }
        (None, false) => (model.on_disk.clone(), PlanOrigin::Present),
    };
    let report = Report::new(&opened, &plan, &origin);
    let text = match form {
        Form::Html => html::page(&report),
        Form::Markdown => markdown::document(&report),
    };
    write_document(&arguments.out, text.as_bytes())
        .map_err(|error| Failure::Outside(format!("{}: can't write the report: {error}", arguments.out.display())))?;
    print_text(output, &format!("{}\n{}\n", report.headline, arguments.out.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn form_of(path: &Path) -> Result<Form, Failure> {
    match path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("html" | "htm") => Ok(Form::Html),
        Some("md" | "markdown") => Ok(Form::Markdown),
        _ => Err(Failure::Use(format!("{}: a report needs a name ending in .html or .md", path.display()))),
    }
}

fn keep_what_is_no_report(path: &Path) -> Result<(), Failure> {
    match std::fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::Outside(format!("{}: {error}", path.display()))),
        Ok(bytes) if bytes.is_empty() => Ok(()),
        Ok(bytes) => {
            let start = String::from_utf8_lossy(bytes.get(..400).unwrap_or(&bytes)).into_owned();
            let is_report = start.contains(MARK);
            let other = || {
                let path = path.display();
                Failure::Use(format!("{path} exists and is not a Layerwright report: choose another name or remove it"))
            };
            is_report.then_some(()).ok_or_else(other)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_decides_the_form() {
        for (name, form) in [("a.html", Form::Html), ("b/c.HTM", Form::Html), ("d.md", Form::Markdown)] {
            assert_eq!(form_of(Path::new(name)).unwrap(), form, "{name}");
        }
        for name in ["a", "a.pdf", "html"] {
            assert!(matches!(form_of(Path::new(name)), Err(Failure::Use(_))), "{name}");
        }
    }

    #[test]
    fn only_reports_are_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("README.md");
        assert!(keep_what_is_no_report(&path).is_ok());
        std::fs::write(&path, "# Our service\n").unwrap();
        let refused = keep_what_is_no_report(&path).unwrap_err();
        assert!(
            matches!(&refused, Failure::Use(message) if message.contains("is not a Layerwright report")),
            "{refused}"
        );
        std::fs::write(&path, format!("<!-- {MARK} -->\n")).unwrap();
        assert!(keep_what_is_no_report(&path).is_ok());
    }
}
