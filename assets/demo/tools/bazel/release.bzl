"""The macro that makes an app out of a program: its images, and what a release needs to know about it."""

load(":container_image.bzl", "multiplatform_image")

def _app_metadata_impl(ctx):
    output = ctx.actions.declare_file(ctx.label.name + ".json")
    ctx.actions.write(output, ctx.attr.metadata + "\n")
    return [DefaultInfo(files = depset([output]))]

app_metadata = rule(
    implementation = _app_metadata_impl,
    doc = "What a release needs to know about an app, as one JSON file.",
    attrs = {
        "metadata": attr.string(mandatory = True, doc = "The JSON document."),
    },
)

def release_app(
        name,
        binary_name = None,
        language = None,
        domain = None,
        description = "",
        version = "latest",
        registry = "ghcr.io",
        organization = "example",
        custom_repo_name = None,
        app_type = "",
        port = 0,
        replicas = 0,
        health_check_enabled = False,
        health_check_path = "/health",
        ingress_host = "",
        ingress_tls_secret = "",
        command = [],
        args = [],
        fastapi_app = None,
        dep_layers = None,
        **kwargs):
    """Makes the images of an app, and its metadata.

    Makes `{name}_image` with all that `multiplatform_image` makes, and `{name}_metadata`.

    Args:
        name: Name of the app, with dashes: `my-app`.
        binary_name: Label or name of the program; the app's name unless given.
        language: `python` or `go`.
        domain: What the app belongs to; the image is called `{domain}-{name}`.
        description: One sentence.
        version: The version that is released unless the release says another.
        registry: Host of the registry.
        organization: Path in the registry before the image's name.
        custom_repo_name: Name of the image in the registry instead of `{domain}-{name}`.
        app_type: `external-api`, `internal-api`, `worker` or `job`.
        port: Where the app listens; 0 for nowhere.
        replicas: How many run; 0 for what the type of the app has.
        health_check_enabled: Whether the cluster asks the app for its health.
        health_check_path: Where it asks.
        ingress_host: Host name to the outside.
        ingress_tls_secret: Name of the secret with its certificate.
        command: What the container runs, instead of the program itself.
        args: Arguments of the container.
        fastapi_app: Module and variable of a FastAPI app (`main:app`), for those who make clients from it.
        dep_layers: List of dicts, each with a `name` and a list of `targets`, lowest layer first; None for one layer.
        **kwargs: Passed to `multiplatform_image`, and from there to `container_image`.
    """
    where = "//{}: release_app {}".format(native.package_name(), name)
    if "_" in name:
        fail("{}: the name of an app has dashes, no underscores: \"{}\"".format(where, name.replace("_", "-")))
    if not language:
        fail("{}: language is missing; it is \"python\" or \"go\"".format(where))
    if not domain:
        fail("{}: domain is missing; the image is called \"<domain>-{}\"".format(where, name))

    binary = binary_name or name
    if not binary.startswith(("//", "@", ":")):
        binary = ":" + binary
    image_name = custom_repo_name or "{}-{}".format(domain, name)
    multiplatform_image(
        name = name + "_image",
        binary = binary,
        cmd = args or None,
        dep_layers = dep_layers,
        entrypoint = command or None,
        image_name = image_name,
        language = language,
        registry = registry,
        repository = organization,
        **kwargs
    )
    app_metadata(
        name = name + "_metadata",
        metadata = json.encode({
            "app_type": app_type,
            "args": args,
            "binary": binary,
            "command": command,
            "description": description,
            "domain": domain,
            "fastapi_app": fastapi_app,
            "health_check": {"enabled": health_check_enabled, "path": health_check_path},
            "image": ":" + name + "_image",
            "ingress": {"host": ingress_host, "tls_secret": ingress_tls_secret},
            "language": language,
            "layers": [layer["name"] for layer in dep_layers or []],
            "name": name,
            "organization": organization,
            "port": port,
            "registry": registry,
            "replicas": replicas,
            "repository": image_name,
            "version": version,
        }),
        tags = ["release-metadata"],
        visibility = ["//visibility:public"],
    )
