"""A macro, so that a target comes from one."""

def service(name, deps):
    native.py_binary(
        name = name,
        srcs = [name + ".py", ":version"],
        main = name + ".py",
        deps = deps,
        stamp = 0,
        imports = ["."],
        env = {"MODE": "web"},
        visibility = ["//app:friends"],
    )
