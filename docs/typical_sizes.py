#!/usr/bin/env python3
"""Makes assets/typical_sizes.txt: typical sizes of Linux wheels, by package and version range.

    docs/typical_sizes.py collect FACTS CHECKOUT [CHECKOUT ...]   read lock files and write one facts file per checkout
    docs/typical_sizes.py table FACTS OUT [--files wheel_sizes.json] [--limit BYTES]
    docs/typical_sizes.py holdout FACTS                           measure the table on versions that it has not seen

A CHECKOUT is a git repository (with or without a work tree) or a plain folder with lock files. Of a git repository, all
versions of a lock file in its history are read, at most MAX_VERSIONS per file. `uv.lock`, `pylock.toml` and script locks
are read, because they state the size of each wheel. Nothing is downloaded. Only the standard library is needed.

docs/typical_sizes.md describes the format, the method, the sources and the accuracy.
"""
import argparse
import collections
import gzip
import json
import math
import os
import re
import statistics
import subprocess
import sys
import threading
from urllib.parse import unquote

MAX_VERSIONS = int(os.environ.get("MAX_VERSIONS", 60))
"""Versions of one lock file that are read, spread evenly over its history."""

MAX_BLOBS = int(os.environ.get("MAX_BLOBS", 500))
"""Lock files that are read in one repository. The newest version of each path is always read, up to 1,500 paths."""

LOCK_NAME = re.compile(r"(^|/)(uv\.lock|pylock[^/]*\.toml|[^/]*\.py\.lock|[^/]*lock-file\.snap)$")
ARTIFACT = re.compile(rb'url = "([^"]+\.(?:whl|tar\.gz|zip))[^"]*"[^}\n]*?size = (\d+)')
HOSTS = ("https://files.pythonhosted.org/", "https://pypi.org/", "https://pypi.tuna.tsinghua.edu.cn/")
"""PyPI and a mirror of it. Wheels of other indexes can differ from PyPI's wheel of the same name and are left out."""

SOURCE_ONLY = {"pyspark"}
"""Packages without a wheel whose source archive holds the installed files already compressed (jars), so its size stands in."""


OTHER_SYSTEMS = ("pyobjc",)
"""Beginnings of package names that are only for macOS or Windows though their wheels are tagged "any"."""


# --- Collect -----------------------------------------------------------------------------------------------------------

def git(directory, *arguments):
    return subprocess.run(["git", "--git-dir", directory, *arguments], capture_output=True, check=True).stdout


def git_directory(checkout):
    for candidate in (os.path.join(checkout, ".git"), checkout, os.path.join(checkout, "repo"), os.path.join(checkout, "repo", ".git")):
        if os.path.isfile(os.path.join(candidate, "HEAD")) and os.path.isdir(os.path.join(candidate, "objects")):
            return candidate
    return None


def lock_blobs(directory):
    """Returns the blob id and path of each lock file version to read."""
    log = git(directory, "log", "--all", "--format=@%ct", "--raw", "--no-renames", "--no-abbrev", "-z", "--",
              "*uv.lock", "*pylock*.toml", "*.py.lock", "*lock-file.snap")
    paths = collections.defaultdict(dict)
    time, tokens, i = 0, re.split(rb"[\0\n]", log), 0
    while i < len(tokens):
        if tokens[i].startswith(b"@"):
            time = int(tokens[i][1:])
        elif tokens[i].startswith(b":"):
            blob = tokens[i].split(b" ")[3].decode()
            i += 1
            path = tokens[i].decode("utf-8", "replace")
            if blob.strip("0") and LOCK_NAME.search(path):
                paths[path].setdefault(blob, time)
        i += 1
    newest, older = [], []
    for path, blobs in paths.items():
        by_time = sorted(blobs, key=lambda blob: blobs[blob])
        if len(by_time) > MAX_VERSIONS:
            by_time = [by_time[round(k * (len(by_time) - 1) / (MAX_VERSIONS - 1))] for k in range(MAX_VERSIONS)]
        newest.append((by_time[-1], path))
        older += [(blob, path) for blob in by_time[:-1]]
    room = max(0, MAX_BLOBS - len(newest))
    step = max(1, math.ceil(len(older) / room)) if room else len(older) + 1
    return newest[:1500] + older[::step]


def artifacts_of_git(directory):
    blobs = lock_blobs(directory)
    reader = subprocess.Popen(["git", "--git-dir", directory, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask():
        for blob, _ in blobs:
            reader.stdin.write(blob.encode() + b"\n")
        reader.stdin.close()

    threading.Thread(target=ask, daemon=True).start()
    found, read = set(), 0
    while header := reader.stdout.readline().split():
        if header[1] == b"missing":
            continue
        text = reader.stdout.read(int(header[2]))
        reader.stdout.read(1)
        read += 1
        found.update(match.groups() for match in ARTIFACT.finditer(text))
    head = git(directory, "log", "-1", "--format=%H %cs").decode().strip()
    return f"# {head} locks={len({path for _, path in blobs})} blobs={read}", found


def artifacts_of_folder(folder):
    found, read = set(), 0
    for parent, _, files in os.walk(folder):
        for file in files:
            if LOCK_NAME.search(file):
                read += 1
                with open(os.path.join(parent, file), "rb") as handle:
                    found.update(match.groups() for match in ARTIFACT.finditer(handle.read()))
    return f"# - - locks={read} blobs={read}", found


def collect(facts, checkouts):
    os.makedirs(facts, exist_ok=True)
    for checkout in checkouts:
        directory = git_directory(checkout)
        head, found = artifacts_of_git(directory) if directory else artifacts_of_folder(checkout)
        name = os.path.basename(os.path.normpath(checkout))
        with gzip.open(os.path.join(facts, name + ".gz"), "wt") as out:
            out.write(head + "\n")
            out.writelines(f"{url.decode()} {size.decode()}\n" for url, size in sorted(found))
        print(name, head, len(found), flush=True)


# --- Read facts ----------------------------------------------------------------------------------------------------------

def normalized(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def release(version):
    """Returns the release numbers of a version, or None for a pre-release or a local version."""
    match = re.fullmatch(r"v?(?:\d+!)?(\d+(?:\.\d+)*)(?:\.?post\d+)?", version)
    return tuple(int(part) for part in match[1].split(".")) if match else None


def platform_of(tag):
    """Returns "any", or the machine and the glibc minor version of a manylinux tag, or None for other platforms."""
    if tag == "any":
        return "any", 0
    best = None
    for part in tag.split("."):
        match = re.fullmatch(r"manylinux(?:_2_(\d+)|(2014|2010|1))_(x86_64|aarch64)", part)
        if match:
            glibc = int(match[1]) if match[1] else {"2014": 17, "2010": 12, "1": 5}[match[2]]
            if best is None or glibc < best[1]:
                best = match[3], glibc
    return best


def python_rank(python, abi):
    """Returns how much a wheel is preferred, smaller first, or None where CPython 3.9 to 3.14 can't use it."""
    if abi.endswith("t"):
        return None
    order = {12: 0, 13: 1, 11: 2, 10: 3, 14: 4, 9: 5, 8: 6, 7: 7}
    best = None
    for tag in python.split("."):
        match = re.fullmatch(r"(cp|py)3(\d*)", tag)
        if not match:
            continue
        minor = int(match[2] or 0)
        if match[1] == "py" or abi == "none":
            rank = 20
        elif abi == "abi3":
            rank = 30 - minor if minor <= 12 else 40
        else:
            rank = order.get(minor, None)
        if rank is not None and (best is None or rank < best):
            best = rank
    return best


Version = collections.namedtuple("Version", "release sizes low high")
"""Sizes of one version by machine: the preferred wheel's, the smallest and the largest that CPython 3.9 to 3.14 can use."""


def read_facts(facts):
    """Returns {package: [Version]}, {package: number of repositories} and the header line of each repository."""
    def table_of_wheels():
        return collections.defaultdict(lambda: collections.defaultdict(lambda: collections.defaultdict(dict)))

    wheels, previews = table_of_wheels(), table_of_wheels()
    repositories, heads = collections.Counter(), {}
    for file in sorted(os.listdir(facts)):
        names = set()
        with gzip.open(os.path.join(facts, file), "rt") as lines:
            for line in lines:
                if line.startswith("#"):
                    heads[file[:-3]] = line[1:].strip()
                    continue
                fields = line.split()
                if len(fields) != 2 or not fields[0].startswith(HOSTS):
                    continue
                artifact, size = unquote(fields[0].rsplit("/", 1)[1]), int(fields[1])
                if artifact.endswith(".whl"):
                    parts = artifact[:-4].split("-")
                    if len(parts) not in (5, 6):
                        continue
                    numbers, where = release(parts[1]), platform_of(parts[-1])
                    preview = re.sub(r"(a|b|rc)\d+$", "", parts[1]) if numbers is None else None
                    numbers = numbers or release(preview or "")
                    rank = python_rank(parts[-3], parts[-2])
                    if parts[-1] == "any" and "py2" in parts[-3] and "py3" not in parts[-3]:
                        continue
                    if parts[-1] == "any" and rank is None:
                        rank = 20
                    if numbers is None or where is None or rank is None or size == 0:
                        continue
                    package = normalized(parts[0])
                    if package.startswith(OTHER_SYSTEMS):
                        continue
                    key = (rank, -where[1], artifact)
                    for machine in ("x86_64", "aarch64") if where[0] == "any" else (where[0],):
                        kept = previews if preview else wheels
                        kept[package][numbers][machine][key + (where[0] == "any",)] = size
                    names.add(package)
                else:
                    match = re.fullmatch(r"(.+)-([^-]+)\.(?:tar\.gz|zip)", artifact)
                    numbers = match and release(match[2])
                    if numbers and normalized(match[1]) in SOURCE_ONLY:
                        for machine in ("x86_64", "aarch64"):
                            wheels[normalized(match[1])][numbers][machine][(90, 0, artifact, True)] = size
                        names.add(normalized(match[1]))
        repositories.update(names)
    # Some packages have never had anything but pre-releases, such as those of OpenTelemetry's instrumentation.
    for package in set(previews) - set(wheels):
        wheels[package] = previews[package]
    packages = {}
    for package, versions in sorted(wheels.items()):
        out = []
        for numbers, machines in sorted(versions.items()):
            sizes, low, high = {}, {}, {}
            for machine, found in machines.items():
                native = {key: size for key, size in found.items() if not key[3]} or found
                sizes[machine] = native[min(native)]
                usable = [size for key, size in native.items() if key[0] < 6 or key[0] >= 20] or list(native.values())
                low[machine], high[machine] = min(usable), max(usable)
            out.append(Version(numbers, sizes, low, high))
        packages[package] = out
    return packages, repositories, heads


# --- Ranges ----------------------------------------------------------------------------------------------------------------

MACHINES = ("x86_64", "aarch64")


def importance(size):
    """Returns how much a difference in this package's size matters: large packages decide an image's size."""
    return 0.25 if size < 50_000 else 0.5 if size < 500_000 else 1 if size < 5_000_000 else 2 if size < 50_000_000 else 4


def segments(versions, split_cost):
    """Divides versions, oldest first, into the ranges with the least deviation plus cost per range."""
    count = len(versions)
    minors = collections.Counter(version.release[:2] for version in versions)
    weights = [1 / minors[version.release[:2]] for version in versions]
    largest = statistics.median(max(version.sizes.values()) for version in versions)
    cost = split_cost / importance(largest)

    def may_start(i):
        if i == 0 or versions[i].release[:2] != versions[i - 1].release[:2]:
            return True
        for machine in MACHINES:
            a, b = versions[i - 1].sizes.get(machine), versions[i].sizes.get(machine)
            if a and b and max(a, b) > 1.4 * min(a, b):
                return True
        return False

    def deviation(start, end):
        total = 0
        for machine in MACHINES:
            logs = [(math.log(v.sizes[machine]), w) for v, w in zip(versions[start:end], weights[start:end]) if machine in v.sizes]
            if logs:
                middle = statistics.median(log for log, _ in logs)
                total += sum(w * abs(log - middle) for log, w in logs) / 2
        return total

    starts = [i for i in range(count) if may_start(i)]
    if len(starts) > 60:
        step = len(starts) / 60
        starts = sorted({starts[int(k * step)] for k in range(60)} | {0})
    ends = starts[1:] + [count]
    best, back = [0.0] + [math.inf] * len(starts), [0] * (len(starts) + 1)
    for j in range(1, len(starts) + 1):
        for i in range(j):
            value = best[i] + deviation(starts[i], ends[j - 1]) + cost
            if value < best[j]:
                best[j], back[j] = value, i
    cuts, j = [], len(starts)
    while j > 0:
        cuts.append((starts[back[j]], ends[j - 1]))
        j = back[j]
    return cuts[::-1]


def padding(versions, typical):
    """Returns the share by which a range is widened for unseen versions between the oldest and newest. See `holdout`."""
    minors = len({version.release[:2] for version in versions})
    share = 0.25 if minors == 1 else 0.20 if minors == 2 else 0.15 if minors <= 4 else 0.10
    return share + 0.10 if typical >= 20_000_000 else share


Size = collections.namedtuple("Size", "typical low high")


def range_sizes(versions):
    """Returns {machine: Size} of one range."""
    out = {}
    for machine in MACHINES:
        newest = {}
        for version in versions:
            if machine in version.sizes:
                newest[version.release[:2]] = version.sizes[machine]
        if newest:
            typical = statistics.median(newest.values())
            pad = padding(versions, typical)
            low = min(version.low[machine] for version in versions if machine in version.low)
            high = max(version.high[machine] for version in versions if machine in version.high)
            out[machine] = Size(typical, min(low, typical) * (1 - pad), max(high, typical) * (1 + pad))
    return out


def ranges(versions, split_cost):
    """Returns [(first release or None, {machine: Size})], oldest first. The first range has no lower bound."""
    out, previous = [], None
    for start, end in segments(versions, split_cost):
        first = None
        if previous is not None:
            a, b = previous.release, versions[start].release
            length = next((k + 1 for k in range(len(b)) if k >= len(a) or a[k] != b[k]), len(b))
            first = b[:length]
        out.append((first, range_sizes(versions[start:end])))
        previous = versions[end - 1]
    return out


# --- Write -----------------------------------------------------------------------------------------------------------------

def kilobytes(size):
    """Writes bytes as kB with three significant digits."""
    value = size / 1000
    if value >= 100:
        digits = max(0, len(str(int(value))) - 3)
        return str(int(round(value, -digits)))
    return f"{value:.2f}".rstrip("0").rstrip(".") if value < 10 else f"{value:.1f}".rstrip("0").rstrip(".")


def cell(size):
    low = min(99, math.ceil(100 * (1 - size.low / size.typical)))
    high = math.ceil(100 * (size.high / size.typical - 1))
    return kilobytes(size.typical) + (f"-{low}" if low != high else "") + f"+{high}"


def seen(versions):
    """Writes the oldest and newest version seen, to two numbers each."""
    first, last = (".".join(map(str, versions[k].release[:2])) for k in (0, -1))
    return first if first == last else f"{first}-{last}"


def line(package, versions, rows, files):
    fields = [package, seen(versions)]
    for first, sizes in rows:
        both = [sizes.get(machine) for machine in MACHINES]
        text = ".".join(map(str, first)) + ":" if first else ""
        if both[0] == both[1]:
            text += cell(both[0])
        else:
            text += "/".join(cell(size) if size else "x" for size in both)
        fields.append(text)
    if files:
        fields.append(f"={files}")
    return " ".join(fields) + "\n"


HEADER = """\
# layerwright typical-sizes 1
# Typical sizes of Linux wheels on PyPI, made by docs/typical_sizes.py from public lock files. See docs/typical_sizes.md.
# package OLDEST[-NEWEST] [FROM:]X86_64[/AARCH64] ... [=FILES]; a size is kB[-LOW%]+HIGH%, x: no wheel seen.
"""


def score(package, versions, repositories):
    """Returns the order in which packages are kept when not all fit: often locked, and large."""
    return repositories[package] * max(1.0, math.log10(max(versions[-1].sizes.values()) / 10_000)) ** 2


def table(facts, out, files, limit, split_cost):
    packages, repositories, heads = read_facts(facts)
    order = sorted(packages, key=lambda p: (-score(p, packages[p], repositories), p))
    lines, size = {}, len(HEADER.encode())
    for package in order:
        text = line(package, packages[package], ranges(packages[package], split_cost), files.get(package))
        if size + len(text.encode()) > limit:
            break
        lines[package] = text
        size += len(text.encode())
    with open(out, "w", encoding="utf-8", newline="\n") as handle:
        handle.write(HEADER)
        handle.writelines(lines[package] for package in sorted(lines))
    rows = sum(text.count(":") + 1 for text in lines.values())
    print(f"{len(lines)} of {len(packages)} packages, {rows} ranges, {size} bytes, {len(heads)} repositories")


OLDER, NEWER = (0.45, 1.2), (0.75, 1.5)
"""Factors on the low and high end of a range for a version older than the oldest or newer than the newest one seen."""


def lookup(versions, rows, numbers):
    """Returns {machine: Size} for a version, as the program does."""
    found = rows[0][1]
    for first, sizes in rows:
        if first is None or numbers >= first:
            found = sizes
    low, high = 1, 1
    if numbers[:2] < versions[0].release[:2]:
        low, high = OLDER
    elif numbers[:2] > versions[-1].release[:2]:
        low, high = NEWER
    return {machine: Size(size.typical, size.low * low, size.high * high) for machine, size in found.items()}


def holdout(facts, split_cost):
    """Leaves out one version of each package (newest minor, oldest minor, one between) and looks it up."""
    packages, repositories, _ = read_facts(facts)
    for which in ("newest", "between", "oldest"):
        for least, most in ((0, 50_000), (50_000, 1_000_000), (1_000_000, 20_000_000), (20_000_000, 1e12)):
            factors, held, widths = [], 0, []
            for package, versions in packages.items():
                minors = sorted({v.release[:2] for v in versions})
                if len(minors) < 4 or repositories[package] < 3:
                    continue
                left = {"newest": minors[-1], "between": minors[len(minors) // 2], "oldest": minors[0]}[which]
                kept = [v for v in versions if v.release[:2] != left]
                tested = [v for v in versions if v.release[:2] == left][-1]
                if not tested.sizes or not least <= max(tested.sizes.values()) < most:
                    continue
                sizes = lookup(kept, ranges(kept, split_cost), tested.release)
                for machine in MACHINES[:1]:
                    if machine in sizes and machine in tested.sizes:
                        truth = tested.sizes[machine]
                        factors.append(max(truth, sizes[machine].typical) / min(truth, sizes[machine].typical))
                        held += sizes[machine].low <= truth <= sizes[machine].high
                        widths.append(sizes[machine].high / sizes[machine].low)
            factors.sort()
            n = len(factors)
            if n:
                print(f"{which:8} {least / 1000:>8.0f} kB up: n {n:5}  median x{factors[n // 2]:.3f}  p90 x{factors[int(n * .9)]:.2f}  "
                      f"range held {100 * held / n:.1f} %  median width x{statistics.median(widths):.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    a = commands.add_parser("collect")
    a.add_argument("facts")
    a.add_argument("checkouts", nargs="+")
    b = commands.add_parser("table")
    b.add_argument("facts")
    b.add_argument("out")
    b.add_argument("--files", help="JSON list of {name, files}")
    b.add_argument("--limit", type=int, default=150_000)
    c = commands.add_parser("holdout")
    c.add_argument("facts")
    for each in (b, c):
        each.add_argument("--split-cost", type=float, default=0.25)
    arguments = parser.parse_args()
    if arguments.command == "collect":
        collect(arguments.facts, arguments.checkouts)
    elif arguments.command == "holdout":
        holdout(arguments.facts, arguments.split_cost)
    else:
        files = {}
        if arguments.files:
            with open(arguments.files, encoding="utf-8") as handle:
                files = {normalized(each["name"]): each["files"] for each in json.load(handle)}
        table(arguments.facts, arguments.out, files, arguments.limit, arguments.split_cost)


if __name__ == "__main__":
    sys.exit(main())
