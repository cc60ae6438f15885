"""py_image_layer of aspect_rules_py 2.x: the targets that the macro makes. It returns nothing."""

def py_image_layer(
        name,
        binary = None,
        groups = {},
        group_execution_requirements = {},
        group_compress_levels = {},
        warn_remote_cache_threshold_mb = 200,
        warn_layer_count = 90,
        platform = None,
        layer_tier = None,
        launcher_dir = "",
        binaries = None,
        **kwargs):
    rules.py_image_layer(
        name = name,
        binary = binary,
        binaries = binaries,
        groups = groups,
        layer_tier = layer_tier,
        platform = platform,
        **kwargs
    )
    native.filegroup(name = name + "_no_src", srcs = [name], output_group = "deps")
    native.filegroup(name = name + "_only_src", srcs = [name], output_group = "sources")
