"""Package indexes that tests make for themselves: a folder for uv, a server on loopback for npm."""

import base64
import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def add_wheel(index: Path, name: str, tag: str, files: Mapping[str, str]) -> None:
    """Add version 1.0 of a distribution, as a wheel for the machines that the tag names, to an index of PEP 503."""
    info = f"{name}-1.0.dist-info"
    contents = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: {tag}\n",
    }
    listed = "".join(f"{path},,\n" for path in contents)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as wheel:
        for path, text in {**contents, f"{info}/RECORD": f"{listed}{info}/RECORD,,\n"}.items():
            wheel.writestr(path, text)
    _publish(index, name, f"{name}-1.0-{tag}.whl", buffer.getvalue())


def add_source(index: Path, name: str, setup: str) -> None:
    """Add version 1.0 of a distribution that comes as source only."""
    contents = {"setup.py": setup, "PKG-INFO": f"Metadata-Version: 1.0\nName: {name}\nVersion: 1.0\n"}
    _publish(index, name, f"{name}-1.0.tar.gz", _tar({f"{name}-1.0/{path}": text for path, text in contents.items()}))


@contextmanager
def npm_registry(packages: Mapping[str, str]) -> Iterator[str]:
    """The address of a registry with version 1.0.0 of each package, whose `index.js` is given; it lives as long as the context."""
    archives = {
        name: _tar({"package/package.json": json.dumps({"name": name, "version": "1.0.0"}), "package/index.js": text})
        for name, text in packages.items()
    }

    class Registry(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/")
            if name.removesuffix(".tgz") not in archives:
                self._answer(404, b'{"error": "Not found"}')
            elif name.endswith(".tgz"):
                self._answer(200, archives[name.removesuffix(".tgz")])
            else:
                self._answer(200, json.dumps(self._document(name)).encode())

        def _document(self, name: str) -> object:
            digest = base64.b64encode(hashlib.sha512(archives[name]).digest()).decode()
            host, port = self.server.server_address[:2]
            dist = {"tarball": f"http://{host!s}:{port}/{name}.tgz", "integrity": f"sha512-{digest}"}
            version = {"name": name, "version": "1.0.0", "dist": dist}
            return {"name": name, "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Say nothing: npm's own output tells what was asked."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def _publish(index: Path, name: str, filename: str, content: bytes) -> None:
    folder = index / name.replace("_", "-")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / filename).write_bytes(content)
    (folder / "index.html").write_text("".join(f'<a href="{path.name}">{path.name}</a>' for path in folder.iterdir()))


def _tar(files: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return buffer.getvalue()
