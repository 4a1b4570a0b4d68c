"""What the guard and its helper process say to each other: a few words as JSON, and pictures as they lie in memory.

Nothing is unpickled: a helper that a hostile file has taken over can say something wrong, and do nothing here.
"""

import json
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


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """What is said at once.

    Attributes:
        words: by name. pictures: (H, W, 3) uint8 each.
    """

    words: Words
    pictures: tuple[Pixels, ...] = ()


def send(to: socket.socket, words: Words, pictures: Sequence[Pixels] = ()) -> None:
    """Say this; returns when all of it is on its way.

    Raises:
        OSError: the other side is gone.
    """
    said = json.dumps({**words, "shapes": [picture.shape for picture in pictures]}).encode()
    to.sendall(_LENGTH.pack(len(said)) + said)
    for picture in pictures:
        to.sendall(np.ascontiguousarray(picture).reshape(-1).data)


def receive(at: socket.socket) -> Message | None:
    """What is said next; None when the other side has ended.

    Raises:
        OSError: the connection broke, or nothing came for longer than the socket's time-out (`TimeoutError`).
        ValueError: what came is no message.
    """
    try:
        (length,) = _LENGTH.unpack(_taken(at, _LENGTH.size))
        if length > _MOST_WORDS:
            raise ValueError("too many words")
        words: dict[str, Any] = json.loads(bytes(_taken(at, length)))
        return Message(words, tuple(_picture(at, shape) for shape in words.pop("shapes")))
    except EOFError:
        return None


def _picture(at: socket.socket, shape: Sequence[int]) -> Pixels:
    height, width, channels = shape
    if channels != 3 or not 0 < height * width * 3 <= _MOST_BYTES:
        raise ValueError("no picture has this shape")
    pixels: Pixels = np.empty((height, width, 3), np.uint8)
    _fill(at, pixels.reshape(-1).data)
    return pixels


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
