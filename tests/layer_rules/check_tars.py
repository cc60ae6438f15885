"""Checks layer tars: their bytes, and that together they are the runfiles of a program.

    check_tars.py RUNFILES BINARY TAR...      tars lowest first; RUNFILES is the tree that Bazel made beside the binary
"""

import gzip
import io
import os
import sys
import tarfile

ROOT = "app"
RUNFILES = "app/shared.runfiles"


def up(number, to):
    """`number` rounded up to a multiple of `to`."""
    return -(-number // to) * to


def formula(members):
    """Bytes of a GNU tar with these members."""
    total = 0
    for member in members:
        name = os.fsencode(member.name + "/" * member.isdir())
        total += 512 + (up(member.size, 512) if member.isfile() else 0)
        for text in (name, os.fsencode(member.linkname)):
            total += 512 + up(len(text) + 1, 512) if len(text) > 100 else 0
    return up(total + 1024, 10240)


def read(path):
    """A tar's entries with their contents, after checks that need no other tar."""
    with open(path, "rb") as file:
        data = file.read()
    if path.endswith(".gz"):
        assert data[4:8] == b"\0\0\0\0" and data[3] == 0, f"{path}: the gzip header holds a time or a name"
        data = gzip.decompress(data)
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
        members = tar.getmembers()
        entries = {member.name: (member, tar.extractfile(member).read() if member.isfile() else member.linkname) for member in members}
    again = io.BytesIO()
    with tarfile.open(fileobj=again, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for member, content in entries.values():
            tar.addfile(member, io.BytesIO(content) if member.isfile() else None)
    assert again.getvalue() == data, f"{path}: Python's tarfile writes other bytes"
    assert len(entries) == len(members), f"{path}: an entry stands there twice"
    assert formula(members) == len(data), f"{path}: {len(data)} bytes, by the formula {formula(members)}"
    names = [os.fsencode(member.name + "/" * member.isdir()) for member in members]
    assert names == sorted(names), f"{path}: not sorted"
    for member in members:
        assert (member.uid, member.gid, member.uname, member.gname, member.mtime, member.mode) == (0, 0, "", "", 946684800, 0o755), member.get_info()
        parent = os.path.dirname(member.name)
        assert not parent or entries[parent][0].isdir(), f"{path}: no entry for the folder of {member.name}"
    return entries


def follow(found, name):
    """The content of an entry, through a link."""
    content = found[name][1]
    return follow(found, os.path.normpath(f"{os.path.dirname(name)}/{content}")) if isinstance(content, str) else content


def main(runfiles, binary, tars):
    """Entry point."""
    found = {}
    for path in tars:
        for name, (member, content) in read(path).items():
            if not member.isdir():
                assert name not in found, f"{name} is in {found[name][0]} and in {path}"
                found[name] = (path, content)
    expected = {}
    for folder, _, names in os.walk(runfiles, followlinks=True):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.relpath(path, runfiles) != "MANIFEST":
                with open(path, "rb") as file:
                    expected[f"{RUNFILES}/{os.path.relpath(path, runfiles)}"] = file.read()
    packed = {name: follow(found, name) for name in found if name.startswith(RUNFILES + "/")}
    assert packed.keys() == expected.keys(), sorted(packed.keys() ^ expected.keys())[:10]
    assert packed == expected, [name for name in packed if packed[name] != expected[name]][:10]

    with open(binary, "rb") as file:
        content = file.read()
    name = os.path.basename(binary)
    beside = {entry: content for entry, (_, content) in found.items() if not entry.startswith(RUNFILES + "/")}
    assert beside.keys() == {f"{ROOT}/{name}", f"{ROOT}/{name}.runfiles", f"{ROOT}/python3"}, beside.keys()
    assert beside[f"{ROOT}/{name}"].split(b"\n", 1) == [b"#!/app/python3", content.split(b"\n", 1)[1]], "the launcher's first line alone may differ"
    assert beside[f"{ROOT}/{name}.runfiles"] == "shared.runfiles"
    print(f"  {name}: {len(tars)} layers, {len(packed)} runfiles, each in one layer")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
