"""The demo's BUILD files make images; only their packages are loaded here."""

def _nothing(name, **_kwargs):
    native.filegroup(name = name)

oci_image = _nothing
oci_image_index = _nothing
oci_load = _nothing
oci_push = _nothing
