"""Reads the bits of a JPEG XL codestream: plain numbers, and the four ways in which its headers write them."""

import struct
from typing import Final

U32 = tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]
"""Four times an offset and the bits that are added to it; two bits choose among them."""
_ENUM: Final[U32] = ((0, 0), (1, 0), (2, 4), (18, 6))


class Bits:
    """A reader from the lowest bit of each byte on (ISO/IEC 18181-1, 9.2).

    Attributes:
        position: of the next bit.
    """

    def __init__(self, data: bytes, position: int = 0) -> None:
        self._data = data
        self._end = 8 * len(data)
        self.position = position

    def read(self, count: int) -> int:
        """The next ``count`` bits as a number.

        Raises:
            ValueError: they lie behind the end.
        """
        start, self.position = self.position, self.position + count
        if self.position > self._end:
            raise ValueError("the codestream ends too early")
        window = self._data[start >> 3 : (self.position + 7) >> 3]
        return int.from_bytes(window, "little") >> (start & 7) & ((1 << count) - 1)

    @property
    def left(self) -> int:
        """How many bits there are still."""
        return max(0, self._end - self.position)

    def cut(self, count: int) -> bytes:
        """The next ``count`` bits, beginning with a byte.

        Raises:
            ValueError: they lie behind the end.
        """
        return self.read(count).to_bytes((count + 7) // 8, "little")

    def flag(self) -> bool:
        """One bit."""
        return bool(self.read(1))

    def u32(self, choices: U32) -> int:
        """A number written as a choice of ranges."""
        offset, count = choices[self.read(2)]
        return offset + self.read(count)

    def u64(self) -> int:
        """A number of up to 64 bits, small ones in few."""
        kind = self.read(2)
        if kind < 3:
            return (0, 1 + self.read(4) if kind == 1 else 0, 17 + self.read(8) if kind == 2 else 0)[kind]
        value, shift = self.read(12), 12
        while self.flag():
            value |= self.read(4 if shift == 60 else 8) << shift
            if shift == 60:
                break
            shift += 8
        return value

    def enum(self) -> int:
        """A number that stands for a word."""
        return self.u32(_ENUM)

    def half(self) -> float:
        """A floating-point number of 16 bits."""
        (value,) = struct.unpack("<e", self.read(16).to_bytes(2, "little"))
        return float(value)
