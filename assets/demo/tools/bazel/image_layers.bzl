"""The layers of one program: what a macro gives to `oci_image(tars = ...)`."""

load(":py_layers.bzl", "APP_LAYER", "INTERPRETER_LAYER", "py_layer_tar", "py_layers")

_LAYER_KEYS = ["name", "targets"]
_NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.+"

def _check_layer_name(where, name):
    if type(name) != "string" or not name:
        fail("{}: \"name\" is missing; give the layer a name such as \"pip_deps\"".format(where))
    wrong = [character for character in name.elems() if character not in _NAME_CHARACTERS]
    if wrong or not (name[0].isalnum() or name[0] == "_"):
        fail("{}: \"{}\" is no name for a layer: letters, digits, \"_\", \"-\", \".\" and \"+\" only, a letter, digit or \"_\" first".format(where, name))
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

def image_layers(
        name,
        binary,
        dep_layers = None,
        compression = "gzip",
        interpreter_layer = None):
    """Makes the layers of one program's image.

    The first claim wins, from the lowest layer up: the Python interpreter, each of `dep_layers` in the order given, the
    program with the rest of its files. No file is in two of them, and together they are the program with all of its
    runfiles. Everything lies below `/app`: the program at `/app/<program>`, its runfiles at
    `/app/<program>.runfiles`.

    Makes these targets, all of them tagged `manual`:

    * `{name}_layers`: which file is in which layer (`py_layers`)
    * `{name}_interpreter_layer`, `{name}_deplayer_{i}_{layer}`, `{name}_app_layer`: the layers (`py_layer_tar`)

    Args:
        name: What the targets' names begin with; the image's own name, as a rule.
        binary: Label of the program.
        dep_layers: List of dicts, each with a `name` and a list of `targets`, lowest layer first; None for one layer.
        compression: `gzip`, `zstd` or `none`, for each layer.
        interpreter_layer: Whether the Python interpreter has a layer of its own; it has unless `dep_layers` is None.

    Returns:
        List of the layers' labels, lowest first.
    """
    where = "//{}: image {}".format(native.package_name(), name)
    names, layer_of = _layer_of_each_target(where, dep_layers) if dep_layers != None else ([], {})
    if interpreter_layer == None:
        interpreter_layer = dep_layers != None

    py_layers(
        name = name + "_layers",
        binary = binary,
        interpreter_layer = interpreter_layer,
        layers = names,
        tags = ["manual"],
        targets = layer_of,
    )
    tars = [("_deplayer_{}_{}".format(position, layer), layer) for position, layer in enumerate(names)]
    if interpreter_layer:
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
    return [":" + name + suffix for suffix, _ in tars]
