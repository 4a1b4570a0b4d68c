"""A web server on this machine for the tests of downloading, which can be told to behave as badly as servers do."""

import hashlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Site:
    """What the server gives out, and how.

    Attributes:
        content: the file. drop_after: bytes after which a connection is cut off; None for never.
        status: answer with this in place of the file. headers: further ones, or others in place of the usual.
        ranges: whether parts can be asked for. etag: None for a server without any.
        endless: go on sending after the file, and say no length. busy: so many requests are refused first.
        asked: the Range header of each request, "" for none.
    """

    content: bytes
    drop_after: int | None = None
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    ranges: bool = True
    etag: str | None = '"1"'
    endless: bool = False
    silent: bool = False
    busy: int = 0
    asked: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    """Answers as its server's site says."""

    protocol_version = "HTTP/1.1"
    server: Any

    def do_GET(self) -> None:
        site: Site = self.server.site
        wanted = self.headers.get("Range", "")
        site.asked.append(wanted)
        site.paths.append(self.path)
        self.close_connection = True
        if site.silent:
            site.released.wait(10)
            return
        if site.busy:
            site.busy -= 1
            self._answer(503, b"busy", {})
        elif site.status is not None:
            self._answer(site.status, b"not the file", {})
        else:
            self._give(site, wanted)

    def _give(self, site: Site, wanted: str) -> None:
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and site.ranges else 0
        if self.headers.get("If-Range", site.etag) != site.etag:
            start = 0
        total = len(site.content)
        if start and start >= total:
            self._answer(416, b"", {"Content-Range": f"bytes */{total}"})
            return
        tag = {} if site.etag is None else {"ETag": site.etag}
        if start:
            span = {"Content-Range": f"bytes {start}-{total - 1}/{total}"}
            self._answer(206, site.content[start:], {**tag, **span})
        else:
            self._answer(200, site.content, tag)

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        site: Site = self.server.site
        told = {"Content-Type": "application/octet-stream", "Content-Length": str(len(body)), **headers, **site.headers}
        if site.endless:
            del told["Content-Length"]
        self.send_response(status)
        for name, value in told.items():
            self.send_header(name, value)
        self.end_headers()
        self._send(site, body)

    def _send(self, site: Site, body: bytes) -> None:
        try:
            self.wfile.write(body if site.drop_after is None else body[: site.drop_after])
            while site.endless:
                self.wfile.write(bytes(1 << 16))
            self.wfile.flush()
        except OSError:
            return
        self.connection.shutdown(socket.SHUT_RDWR) if site.drop_after is not None else None

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what some tests are about."""


@contextmanager
def serving(site: Site) -> Iterator[str]:
    """The site's base address while entered."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.site = site
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        site.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def git_blob(content: bytes) -> str:
    """As git counts."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
