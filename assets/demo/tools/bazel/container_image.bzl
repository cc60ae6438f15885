"""Macros that make container images of programs, one layer per group of dependencies."""

load("@rules_oci//oci:defs.bzl", "oci_image", "oci_image_index", "oci_load", "oci_push")
load(":py_layers.bzl", "APP_LAYER", "INTERPRETER_LAYER", "py_layer_tar", "py_layers")

_LANGUAGES = ["python", "go"]
_LAYER_KEYS = ["name", "targets"]
_NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."

def _check_language(where, language):
    if not language:
        fail("{}: language is missing; it is one of {}".format(where, ", ".join(_LANGUAGES)))
    if language not in _LANGUAGES:
        fail("{}: no such language: \"{}\"; it is one of {}".format(where, language, ", ".join(_LANGUAGES)))

def _check_layer_name(where, name):
    if type(name) != "string" or not name:
        fail("{}: \"name\" is missing; give the layer a name such as \"pip_deps\"".format(where))
    wrong = [character for character in name.elems() if character not in _NAME_CHARACTERS]
    if wrong or not name[0].isalnum():
        fail("{}: \"{}\" is no name for a layer: letters, digits, \"_\", \"-\" and \".\" only, a letter or digit first".format(where, name))
    if name in [APP_LAYER, INTERPRETER_LAYER]:
        fail("{}: \"{}\" is the name of a layer that every image has; take another".format(where, name))

def _check_targets(where, targets):
    if type(targets) != "list":
        fail("{}: \"targets\" is a {}; it is a list of labels".format(where, type(targets) if targets != None else "missing key"))
    if not targets:
        fail("{}: \"targets\" is empty; name what the layer holds, or take the layer out".format(where))
    for target in targets:
        if type(target) not in ["string", "Label"]:
            fail("{}: {} is no label".format(where, repr(target)))

def _layer_of_each_target(where, dep_layers):
    """Checks `dep_layers`; the names of its layers in order, and the layer of each target."""
    if type(dep_layers) != "list":
        fail("{}: dep_layers is a {}; it is a plain list of dicts".format(where, type(dep_layers)))
    names = []
    layer_of = {}
    for position, layer in enumerate(dep_layers):
        here = "{}: dep_layers[{}]".format(where, position)
        if type(layer) != "dict":
            fail("{} is a {}; it is a dict with the keys \"name\" and \"targets\"".format(here, type(layer)))
        for key in layer:
            if key not in _LAYER_KEYS:
                fail("{}: no such key: {}; there are \"name\" and \"targets\"".format(here, repr(key)))
        name = layer.get("name")
        _check_layer_name(here, name)
        if name in names:
            fail("{}: a second layer with the name \"{}\"".format(here, name))
        names.append(name)
        targets = layer.get("targets")
        _check_targets(here, targets)
        for target in targets:
            if target in layer_of:
                fail("{}: {} is already in layer \"{}\", which takes all of its files".format(here, target, layer_of[target]))
            layer_of[target] = name
    return names, layer_of

def container_image(
        name,
        binary,
        base = "@ubuntu_base",
        env = None,
        entrypoint = None,
        language = None,
        python_version = None,  # buildifier: disable=unused-variable
        dep_layers = None,
        compression = "gzip",
        ca_certificates = "//tools/cacerts:cacerts",
        **kwargs):
    """Makes an image of one program for one platform.

    Layers, lowest first: those of `base`, the CA certificates, the Python interpreter, each of `dep_layers` in the
    order given, the program with the rest of its files. No file is in two of them. Without `dep_layers` the
    interpreter and all dependencies are in the program's layer.

    Makes these targets, all of them tagged `manual`:

    * `{name}`: the image (`oci_image`)
    * `{name}_layers`: which file is in which layer (`py_layers`)
    * `{name}_interpreter_layer`, `{name}_deplayer_{i}_{layer}`, `{name}_app_layer`: the layers (`py_layer_tar`)

    Args:
        name: Name of the image.
        binary: Label of the program.
        base: Label of the image that this one stands on. It needs no Python if the program's toolchain has its own.
        env: Dict of environment variables. `SSL_CERT_FILE` is set unless it is given here or `ca_certificates` is None.
        entrypoint: List of strings; the program itself unless given.
        language: `python` or `go`.
        python_version: Accepted for the sake of existing calls; the interpreter is the one of the program's toolchain.
        dep_layers: List of dicts, each with a `name` and a list of `targets`, lowest layer first; None for one layer.
        compression: `gzip`, `zstd` or `none`, for each layer made here.
        ca_certificates: Label of a tar with `etc/ssl/certs/ca-certificates.crt`; None for no such layer.
        **kwargs: Passed to `oci_image`.
    """
    where = "//{}: image {}".format(native.package_name(), name)
    _check_language(where, language)
    layered = dep_layers != None
    names, layer_of = _layer_of_each_target(where, dep_layers) if layered else ([], {})

    py_layers(
        name = name + "_layers",
        binary = binary,
        interpreter_layer = layered,
        layers = names,
        tags = ["manual"],
        targets = layer_of,
    )
    tars = [("_deplayer_{}_{}".format(position, layer), layer) for position, layer in enumerate(names)]
    if layered and language == "python":
        tars.insert(0, ("_interpreter_layer", INTERPRETER_LAYER))
    tars.append(("_app_layer", APP_LAYER))
    for suffix, layer in tars:
        py_layer_tar(
            name = name + suffix,
            compression = compression,
            layer = layer,
            layers = ":" + name + "_layers",
            tags = ["manual"],
        )

    variables = dict(env or {})
    if ca_certificates:
        variables.setdefault("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt")
    oci_image(
        name = name,
        base = base,
        entrypoint = entrypoint or ["/app/" + _name_of(binary)],
        env = variables,
        tags = ["manual"],
        # Lowest first: do not sort.
        tars = ([ca_certificates] if ca_certificates else []) + [":" + name + suffix for suffix, _ in tars],
        workdir = "/app",
        **kwargs
    )

def _name_of(label):
    """Name of the target that a label names, as a string or a Label."""
    return str(label).rpartition(":")[2].rpartition("/")[2]

def multiplatform_image(
        name,
        binary,
        base = "@ubuntu_base",
        registry = "ghcr.io",
        repository = None,
        image_name = None,
        language = None,
        dep_layers = None,
        platforms = ["//tools:linux_x86_64", "//tools:linux_arm64"],
        **kwargs):
    """Makes an image of one program for several platforms, and what loads and pushes it.

    Makes these targets beside those of `container_image`, all of them tagged `manual`:

    * `{name}_base`: the image for the platform of the build (`container_image`)
    * `{name}`: the index of the images for all platforms (`oci_image_index`)
    * `{name}_load`: loads the image into the local Docker (`oci_load`); run it with `--platforms`
    * `{name}_push`: pushes the index (`oci_push`), where `repository` is given

    Args:
        name: Name of the index.
        binary: Label of the program; it is built once per platform.
        base: Label of the image that this one stands on.
        registry: Host of the registry.
        repository: Path in the registry before the image's name.
        image_name: The image's name in the registry.
        language: `python` or `go`.
        dep_layers: As for `container_image`.
        platforms: Labels of the platforms.
        **kwargs: Passed to `container_image`.
    """
    where = "//{}: image {}".format(native.package_name(), name)
    _check_language(where, language)
    if not binary:
        fail("{}: binary is missing".format(where))
    if not image_name:
        fail("{}: image_name is missing".format(where))

    container_image(
        name = name + "_base",
        base = base,
        binary = binary,
        dep_layers = dep_layers,
        language = language,
        **kwargs
    )
    oci_image_index(
        name = name,
        images = [":" + name + "_base"],
        platforms = platforms,
        tags = ["manual"],
    )
    oci_load(
        name = name + "_load",
        image = ":" + name + "_base",
        repo_tags = [image_name + ":latest"],
        tags = ["manual"],
    )
    if repository:
        oci_push(
            name = name + "_push",
            image = ":" + name,
            repository = "/".join([registry, repository, image_name]),
            tags = ["manual"],
        )
