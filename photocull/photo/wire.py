"""What the guard and its helper process say to each other: a few words as JSON, and pictures as they lie in memory.

Nothing is unpickled: a helper that a hostile file has taken over can say something wrong, and do nothing here.
Pictures lie on a tray, a file in memory that both hold open: over the socket, each fifth of a megabyte would wait until
the system has let the other side run.
"""

import json
import os
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from photocull.core.types import Pixels

Words = Mapping[str, Any]
_LENGTH: Final = struct.Struct("<Q")
_MOST_WORDS: Final = 1 << 28
_MOST_BYTES: Final = 1 << 30
"""More than 250 megapixels of three bytes."""
_KEPT_BYTES: Final = 32 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """What is said at once.

    Attributes:
        words: by name. pictures: (H, W, 3) uint8 each.
    """

    words: Words
    pictures: tuple[Pixels, ...] = ()


def send(to: socket.socket, words: Words, pictures: Sequence[Pixels] = (), *, tray: int | None = None) -> None:
    """Say this; returns when all of it is on its way.

    Args:
        tray: descriptor of the file for pictures; None sends them over the socket.

    Raises:
        OSError: the other side is gone.
    """
    if tray is not None:
        _lay(tray, pictures)
    said = json.dumps({**words, "shapes": [picture.shape for picture in pictures]}).encode()
    to.sendall(_LENGTH.pack(len(said)) + said)
    for picture in pictures if tray is None else ():
        to.sendall(np.ascontiguousarray(picture).reshape(-1).data)


def receive(at: socket.socket, *, tray: int | None = None) -> Message | None:
    """What is said next; None when the other side has ended.

    Args:
        tray: as in `send`.

    Raises:
        OSError: the connection broke, or nothing came for longer than the socket's time-out (`TimeoutError`).
        ValueError: what came is no message.
    """
    try:
        (length,) = _LENGTH.unpack(_taken(at, _LENGTH.size))
        if length > _MOST_WORDS:
            raise ValueError("too many words")
        words: dict[str, Any] = json.loads(bytes(_taken(at, length)))
        shapes = words.pop("shapes")
        return Message(words, _taken_up(tray, shapes) if tray is not None else tuple(_sent(at, s) for s in shapes))
    except EOFError:
        return None


def _room(shape: Sequence[int]) -> Pixels:
    height, width, channels = shape
    if channels != 3 or not 0 < height * width * 3 <= _MOST_BYTES:
        raise ValueError("no picture has this shape")
    return np.empty((height, width, 3), np.uint8)


def _sent(at: socket.socket, shape: Sequence[int]) -> Pixels:
    pixels = _room(shape)
    _fill(at, pixels.reshape(-1).data)
    return pixels


def _lay(tray: int, pictures: Sequence[Pixels]) -> None:
    """One behind the other."""
    place = 0
    for picture in pictures:
        content = np.ascontiguousarray(picture).reshape(-1).data
        while content:
            count = os.pwrite(tray, content, place)
            content, place = content[count:], place + count


def _taken_up(tray: int, shapes: Sequence[Sequence[int]]) -> tuple[Pixels, ...]:
    """The pictures that `_lay` laid; the room of large ones is given back."""
    pictures, place = [], 0
    for shape in shapes:
        pixels = _room(shape)
        rest = pixels.reshape(-1).data
        while rest:
            count = os.preadv(tray, [rest], place)
            if not count:
                raise ValueError("a picture is missing")
            rest, place = rest[count:], place + count
        pictures.append(pixels)
    if place > _KEPT_BYTES:
        os.ftruncate(tray, 0)
    return tuple(pictures)


def _taken(at: socket.socket, count: int) -> bytearray:
    taken = bytearray(count)
    _fill(at, memoryview(taken))
    return taken


def _fill(at: socket.socket, place: memoryview) -> None:
    while place:
        count = at.recv_into(place)
        if not count:
            raise EOFError
        place = place[count:]
