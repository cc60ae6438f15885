"""py_image_layer of aspect_rules_py 1.x: the targets that the macro makes.

Attributes that begin with `$` are not the rule's: they say which paths the macro's awk program sends to the tar.
"""

_PACKAGES = "\\.runfiles/.*/site-packages"

def _interpreter():
    if VERSION < (1, 5):
        return "\\.runfiles/.*python.*-.*/"
    if VERSION < (1, 10):
        return "\\.runfiles/[^/]*?python[^/]*?(x86|arm64|aarch64).*?/"
    return "\\.runfiles/[^/]*python_?[0-9]+_[0-9]+(_[0-9]+)?_[a-z0-9_]+[_-](unknown|apple|pc)[_-][^/]*/"

def _default_groups():
    # The order was turned in 1.5.
    if VERSION < (1, 5):
        return {"packages": _PACKAGES, "interpreter": _interpreter()}
    return {"interpreter": _interpreter(), "packages": _PACKAGES}

def _py_image_layer(
        name,
        binary,
        root,
        layer_groups,
        compress,
        tar_args,
        compute_unused_inputs,
        platform,
        owner,
        group,
        kwargs):
    if root != None and not root.startswith("/"):
        fail("root path must start with '/' but got '{}'".format(root))
    prefix = "_" if VERSION < (1, 1) else ""

    manifest = name + ".manifest"
    if owner:
        preprocessed = manifest + ".preprocessed"
        rules.mtree_spec(name = preprocessed, srcs = [binary], **kwargs)
        rules.mtree_mutate(name = manifest, mtree = preprocessed, owner = owner, group = group)
    else:
        rules.mtree_spec(name = manifest, srcs = [binary], **kwargs)

    # A key that is written again keeps its place.
    groups = dict(**layer_groups)
    groups.update(_default_groups())
    order = list(groups.keys()) + ["default"]

    rules.genrule(
        name = "{}{}_manifests".format(prefix, name),
        srcs = [manifest],
        outs = ["{}.{}.manifest.spec".format(name, key) for key in order],
        **kwargs
    )
    tars = []
    for rank, key in enumerate(order):
        tar = "{}{}_{}".format(prefix, name, key)
        tars.append(tar)
        told = {
            "$rule_set": "rules_py_1",
            "$group": key,
            "$rank": rank,
            "$of": name,
            "$root": str(root),
            "$whl_at_end": VERSION >= (1, 7),
            "$own": key in layer_groups and key not in ["interpreter", "packages"],
        }
        if key in groups:
            told["$expression"] = groups[key]
        told.update(kwargs)
        rules.tar_rule(
            name = tar,
            srcs = [binary],
            mtree = "{}.{}.manifest.spec".format(name, key),
            compress = compress,
            compute_unused_inputs = compute_unused_inputs,
            args = tar_args,
            **told
        )
    if platform:
        rules.platform_transition_filegroup(name = name, srcs = tars, target_platform = platform, **kwargs)
    else:
        native.filegroup(name = name, srcs = tars, **kwargs)
    return tars

_TAR_ARGS = ["--options", "gzip:!timestamp"] if VERSION < (1, 2) else []

def _with_group(
        name,
        binary,
        root = "/",
        layer_groups = {},
        compress = "gzip",
        tar_args = _TAR_ARGS,
        compute_unused_inputs = 1,
        platform = None,
        owner = None,
        group = None,
        **kwargs):
    return _py_image_layer(name, binary, root, layer_groups, compress, tar_args, compute_unused_inputs, platform, owner, group, kwargs)

def _with_owner(
        name,
        binary,
        root = "/",
        layer_groups = {},
        compress = "gzip",
        tar_args = _TAR_ARGS,
        compute_unused_inputs = 1,
        platform = None,
        owner = None,
        **kwargs):
    return _py_image_layer(name, binary, root, layer_groups, compress, tar_args, compute_unused_inputs, platform, owner, None, kwargs)

def _first(
        name,
        binary,
        root = "/",
        layer_groups = {},
        compress = "gzip",
        tar_args = _TAR_ARGS,
        compute_unused_inputs = 1,
        platform = None,
        **kwargs):
    return _py_image_layer(name, binary, root, layer_groups, compress, tar_args, compute_unused_inputs, platform, None, None, kwargs)

py_image_layer = _first if VERSION < (1, 3, 3) else _with_owner if VERSION < (1, 4) else _with_group
