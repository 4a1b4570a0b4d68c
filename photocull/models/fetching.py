"""One file over HTTP, into a partial file that the next try goes on with; what arrives is bounded, never trusted."""

import http.client
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from photocull.core.errors import CancelledError, ModelError
from photocull.core.work import CancelToken, Pace, Progressed
from photocull.models.connecting import LATER, DroppedError, PastTheEndError, broken, connect, host_of, web_page
from photocull.models.partials import Partial

Listener = Callable[[Progressed], None]
_BLOCK: Final = 1 << 16
_BETWEEN: Final = 0.1
"""Seconds between two reports."""
_CHANGED: Final = "the file changed on the way"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try.

    Attributes:
        tries: in a row without a byte. pauses: seconds before the second, third... try; the last one for all further.
        timeout: seconds that a server may be silent.
    """

    tries: int = 5
    pauses: tuple[float, ...] = (1.0, 2.0, 5.0, 10.0)
    timeout: float = 20.0

    def pause(self, failures: int) -> float:
        """Seconds to wait after so many tries without a byte."""
        return self.pauses[min(max(failures, 1), len(self.pauses)) - 1]


@dataclass(frozen=True, slots=True)
class Request:
    """What to fetch: its address, how large it may be at most, and whether an unencrypted address is meant."""

    address: str
    largest: int
    plain_allowed: bool = False


def fetch(
    request: Request, partial: Partial, *, patience: Patience, token: CancelToken, listener: Listener | None = None
) -> None:
    """Bring the rest of a file into its partial file, however often the connection breaks.

    Raises:
        ModelError: no network, not the file, or it never ends; the sentence says which.
        CancelledError: stopped; the partial file stays for the next call.
        OSError: the partial file cannot be written.
    """
    failures = 0
    with _stoppable():
        while True:
            before = partial.size
            try:
                token.check()
                _once(request, partial, patience.timeout, _Reporter(token, listener))
                return
            except DroppedError as drop:
                failures = 0 if partial.size > before else failures + 1
                if failures >= patience.tries:
                    raise _gave_up(request.address, drop.reason, partial.size) from drop
                token.rest(patience.pause(failures))


class _Reporter:
    """Tells of bytes as they come, a few times a second, and stops the work where that is asked for."""

    def __init__(self, token: CancelToken, listener: Listener | None) -> None:
        self._token = token
        self._listener = listener
        self._pace = Pace(0)
        self._told = 0.0

    def start(self, done: int, total: int) -> None:
        """So many bytes are there of so many; 0 where the server does not say."""
        self._pace = Pace(total)
        self._pace.step(0, cached=done)

    def step(self, count: int) -> None:
        """So many more."""
        self._token.check()
        event = self._pace.step(count)
        now = time.monotonic()
        if self._listener is not None and (now - self._told > _BETWEEN or event.done == event.total):
            self._told = now
            self._listener(event)


def _once(request: Request, partial: Partial, timeout: float, reporter: _Reporter) -> None:
    """One connection: ask for what is missing and write it as it comes."""
    try:
        answer = connect(request.address, _range_of(partial), timeout=timeout, plain_allowed=request.plain_allowed)
    except PastTheEndError as end:
        if end.told == f"bytes */{partial.size}":  # nothing is missing
            return
        partial.discard()
        raise DroppedError(_CHANGED) from end
    with answer:
        total = _placed(answer, request, partial)
        reporter.start(partial.size, total)
        _receive(answer, request, partial, reporter)
    if partial.size < total:
        raise DroppedError("the connection broke off")


def _range_of(partial: Partial) -> dict[str, str]:
    """The headers that ask for what is missing, if the file is still the same (RFC 9110, sections 13.1.5 and 14.2)."""
    if not partial.size:
        return {}
    strong = bool(partial.etag) and not partial.etag.startswith("W/")
    return {"Range": f"bytes={partial.size}-"} | ({"If-Range": partial.etag} if strong else {})


def _placed(answer: http.client.HTTPResponse, request: Request, partial: Partial) -> int:
    """Make the partial file end where the answer begins, and tell the size of the whole; 0 where it is not known."""
    _require_file(answer, request.address)
    start, total = _span(answer)
    etag = answer.headers.get("ETag") or ""
    if answer.status == HTTPStatus.PARTIAL_CONTENT:
        if start != partial.size or etag != partial.etag or total != partial.total:
            partial.discard()
            raise DroppedError(_CHANGED)
        return total
    partial.discard()
    if total > request.largest:
        raise _too_large(request.address, partial)
    partial.begin(etag, total)
    return total


def _require_file(answer: http.client.HTTPResponse, address: str) -> None:
    kind = (answer.headers.get("Content-Type") or "").lower()
    if kind.startswith(("text/html", "application/xhtml")):
        raise web_page(address)
    if (answer.headers.get("Content-Encoding") or "identity").lower() != "identity":
        raise ModelError(f"{host_of(address)} sends the file in a form that was not asked for.", remedy=LATER)


def _span(answer: http.client.HTTPResponse) -> tuple[int, int]:
    """Where the answer starts in the whole file (-1: unclear), and how large that is (0: unclear)."""
    if answer.status == HTTPStatus.PARTIAL_CONTENT:
        told = answer.headers.get("Content-Range") or ""
        span, _, total = told.removeprefix("bytes ").partition("/")
        return _number(span.partition("-")[0], -1), _number(total, 0)
    return 0, _number(answer.headers.get("Content-Length") or "", 0)


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else otherwise


def _receive(answer: http.client.HTTPResponse, request: Request, partial: Partial, reporter: _Reporter) -> None:
    with partial.appending() as file:
        for block in _blocks(answer, request.address):
            if partial.size == 0 and block.lstrip()[:9].lower().startswith((b"<!doctype", b"<html")):
                raise web_page(request.address)
            file.write(block)
            partial.size += len(block)
            reporter.step(len(block))
            if partial.size > request.largest or partial.size == partial.total:
                break
    if partial.size > request.largest:
        raise _too_large(request.address, partial)


def _blocks(answer: http.client.HTTPResponse, address: str) -> Iterator[bytes]:
    """What arrives; only here is an `OSError` the connection's fault and not the disk's."""
    while True:
        try:
            block = answer.read1(_BLOCK)  # what is there: a broken connection must not cost what came before
        except (http.client.HTTPException, OSError) as error:
            raise broken(error, address) from error
        if not block:
            return
        yield block


def _gave_up(address: str, reason: str, kept: int) -> ModelError:
    note = f" {kept / 1e6:.1f} MB are kept; the same command goes on from there." if kept else ""
    remedy = f"Check the network and try again.{note}"
    return ModelError(f"The file cannot be had from {host_of(address)}: {reason}.", remedy=remedy)


def _too_large(address: str, partial: Partial) -> ModelError:
    partial.discard()
    return ModelError(f"What {host_of(address)} sends is larger than this file can be.", remedy=LATER)


@contextmanager
def _stoppable() -> Iterator[None]:
    try:
        yield
    except CancelledError as error:
        raise CancelledError("Stopped; what has arrived is kept, and the next download goes on from there.") from error
