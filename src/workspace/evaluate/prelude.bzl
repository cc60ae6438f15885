"""What Bazel defines for .bzl files and can be said in Starlark itself."""

def _declare(kind):
    if kind.endswith("_list"):
        usual = []
    elif kind.endswith("_dict"):
        usual = {}
    else:
        usual = {"bool": False, "int": 0, "string": ""}.get(kind)

    def declare(*_args, **kwargs):
        is_for_build = kwargs.get("cfg") in ("exec", "host")
        if not kind.startswith("label"):
            use = ""
        elif is_for_build and kwargs.get("executable"):
            use = "tool"
        elif is_for_build:
            use = "built for the build"
        elif kwargs.get("allow_single_file"):
            use = "file"
        else:
            use = ""
        return declare_attribute(kind, use, kwargs.get("default", usual))

    return declare

attr = struct(
    bool = _declare("bool"),
    int = _declare("int"),
    int_list = _declare("int_list"),
    label = _declare("label"),
    label_keyed_string_dict = _declare("label_keyed_string_dict"),
    label_list = _declare("label_list"),
    output = _declare("output"),
    output_list = _declare("output_list"),
    string = _declare("string"),
    string_dict = _declare("string_dict"),
    string_keyed_label_dict = _declare("string_keyed_label_dict"),
    string_list = _declare("string_list"),
    string_list_dict = _declare("string_list_dict"),
)

def provider(*_args, **kwargs):
    """A provider keeps its fields, for constants that files share."""
    init = kwargs.get("init")

    def raw(**fields):
        return struct(**fields)

    if init == None:
        return raw

    def with_init(*args, **fields):
        return struct(**init(*args, **fields))

    return with_init, raw

def depset(direct = None, order = "default", *, transitive = None):
    """A depset is a list without repetitions here."""
    items = []
    for part in [direct or []] + [each.to_list() for each in transitive or []]:
        for item in part:
            if item not in items:
                items.append(item)

    return struct(to_list = lambda: items)
