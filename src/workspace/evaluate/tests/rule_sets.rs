//! Models of published macros, and labels of local modules.

use super::*;

#[test]
fn a_published_macro_makes_its_targets_by_the_model_of_the_pinned_version() {
    let files = [
        (
            "p/BUILD",
            "load('//t:m.bzl', 'ship')\npy_binary(name = 'b', srcs = ['b.py'])\nship('x', 'b', groups = {'torch': '_torch_'})",
        ),
        (
            "t/m.bzl",
            r#"
load("@aspect_rules_py//py:defs.bzl", "py_image_layer")
load("@rules_oci//oci:defs.bzl", "oci_image")
def ship(name, binary, groups):
    oci_image(name = name, tars = ["//os:tar"] + py_image_layer(name = name + "_layers", binary = binary, layer_groups = groups))
"#,
        ),
    ];
    let module = Module { name: "aspect_rules_py".to_owned(), version: Some("1.11.5".to_owned()), ..Module::default() };
    let package = evaluate_with(&files, &[("aspect_rules_py", module)]).unwrap();
    let made = package.targets.iter().find(|made| made.name == "x").unwrap();
    let tars: Vec<String> = made.target.dependencies.iter().map(|found| found.label.to_string()).collect();
    let layers = ["torch", "interpreter", "packages", "default"].map(|group| format!("//p:x_layers_{group}"));
    assert_eq!(tars[0], "//os:tar");
    assert_eq!(tars[1..], layers);
    // The call that says the layers is known, also where another macro makes it.
    let call = package.calls.iter().find(|call| call.signature.symbol == "py_image_layer").unwrap();
    assert_eq!(call.signature.file.as_ref().unwrap().to_string(), "@aspect_rules_py//py:defs.bzl");
    assert_eq!((call.line, call.within, call.made.len()), (3, Some(0), 7));
    assert!(call.argument("layer_groups").is_some());
}

#[test]
fn labels_keep_their_order_whether_or_not_they_are_written_as_labels() {
    let build = r#"
load("@rules_oci//oci:defs.bzl", "oci_image")
filegroup(name = "a")
filegroup(name = "c")
oci_image(name = "i", tars = ["a", ":b", "no_target", "c", "//d"])
"#;
    assert_eq!(targets(&[("p/BUILD", build)])[2..], ["oci_image i: tars=//p:a, tars=//p:b, tars=//p:c, tars=//d:d"]);
}

#[test]
fn labels_in_a_module_inside_the_workspace_are_its_own() {
    let mut evaluator = InProcessEvaluator::new(Rc::new(MemoryTree::new(&[
        ("third/inner/x/BUILD", "load('//:m.bzl', 'm')\nm(name = 'n')\nbroken = fail('here')"),
        (
            "third/inner/m.bzl",
            "def m(name):\n    native.genrule(name = name + native.package_name(), srcs = ['//:a'])\n    fail('here')",
        ),
    ])))
    .unwrap();
    let local = [("inner".to_owned(), "third/inner".to_owned())].into();
    let repositories = Repositories { local, ..Repositories::default() };
    evaluator.begin(&EvaluationSetup { repositories, ..EvaluationSetup::default() });
    let failure = evaluator.package("third/inner/x", "third/inner/x/BUILD").result.unwrap_err();
    assert_eq!((failure.path.as_str(), failure.line), ("third/inner/m.bzl", Some(3)));
}

#[test]
fn label_attributes_of_the_workspace_s_own_rules_are_edges() {
    let rules = r#"
def helper(_ctx):
    return []

def _forward(ctx):
    return [DefaultInfo(files = ctx.attr.src[DefaultInfo].files)]

def _make(ctx):
    ctx.actions.write(ctx.outputs.out, "x")

def _helped(ctx):
    return helper(ctx)

forward = rule(implementation = _forward, attrs = {"src": attr.label(cfg = "exec", mandatory = True)})
helped = rule(_helped, attrs = {"src": attr.label(cfg = "exec")})
make = rule(
    implementation = _make,
    attrs = {
        "lib": attr.label(default = ":usual"),
        "srcs": attr.label_list(),
        "mapped": attr.label_keyed_string_dict(),
        "compiler": attr.label(cfg = "exec", executable = True),
        "_template": attr.label(default = "template.txt", allow_single_file = True),
        "_runtime": attr.label(default = Label("//lib:runtime")),
        "_tool": attr.label(default = "//lib:tool", cfg = "exec", executable = True),
    },
)
"#;
    let build = r#"
load("//t:rules.bzl", "forward", "helped", "make")
forward(name = "f", src = "//web:build")
helped(name = "h", src = "//web:build")
make(name = "m", srcs = ["a.py", ":b"], mapped = {"//x:y": "z"}, compiler = "//c")
make(name = "n", lib = "//l", srcs = None)
"#;
    let files = [("p/BUILD", build), ("t/rules.bzl", rules)];
    assert_eq!(
        targets(&files),
        [
            "forward f: src=//web:build",
            "helped h: $tool=//web:build",
            "make m: $input=//t:template.txt, $tool=//c:c, $tool=//lib:tool, _runtime=//lib:runtime, lib=//t:usual, mapped=//x:y, srcs=//p:a.py, srcs=//p:b",
            "make n: $input=//t:template.txt, $tool=//lib:tool, _runtime=//lib:runtime, lib=//l:l",
        ]
    );
    let package = evaluate(&files).unwrap();
    let passes_on =
        |made: &crate::workspace::evaluate::evaluated::MadeTarget| made.target.attributes.contains_key("$passes_on");
    assert_eq!(package.targets.iter().map(passes_on).collect::<Vec<_>>(), [true, false, false, false]);
}
