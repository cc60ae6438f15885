"""py_image of stackb/pycross_image: the old py_layer.bzl of Aspect's examples around a binary for the platform."""

_PYTHON = "\\.runfiles/.*python.*-.*"
_PACKAGES = "\\.runfiles/.*/site-packages/.*"

def py_image(name, binary, base = "@pycross_image_base_oci", layers = [], **kwargs):
    program = "y" + native.package_relative_label(binary).name
    rules.platform_transition_binary(name = program, binary = binary)
    rules.mtree_spec(name = name + ".mf", srcs = [":" + program])
    commands = {
        "interpreter": "grep '{}' $< >$@".format(_PYTHON),
        "packages": "grep '{}' $< >$@".format(_PACKAGES),
        "app": "grep -v '{}' $< | grep -v '{}' >$@".format(_PACKAGES, _PYTHON),
    }
    tars = []
    for part, command in commands.items():
        manifest = "{}.{}_tar_manifest".format(name, part)
        native.genrule(name = manifest, srcs = [name + ".mf"], outs = [manifest + ".spec"], cmd = command)
        tar = "{}.{}_layer".format(name, part)
        rules.tar(name = tar, srcs = [":" + program], mtree = manifest)
        tars.append(":" + tar)
    rules.oci_image(name = name, base = base, tars = layers + tars, **kwargs)

pycross_oci_image = py_image
