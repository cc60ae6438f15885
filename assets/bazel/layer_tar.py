"""Writes the tar of one layer from a manifest, the same bytes on every machine.

The manifest has one JSON list per line: [kind, path below the root, argument], where the kind is

    file      the argument is a file, or a folder whose files are taken with the same kind. A symbolic link is followed;
              one that leads nowhere in the build can only be meant for the image, so it is stored as a link
    link      the argument is a symbolic link on the disk; it is stored as a link
    launcher  a file; where it begins with a Python shebang, that line names the image's interpreter instead
    empty     a file without content
    text      a symbolic link with the argument as its target

Headers are written here and not by the tarfile module, whose bytes differ between versions of Python.
"""

import argparse
import json
import os
import subprocess
import sys
import zlib

BLOCK = 512
RECORD = 20 * BLOCK
NAME_LENGTH = 100
CHUNK = 1 << 20

# 2000-01-01: later than 1980, before which zip files can't date their members.
MTIME = 946684800

# One mode for all: Bazel does not tell an action which of its inputs are executable (with remote execution all look
# alike), so a mode that was read from the disk would differ from machine to machine.
MODE = 0o755

FILE, SYMLINK, FOLDER, LONG_NAME, LONG_TARGET = b"0", b"2", b"5", b"L", b"K"


def octal(value, width):
    """`value` in a field of `width` bytes: octal digits and a NUL, or GNU's base 256 where they don't fit."""
    digits = b"%0*o" % (width - 1, value)
    if len(digits) < width:
        return digits + b"\0"
    return b"\x80" + value.to_bytes(width - 1, "big")


def header(kind, name, size=0, target=b"", mode=MODE, mtime=MTIME):
    """One header block."""
    before = name[:NAME_LENGTH].ljust(NAME_LENGTH, b"\0") + octal(mode, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(mtime, 12)
    after = kind + target[:NAME_LENGTH].ljust(NAME_LENGTH, b"\0") + b"ustar  \0"
    block = (before + b" " * 8 + after).ljust(BLOCK, b"\0")
    return before + b"%06o\0 " % sum(block) + block[len(before) + 8 :]


def padded(data):
    """`data` and zeros up to a whole block."""
    return data + b"\0" * (-len(data) % BLOCK)


def entry(kind, name, size=0, target=b""):
    """The header of one entry, with what GNU tar puts before it for a long name or target."""
    blocks = []
    for long_kind, text in ((LONG_TARGET, target), (LONG_NAME, name)):
        if len(text) > NAME_LENGTH:
            blocks.append(header(long_kind, b"././@LongLink", len(text) + 1, mode=0, mtime=0) + padded(text + b"\0"))
    return b"".join(blocks) + header(kind, name, size, target)


def read_manifest(lines, root):
    """The entries by their name in the tar: (kind, argument). Folders on the way are entries too, `root` first."""
    entries = {}

    def add(kind, name, argument):
        if name in entries and entries[name] != (kind, argument):
            raise SystemExit(f"{name} is in the layer twice: {entries[name][1]} and {argument}")
        entries[name] = (kind, argument)
        while "/" in name:
            name = name.rpartition("/")[0]
            entries[name + "/"] = ("folder", "")

    for line in lines:
        kind, path, argument = json.loads(line)
        if kind == "file" and os.path.isdir(argument):
            for folder, _, names in os.walk(argument, followlinks=True):
                inside = os.path.relpath(folder, argument)
                for name in names:
                    add(kind, os.path.normpath(f"{root}/{path}/{inside}/{name}"), f"{folder}/{name}")
        else:
            add(kind, f"{root}/{path}", argument)
    return entries


def with_interpreter(content, interpreter):
    """`content` of a launcher, its first line naming `interpreter` if it named a Python."""
    line, newline, rest = content.partition(b"\n")
    if line.startswith(b"#!") and b"python" in line:
        return b"#!" + os.fsencode(interpreter) + newline + rest
    return content


def blocks_of(name, kind, argument, interpreter):
    """The bytes of one entry, in pieces."""
    encoded = os.fsencode(name)
    if kind == "folder":
        yield entry(FOLDER, encoded)
    elif kind == "text":
        yield entry(SYMLINK, encoded, target=os.fsencode(argument))
    elif kind == "link" or (kind == "file" and os.path.islink(argument) and not os.path.exists(argument)):
        yield entry(SYMLINK, encoded, target=os.fsencode(os.readlink(argument)))
    elif kind == "empty":
        yield entry(FILE, encoded)
    elif kind == "launcher":
        with open(argument, "rb") as file:
            content = with_interpreter(file.read(), interpreter)
        yield entry(FILE, encoded, len(content)) + padded(content)
    elif kind == "file":
        with open(argument, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            yield entry(FILE, encoded, size)
            left = size
            while left:
                chunk = file.read(min(CHUNK, left))
                if not chunk:
                    raise SystemExit(f"{argument} became shorter while it was read")
                left -= len(chunk)
                yield chunk
            yield b"\0" * (-size % BLOCK)
    else:
        raise SystemExit(f"{name}: no such kind of entry: {kind}")


def tar(entries, interpreter):
    """The bytes of the whole tar, in pieces, sorted by name."""
    length = 0
    for name in sorted(entries, key=os.fsencode):
        for piece in blocks_of(name, *entries[name], interpreter):
            length += len(piece)
            yield piece
    yield b"\0" * (2 * BLOCK + -(length + 2 * BLOCK) % RECORD)


def write_gzip(pieces, output):
    """gzip with a header that holds no time, no name and no operating system."""
    deflate, checksum, length = zlib.compressobj(6, zlib.DEFLATED, -15), 0, 0
    output.write(b"\x1f\x8b\x08\0\0\0\0\0\0\xff")
    for piece in pieces:
        checksum, length = zlib.crc32(piece, checksum), length + len(piece)
        output.write(deflate.compress(piece))
    output.write(deflate.flush() + checksum.to_bytes(4, "little") + (length % (1 << 32)).to_bytes(4, "little"))


def write_zstd(pieces, output, program):
    """zstd by the given program, else by Python itself where it can."""
    if program:
        with subprocess.Popen([program, "-3", "-T1", "-q", "-c"], stdin=subprocess.PIPE, stdout=output) as process:
            for piece in pieces:
                process.stdin.write(piece)
            process.stdin.close()
        if process.returncode:
            raise SystemExit(f"{program} failed with status {process.returncode}")
        return
    try:
        from compression import zstd
    except ImportError:
        raise SystemExit(f"Python {sys.version.split()[0]} has no zstd (3.14 has): give `zstd`, a zstd program, or use gzip") from None
    parameter = zstd.CompressionParameter
    compressor = zstd.ZstdCompressor(options={parameter.compression_level: 3, parameter.checksum_flag: 1})
    for piece in pieces:
        output.write(compressor.compress(piece))
    output.write(compressor.flush())


def main():
    """Entry point."""
    parser = argparse.ArgumentParser(description="Writes the tar of one layer.")
    parser.add_argument("--output", required=True)
    parser.add_argument("--root", required=True, help="folder of the image that all paths are below, without slashes at its ends")
    parser.add_argument("--interpreter", default="", help="what a Python launcher's first line names")
    parser.add_argument("--compression", choices=["none", "gzip", "zstd"], default="none")
    parser.add_argument("--zstd", help="a zstd program")
    parser.add_argument("manifest")
    options = parser.parse_args()
    with open(options.manifest, encoding="utf-8", errors="surrogateescape") as lines:
        entries = read_manifest(lines, options.root)
    pieces = tar(entries, options.interpreter)
    with open(options.output, "wb") as output:
        if options.compression == "gzip":
            write_gzip(pieces, output)
        elif options.compression == "zstd":
            write_zstd(pieces, output, options.zstd)
        else:
            output.writelines(pieces)


if __name__ == "__main__":
    main()
