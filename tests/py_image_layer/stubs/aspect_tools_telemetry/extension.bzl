"""Says nothing to nobody."""

def _repository(repository_ctx):
    repository_ctx.file("BUILD.bazel", "")
    repository_ctx.file("defs.bzl", "TELEMETRY = {}\n")

_empty = repository_rule(_repository)

telemetry = module_extension(lambda module_ctx: _empty(name = "aspect_tools_telemetry_report"))
