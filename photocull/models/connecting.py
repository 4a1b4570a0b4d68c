"""Connections to web servers alone: no files, no FTP, no step down from https; every failure has its words."""

import http.client
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from photocull import __version__
from photocull.core.errors import ModelError

LATER: Final = "Try again later, or get the file elsewhere and import it."
_PASSING: Final = {408, 425, 429, 500, 502, 503, 504}
"""Answers that another try may better."""


class DroppedError(Exception):
    """The connection ended early or never came; ``reason`` in a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PastTheEndError(Exception):
    """The server has nothing at the place that was asked for; ``told`` is its Content-Range."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told


def connect(
    address: str, headers: Mapping[str, str], *, timeout: float, plain_allowed: bool
) -> http.client.HTTPResponse:
    """A server's answer, redirects followed, by the system's proxies; to be closed by the caller.

    Args:
        timeout: seconds that the server may be silent.
        plain_allowed: whether ``http://`` will do.

    Raises:
        ModelError: the address or the answer is such that another try is of no use.
        DroppedError: another try may help.
        PastTheEndError: the range that was asked for is not there.
    """
    check_address(address, plain_allowed)
    wanted = {"User-Agent": f"photocull/{__version__}", "Accept-Encoding": "identity", **headers}
    request = urllib.request.Request(address, headers=wanted)
    try:
        answer: http.client.HTTPResponse = _opener(plain_allowed).open(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        with error:
            raise _refused(error, address) from error
    except (http.client.HTTPException, OSError) as error:
        raise broken(error, address) from error
    return answer


def check_address(address: str, plain_allowed: bool) -> None:
    """Raise `ModelError` for anything but a web address."""
    try:
        parts = urllib.parse.urlsplit(address)
        host = parts.hostname
    except ValueError:
        host = None
    if not host:
        raise ModelError("This is no web address.", remedy="Give one such as https://example.org.")
    if parts.scheme != "https" and not (plain_allowed and parts.scheme == "http"):
        raise ModelError("Models are fetched over https only.", remedy="Give an address that starts with https://.")


def host_of(address: str) -> str:
    """The server's name, for sentences."""
    return urllib.parse.urlsplit(address).hostname or "the server"


def broken(error: Exception, address: str) -> Exception:
    """A failure on the way: worth another try, or one sentence where a try cannot help."""
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        remedy = "Sign in to the network first, or use another one."
        return ModelError(f"What answers is not {host_of(address)}: its certificate does not hold.", remedy=remedy)
    if isinstance(reason, TimeoutError):
        return DroppedError("the server is silent")
    if isinstance(reason, OSError) and reason.strerror:
        return DroppedError(reason.strerror[:1].lower() + reason.strerror[1:])
    return DroppedError("the connection broke off")


def web_page(address: str) -> ModelError:
    """The sentence for a page in place of a file."""
    remedy = "Sign in to the network first (a hotel's or a train's often asks for it), then try again."
    return ModelError(f"In place of the file came a web page from {host_of(address)}.", remedy=remedy)


def _refused(error: urllib.error.HTTPError, address: str) -> Exception:
    host = host_of(address)
    if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return PastTheEndError(error.headers.get("Content-Range") or "")
    if error.code in _PASSING:
        return DroppedError(f"the server is busy ({error.code})")
    if error.code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        remedy = "Get the file elsewhere and import it."
        return ModelError(f"{host} no longer has this file ({error.code}).", remedy=remedy)
    if error.code == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return ModelError("The network's proxy asks for a password.", remedy="Set it in the variable https_proxy.")
    return ModelError(f"{host} refuses the file ({error.code} {error.reason}).", remedy=LATER)


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows only to where the first address could have been."""

    def __init__(self, plain_allowed: bool) -> None:
        self._plain_allowed = plain_allowed

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """Called by urllib for each redirect."""
        try:
            check_address(newurl, self._plain_allowed)
        except ModelError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(plain_allowed: bool) -> urllib.request.OpenerDirector:
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        _SafeRedirects(plain_allowed),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener
