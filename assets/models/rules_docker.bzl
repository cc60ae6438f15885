"""py3_image and py_image of rules_docker: a layer for each entry of `layers` with its links, then the program."""

def _image(name, base, deps, layers, env, kwargs):
    binary = name + ".binary"
    own = {key: kwargs.pop(key) for key in ["srcs", "main", "data", "imports", "args"] if key in kwargs}
    native.py_binary(name = binary, deps = (deps or []) + (layers or []), **own)
    tars = []
    for rank, dep in enumerate(layers or []):
        layer = "{}.{}".format(name, rank)
        rules.app_layer(name = layer, dep = dep, **{"$rule_set": "rules_docker", "$rank": rank})
        rules.app_layer(name = layer + "-symlinks", dep = dep, binary = binary, **{"$rule_set": "rules_docker", "$rank": rank})
        tars += [layer, layer + "-symlinks"]
    told = {"$rule_set": "rules_docker"}
    told.update({key: value for key, value in kwargs.items() if key in ["visibility", "tags", "testonly"]})
    rules.container_image(name = name, base = base, layers = tars, binary = binary, **told)

def py3_image(name, base = None, deps = [], layers = [], env = {}, **kwargs):
    _image(name, base, deps, layers, env, kwargs)

def py_image(name, base = None, deps = [], layers = [], env = {}, **kwargs):
    _image(name, base, deps, layers, env, kwargs)
