"""Numbers from a JPEG XL codestream's entropy coding: contexts in clusters, hybrid integers, copies of what was before.

Format: ISO/IEC 18181-1, annex C. Only what is small is read here (an ICC profile); pixels are libjxl's.
"""

from dataclasses import dataclass
from typing import Final, Self

from photocull.photo.jxl.ans import Coder, NumeralCoder, PrefixCoder
from photocull.photo.jxl.bits import U32, Bits

_LEAST_SYMBOL: Final[U32] = ((224, 0), (512, 0), (4096, 0), (8, 15))
_LEAST_LENGTH: Final[U32] = ((3, 0), (4, 0), (5, 2), (9, 8))
_MOST_CLUSTERS: Final = 256


@dataclass(frozen=True, slots=True)
class _Hybrid:
    """How a symbol and the bits behind it make a number: small ones are the symbol itself."""

    exponent: int
    high: int
    low: int

    @classmethod
    def read(cls, bits: Bits, log_alphabet: int) -> Self:
        exponent = bits.read(log_alphabet.bit_length())
        if exponent == log_alphabet:
            return cls(exponent, 0, 0)
        high = bits.read(exponent.bit_length())
        low = bits.read(max(0, exponent - high).bit_length())
        if high + low > exponent:
            raise ValueError("more bits than a number has")
        return cls(exponent, high, low)

    def number(self, bits: Bits, symbol: int) -> int:
        split = 1 << self.exponent
        if symbol < split:
            return symbol
        inside = self.high + self.low
        count = self.exponent - inside + (symbol - split >> inside)
        if count > 31:
            raise ValueError("a number of too many bits")
        low = symbol & ((1 << self.low) - 1)
        high = symbol >> self.low & ((1 << self.high) - 1) | 1 << self.high
        return (high << count | bits.read(count)) << self.low | low


class EntropyReader:
    """The numbers of one stream, each read in its context.

    Raises:
        ValueError: here and while reading, the stream is cut off or impossible.
    """

    def __init__(self, bits: Bits, contexts: int, *, copies: bool = True) -> None:
        self._bits = bits
        self._copying = bits.flag()
        if self._copying:
            if not copies:
                raise ValueError("copies where there can be none")
            self._least_symbol, self._least_length = bits.u32(_LEAST_SYMBOL), bits.u32(_LEAST_LENGTH)
            self._lengths = _Hybrid.read(bits, 8)
        self._clusters = _clusters(bits, contexts + self._copying)
        count = max(self._clusters) + 1
        prefix = bits.flag()
        log_alphabet = 15 if prefix else 5 + bits.read(2)
        self._hybrids = [_Hybrid.read(bits, log_alphabet) for _ in range(count)]
        self._coder: Coder = PrefixCoder(bits, count) if prefix else NumeralCoder(bits, count, log_alphabet)
        self._before: list[int] = []
        self._left = 0
        self._from = 0

    def number(self, context: int) -> int:
        """The next number."""
        if not self._copying:
            return self._fresh(self._clusters[context])
        value = self._copied() if self._left else self._new(context)
        self._before.append(value)
        return value

    def finish(self) -> None:
        """Check that the stream ended as it was written."""
        self._coder.finish()

    def _fresh(self, cluster: int) -> int:
        return self._hybrids[cluster].number(self._bits, self._coder.symbol(self._bits, cluster))

    def _new(self, context: int) -> int:
        cluster = self._clusters[context]
        symbol = self._coder.symbol(self._bits, cluster)
        if symbol < self._least_symbol:
            return self._hybrids[cluster].number(self._bits, symbol)
        self._left = self._least_length + self._lengths.number(self._bits, symbol - self._least_symbol)
        distance = 1 + self._fresh(self._clusters[-1])
        self._from = len(self._before) - min(distance, 1 << 20, len(self._before))
        return self._copied()

    def _copied(self) -> int:
        # What is copied from before the beginning is nothing.
        value = self._before[self._from] if self._from < len(self._before) else 0
        self._from, self._left = self._from + 1, self._left - 1
        return value


def _clusters(bits: Bits, contexts: int) -> list[int]:
    """The cluster of each context."""
    if contexts == 1:
        return [0]
    if bits.flag():
        width = bits.read(2)
        return [bits.read(width) for _ in range(contexts)]
    moved = bits.flag()
    reader = EntropyReader(bits, 1, copies=contexts > 2)
    clusters = [reader.number(0) for _ in range(contexts)]
    reader.finish()
    if max(clusters) >= _MOST_CLUSTERS:
        raise ValueError("more clusters than there can be")
    return _unmoved(clusters) if moved else clusters


def _unmoved(places: list[int]) -> list[int]:
    """Undo 'move to front': each number is the place in a list whose entries come to the front when they are used."""
    order, values = list(range(_MOST_CLUSTERS)), []
    for place in places:
        values.append(order.pop(place))
        order.insert(0, values[-1])
    return values
