"""image_from_binary of rules_img: a layer with the program, and the image above the layers that it is given."""

def image_from_binary(
        name,
        binary,
        layers = [],
        base = None,
        platforms = [],
        layer_budget = 0,
        include_runfiles = True,
        **kwargs):
    layer = name + ".layer"
    rules.layer_from_binary(name = layer, binary = binary, layer_budget = layer_budget, include_runfiles = include_runfiles)
    manifest = name + ".manifest" if len(platforms) > 1 else name
    rules.image_manifest(name = manifest, base = base, layers = layers + [":" + layer], **kwargs)
    if len(platforms) > 1:
        rules.image_index(name = name, manifests = [":" + manifest], platforms = platforms)
