"""Has Bazel write the manifests of rules_py's py_image_layer; py_image_layer.sh says what it wants and what it leaves.

Real are rules_py's macro with its awk program and its py_binary, rules_python with its pip hub, its interpreter's repository and its
py_binary, tar.bzl, bazel_lib, and the wheels. Stand-ins are:

    the interpreter        the prefix $LAYERWRIGHT_PYTHON, packed as python-build-standalone packs its own and handed to the rules
                           by the URL that they let a workspace set
    venv, unpack, shim     the programs that rules_py downloads: files of the same names in a repository of the same name; a manifest
                           has their paths only
    bsdtar, coreutils, awk the machine's own
    stubs/                 modules of which nothing but the name is used: see there

Changed in copies of the modules: MODULE.bazel gets the patch with which a module is published, and loses what is only for its own
documentation and publishing; `repo_metadata`, which no Bazel before 8.3 has, is not called; $LAYERWRIGHT_BAZEL_VERSION stands where
Bazel would say its version. In the copy of the demo:

    //demo/hello_fastapi, //demo/sales_report load py_binary of rules_py, as its documentation says; //demo/price_api keeps
                           that of rules_python. The packages come from rules_python's pip.parse, at the versions of uv.lock
"""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEMO = HERE.parent.parent / "assets" / "demo"
IMAGES = json.loads((HERE / "images.json").read_text())
PYTHON = "3.13"
RELEASE = "20260303"  # a release of python-build-standalone that rules_py names
PLATFORMS = ["aarch64-apple-darwin", "aarch64-unknown-linux-gnu", "aarch64-unknown-linux-musl", "i686-pc-windows-msvc",
             "x86_64-apple-darwin", "x86_64-pc-windows-msvc", "x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl",
             "aarch64-pc-windows-msvc"]
BAZEL_VERSION = os.environ.get("LAYERWRIGHT_BAZEL_VERSION")
HOST = "x86_64-unknown-linux-gnu"
# What Bazel itself always depends on.
BUILT_IN = ["rules_cc", "rules_java", "rules_license", "rules_proto", "rules_python", "buildozer", "platforms", "protobuf", "zlib", "apple_support"]


def folder(name):
    value = os.environ.get(name)
    if not value or not Path(value).is_dir():
        sys.exit(f"{name} has to be a folder; py_image_layer.sh says which")
    return Path(value).resolve()


def version_of(rules_py):
    for file in rules_py.glob("**/version.bzl"):
        if found := re.search(r'^_VERSION_PRIVATE = "v([\w.-]+)"', file.read_text(), re.M):
            return found[1]
    sys.exit(f"{rules_py} has no version in it: make it with `git archive v1.12.0`, which writes it")


def module_folder(name, rules_py, modules):
    if name == "aspect_rules_py":
        return rules_py
    if (HERE / "stubs" / name).is_dir():
        return HERE / "stubs" / name
    if (modules / name).is_dir():
        return modules / name
    sys.exit(f"BAZEL_MODULES has no folder {name}")


def published(name, source, target):
    """A copy of a module as its registry has it: with the patches that are made when it is published."""
    skipped = shutil.ignore_patterns(".git", "tests", "examples", "e2e", "docs", "gazelle", "sphinxdocs") if name != "rules_java" else None
    shutil.copytree(source.resolve(), target, symlinks=True, ignore=skipped)
    for patch in sorted((target / ".bcr/patches").glob("*.patch")) if (target / ".bcr/patches").is_dir() else []:
        if "MODULE.bazel" in patch.read_text():
            subprocess.run(["patch", "-sp1", "-i", str(patch)], cwd=target, check=True)
    module = target / "MODULE.bazel"
    text = module.read_text()
    if name == "rules_python":
        # the tools with which rules_python itself is published: they would be looked up at once
        text = re.sub(r"^pip\.parse\(.*?^\)\nuse_repo\(pip, [^)]*\)\n", "", text, flags=re.S | re.M)
    for file in target.glob("**/*.bzl"):  # a repository says that it is reproducible: no Bazel before 8.3 knows the word
        old = file.read_text()
        new = re.sub(r"return \w+\.repo_metadata\(reproducible = True\)", "return None", old)
        if BAZEL_VERSION:
            new = re.sub(r"\bnative\.bazel_version\b", f'(native.bazel_version or "{BAZEL_VERSION}")', new)
        if new != old:
            file.write_text(new)
    text = re.sub(r'^bazel_dep\(name = "stardoc".*\n', "", text, flags=re.M)  # for documentation
    module.write_text(text)
    return text


def dependencies(module):
    """Names in `bazel_dep` that are not for the module's own development."""
    released = bool(re.search(r"^IS_RELEASE = True", module, re.M))
    for call in re.findall(r"^bazel_dep\((.*?)\)", re.sub(r"#.*", "", module), re.S | re.M):
        if "dev_dependency = True" in call or (released and "dev_dependency = IS_RELEASE" in call):
            continue
        yield re.search(r'name = "([^"]+)"', call)[1]


def pack_interpreter(prefix, downloads):
    version = subprocess.run([prefix / "bin/python3", "-c", "import platform; print(platform.python_version())"],
                             capture_output=True, text=True, check=False).stdout.strip()
    if not version:  # it may run only where Bazel does
        version = os.environ.get("LAYERWRIGHT_PYTHON_VERSION", "3.13.0")
    place = downloads / RELEASE
    place.mkdir(parents=True)
    name = f"cpython-{version}+{RELEASE}-{HOST}-install_only.tar.gz"

    def plain(entry):
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.mtime = 0
        return None if entry.name.endswith(".pyc") or "__pycache__" in entry.name else entry

    with gzip.GzipFile(place / name, "wb", compresslevel=1, mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(prefix, "python", filter=plain)
    digest = hashlib.sha256((place / name).read_bytes()).hexdigest()
    sums = [f"{digest if platform == HOST else '0' * 64}  cpython-{version}+{RELEASE}-{platform}-install_only.tar.gz" for platform in PLATFORMS]
    (place / "SHA256SUMS").write_text("\n".join(sums) + "\n")
    return version, name, digest


def make_workspace(workspace, rules_py, modules, prefix, wheels):
    version = version_of(rules_py)
    shutil.copytree(DEMO, workspace, ignore=shutil.ignore_patterns("MODULE.bazel*", "bazel-*", ".git"))
    shutil.copytree(HERE / "workspace", workspace, dirs_exist_ok=True)
    lock = tomllib.loads((workspace / "uv.lock").read_text())
    packages = [package for package in lock["package"] if "registry" in package["source"]]
    (workspace / "requirements_lock.txt").write_text("".join(f"{package['name']}=={package['version']}\n" for package in packages))

    hub = lambda found: f"@pypi//{found[1].replace('-', '_').replace('.', '_')}"
    for build in workspace.glob("**/BUILD.bazel"):
        text = re.sub(r"@pypi//:([\w.-]+)", hub, build.read_text())
        if build.parent.name in ("hello_fastapi", "sales_report"):
            text = text.replace('load("@rules_python//python:defs.bzl", "py_binary", "py_library", "py_test")',
                                'load("@aspect_rules_py//py:defs.bzl", "py_binary", "py_library", "py_test")')
            assert "aspect_rules_py" in text, build
        build.write_text(text)

    below = workspace.parent
    python, archive, digest = pack_interpreter(prefix, below / "downloads")
    base = f"file://{below}/downloads"
    direct = ["aspect_rules_py", "bazel_lib", "platforms", "rules_oci", "rules_python", "tar.bzl"]
    wanted, seen = direct + BUILT_IN, {}
    while wanted:
        name = wanted.pop(0)
        if name not in seen:
            seen[name] = published(name, module_folder(name, rules_py, modules), below / "modules" / name)
            wanted += dependencies(seen[name])
    lines = ['module(name = "parcel_services")', ""]
    lines += [f'bazel_dep(name = "{name}")' for name in direct if name in seen]
    lines += [f'local_path_override(module_name = "{name}", path = "../modules/{name}")' for name in sorted(seen)]
    lines += ["", 'register_toolchains("//toolchains:all")', "", f'''
python = use_extension("@rules_python//python/extensions:python.bzl", "python")
python.toolchain(
    is_default = True,
    python_version = "{PYTHON}",
)
python.override(
    minor_mapping = {{"{PYTHON}": "{python}"}},
)
python.single_version_override(
    python_version = "{python}",
    sha256 = {{"{HOST}": "{digest}"}},
    strip_prefix = "python",
    urls = ["{base}/{RELEASE}/{archive}"],
)

pip = use_extension("@rules_python//python/extensions:pip.bzl", "pip")
pip.parse(
    extra_pip_args = [
        "--no-index",
        "--find-links={wheels}",
    ],
    hub_name = "pypi",
    python_version = "{PYTHON}",
    requirements_lock = "//:requirements_lock.txt",
)
use_repo(pip, "pypi")
''']
    if '"python_interpreters"' in seen["aspect_rules_py"]:
        at = re.search(r'use_extension\("//(py[\w/]*:extensions?\.bzl)", "python_interpreters"\)', seen["aspect_rules_py"])[1]
        lines += [f'''
interpreters = use_extension("@aspect_rules_py//{at}", "python_interpreters")
interpreters.configure(
    base_url = "{base}",
    releases = ["{RELEASE}"],
)
''']
    (workspace / "MODULE.bazel").write_text("\n".join(lines))
    (workspace / ".bazelrc").write_text("common --enable_bzlmod --noenable_workspace --lockfile_mode=off\n"
                                        "build --incompatible_strict_action_env --nolegacy_external_runfiles --spawn_strategy=local\n")
    tools = below / "tools"
    tools.mkdir()
    rule = "source_py_tool_toolchain" if "source_py_tool_toolchain" in (rules_py / "py/private/toolchain/repo.bzl").read_text() else "py_tool_toolchain"
    text = [f'load("@aspect_rules_py//py/private/toolchain:tools.bzl", "{rule}")', 'package(default_visibility = ["//visibility:public"])']
    for name in ("unpack", "venv", "shim"):
        (tools / name).write_text("#!/bin/sh\nexit 1\n")
        (tools / name).chmod(0o755)
        text.append(f'{rule}(name = "{name}_toolchain", bin = "{name}", template_var = "{name.upper()}_BIN")')
    (tools / "BUILD.bazel").write_text("\n".join(text) + "\n")
    (tools / "REPO.bazel").write_text("")
    empty = below / "empty"  # for toolchains that are looked at and not used
    empty.mkdir()
    (empty / "BUILD.bazel").write_text("")
    (empty / "REPO.bazel").write_text("")
    return version


def bazel_flags(below, distdir):
    extra = os.environ.get("PY_IMAGE_FLAGS", "").split()
    plus = "--noincompatible_use_plus_in_repo_names" not in extra
    separator = "+" if plus else "~"
    flags = ["--incompatible_use_plus_in_repo_names"] if plus else []
    tools = f"aspect_rules_py{separator}{separator}py_tools{separator}rules_py_tools.linux_amd64"
    for module in ("bazel_lib", "aspect_bazel_lib"):
        flags.append(f"--override_repository={module}{separator}{separator}toolchains{separator}bats_toolchains={below}/empty")
    flags += [f"--override_repository={tools}={below}/tools", f"--override_repository=platforms={below}/modules/platforms", f"--distdir={distdir}",
              "--jobs=1", "--noshow_progress", "--color=no", "--nobuild_runfile_links", "--registry=file:///no/registry"]
    return flags + extra


def entries(lines):
    return [line for line in lines if line and not line.startswith("#mtree")]


def main():
    bazel = os.environ.get("LAYERWRIGHT_BAZEL") or sys.exit("LAYERWRIGHT_BAZEL is missing; py_image_layer.sh says what it is")
    bazel = shutil.which(bazel) or str(Path(bazel).resolve())
    rules_py, modules, prefix, wheels, distdir = map(folder, ["RULES_PY", "BAZEL_MODULES", "LAYERWRIGHT_PYTHON", "LAYERWRIGHT_WHEELS", "BAZEL_DISTDIR"])
    below = Path(os.environ.get("OUTPUT") or tempfile.mkdtemp(prefix="py_image_layer.")).resolve()
    for name in ("workspace", "modules", "downloads", "tools", "empty", "manifests"):
        shutil.rmtree(below / name, ignore_errors=True)
    below.mkdir(parents=True, exist_ok=True)
    workspace = below / "workspace"
    version = make_workspace(workspace, rules_py, modules, prefix, wheels)
    flags = bazel_flags(below, distdir)
    print(f"rules_py {version}, workspace in {workspace}", flush=True)

    def run(*words):
        return subprocess.run([bazel, f"--output_user_root={below}/output", *words], cwd=workspace, check=True, stdout=subprocess.PIPE, text=True).stdout

    try:
        run("build", *flags, *[f"//images:{name}_manifests" for name in IMAGES], *[f"//images:{name}.manifest" for name in IMAGES])
        if os.environ.get("PY_IMAGE_TARS"):
            run("build", *flags, *[f"//images:{name}" for name in IMAGES])
        output = Path(run("info", *flags, "bazel-bin").strip()) / "images"
        collect(output, below / "manifests")
        if os.environ.get("PY_IMAGE_TARS"):
            set_tars_against_manifests(output, below / "manifests")
    finally:
        subprocess.run([bazel, f"--output_user_root={below}/output", "shutdown"], cwd=workspace, check=False)
    failed = record_or_compare(output, below / "manifests", version)
    if os.environ.get("LAYERWRIGHT"):
        failed |= ask_layerwright(workspace, below / "manifests")
    sys.exit(failed)


def collect(output, manifests):
    """Copies the manifests, and checks that each file is in one layer and that the layers are those of images.json."""
    for name, image in IMAGES.items():
        (manifests / name).mkdir(parents=True)
        layers, where = {}, {}
        for group in image["groups"]:
            target = manifests / name / f"{group}.manifest"
            shutil.copyfile(output / f"{name}.{group}.manifest.spec", target)
            target.chmod(0o644)
            files = [line.split(" ", 1)[0] for line in entries(target.read_text().splitlines()) if " type=file" in line]
            layers[group] = len(files)
            for path in files:
                assert where.setdefault(path, group) == group, f"{path} is in {where[path]} and in {group}"
        named = {output / f"{name}.{group}.manifest.spec" for group in image["groups"]}
        assert set(output.glob(f"{name}.*.manifest.spec")) == named, f"images.json does not name the layers of {name}"
        summary = {"binary": image["binary"], "layers": [{"group": group, "target": f"//images:{name}_{group}"} for group in image["groups"]], "files": where}
        (manifests / f"{name}.json").write_text(json.dumps(summary, indent=1) + "\n")
        print(name, " ".join(f"{group}:{count}" for group, count in layers.items()))


def unescaped(path):
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), path)


def set_tars_against_manifests(output, manifests):
    for name, image in IMAGES.items():
        for group in image["groups"]:
            wanted = sorted({unescaped(line.split(" ", 1)[0]).strip("/") for line in entries((manifests / name / f"{group}.manifest").read_text().splitlines())})
            tar, = output.glob(f"{name}_{group}.tar*")
            listed = subprocess.run(["tar", "--zstd" if tar.suffix == ".zst" else "-z", "-tf", tar], check=True, capture_output=True, text=True).stdout
            found = sorted({line.strip("/") for line in listed.splitlines()})
            assert found == wanted, f"{tar.name} has {len(found)} entries, its manifest {len(wanted)}: {sorted(set(found) ^ set(wanted))[:5]}"
    print("the tars have the entries of the manifests")


# --- what is recorded ---------------------------------------------------------------------------------------------------------

def recorded_lines(output, manifests, name):
    """All lines of an image's manifests, sorted, each as LAYER PATH CONTENT. LAYER counts from 0, or is `-` for a line that the
    rule leaves out. `~` begins a path in the runfiles folder that `# runfiles` names. CONTENT is `=` for a file of an external
    repository and `.` for one of the main repository, each at its own path; nothing for a folder; `0` for an empty file."""
    image = IMAGES[name]
    binary = image["binary"].removeprefix("//").replace(":", "/")
    runfiles = f".{image['root']}{binary}.runfiles"
    layers, fields = {}, set()
    for number, group in enumerate(image["groups"]):
        for line in entries((manifests / name / f"{group}.manifest").read_text().splitlines()):
            assert layers.setdefault(line, str(number)) == str(number), line
    whole = output / f"{name}.manifest.mtree"  # where the owner is changed
    whole = whole if whole.exists() else output / f"{name}.manifest.spec"
    undivided = {f".{image['root']}{line}" for line in entries(whole.read_text().splitlines())}
    assert set(layers) <= undivided, f"{name}: {sorted(set(layers) - undivided)[:3]}"
    lines = []
    for line in undivided:
        path, *rest = line.split(" ")
        words = dict(word.split("=", 1) for word in rest)
        content, kind = words.pop("content", None), words.pop("type")
        fields.add(" ".join(f"{key}={value}" for key, value in words.items()))
        assert (kind == "dir") == path.endswith("/"), line
        short = "~" + path.removeprefix(runfiles + "/") if path.startswith(runfiles + "/") else path
        if content is None:
            said = "" if kind == "dir" else "0"
        elif short.startswith("~_main/") and content == short[7:]:
            said = "."
        else:
            said = "=" if content == "external/" + short[1:] else content
        lines.append(f"{layers.get(line, '-')} {short} {said}".rstrip(" "))
    assert len(fields) == 1, fields
    head = [f"# binary {image['binary']}", f"# layers {' '.join(image['groups'])}", f"# root {image['root']}", f"# runfiles {runfiles}/", f"# fields {fields.pop()}"]
    return head + sorted(lines, key=lambda line: line.split(" ")[1])


def record_or_compare(output, manifests, version):
    record, failed = os.environ.get("PY_IMAGE_RECORD"), False
    place = HERE / "recorded" / os.environ.get("PY_IMAGE_NAME", version)
    if not record and not place.is_dir():
        print(f"there is no {place}")
        return False
    for name in IMAGES:
        lines, file = recorded_lines(output, manifests, name), place / f"{name}.gz"
        if record:
            place.mkdir(parents=True, exist_ok=True)
            file.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))
        else:
            before = gzip.decompress(file.read_bytes()).decode().splitlines()
            for sign, line in [("-", line) for line in sorted(set(before) - set(lines))] + [("+", line) for line in sorted(set(lines) - set(before))]:
                failed = True
                print(f"{name}: {sign}{line}")
    print(f"recorded in {place}" if record else "differs from what is recorded" if failed else "as recorded")
    return failed


# --- what Layerwright says ----------------------------------------------------------------------------------------------------

def packages_of(manifest):
    """What a layer has files of: `@pypi//name`, and the packages of the main repository."""
    found = set()
    for line in entries(manifest.read_text().splitlines()):
        path = line.split(" ", 1)[0].split(".runfiles/", 1)[-1]
        if " type=file" not in line or path.endswith("/__init__.py") and "content=" not in line:
            continue
        if hub := re.match(r"rules_python[+~]+pip[+~]pypi_313_(.+?)(_(py3|py2_py3|cp3\d+|py2)_\w+)?/site-packages/", path):
            found.add(f"@pypi//{hub[1]}")
        elif path.startswith("_main/"):
            found.add("//" + path.removeprefix("_main/").rpartition("/")[0])
    return found


def ask_layerwright(workspace, manifests):
    """`plan --format json` says in `current.layers[]` for each layer `name`, `target` and `units`, the labels of targets."""
    program, failed, seen = os.environ["LAYERWRIGHT"], False, set()
    for binary in sorted({image["binary"] for image in IMAGES.values()}):
        said = subprocess.run([program, "plan", workspace, "--app", binary, "--format", "json"], capture_output=True, text=True, check=False)
        if said.returncode:
            sys.exit(f"{program} plan --app {binary}: {said.stderr}")
        current = json.loads(said.stdout).get("current")
        if not isinstance(current, dict) or "layers" not in current:
            sys.exit(f"{program} plan says nothing of `current.layers`")
        for name, image in IMAGES.items():
            wanted = [f"//images:{name}_{group}" for group in image["groups"]]
            layers = [layer for layer in current["layers"] if layer.get("target") in wanted]
            if image["binary"] != binary or not layers:
                continue
            seen.add(name)
            if [layer["target"] for layer in layers] != wanted:
                failed = True
                print(f"{name}: layers are {[layer['target'] for layer in layers]}, not {wanted}")
            for layer in layers:
                group = layer["target"].rpartition(f":{name}_")[2]
                units = {re.sub(r":.*", "", unit) for unit in layer["units"] if unit.startswith(("@pypi//", "//"))}
                for unit in sorted(units ^ packages_of(manifests / name / f"{group}.manifest")):
                    failed = True
                    print(f"{name}: {unit} is {'said to be' if unit in units else 'not said to be'} in {group}")
    print("compared with Layerwright: " + ", ".join(sorted(seen)) + ("" if len(seen) == len(IMAGES) else "; not: " + ", ".join(sorted(set(IMAGES) - seen))))
    return failed


main()
