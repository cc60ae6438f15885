"""Images that lie: each must be refused, in little memory."""

import gzip
import hashlib
import http.server
import json
import os
import subprocess
import threading

LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


def digest(content):
    """The digest of some bytes."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def layout(path, layer_descriptor, layer=None):
    """A layout of one layer, whose descriptor may say anything; `layer` is written in pieces."""
    blobs = path / "blobs/sha256"
    blobs.mkdir(parents=True)

    def add(document):
        content = json.dumps(document).encode()
        (blobs / digest(content)[7:]).write_bytes(content)
        return {"digest": digest(content), "size": len(content)}

    config = add({"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": ["sha256:" + "0" * 64]}})
    config["mediaType"] = "application/vnd.oci.image.config.v1+json"
    size = 0
    if layer is not None:
        with open(blobs / ("1" * 64), "wb") as out:
            for piece in layer:
                size += out.write(piece)
    manifest = add({"schemaVersion": 2, "config": config, "layers": [{"mediaType": LAYER, "digest": "sha256:" + "1" * 64, "size": size, **layer_descriptor}]})
    manifest["mediaType"] = "application/vnd.oci.image.manifest.v1+json"
    (path / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [manifest]}))
    (path / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    return path


def header(name, size=0):
    """One header of a tar."""
    block = bytearray(512)
    block[: len(name)] = name
    block[100:108], block[108:116], block[116:124] = b"0000644\0", b"0000000\0", b"0000000\0"
    block[124:136], block[136:148] = b"%011o\0" % size, b"00000000000\0"
    block[148:156], block[156:157], block[257:265] = b" " * 8, b"0", b"ustar\x0000"
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def ten_million_entries():
    """A hundred times the same hundred thousand entries, each piece a gzip stream of its own."""
    piece = gzip.compress(b"".join(header(os.urandom(8).hex().encode()) for _ in range(100_000)), 1)
    return (piece for _ in range(100))


def zeros(gigabytes):
    """A file of zeros, a thousand times as long as it is stored."""
    length = gigabytes << 30
    piece = gzip.compress(bytes(64 << 20), 9)
    yield gzip.compress(header(b"zeros", length), 9)
    yield from (piece for _ in range(gigabytes * 16))


def endless(manifest):
    """A server that says everything it is asked for and never ends."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(manifest)
            except OSError:
                pass

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"127.0.0.1:{server.server_address[1]}"


def refused(layerwright, name):
    """Exit status, peak memory in KiB, and what was said."""
    process = subprocess.Popen([layerwright, "image", str(name)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_maxrss, said


def all(work, layerwright):
    """Name, exit status, words that must be said, peak memory, what was said."""
    small = [gzip.compress(header(b"a") + bytes(1024))]
    made = {
        "wrong digest": (lambda path: layout(path, {}, small), "digest"),
        "wrong length": (lambda path: layout(path, {"size": 7}, small), "bytes are stored"),
        "path traversal": (lambda path: layout(path, {"digest": "sha256:../../../../etc/passwd"}, small), "can't be understood"),
        "missing layer": (lambda path: layout(path, {}), "is not in the image"),
        "bomb": (lambda path: layout(path, {}, zeros(4)), "unpacks to more than"),
        "ten million entries": (lambda path: layout(path, {}, ten_million_entries()), "entries of all layers"),
        "huge size": (lambda path: layout(path, {"size": 1 << 62}, small), "bytes are stored"),
    }
    for name, (make, expected) in made.items():
        status, peak, said = refused(layerwright, make(work / name.replace(" ", "-")))
        yield name, status, expected, peak, said
    status, peak, said = refused(layerwright, f"{endless(b'[' * 65536)}/team/app:v1")
    yield "endless registry", status, "more than 8388608 bytes", peak, said
