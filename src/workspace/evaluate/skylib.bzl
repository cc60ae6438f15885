"""The functions of bazel_skylib that decide names, labels and files while packages load."""

# lib/paths.bzl

def _basename(path):
    return path.rpartition("/")[2]

def _dirname(path):
    before, slash, _ = path.rpartition("/")
    return before or slash

def _is_absolute(path):
    return path.startswith("/") or (len(path) > 2 and path[1] == ":")

def _join_paths(path, *others):
    result = path
    for other in others:
        if _is_absolute(other):
            result = other
        elif not result or result.endswith("/"):
            result += other
        else:
            result += "/" + other
    return result

def _normalize(path):
    if not path:
        return "."
    lead = "/" if path.startswith("/") else ""
    parts = []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".." or not lead:
            parts.append(part)
    return lead + "/".join(parts) or "."

def _relativize(path, start):
    whole = [part for part in _normalize(path).split("/") if part]
    base = [part for part in _normalize(start).split("/") if part and part != "."]
    if whole[:len(base)] != base:
        fail("Path '{}' is not beneath '{}'".format(path, start))
    return "/".join(whole[len(base):])

def _split_extension(path):
    name = _basename(path)
    stem, dot, extension = name.rpartition(".")
    if not stem:
        return path, ""
    return path[:len(path) - len(extension) - 1], dot + extension

def _replace_extension(path, extension):
    return _split_extension(path)[0] + extension

def _starts_with(path, start):
    whole = _normalize(path).split("/")
    base = [part for part in _normalize(start).split("/") if part != "."]
    return whole[:len(base)] == base

paths = struct(
    basename = _basename,
    dirname = _dirname,
    is_absolute = _is_absolute,
    is_normalized = lambda path: _normalize(path) == path,
    join = _join_paths,
    normalize = _normalize,
    relativize = _relativize,
    replace_extension = _replace_extension,
    split_extension = _split_extension,
    starts_with = _starts_with,
)

# lib/dicts.bzl, lib/structs.bzl, lib/collections.bzl

def _add_dicts(*dicts, **more):
    result = {}
    for each in dicts:
        result.update(each)
    result.update(more)
    return result

dicts = struct(
    add = _add_dicts,
    omit = lambda dictionary, keys: {key: value for key, value in dictionary.items() if key not in keys},
    pick = lambda dictionary, keys, strict = True: {key: dictionary[key] for key in keys if strict or key in dictionary},
)

structs = struct(
    to_dict = lambda each: {key: getattr(each, key) for key in dir(each) if key not in ("to_json", "to_proto")},
)

def _before_each(separator, iterable):
    return [each for item in iterable for each in (separator, item)]

def _after_each(separator, iterable):
    return [each for item in iterable for each in (item, separator)]

def _uniq(iterable):
    return list({item: None for item in iterable}.keys())

collections = struct(after_each = _after_each, before_each = _before_each, uniq = _uniq)

# lib/types.bzl

types = struct(
    is_bool = lambda value: type(value) == "bool",
    is_depset = lambda value: type(value) == "depset",
    is_dict = lambda value: type(value) == "dict",
    is_function = lambda value: type(value) == "function",
    is_int = lambda value: type(value) == "int",
    is_list = lambda value: type(value) == "list",
    is_none = lambda value: value == None,
    is_set = lambda value: type(value) == "struct" and hasattr(value, "_values"),
    is_string = lambda value: type(value) == "string",
    is_tuple = lambda value: type(value) == "tuple",
)

# lib/sets.bzl and lib/new_sets.bzl

def _make_set(elements = None):
    return struct(_values = {element: None for element in elements or []})

def _insert(each, element):
    each._values[element] = None
    return each

def _remove(each, element):
    each._values.pop(element)
    return each

def _members(each):
    return list(each._values.keys())

sets = struct(
    contains = lambda each, element: element in each._values,
    copy = lambda each: _make_set(_members(each)),
    difference = lambda left, right: _make_set([item for item in _members(left) if item not in right._values]),
    disjoint = lambda left, right: not [item for item in _members(left) if item in right._values],
    insert = _insert,
    intersection = lambda left, right: _make_set([item for item in _members(left) if item in right._values]),
    is_equal = lambda left, right: left._values == right._values,
    is_subset = lambda left, right: not [item for item in _members(left) if item not in right._values],
    length = lambda each: len(each._values),
    make = _make_set,
    remove = _remove,
    repr = lambda each: repr(_members(each)),
    str = lambda each: str(_members(each)),
    to_list = _members,
    union = lambda *each: _make_set([item for one in each for item in _members(one)]),
)

# lib/selects.bzl

def _with_or_dict(input_dict):
    result = {}
    for key, value in input_dict.items():
        for single in key if type(key) == "tuple" else (key,):
            result[single] = value
    return result

def _with_or(input_dict, no_match_error = ""):
    return select(_with_or_dict(input_dict), no_match_error = no_match_error)

def _config_setting_group(name, match_all = [], match_any = [], visibility = None, **_kwargs):
    settings = match_all or match_any
    native.alias(name = name, actual = settings[0] if settings else None, visibility = visibility)

selects = struct(config_setting_group = _config_setting_group, with_or = _with_or, with_or_dict = _with_or_dict)

# lib/shell.bzl, lib/partial.bzl, lib/versions.bzl

def _quote(text):
    return "'" + text.replace("'", "'\\''") + "'"

shell = struct(
    array_literal = lambda items: "(" + " ".join([_quote(str(item)) for item in items]) + ")",
    quote = _quote,
)

def _make_partial(function, *args, **kwargs):
    return struct(_function = function, _args = args, _kwargs = kwargs)

def _call_partial(each, *args, **kwargs):
    merged = dict(each._kwargs)
    merged.update(kwargs)
    return each._function(*(each._args + args), **merged)

partial = struct(
    call = _call_partial,
    is_instance = lambda value: type(value) == "struct" and hasattr(value, "_function"),
    make = _make_partial,
)

def _parse_version(version):
    numbers = version.split(" ", 1)[0].split("-", 1)[0].split(".")
    return tuple([int(number) if number.isdigit() else 0 for number in numbers])

def _check_version(minimum, maximum = None, bazel_version = None):
    pass

versions = struct(
    check = _check_version,
    get = lambda: native.bazel_version,
    is_at_least = lambda threshold, version: _parse_version(version) >= _parse_version(threshold),
    is_at_most = lambda threshold, version: _parse_version(version) <= _parse_version(threshold),
    parse = _parse_version,
)
