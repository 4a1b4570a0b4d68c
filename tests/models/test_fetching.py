"""Which addresses are fetched at all, and by which way."""

from pathlib import Path

import pytest

from photocull.core.errors import ModelError
from photocull.core.work import CancelToken
from photocull.models.connecting import check_address
from photocull.models.fetching import Patience, Request, fetch
from photocull.models.partials import Partial
from tests.models.serving import Site, serving

QUICK = Patience(tries=3, pauses=(0.0,), timeout=5.0)


@pytest.mark.parametrize(
    "address", ["http://example.org/a", "ftp://example.org/a", "file:///etc/passwd", "x", "http://["]
)
def test_only_encrypted_web_addresses_are_fetched_unasked(address: str) -> None:
    with pytest.raises(ModelError):
        check_address(address, plain_allowed=False)
    check_address("https://example.org/a", plain_allowed=False)


def test_the_system_s_proxy_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytes(range(256)) * 300
    site = Site(content)
    with serving(site) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("no_proxy", "")
        partial = Partial(tmp_path / "a.part", "http://models.example/a")
        request = Request("http://models.example/a", 5_000_000, plain_allowed=True)
        fetch(request, partial, patience=QUICK, token=CancelToken())
    assert site.paths == ["http://models.example/a"]
    assert partial.path.read_bytes() == content
