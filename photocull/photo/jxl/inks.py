"""Pictures in four inks: their black is a channel beside the colours, which the decoder library leaves out.

It hands out an alpha, though; so the header is told anew in memory, with the black as the picture's alpha.
"""

from typing import Final

from photocull.photo.jxl.bits import Bits
from photocull.photo.jxl.header import ALPHA, BLACK, Header

_ALPHA_BITS: Final = 0b00_0
"""Not the usual channel (one bit), and the number of an alpha (two), from the lowest on."""
_OPTIONAL: Final = (16 - 2) << 3 | 0b10_0
"""Not the usual channel, and the number of one that may be left out (two bits that choose, four that add)."""


class _Joined:
    """Bits from many places, one behind the other."""

    def __init__(self) -> None:
        self.value, self.count = 0, 0

    def put(self, value: int, count: int) -> None:
        self.value |= value << self.count
        self.count += count

    def copy(self, codestream: bytes, start: int, end: int) -> None:
        self.put(Bits(codestream, start).read(end - start), end - start)


def black_as_alpha(codestream: bytes, header: Header, header_end: int) -> bytes:
    """The same pictures under a header in which the black is the only alpha.

    Args:
        header_end: the bit behind the header and its profile; the first frame begins with the next byte.

    Raises:
        ValueError: the codestream ends within its header.
    """
    told = _Joined()
    copied = 0
    for kind, (start, kind_end, end) in zip(header.extras, header.extras_at, strict=True):
        told.copy(codestream, copied, start)
        copied = end
        if kind == BLACK:
            told.put(_ALPHA_BITS, 3)
            told.copy(codestream, kind_end, end)
            told.put(0, 1)  # colours are not multiplied by it
        elif kind == ALPHA:
            told.put(_OPTIONAL, 7)
            if end == kind_end:  # the usual alpha: 8 bits, of full size, without a name
                told.put(0, 7)
            else:
                told.copy(codestream, kind_end, end - 1)
        else:
            told.copy(codestream, start, end)
    told.copy(codestream, copied, header_end)
    return told.value.to_bytes((told.count + 7) // 8, "little") + codestream[(header_end + 7) // 8 :]
