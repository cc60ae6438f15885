"""Macros that make container images of programs, one layer per group of dependencies."""

load("@rules_oci//oci:defs.bzl", "oci_image", "oci_image_index", "oci_load", "oci_push")
load(":image_layers.bzl", "image_layers")

_LANGUAGES = ["python", "go"]

def _check_language(where, language):
    if not language:
        fail("{}: language is missing; it is one of {}".format(where, ", ".join(_LANGUAGES)))
    if language not in _LANGUAGES:
        fail("{}: no such language: \"{}\"; it is one of {}".format(where, language, ", ".join(_LANGUAGES)))

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
    * the layers, as `image_layers` names them

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
    tars = image_layers(
        name = name,
        binary = binary,
        compression = compression,
        dep_layers = dep_layers,
        interpreter_layer = dep_layers != None and language == "python",
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
        tars = ([ca_certificates] if ca_certificates else []) + tars,
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
