use crate::counted::counted;
use crate::workspace::bazel::query::BazelSource;
use crate::workspace::model::{PackageSource, Workspace};

/// The source of the targets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum GraphSource {
    /// Evaluated here: runs nothing of the workspace.
    #[default]
    Files,
    /// In a trusted workspace.
    Bazel(BazelSource),
}

/// Says how many packages are known in which way.
#[must_use]
pub fn source_sentence(workspace: &Workspace) -> String {
    let count =
        |is: fn(&PackageSource) -> bool| workspace.packages.values().filter(|package| is(&package.source)).count();
    let bazel = count(|source| *source == PackageSource::Bazel);
    let evaluated = count(|source| *source == PackageSource::Evaluated);
    let folded = count(|source| matches!(source, PackageSource::Read { .. }));
    let mut parts = Vec::new();
    for (count, words) in
        [(bazel, "as Bazel answered"), (evaluated, "evaluated from the files"), (folded, "read from the text alone")]
    {
        if count > 0 {
            parts.push(format!("{} {words}", counted(count, "package")));
        }
    }
    if parts.is_empty() { "No packages".to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture::workspace;

    #[test]
    fn each_way_is_counted() {
        let mut workspace = workspace("//a\n//b\n//c");
        assert_eq!(source_sentence(&workspace), "3 packages evaluated from the files");
        workspace.packages.get_mut("a").unwrap().source = PackageSource::Bazel;
        workspace.packages.get_mut("b").unwrap().source = PackageSource::Read { reason: "no".into() };
        assert_eq!(
            source_sentence(&workspace),
            "1 package as Bazel answered, 1 package evaluated from the files, 1 package read from the text alone"
        );
    }
}
