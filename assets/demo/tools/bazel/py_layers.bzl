"""Rules that divide the runfiles of a program into the layers of a container image.

`py_layers` decides which layer each file lands in and makes nothing itself; `py_layer_tar` writes one of these layers.
They are two rules so that each tar has a label of its own, and so that the action that writes a tar has that
layer's files as its only inputs: a change in one layer runs one action.
"""

load("@rules_python//python:py_runtime_info.bzl", "PyRuntimeInfo")

# Everything lies below /app of the image, and the runfiles in one folder whose name does not hold the binary's:
# only then has a layer that two programs share the same bytes in both images. The name ends in `.runfiles` because
# launchers and runfiles libraries recognise their tree by that.
_ROOT = "app"
_RUNFILES = "shared.runfiles"
_INTERPRETER = "python3"

# Names of the layers that every image may have beside the ones that the user names.
INTERPRETER_LAYER = "interpreter"
APP_LAYER = "app"

# Endings of the files for whose sake Bazel adds an empty `__init__.py` to a folder.
_PYTHON_CODE = (".py", ".pyc", ".so")

_TOOLCHAIN = "@bazel_tools//tools/python:toolchain_type"

_EXTENSIONS = {
    "gzip": ".tar.gz",
    "none": ".tar",
    "zstd": ".tar.zst",
}

PyLayersInfo = provider(
    doc = "Which files of a program's runfiles belong to which layer.",
    fields = {
        "layers": "Dict from the name of a layer, lowest first, to a struct: `files` (list of File that lie at their " +
                  "own runfiles path), `links` (list of (path in the image, File) for those that don't), `empty` (list " +
                  "of paths in the image of files without content), `texts` (list of (path in the image, target) " +
                  "of symbolic links), `launcher` ((path in the image, File) or None).",
        "workspace": "Name of the main repository's folder in the runfiles.",
        "own_interpreter": "Whether the runfiles hold a Python interpreter.",
    },
)

def _runfiles_path(workspace, short_path):
    """Where a file with this short path lies in the runfiles; `../` leads to another repository."""
    return short_path[3:] if short_path.startswith("../") else workspace + "/" + short_path

def _read_runfiles(workspace, runfiles):
    """The runfiles by path: each a struct with the one of `file`, `link` and `empty` that it is."""
    entries = {}
    for file in runfiles.files.to_list():
        entries[_runfiles_path(workspace, file.short_path)] = struct(file = file, link = None)
    for entry in runfiles.symlinks.to_list():
        entries[_runfiles_path(workspace, entry.path)] = struct(file = None, link = entry.target_file)
    for entry in runfiles.root_symlinks.to_list():
        entries[entry.path] = struct(file = None, link = entry.target_file)
    for path in runfiles.empty_filenames.to_list():
        path = _runfiles_path(workspace, path)
        if path not in entries:
            entries[path] = struct(file = None, link = None)
    return entries

def _paths(workspace, files):
    return [_runfiles_path(workspace, file.short_path) for file in files.to_list()]

def _paths_of_target(workspace, target):
    """Paths of the runfiles of `target`: those that a program has that depends on it, and those that it may have."""
    info = target[DefaultInfo]
    certain = _read_runfiles(workspace, info.default_runfiles).keys() if info.default_runfiles else []
    possible = _paths(workspace, info.data_runfiles.files) if info.data_runfiles else []
    return certain, possible + _paths(workspace, info.files)

def _runtime(ctx):
    """The Python runtime that the binary itself names, else that of the registered toolchain, else None."""
    if PyRuntimeInfo in ctx.attr.binary:
        return ctx.attr.binary[PyRuntimeInfo]
    toolchain = ctx.toolchains[_TOOLCHAIN]
    return getattr(toolchain, "py3_runtime", None)

def _claim_target(ctx, entries, claims, layer, target):
    """Claims for `layer` what `target` brings and no lower layer has."""
    certain, possible = _paths_of_target(ctx.workspace_name, target)
    outside = [path for path in certain if path not in entries]
    inside = [path for path in certain + possible if path in entries]
    if outside or (possible and not inside):
        fail("layer \"{}\" of {}: {} is not among the dependencies of {}, which has no file {}. Add the target to the binary's deps, or take it out of the layer.".format(
            layer,
            ctx.label,
            target.label,
            ctx.attr.binary.label,
            (outside + possible)[0],
        ))
    for path in inside:
        if entries[path].file or entries[path].link:
            claims.setdefault(path, layer)

def _claim_empty(entries, claims):
    """Gives each file without content to the lowest layer that holds Python code below the same folder.

    Such files are the `__init__.py` that Bazel adds to folders of Python code, so that code is their cause, and a
    layer that has them for its own code has them in every image. `claims` must be in the order of the layers.
    """
    folders = {}
    for path, layer in claims.items():
        if not path.endswith(_PYTHON_CODE):
            continue
        parts = path.split("/")
        for depth in range(len(parts) - 1, 0, -1):
            folder = "/".join(parts[:depth])
            if folder in folders:
                break
            folders[folder] = layer
    for path in entries:
        if path not in claims:
            claims[path] = folders.get(path.rpartition("/")[0], APP_LAYER)

def _in_layer(names, claims):
    """The same claims, sorted by layer."""
    ordered = {}
    for name in names:
        for path, layer in claims.items():
            if layer == name:
                ordered[path] = layer
    return ordered

def _py_layers_impl(ctx):
    workspace = ctx.workspace_name
    binary = ctx.attr.binary[DefaultInfo]
    launcher = binary.files_to_run.executable
    if not launcher:
        fail("{}: {} is not a program that can be run".format(ctx.label, ctx.attr.binary.label))
    if launcher.basename in [_RUNFILES, _INTERPRETER]:
        fail("{}: the image has a file /{}/{} of its own; give {} another name".format(ctx.label, _ROOT, launcher.basename, ctx.attr.binary.label))

    entries = _read_runfiles(workspace, binary.default_runfiles)
    runtime = _runtime(ctx)
    interpreter = None
    if runtime and runtime.interpreter:
        path = _runfiles_path(workspace, runtime.interpreter.short_path)
        interpreter = path if path in entries else None

    # First claim wins: the interpreter is lowest, then the layers in the user's order, and the app has the rest.
    claims = {}
    if ctx.attr.interpreter_layer and interpreter:
        for path in [interpreter] + _paths(workspace, runtime.files):
            if path in entries:
                claims[path] = INTERPRETER_LAYER
    for name in ctx.attr.layers:
        for target, layer in ctx.attr.targets.items():
            if layer == name:
                _claim_target(ctx, entries, claims, name, target)
    for path, entry in entries.items():
        if entry.file or entry.link:
            claims.setdefault(path, APP_LAYER)
    names = [INTERPRETER_LAYER] + ctx.attr.layers + [APP_LAYER]
    claims = _in_layer(names, claims)
    _claim_empty(entries, claims)

    contents = {name: struct(files = [], links = [], empty = []) for name in names}
    for path, layer in claims.items():
        entry, content = entries[path], contents[layer]
        if entry.file:
            content.files.append(entry.file)
        elif entry.link:
            content.links.append((_RUNFILES + "/" + path, entry.link))
        else:
            content.empty.append(_RUNFILES + "/" + path)

    # What stands beside the runfiles is the program's own and so part of the app's layer.
    texts = []
    if launcher.basename + ".runfiles" != _RUNFILES:
        texts.append((launcher.basename + ".runfiles", _RUNFILES))
    if interpreter:
        texts.append((_INTERPRETER, _RUNFILES + "/" + interpreter))
    repo_mapping = getattr(binary.files_to_run, "repo_mapping_manifest", None)
    if repo_mapping:
        contents[APP_LAYER].links.append((_RUNFILES + "/_repo_mapping", repo_mapping))

    return [PyLayersInfo(
        workspace = workspace,
        own_interpreter = bool(interpreter),
        layers = {
            name: struct(
                files = content.files,
                links = content.links,
                empty = content.empty,
                texts = texts if name == APP_LAYER else [],
                launcher = (launcher.basename, launcher) if name == APP_LAYER else None,
            )
            for name, content in contents.items()
        },
    )]

py_layers = rule(
    implementation = _py_layers_impl,
    doc = """Decides which layer each file of a program's runfiles belongs to.

The first claim wins: the interpreter's files first, then each of `layers` in the order given takes the runfiles of its
targets, and what is left is the app's. So the layers are disjoint and together are the runfiles, all of them.
""",
    attrs = {
        "binary": attr.label(
            mandatory = True,
            doc = "The program. Any rule that makes an executable with runfiles will do.",
        ),
        "interpreter_layer": attr.bool(
            default = True,
            doc = "Whether the files of the Python runtime have a layer of their own. Without one they are in the app's.",
        ),
        "layers": attr.string_list(
            doc = "Names of the layers between the interpreter and the app, lowest first.",
        ),
        "targets": attr.label_keyed_string_dict(
            doc = "The targets whose runfiles a layer takes, each with the name of the layer.",
        ),
    },
    toolchains = [config_common.toolchain_type(_TOOLCHAIN, mandatory = False)],
)

def _py_layer_tar_impl(ctx):
    info = ctx.attr.layers[PyLayersInfo]
    layer = info.layers.get(ctx.attr.layer)
    if not layer:
        fail("{}: {} has no layer \"{}\", only {}".format(ctx.label, ctx.attr.layers.label, ctx.attr.layer, ", ".join(info.layers.keys())))
    linked = layer.links + ([layer.launcher] if layer.launcher else [])
    inputs = layer.files + [file for _, file in linked]
    workspace = info.workspace

    def file_line(file):
        # Bazel 7 does not say which files are links; layer_tar.py sees to these.
        kind = "link" if getattr(file, "is_symlink", False) else "file"
        return json.encode([kind, _RUNFILES + "/" + _runfiles_path(workspace, file.short_path), file.path])

    # The manifest names this layer's files and no others. Folders that an action made are listed file by file.
    manifest = ctx.actions.args()
    manifest.set_param_file_format("multiline")
    manifest.use_param_file("%s", use_always = True)
    manifest.add_all(layer.files, map_each = file_line, allow_closure = True)
    manifest.add_all([json.encode(["file", path, file.path]) for path, file in layer.links])
    manifest.add_all([json.encode(["empty", path, ""]) for path in layer.empty])
    manifest.add_all([json.encode(["text", path, target]) for path, target in layer.texts])
    if layer.launcher:
        kind = "launcher" if info.own_interpreter else "file"
        manifest.add(json.encode([kind, layer.launcher[0], layer.launcher[1].path]))

    tar = ctx.actions.declare_file(ctx.label.name + _EXTENSIONS[ctx.attr.compression])
    options = ctx.actions.args()
    options.add("--output", tar)
    options.add("--root", _ROOT)
    options.add("--interpreter", "/" + _ROOT + "/" + _INTERPRETER)
    options.add("--compression", ctx.attr.compression)
    tools = []
    if ctx.attr.compression == "zstd" and ctx.attr.zstd:
        options.add("--zstd", ctx.executable.zstd)
        tools.append(ctx.attr.zstd[DefaultInfo].files_to_run)
    ctx.actions.run(
        executable = ctx.attr._layer_tar[DefaultInfo].files_to_run,
        arguments = [options, manifest],
        inputs = inputs,
        tools = tools,
        outputs = [tar],
        mnemonic = "LayerTar",
        progress_message = "Packing layer %{label}",
    )
    return [DefaultInfo(files = depset([tar]))]

py_layer_tar = rule(
    implementation = _py_layer_tar_impl,
    doc = "Writes one layer of a `py_layers` target. A layer in which nothing is left is a tar without entries.",
    attrs = {
        "compression": attr.string(
            default = "gzip",
            values = ["gzip", "none", "zstd"],
            doc = "How the tar is compressed. rules_oci pushes a tar as it is, so `none` is pulled uncompressed.",
        ),
        "layer": attr.string(
            mandatory = True,
            doc = "`interpreter`, `app`, or one of the names in `layers` of the `py_layers` target.",
        ),
        "layers": attr.label(
            mandatory = True,
            providers = [PyLayersInfo],
            doc = "The `py_layers` target.",
        ),
        "zstd": attr.label(
            executable = True,
            cfg = "exec",
            allow_files = True,
            doc = "A `zstd` program, for `compression = \"zstd\"` where the Python that runs the build is older than 3.14.",
        ),
        "_layer_tar": attr.label(
            default = Label(":layer_tar"),
            executable = True,
            cfg = "exec",
        ),
    },
)
