"""A macro between a BUILD file and `py_image_layer`, of the shape that many repositories have."""

load("@aspect_rules_py//py:defs.bzl", "py_image_layer")

# Sorted by how often they change; the last one of these is nearest to the program.
HEAVY_GROUPS = {
    "arrow": "/site-packages/pyarrow(\\.libs)?/",
    "numeric": "/site-packages/(numpy|pandas|scipy|sklearn|joblib|threadpoolctl)[/.-]",
}

def py3_image(name, binary, layer_groups = {}, root = "/", **kwargs):
    """Layers of a program; the rules for one more layer are handed on as they are.

    Args:
      name: of the layers; `{name}_{group}` is a layer
      binary: the program
      layer_groups: more layers, below the usual ones
      root: where the layers are unpacked
      **kwargs: for `py_image_layer`
    """
    native.filegroup(
        name = name + "_tars",
        srcs = py_image_layer(
            name = name,
            binary = binary,
            layer_groups = layer_groups,
            root = root,
            **kwargs
        ),
    )
