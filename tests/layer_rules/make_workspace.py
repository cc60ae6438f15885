"""Makes a copy of the demo workspace that a Bazel 7 without a network can build, with stand-ins for what it loads from outside.

    make_workspace.py DEMO OUTPUT

Real are the BUILD files and macros of the demo, and Bazel's own py_library, py_binary and runfiles. Stand-ins are:

    rules_python    hands on Bazel's own Python rules
    rules_oci       rules that list the layers that they were given, in order
    pypi            one library per package of uv.lock with the lock's dependencies (markers are ignored); its files are
                    made up, or those below $LAYERWRIGHT_SITE/<package>/site-packages where that variable is set
    the interpreter a script that starts the host's python3, or the Python of the prefix $LAYERWRIGHT_PYTHON
"""

import os
import shutil
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
PUBLIC = 'package(default_visibility = ["//visibility:public"])\n'

OCI = '''
def _impl(ctx):
    output = ctx.actions.declare_file(ctx.label.name + ".layers")
    ctx.actions.write(output, "".join([file.basename + "\\n" for file in ctx.files.tars]))
    return [DefaultInfo(files = depset([output]))]

_rule = rule(_impl, attrs = {
    "base": attr.label(),
    "cmd": attr.string_list(),
    "entrypoint": attr.string_list(),
    "env": attr.string_dict(),
    "image": attr.label(),
    "images": attr.label_list(),
    "platforms": attr.label_list(),
    "repo_tags": attr.string_list(),
    "repository": attr.string(),
    "tars": attr.label_list(allow_files = [".tar", ".tar.gz", ".tar.zst"]),
    "workdir": attr.string(),
})
oci_image, oci_image_index, oci_load, oci_push = _rule, _rule, _rule, _rule
'''

RUNTIME = PUBLIC + '''
py_runtime(
    name = "runtime",
    files = glob(["bin/*", "lib/**"], exclude = ["**/* *", "**/__pycache__/**"]),
    interpreter = "bin/python3",
    python_version = "PY3",
)
load("@bazel_tools//tools/python:toolchain.bzl", "py_runtime_pair")
py_runtime_pair(name = "pair", py3_runtime = ":runtime")
toolchain(name = "toolchain", toolchain = ":pair", toolchain_type = "@bazel_tools//tools/python:toolchain_type")
'''

# Programs with the same groups, and what the demo's own targets do not show: data, long names, folders and links that an
# action makes, a file that two groups want, the rules as an outside repository.
PROBES = '''
load("@rules_python//python:defs.bzl", "py_binary", "py_library")
load("//tools/bazel:container_image.bzl", "container_image")
load("@layerwright_rules//:container_image.bzl", outside_container_image = "container_image")
load(":made.bzl", "folder", "link")

py_library(name = "pip", deps = ["@pypi//:click", "@pypi//:h11"])
py_library(name = "lib", srcs = ["lib.py"], data = [":{long}.txt", ":made", ":link"], deps = ["//libs/python", "@pypi//:click"])
folder(name = "made")
link(name = "link")
[
    py_binary(name = name, srcs = [name + ".py"], deps = [":lib", ":pip"])
    for name in ["one", "two", "plain"]
]
LAYERS = [
    {{"name": "pip", "targets": [":pip"]}},
    {{"name": "lib", "targets": [":lib"]}},
]
container_image(name = "one_gzip", binary = ":one", dep_layers = LAYERS, language = "python")
container_image(name = "two_gzip", binary = ":two", dep_layers = LAYERS, language = "python")
container_image(
    name = "left_over",
    binary = ":one",
    dep_layers = [{{"name": "lib", "targets": [":lib", ":pip"]}}, {{"name": "nothing", "targets": ["@pypi//:click"]}}],
    language = "python",
)
outside_container_image(name = "plain_none", binary = ":plain", compression = "none", dep_layers = LAYERS, language = "python")
'''

MADE = '''
def _impl(ctx):
    folder = ctx.actions.declare_directory(ctx.label.name)
    ctx.actions.run_shell(
        outputs = [folder],
        command = "mkdir -p $1/deep/er && echo a > $1/a.txt && echo b > $1/deep/er/b.txt",
        arguments = [folder.path],
    )
    return [DefaultInfo(files = depset([folder]), runfiles = ctx.runfiles([folder]))]

folder = rule(_impl)

def _link_impl(ctx):
    link = ctx.actions.declare_symlink(ctx.label.name + ".py")
    ctx.actions.symlink(output = link, target_path = "lib.py")
    return [DefaultInfo(files = depset([link]), runfiles = ctx.runfiles([link]))]

link = rule(_link_impl)
'''

LIB = '''
import sys
from pathlib import Path
from libs.python import clock

def answer(name):
    made = (Path(__file__).parent / "made/deep/er/b.txt").read_text().strip()
    return f"{name}: {clock.__name__} {made} {Path(sys.executable).name[:6]}"
'''


def write(path, text):
    """Writes `text` to a file whose folder may be missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def hub(root, lock):
    """The packages of the lock file, one library each."""
    site = os.environ.get("LAYERWRIGHT_SITE")
    packages = {package["name"]: package for package in lock["package"] if "registry" in package["source"]}
    names, build = {}, [PUBLIC]

    def without_cycles(name, above):  # Bazel has none, pip may
        if name not in names:
            names[name] = []
            package = packages[name]
            wanted = package.get("dependencies", []) + [one for extra in package.get("optional-dependencies", {}).values() for one in extra]
            for dependency in sorted({one["name"] for one in wanted} & packages.keys()):
                if dependency not in above:
                    without_cycles(dependency, above | {dependency})
                    names[name].append(dependency)

    for name in packages:
        without_cycles(name, {name})
    for name, dependencies in names.items():
        folder = f"packages/{name}/site-packages"
        if site and os.path.isdir(f"{site}/{name}/site-packages"):
            (root / "packages" / name).mkdir(parents=True, exist_ok=True)
            shutil.copytree(f"{site}/{name}/site-packages", root / folder, symlinks=True)
        else:
            module = name.replace("-", "_")
            write(root / folder / module / "__init__.py", f'"""{name}"""\n')
            write(root / folder / f"{module}-0.dist-info/RECORD", f"{module}/__init__.py,,\n")
        labels = ", ".join(f'":{dependency}"' for dependency in dependencies)
        build.append(
            f'py_library(name = "{name}", srcs = glob(["{folder}/**/*.py"]), imports = ["{folder}"], deps = [{labels}],\n'
            f'    data = glob(["{folder}/**"], exclude = ["**/*.py", "**/*.pyc", "**/* *"]))\n'
        )
    write(root / "BUILD.bazel", "".join(build))


def runtime(root):
    """An interpreter that lies in the build."""
    prefix = os.environ.get("LAYERWRIGHT_PYTHON")
    if prefix:
        version = next(Path(prefix, "lib").glob("python3.*")).name
        (root / "bin").mkdir(parents=True)
        shutil.copy(Path(prefix, "bin", version), root / "bin/python3")
        left_out = shutil.ignore_patterns("__pycache__", "test", "tests", "idlelib", "ensurepip", "site-packages", "config-*", "*.a")
        (root / "lib").mkdir()
        for library in Path(prefix, "lib").glob("libpython3.*.so.*"):
            shutil.copy(library, root / "lib")
        shutil.copytree(Path(prefix, "lib", version), root / "lib" / version, ignore=left_out)
    else:
        write(root / "bin/python3", '#!/bin/sh\nexec python3 "$@"\n')
        os.chmod(root / "bin/python3", 0o755)
        write(root / "lib/python3/os.py", "# stands for the standard library\n")
    write(root / "BUILD.bazel", RUNTIME)


def main(demo, output):
    """Entry point."""
    workspace, outside = output / "workspace", output / "outside"
    shutil.copytree(demo, workspace)
    for name in ("MODULE.bazel", ".bazelrc", ".bazelversion"):
        (workspace / name).unlink()
    defs = "".join(f"{rule} = native.{rule}\n" for rule in ("py_binary", "py_library", "py_test"))
    write(outside / "rules_python/python/defs.bzl", defs)
    # A file can't define a name from Bazel's own of the same name, so there is one in between.
    write(outside / "rules_python/python/own.bzl", "Own = PyRuntimeInfo\n")
    write(outside / "rules_python/python/py_runtime_info.bzl", 'load(":own.bzl", "Own")\nPyRuntimeInfo = Own\n')
    write(outside / "rules_python/python/BUILD.bazel", "")
    shutil.copytree(HERE.parent.parent / "assets/bazel", outside / "layerwright_rules")
    (outside / "layerwright_rules/MODULE.bazel").unlink()
    write(outside / "rules_oci/oci/defs.bzl", OCI)
    write(outside / "rules_oci/oci/BUILD.bazel", "")
    write(outside / "ubuntu_base/BUILD.bazel", PUBLIC + 'filegroup(name = "ubuntu_base")\n')
    write(outside / "ca_certificates_deb/file/BUILD.bazel", PUBLIC + 'filegroup(name = "file", srcs = ["package.deb"])\n')
    write(outside / "ca_certificates_deb/file/package.deb", "")  # named only, no layer of certificates is built
    hub(outside / "pypi", tomllib.loads((demo / "uv.lock").read_text()))
    runtime(outside / "python_runtime")

    long = "a_name_that_is_so_long_that_a_tar_header_has_no_room_for_it_" * 3
    write(workspace / "probes/BUILD.bazel", PROBES.format(long=long))
    write(workspace / "probes/made.bzl", MADE)
    write(workspace / f"probes/{long}.txt", "long\n")
    write(workspace / "probes/lib.py", LIB)
    for name in ("one", "two", "plain"):
        write(workspace / f"probes/{name}.py", f'import click, h11\nfrom probes.link import answer\nprint(answer("{name}"))\n')

    repositories = sorted(folder.name for folder in outside.iterdir())
    for name in repositories:
        write(outside / name / "WORKSPACE", f'workspace(name = "{name}")\n')
    lines = [f'local_repository(name = "{name}", path = "{outside / name}")\n' for name in repositories]
    write(workspace / "WORKSPACE", 'workspace(name = "demo")\n' + "".join(lines) + 'register_toolchains("@python_runtime//:toolchain")\n')


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
