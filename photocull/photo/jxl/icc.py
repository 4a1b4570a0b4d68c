"""The ICC profile in a JPEG XL codestream, unpacked: the decoder library hands out pixels alone.

Format: ISO/IEC 18181-1, annex E.4.
"""

from collections.abc import Callable
from typing import Final

from photocull.photo.jxl.bits import Bits
from photocull.photo.jxl.entropy import EntropyReader

_CONTEXTS: Final = 41
_MOST_BYTES: Final = 1 << 20
"""Of a profile, packed or not; print profiles have half of it, and more would take seconds to read."""
_HEADER: Final = 128
_USUAL_TAGS: Final = (
    b"rTRC", b"rXYZ", b"cprt", b"wtpt", b"bkpt", b"rXYZ", b"gXYZ", b"bXYZ", b"kXYZ", b"rTRC", b"gTRC", b"bTRC",
    b"kTRC", b"chad", b"desc", b"chrm", b"dmnd", b"dmdd", b"lumi",
)  # fmt: skip
_POINTS: Final = (b"rXYZ", b"gXYZ", b"bXYZ", b"kXYZ", b"wtpt", b"bkpt", b"lumi")
_USUAL_TYPES: Final = (b"XYZ ", b"desc", b"text", b"mluc", b"para", b"curv", b"sf32", b"gbd ")
_PLATFORMS: Final = (b"APPL", b"MSFT", b"SGI ", b"SUNW")


def read_profile(codestream: bytes, position: int) -> bytes:
    """The profile that begins at the bit ``position`` behind the header; one that was read before costs nothing.

    Raises:
        ValueError: it is cut off, damaged, or larger than any profile of a photo.
    """
    return _profile_at(codestream, position)[1]


def profile_end(codestream: bytes, position: int) -> int:
    """The bit behind the profile that begins at the bit ``position``.

    Raises:
        ValueError: as `read_profile`.
    """
    return position + _profile_at(codestream, position)[0]


def _profile_at(codestream: bytes, position: int) -> tuple[int, bytes]:
    """How many bits a profile takes, and what it is."""
    start, left = _cut(codestream, position, _TOLD_BY), Bits(codestream, position).left
    count, content, profile = _known.get(start, (0, b"", b""))
    # Photos of one folder have one profile: the very same bits are the very same profile.
    if profile and count <= left and _cut(codestream, position, count) == content:
        return count, profile
    bits = Bits(codestream, position)
    profile = _read(bits)
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    count = bits.position - position
    _known[start] = (count, _cut(codestream, position, count), profile)
    return count, profile


_TOLD_BY: Final = 1024
"""Bits by which a profile is recognised before its length is known."""
_MOST_KNOWN: Final = 16
_known: Final[dict[bytes, tuple[int, bytes, bytes]]] = {}
"""The first bits of profiles that were read -> how many bits there are in all, these, and the profile."""


def _cut(codestream: bytes, position: int, count: int) -> bytes:
    bits = Bits(codestream, position)
    return bits.cut(min(count, bits.left))


def _read(bits: Bits) -> bytes:
    size = bits.u64()
    if size > _MOST_BYTES:
        raise ValueError("a profile larger than any of a photo")
    reader = EntropyReader(bits, _CONTEXTS)
    packed = bytearray()
    for place in range(size):
        packed.append(reader.number(_context(place, packed)))
    reader.finish()
    return _Unpacking(bytes(packed)).profile()


def _context(place: int, packed: bytearray) -> int:
    if place <= _HEADER:
        return 0
    return 1 + _kind(packed[-1]) + 8 * _rough_kind(packed[-2])


def _kind(byte: int) -> int:
    if _is_letter(byte):
        return 0
    if _is_figure(byte):
        return 1
    if byte < 16:
        return min(byte + 2, 4)
    return max(5, byte - 249) if byte > 240 else 7


def _rough_kind(byte: int) -> int:
    if _is_letter(byte):
        return 0
    if _is_figure(byte):
        return 1
    return 2 if byte < 16 else 3 if byte > 240 else 4


def _is_letter(byte: int) -> bool:
    return chr(byte).isascii() and chr(byte).isalpha()


def _is_figure(byte: int) -> bool:
    return byte in b"0123456789.,"


class _Unpacking:
    """Commands on one side, data on the other; together they make the profile."""

    def __init__(self, packed: bytes) -> None:
        self._commands, self._at = packed, 0
        self._size = self._varint()
        length = self._varint()
        self._commands, self._data = packed[self._at : self._at + length], packed[self._at + length :]
        self._at = self._taken = 0
        self._out = bytearray()
        if self._size > _MOST_BYTES:
            raise ValueError("a profile larger than any of a photo")

    def profile(self) -> bytes:
        """Carry all commands out."""
        self._unpack_header()
        if self._size > _HEADER:
            self._unpack_tags()
            while self._at < len(self._commands):
                self._unpack_main(self._command())
        if len(self._out) != self._size:
            raise ValueError("the profile's size is another than it says")
        return bytes(self._out)

    def _command(self) -> int:
        if self._at >= len(self._commands):
            raise ValueError("the commands end too early")
        self._at += 1
        return self._commands[self._at - 1]

    def _varint(self) -> int:
        value = 0
        for shift in range(0, 63, 7):
            byte = self._command()
            value |= (byte & 127) << shift
            if byte < 128:
                break
        return value

    def _take(self, count: int) -> bytes:
        taken = self._data[self._taken : self._taken + count]
        if len(taken) < count:
            raise ValueError("the data end too early")
        self._taken += count
        return taken

    def _unpack_header(self) -> None:
        data = self._take(min(self._size, _HEADER))
        for place, byte in enumerate(data):
            self._out.append(byte + self._header_guess(place) & 255)

    def _header_guess(self, place: int) -> int:
        guess = bytearray(_HEADER)
        guess[0:4] = self._size.to_bytes(4)
        guess[8] = 4
        guess[12:24] = b"mntrRGB XYZ "
        guess[36:40] = b"acsp"
        guess[68:80] = bytes.fromhex("0000f6d6000100000000d32d")
        guess[80:84] = self._out[4:8].ljust(4, b"\0")
        for platform in _PLATFORMS:
            known = 2 if platform[:1] == b"S" else 1
            if 40 + known <= place < 44 and self._out[40 : 40 + known] == platform[:known]:
                guess[40:44] = platform
        return guess[place]

    def _unpack_tags(self) -> None:
        count = self._varint() - 1
        if count < 0:
            return
        self._out += count.to_bytes(4)
        start, size = _HEADER + 12 * count, 0
        while self._at < len(self._commands) and (command := self._command()) & 63:
            name = self._tag_name(command & 63)
            start = self._varint() if command & 64 else start + size
            size = self._varint() if command & 128 else 20 if name in _POINTS else size
            self._put_tags(command & 63, name, start, size)

    def _tag_name(self, code: int) -> bytes:
        if code == 1:
            return self._take(4)
        if code - 2 >= len(_USUAL_TAGS):
            raise ValueError("a tag that the standard does not know")
        return _USUAL_TAGS[code - 2]

    def _put_tags(self, code: int, name: bytes, start: int, size: int) -> None:
        """One entry of the list of tags; the usual three of a kind are written as one."""
        triple = {2: (b"rTRC", b"gTRC", b"bTRC"), 3: (b"rXYZ", b"gXYZ", b"bXYZ")}.get(code, (name,))
        for i, one in enumerate(triple):
            place = start + (i * size if code == 3 else 0)
            if place + size > self._size:
                raise ValueError("a tag beyond the profile's end")
            self._out += one + place.to_bytes(4) + size.to_bytes(4)

    def _unpack_main(self, command: int) -> None:
        if command in (1, 2, 3):
            data = self._take(self._varint())
            self._put(data if command == 1 else _shuffled(data, 2 * command - 2))
        elif command == 4:
            self._unpack_predicted()
        elif command == 10:
            self._put(b"XYZ \0\0\0\0" + self._take(12))
        elif 16 <= command < 16 + len(_USUAL_TYPES):
            self._put(_USUAL_TYPES[command - 16] + bytes(4))
        else:
            raise ValueError("a command that the standard does not know")

    def _put(self, data: bytes) -> None:
        self._out += data
        if len(self._out) > self._size:
            raise ValueError("the profile's size is another than it says")

    def _unpack_predicted(self) -> None:
        flags = self._command()
        width, order = (flags & 3) + 1, flags >> 2 & 3
        stride = self._varint() if flags & 16 else width
        if width == 3 or order == 3 or stride < width or 4 * stride >= len(self._out):
            raise ValueError("a prediction that the standard does not know")
        data = self._take(self._varint())
        data = data if width == 1 else _shuffled(data, width)
        for place in range(0, len(data), width):
            guess = self._predicted(width, stride, _ORDERS[order]).to_bytes(width)
            self._put(bytes(a + b & 255 for a, b in zip(data[place : place + width], guess, strict=False)))

    def _predicted(self, width: int, stride: int, rule: Callable[[int, int, int], int]) -> int:
        end = len(self._out)
        before = [int.from_bytes(self._out[end - i * stride : end - i * stride + width]) for i in (1, 2, 3)]
        return rule(*before) % (1 << 8 * width)


_ORDERS: Final[tuple[Callable[[int, int, int], int], ...]] = (
    lambda a, b, c: a,
    lambda a, b, c: 2 * a - b,
    lambda a, b, c: 3 * (a - b) + c,
)


def _shuffled(data: bytes, width: int) -> bytes:
    """What was written column by column, row by row."""
    height = -(-len(data) // width)
    return bytes(data[place] for place in _order(len(data), width, height))


def _order(count: int, width: int, height: int) -> list[int]:
    full = count - width * (height - 1) if count % width else width
    starts, place = [], 0
    for column in range(width):
        starts.append(place)
        place += height if column < full else height - 1
    return [starts[i % width] + i // width for i in range(count)]
