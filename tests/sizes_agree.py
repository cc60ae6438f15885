#!/usr/bin/env python3
"""Compares the sizes of packages' layers with real wheels, downloaded and packed.

    tests/sizes_agree.py --program target/debug/layerwright --repositories DIR [--fetch] [--markdown FILE] [IMAGE ...]

DIR holds checkouts, one folder per repository of IMAGES below. For each image, `plan --preset pip-internal` puts all packages
into one layer. The program's cache is empty. The truth is made here: the very files that the requirements file pins are
downloaded with `pip download --no-deps`, unpacked, laid out as rules_python does, and packed into one tar with gzip -6. Wheels
above --largest MB are not downloaded: their length times 0.96 stands in. With --fetch the program asks the package index first.

Needs Python 3.9 or newer and pip; the standard library otherwise. Wheels are kept in --wheels until the end, then deleted.
"""
import argparse
import gzip
import io
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile

IMAGES = {
    # name: (repository, app, requirements file)
    "OSMO core": ("osmo", "//src/service/core:service_binary", "src/locked_requirements.txt"),
    "OSMO router": ("osmo", "//src/service/router:router_binary", "src/locked_requirements.txt"),
    "OSMO test_runner": ("osmo", "//src/operator/backend_test_runner:backend_test_runner_binary", "src/locked_requirements.txt"),
    "homelab monolith": ("homelab", "//projects/monolith:main", None),
    "homelab ships": ("homelab", "//projects/ships/backend:main", None),
    "open-core report": ("open-core", "//resim/metrics:default_report_metrics", None),
    "hello-bazel": ("hello-bazel", "//:main", "requirements_linux_lock.txt"),
    "purrf": ("purrf", "//:purrf", None),
    "shaldengeki api": ("shaldengeki", "//ark_nova_stats/api:api_image_binary", None),
    "temporal-fastapi api": ("temporal-fastapi", "//service/api:service_api_run", None),
    "dre release-controller": ("dre", "//release-controller:release-controller", None),
    "spot-crypto-trend live": ("spot-crypto-trend", "//live:image", "third_party/requirements_lock.txt"),
    "spot-crypto-trend data": ("spot-crypto-trend", "//data:image", "third_party/requirements_lock.txt"),
    "the-company-os worker": ("the-company-os", "//src/company_os/services/repo_guardian:worker", None),
    "lumigator backend": ("lumigator-371d71f", "//plat/python/mzai/backend:backend_app", None),
}


def normalized(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def plan(program, workspace, app, fetch, cache):
    command = [program, "plan", workspace, "--app", app, "--preset", "pip-internal", "--commits", "1", "--compression", "gzip",
               "--format", "json"] + (["--fetch-sizes"] if fetch else [])
    environment = {**os.environ, "XDG_CACHE_HOME": cache, "UV_CACHE_DIR": os.path.join(cache, "no-uv")}
    result = subprocess.run(command, capture_output=True, text=True, env=environment)
    if result.returncode:
        raise SystemExit(f"{app}: {result.stderr[-2000:]}")
    return json.loads(result.stdout)


def packages_layer(document):
    layer = next(layer for layer in document["layers"] if layer["name"] == "pip_deps")
    # Two labels may stand for one package.
    units = [unit for unit in layer["units"] if unit["kind"] == "package"]
    return layer, units


def pins(workspace, lock, names):
    """Returns {name: version} and {name: [hash]}; without `lock`, of the requirements file that pins the most of `names`."""
    def read(path):
        text = open(path, encoding="utf-8", errors="replace").read()
        found, hashes = {}, {}
        for entry in re.split(r"\n(?=[A-Za-z0-9])", text):
            match = re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*==\s*([^\s;\\]+)", entry)
            if match:
                found[normalized(match[1])] = match[2]
                hashes[normalized(match[1])] = re.findall(r"--hash=(sha256:[0-9a-f]+)", entry)
        return found, hashes
    if lock and os.path.exists(os.path.join(workspace, lock)):
        return read(os.path.join(workspace, lock))
    best = ({}, {})
    for folder, folders, files in os.walk(workspace):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "node_modules"]
        for name in files:
            if name.endswith((".txt", "requirements.lock")) and os.path.getsize(os.path.join(folder, name)) < 4_000_000:
                found = read(os.path.join(folder, name))
                if len(names & set(found[0])) > len(names & set(best[0])):
                    best = found
    return best


def index_file(name, version, tags_python, hashes, machine):
    """Returns (file name, bytes) of the wheel that fits, by the index's JSON page: for wheels too large to download."""
    request = urllib.request.Request(f"https://pypi.org/simple/{name}/", headers={"Accept": "application/vnd.pypi.simple.v1+json"})
    page = json.load(urllib.request.urlopen(request, timeout=60))
    best = None
    for file in page["files"]:
        parts = file["filename"].removesuffix(".whl").split("-")
        if not file["filename"].endswith(".whl") or len(parts) not in (5, 6) or parts[1] != version:
            continue
        if hashes and "sha256:" + file["hashes"].get("sha256", "") not in hashes:
            continue
        platform, python = parts[-1], parts[-3]
        fits = platform == "any" or ("manylinux" in platform and machine in platform)
        if fits and (python == tags_python or "py3" in python or parts[-2] == "abi3"):
            exact = (python == tags_python, file["size"])
            best = max(best, (exact, file["filename"], file["size"])) if best else (exact, file["filename"], file["size"])
    return best and best[1:]


def download(name, version, python, machine, folder):
    """Returns the path of the wheel, or None where there is none for this platform."""
    os.makedirs(folder, exist_ok=True)
    done = [file for file in os.listdir(folder) if file.endswith(".whl")]
    if done:
        return os.path.join(folder, done[0])
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in (36, 35, 34, 31, 28, 27, 26, 24, 17, 12, 5)]
    platforms += [f"manylinux2014_{machine}", f"manylinux2010_{machine}", f"manylinux1_{machine}"]
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "--disable-pip-version-check",
               "--python-version", python, "--implementation", "cp", "-d", folder, f"{name}=={version}"]
    for platform in platforms:
        command += ["--platform", platform]
    if subprocess.run(command, capture_output=True, text=True).returncode:
        return None
    done = [file for file in os.listdir(folder) if file.endswith(".whl")]
    return os.path.join(folder, done[0]) if done else None


class Counter(io.RawIOBase):
    """A file that only counts."""

    def __init__(self):
        self.count = 0

    def writable(self):
        return True

    def write(self, data):
        self.count += len(data)
        return len(data)


def packed(wheels, python):
    """Returns the bytes of one gzip -6 layer with the files of `wheels`, {name: path}."""
    counter = Counter()
    with gzip.GzipFile(fileobj=counter, mode="wb", compresslevel=6, mtime=0) as stream:
        with tarfile.open(fileobj=stream, mode="w|", format=tarfile.GNU_FORMAT) as tar:
            for name in sorted(wheels):
                above = f"app/x.runfiles/rules_python++pip+pypi_{python.replace('.', '')}_{name.replace('-', '_')}/site-packages/"
                with zipfile.ZipFile(wheels[name]) as archive:
                    for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
                        if entry.is_dir() or entry.filename.endswith(".dist-info/RECORD"):
                            continue
                        about = tarfile.TarInfo(above + entry.filename)
                        about.size, about.mode = entry.file_size, 0o555
                        with archive.open(entry) as content:
                            tar.addfile(about, content)
    return counter.count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--repositories", required=True)
    parser.add_argument("--wheels", default=None)
    parser.add_argument("--largest", type=int, default=120, help="MB of a wheel that is downloaded at most")
    parser.add_argument("--fetch", action="store_true")
    parser.add_argument("--markdown")
    parser.add_argument("images", nargs="*", help="names of IMAGES; all by default")
    arguments = parser.parse_args()
    wheels_folder = arguments.wheels or tempfile.mkdtemp()
    machine, rows, offs = "x86_64", [], []
    for image in arguments.images or IMAGES:
        repository, app, lock = IMAGES[image]
        workspace = os.path.join(arguments.repositories, repository)
        if not os.path.isdir(workspace):
            print(f"{image}: no {workspace}", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory() as cache:
            document = plan(arguments.program, workspace, app, arguments.fetch, cache)
        layer, units = packages_layer(document)
        python = document["python"]["version"]
        names = {normalized(unit["label"].rsplit(":", 1)[1]) for unit in units}
        unknown = {normalized(unit["label"].rsplit(":", 1)[1]) for unit in units if unit["provenance"] == "unknown"}
        versions, hashes = pins(workspace, lock, names)
        wheels, listed, without = {}, 0, []
        for name in sorted(names):
            version = versions.get(name)
            if version is None:
                without.append(name)
                continue
            large = re.match(r"nvidia-|torch$|triton$|tensorflow$|jaxlib$|xgboost$|pyspark$", name) and \
                index_file(name, version, "cp" + python.replace(".", ""), hashes.get(name), machine)
            if large and large[1] > arguments.largest * 1_000_000:
                listed += large[1] * 96 // 100 if name not in unknown else 0
                continue
            folder = os.path.join(wheels_folder, f"{name}-{version}-{python}-{machine}")
            wheel = download(name, version, python, machine, folder)
            if wheel is None:
                without.append(name)
            else:
                wheels[name] = wheel
        known = {name: wheel for name, wheel in wheels.items() if name not in unknown}
        truth = packed(known, python) + listed
        whole = truth if not unknown else packed(wheels, python) + listed
        if truth < 100_000:
            raise SystemExit(f"{image}: no requirements file pins these packages")
        said, (least, most) = layer["compressed_bytes"], layer["compressed_range"]
        # Packages without a wheel of their own are in no truth; what the program counts for them is taken out.
        extra = sum(unit["compressed_bytes"] or 0 for unit in units if normalized(unit["label"].rsplit(":", 1)[1]) in without)
        off = (said - extra) / truth - 1
        offs.append((max(said - extra, truth) / min(said - extra, truth), abs(off), least - extra <= truth <= most))
        rows.append((image, len(names), len(unknown), len(without), truth, whole, said - extra, off, least, most, least - extra <= truth <= most))
        print(f"{image}: {len(names)} packages, {len(unknown)} unknown, {len(without)} without a wheel ({', '.join(without[:4])}); "
              f"truth {truth / 1e6:.1f} MB (with the unknown {whole / 1e6:.1f}), said {(said - extra) / 1e6:.1f} ({off:+.1%}), "
              f"range {least / 1e6:.1f} to {most / 1e6:.1f}: {'holds' if offs[-1][2] else 'MISSES'}", flush=True)
    if not arguments.wheels:
        shutil.rmtree(wheels_folder)
    factors = sorted(factor for factor, _, _ in offs)
    shares = [share for _, share, _ in offs]
    summary = (f"{len(offs)} images: within 1.5: {sum(factor <= 1.5 for factor in factors)}, median {statistics.median(shares):.1%} off, "
               f"worst {max(shares):.1%}, range holds in {sum(held for *_, held in offs)}")
    print(summary)
    if arguments.markdown:
        with open(arguments.markdown, "w", encoding="utf-8") as out:
            out.write("| image | packages | unknown | truth, MB | with the unknown | said | off | range |\n|---|---:|---:|---:|---:|---:|---:|---|\n")
            for image, count, unknown, _, truth, whole, said, off, least, most, held in rows:
                out.write(f"| {image} | {count} | {unknown} | {truth / 1e6:.1f} | {whole / 1e6:.1f} | {said / 1e6:.1f} | {off:+.1%} | "
                          f"{least / 1e6:.1f} to {most / 1e6:.1f}{'' if held else ' (misses)'} |\n")
            out.write(f"\n{summary}.\n")


if __name__ == "__main__":
    main()
