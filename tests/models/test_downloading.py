"""Downloads from a server of this machine that behaves as badly as servers do: whole and proven, or one clear line."""

import errno
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from photocull.core.errors import CancelledError, ModelError
from photocull.core.work import CancelToken, Progressed
from photocull.models import downloading, importing, partials
from photocull.models.downloading import download
from photocull.models.fetching import Patience
from photocull.models.partials import Partial, locked_partial, partial_size
from photocull.models.registry import BUILT_IN, ModelCard, published_card
from photocull.models.store import cards, remove
from tests.models.serving import Site, git_blob, serving

pytest.importorskip("torch")
NAME = "tanet-tad66k"
QUICK = Patience(tries=3, pauses=(0.0,), timeout=5.0)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def content(small_file: Path) -> bytes:
    return small_file.read_bytes()


@pytest.fixture
def published(content: bytes, monkeypatch: pytest.MonkeyPatch) -> ModelCard:
    """A small published checkpoint that the authors' repository has under the real one's path."""
    card = published_card(NAME)
    assert card.source is not None
    small = published_card("delegate-icaa17k")
    source = replace(card.source, git_blob=git_blob(content), largest=5_000_000)
    known = replace(small, name="delegate-icaa17k", source=source)
    for module in (downloading, importing):
        monkeypatch.setattr(module, "published_card", lambda name: known)
    return known


def get(site: Site, shelf: Path, **options: object) -> ModelCard:
    with serving(site) as address:
        return download("delegate-icaa17k", shelf=shelf, source=address, patience=QUICK, **options)  # type: ignore[arg-type]  # passed on


def refused(site: Site, shelf: Path, said: str) -> None:
    with pytest.raises(ModelError, match=said) as caught:
        get(site, shelf)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy
    assert [card.name for card in cards(shelf=shelf)] == list(BUILT_IN)


def test_a_published_checkpoint_comes_proven_and_named_as_theirs(
    content: bytes, published: ModelCard, shelf: Path
) -> None:
    site, heard = Site(content), list[Progressed]()
    card = get(site, shelf, listener=heard.append)
    assert site.paths == [
        "/woshidandan/TANet-image-aesthetics-and-quality-assessment/HEAD/code/TAD66K/SRCC_513_LCC_531_MSE_016.pth"
    ]
    assert site.asked == [""]
    assert card.origin is not None
    assert card.origin.as_published
    assert card.origin.file_name == "SRCC_513_LCC_531_MSE_016.pth"
    assert card.published == published.published
    assert (heard[-1].done, heard[-1].total) == (len(content), len(content))
    assert sorted(path.name for path in shelf.iterdir()) == ["delegate-icaa17k"]


def test_what_is_here_is_not_fetched_again(content: bytes, published: ModelCard, shelf: Path) -> None:
    first = get(Site(content), shelf)
    site = Site(content)
    assert get(site, shelf) == first
    assert site.asked == []


def test_a_server_that_cuts_every_connection_is_worn_down(content: bytes, published: ModelCard, shelf: Path) -> None:
    site = Site(content, drop_after=len(content) // 7)
    assert get(site, shelf).name == "delegate-icaa17k"
    assert len(site.asked) > 6
    assert all(wanted.startswith("bytes=") for wanted in site.asked[1:])


def test_a_server_that_knows_no_ranges_starts_anew(content: bytes, published: ModelCard, shelf: Path) -> None:
    with_part(shelf, content[:1000], content)
    site = Site(content, ranges=False)
    assert get_at_address(site, shelf)
    assert site.asked == ["bytes=1000-"]


def with_part(shelf: Path, part: bytes, whole: bytes, etag: str = '"1"') -> None:
    """What an interrupted download of the server at port 0 left."""
    folder = shelf / ".downloads"
    folder.mkdir(parents=True)
    partial = Partial(folder / "delegate-icaa17k.part", "")
    partial.begin(etag, len(whole))
    with partial.appending() as file:
        file.write(part)


def get_at_address(site: Site, shelf: Path) -> ModelCard:
    """As `get`, with the part's note made to fit the address."""
    note = shelf / ".downloads" / "delegate-icaa17k.part.json"
    with serving(site) as address:
        source = published_path()
        note.write_text(note.read_text("utf-8").replace('"address": ""', f'"address": "{address}/{source}"'), "utf-8")
        return download("delegate-icaa17k", shelf=shelf, source=address, patience=QUICK)


def published_path() -> str:
    return "woshidandan/TANet-image-aesthetics-and-quality-assessment/HEAD/code/TAD66K/SRCC_513_LCC_531_MSE_016.pth"


def test_an_interrupted_download_goes_on_in_the_next_call(content: bytes, published: ModelCard, shelf: Path) -> None:
    with_part(shelf, content[:100_000], content)
    site = Site(content)
    assert get_at_address(site, shelf).origin
    assert site.asked == ["bytes=100000-"]


@pytest.mark.parametrize("etag", ['"1"', 'W/"1"', None])
def test_a_part_that_is_whole_already_only_needs_its_proof(
    etag: str | None, content: bytes, published: ModelCard, shelf: Path
) -> None:
    with_part(shelf, content, content, etag or "")
    site = Site(content, etag=etag)
    assert get_at_address(site, shelf).origin


@pytest.mark.parametrize("ranges", [True, False])
def test_a_file_that_changed_since_is_fetched_from_its_start(
    ranges: bool, content: bytes, published: ModelCard, shelf: Path
) -> None:
    with_part(shelf, b"x" * 5000, b"x" * 9000, '"old"')
    assert get_at_address(Site(content, ranges=ranges), shelf).origin


def test_a_part_that_was_spoilt_is_fetched_once_more(content: bytes, published: ModelCard, shelf: Path) -> None:
    with_part(shelf, b"x" * 5000, content)
    site = Site(content)
    assert get_at_address(site, shelf).origin
    assert site.asked == ["bytes=5000-", ""]


def test_a_busy_server_is_asked_again(content: bytes, published: ModelCard, shelf: Path) -> None:
    site = Site(content, busy=2)
    assert get(site, shelf).origin
    assert len(site.asked) == 3


@pytest.mark.parametrize(
    ("site", "said"),
    [
        (
            Site(b"<!DOCTYPE html><html>Sign in</html>", headers={"Content-Type": "text/html; charset=utf-8"}),
            "web page",
        ),
        (Site(b"<html>Sign in</html>"), "web page"),
        (Site(b"another file of some size"), r"not the published file: its git blob is \w{12}, not \w{12}"),
        (Site(b""), "not the published file"),
        (Site(b"", status=404), r"no longer has this file \(404\)"),
        (Site(b"", status=403), r"refuses the file \(403"),
        (Site(b"", status=407), "proxy asks for a password"),
        (Site(b"", busy=99), r"the server is busy \(503\)"),
        (Site(bytes(1000), drop_after=0), "connection broke off"),
        (Site(bytes(6_000_000)), "larger than this file can be"),
        (Site(bytes(10), endless=True), "larger than this file can be"),
        (Site(bytes(10), headers={"Content-Encoding": "gzip"}), "a form that was not asked for"),
        (Site(b"", status=302, headers={"Location": "file:///etc/passwd"}), r"refuses the file \(302"),
        (Site(b"", status=302, headers={"Location": "ftp://example.org/a"}), "https only"),
    ],
)
def test_what_is_not_the_file_is_one_clear_line(site: Site, said: str, published: ModelCard, shelf: Path) -> None:
    refused(replace(site, asked=[], paths=[]), shelf, said)
    assert not shelf.exists()


def test_a_silent_server_is_given_up(published: ModelCard, shelf: Path) -> None:
    with serving(Site(b"", silent=True)) as address, pytest.raises(ModelError, match="the server is silent"):
        download("delegate-icaa17k", shelf=shelf, source=address, patience=Patience(2, (0.0,), 0.2))
    assert not shelf.exists()


def test_no_network_is_one_clear_line(published: ModelCard, shelf: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(ModelError, match=r"cannot be had from 127\.0\.0\.1: connection refused.*Check the network"):
        download("delegate-icaa17k", shelf=shelf, source=f"http://127.0.0.1:{port}", patience=QUICK)
    assert not shelf.exists()


def test_a_connection_that_dies_for_good_keeps_what_came(content: bytes, published: ModelCard, shelf: Path) -> None:
    site = Site(content, drop_after=50_000)
    with serving(site) as address:
        real = site.content

        def listener(event: Progressed) -> None:
            site.drop_after = 0

        with pytest.raises(ModelError, match=r"broke off.*MB are kept; the same command goes on"):
            download("delegate-icaa17k", shelf=shelf, source=address, patience=QUICK, listener=listener)
        assert partial_size("delegate-icaa17k", shelf) == 50_000
        site.drop_after, site.content = None, real
        assert download("delegate-icaa17k", shelf=shelf, source=address, patience=QUICK).origin
    assert site.asked[-1] == "bytes=50000-"


def test_a_stopped_download_keeps_what_came_and_goes_on(content: bytes, published: ModelCard, shelf: Path) -> None:
    token = CancelToken()
    with serving(Site(content)) as address:
        with pytest.raises(CancelledError, match="what has arrived is kept"):
            download(
                "delegate-icaa17k",
                shelf=shelf,
                source=address,
                patience=QUICK,
                token=token,
                listener=lambda event: token.cancel(),
            )
        assert 0 < partial_size("delegate-icaa17k", shelf) < len(content)
        assert [card.name for card in cards(shelf=shelf)] == list(BUILT_IN)
        assert download("delegate-icaa17k", shelf=shelf, source=address, patience=QUICK).origin


def test_what_a_stopped_download_left_can_be_removed(content: bytes, published: ModelCard, shelf: Path) -> None:
    with_part(shelf, content[:100], content)
    remove("delegate-icaa17k", shelf=shelf)
    assert not shelf.exists()


def test_a_wait_between_two_tries_can_be_stopped(published: ModelCard, shelf: Path) -> None:
    token = CancelToken()
    site = Site(b"", busy=99)
    patience = Patience(9, (60.0,), 5.0)
    timer = threading.Timer(0.3, token.cancel)
    timer.start()
    with serving(site) as address, pytest.raises(CancelledError):
        download("delegate-icaa17k", shelf=shelf, source=address, token=token, patience=patience)
    timer.join()
    assert len(site.asked) == 1


class _FullDisk(Partial):
    @contextmanager
    def appending(self) -> Iterator[object]:  # type: ignore[override]  # a file that refuses
        class Full:
            def write(self, block: bytes) -> int:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        yield Full()


def test_a_disk_that_fills_up_is_one_line_and_leaves_nothing(
    content: bytes, published: ModelCard, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partials, "Partial", _FullDisk)
    refused(Site(content), shelf, "disk of the models is full")
    assert not shelf.exists()


def test_a_name_that_is_taken_is_said_before_anything_is_fetched(
    content: bytes, published: ModelCard, shelf: Path, small_file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "own.pth"
    other.write_bytes(small_file.read_bytes() + b"\n")
    importing.import_file(other, shelf=shelf)
    site = Site(content)
    with pytest.raises(ModelError, match=r"already.*--name.*--replace"):
        get(site, shelf)
    assert site.asked == []
    assert get(site, shelf, called="theirs").name == "theirs"
    assert get(Site(content), shelf, replace=True).origin


def test_what_has_no_public_address_needs_a_file(shelf: Path) -> None:
    with pytest.raises(ModelError, match=r"no public address.*photocull models import FILE.*e_30_ICAA17K"):
        download("delegate-icaa17k", shelf=shelf)
    with pytest.raises(ModelError, match="No model 'nope' is published"):
        download("nope", shelf=shelf)


def test_two_downloads_of_one_model_do_not_meet(content: bytes, published: ModelCard, shelf: Path) -> None:
    with locked_partial("delegate-icaa17k", shelf, ""), pytest.raises(ModelError, match="being downloaded already"):
        get(Site(content), shelf)
