"""Bazel names this extension; nothing of it is used."""

def _repository(repository_ctx):
    repository_ctx.file("BUILD.bazel", "")

_empty = repository_rule(_repository)

buildozer_binary = module_extension(lambda module_ctx: _empty(name = "buildozer_binary"))
