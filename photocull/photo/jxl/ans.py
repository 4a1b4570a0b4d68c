"""The two kinds of code in which JPEG XL writes symbols: prefix codes as in Brotli, and asymmetric numeral systems.

Format: ISO/IEC 18181-1, annex C (C.2.3 alias mapping, C.2.4 prefix codes, C.2.5 distributions).
"""

from typing import Final, Protocol

from photocull.photo.jxl.bits import Bits

_TOTAL: Final = 1 << 12
"""The sum of all frequencies of a distribution."""
_REPEAT: Final = 13
_LENGTH_ORDER: Final = (1, 2, 3, 4, 0, 5, 17, 6, 16, 7, 8, 9, 10, 11, 12, 13, 14, 15)
_FULL: Final = 1 << 15
_FINAL_STATE: Final = 0x130000


class Coder(Protocol):
    """Reads symbols of several distributions."""

    def symbol(self, bits: Bits, cluster: int) -> int:
        """The next symbol, of the distribution with this number."""

    def finish(self) -> None:
        """Raise `ValueError` if what was read cannot have been what was written."""


class PrefixCoder:
    """Prefix codes, read bit by bit: an ICC profile has a few thousand symbols."""

    def __init__(self, bits: Bits, clusters: int) -> None:
        sizes = [1 + _length_of_alphabet(bits) for _ in range(clusters)]
        self._codes = [_prefix_code(bits, size) for size in sizes]

    def symbol(self, bits: Bits, cluster: int) -> int:
        """See `Coder`."""
        codes = self._codes[cluster]
        length, code = 0, 0
        while (length, code) not in codes:
            length, code = length + 1, code << 1 | bits.read(1)
            if length > 15:
                raise ValueError("no such symbol")
        return codes[length, code]

    def finish(self) -> None:
        """Prefix codes carry no check."""


class NumeralCoder:
    """Asymmetric numeral systems: one state for all distributions, which ends where the writer began."""

    def __init__(self, bits: Bits, clusters: int, log_alphabet: int) -> None:
        self._tables = [_alias_table(_distribution(bits, 1 << log_alphabet)) for _ in range(clusters)]
        self._state: int | None = None

    def symbol(self, bits: Bits, cluster: int) -> int:
        """See `Coder`."""
        state = bits.read(32) if self._state is None else self._state
        symbol, frequency, offset = self._tables[cluster][state & (_TOTAL - 1)]
        state = (state >> 12) * frequency + offset
        self._state = state if state >> 16 else state << 16 | bits.read(16)
        return symbol

    def finish(self) -> None:
        """See `Coder`."""
        if self._state not in (None, _FINAL_STATE):
            raise ValueError("the symbols do not add up")


def _length_of_alphabet(bits: Bits) -> int:
    if not bits.flag():
        return 0
    count = bits.read(4)
    return (1 << count) + bits.read(count)


def _prefix_code(bits: Bits, size: int) -> dict[tuple[int, int], int]:
    """Length and code -> symbol."""
    if size == 1:
        return {(0, 0): 0}
    skipped = bits.read(2)
    if skipped == 1:
        return _canonical(_simple_lengths(bits, size))
    return _canonical(_lengths(bits, size, _canonical(_lengths_of_lengths(bits, skipped))))


def _canonical(lengths: dict[int, int]) -> dict[tuple[int, int], int]:
    """The code that symbols' lengths alone determine; a single symbol needs no bit."""
    if len(lengths) == 1:
        return {(0, 0): next(iter(lengths))}
    codes, code, before = {}, 0, 0
    for length, symbol in sorted((length, symbol) for symbol, length in lengths.items()):
        code <<= length - before
        codes[length, code] = symbol
        code, before = code + 1, length
    if not codes or code != 1 << before:
        raise ValueError("a code with gaps")
    return codes


def _simple_lengths(bits: Bits, size: int) -> dict[int, int]:
    count = 1 + bits.read(2)
    symbols = [bits.read((size - 1).bit_length()) for _ in range(count)]
    if len(set(symbols)) < count or max(symbols) >= size:
        raise ValueError("a code of impossible symbols")
    deep = count == 4 and bits.flag()
    lengths = {1: (0,), 2: (1, 1), 3: (1, 2, 2), 4: (1, 2, 3, 3) if deep else (2, 2, 2, 2)}[count]
    return dict(zip(symbols, lengths, strict=True))


def _lengths_of_lengths(bits: Bits, skipped: int) -> dict[int, int]:
    lengths: dict[int, int] = {}
    space = 32
    for symbol in _LENGTH_ORDER[skipped:]:
        length = _short_length(bits)
        if length:
            lengths[symbol] = length
            space -= 32 >> length
            if space <= 0:
                break
    return lengths


def _short_length(bits: Bits) -> int:
    first = bits.read(2)
    if first < 3:
        return (0, 4, 3)[first]
    if not bits.flag():
        return 2
    return 5 if bits.flag() else 1


def _lengths(bits: Bits, size: int, code: dict[tuple[int, int], int]) -> dict[int, int]:
    """The lengths of all symbols, with runs; as in RFC 7932, 3.5."""
    lengths: dict[int, int] = {}
    place, space, last, run, run_length = 0, _FULL, 8, 0, -1
    while place < size and space > 0:
        symbol = _read_by(code, bits)
        if symbol < 16:
            run, count, length = 0, 1, symbol
            last = symbol or last
        else:
            wide = symbol - 14
            length = last if symbol == 16 else 0
            before = run if run_length == length else 0
            run = (before - 2 << wide if before else 0) + bits.read(wide) + 3
            run_length, count = length, run - before
        if length:
            lengths.update((place + i, length) for i in range(min(count, size)))
            space -= (_FULL >> length) * count
        place += count
    if space != 0 or place > size:
        raise ValueError("lengths that do not fit")
    return lengths


def _read_by(code: dict[tuple[int, int], int], bits: Bits) -> int:
    length, value = 0, 0
    while (length, value) not in code:
        length, value = length + 1, value << 1 | bits.read(1)
        if length > 5:
            raise ValueError("no such length")
    return code[length, value]


def _byte(bits: Bits) -> int:
    if not bits.flag():
        return 0
    count = bits.read(3)
    return (1 << count) + bits.read(count)


def _distribution(bits: Bits, most: int) -> list[int]:
    """The frequency of each of ``most`` symbols."""
    if bits.flag():
        return _few(bits, most)
    if bits.flag():
        size = _fitting(_byte(bits) + 1, most)
        return [_TOTAL // size + (i < _TOTAL % size) for i in range(size)] + [0] * (most - size)
    return _many(bits, most)


def _fitting(size: int, most: int) -> int:
    if size > most:
        raise ValueError("more symbols than there are")
    return size


def _few(bits: Bits, most: int) -> list[int]:
    frequencies = [0] * most
    if not bits.flag():
        frequencies[_fitting(_byte(bits) + 1, most) - 1] = _TOTAL
        return frequencies
    one, other = (_fitting(_byte(bits) + 1, most) - 1 for _ in range(2))
    frequencies[one] = bits.read(12)
    frequencies[other] = _TOTAL - frequencies[one]
    if one == other:
        raise ValueError("one symbol twice")
    return frequencies


def _many(bits: Bits, most: int) -> list[int]:
    """Frequencies by their magnitudes; the largest is what the others leave."""
    length = next((i for i in range(3) if not bits.flag()), 3)
    shift = bits.read(length) + (1 << length) - 1
    magnitudes = _magnitudes(bits, _fitting(_byte(bits) + 3, most))
    omitted = max(range(len(magnitudes)), key=lambda i: (-1 if magnitudes[i] == _REPEAT else magnitudes[i], -i))
    frequencies = [0] * most
    for place, magnitude in enumerate(magnitudes):
        if magnitude == _REPEAT:
            frequencies[place] = frequencies[place - 1] if place else 0
        elif place != omitted:
            frequencies[place] = _frequency(bits, magnitude, shift)
    frequencies[omitted] = _TOTAL - sum(frequencies)
    if frequencies[omitted] < 0:
        raise ValueError("frequencies above the whole")
    return frequencies


def _magnitudes(bits: Bits, size: int) -> list[int]:
    """Bits of each frequency; `_REPEAT` where the one before it holds again."""
    magnitudes: list[int] = []
    while len(magnitudes) < size:
        magnitude = _magnitude(bits)
        magnitudes += [_REPEAT] * (_byte(bits) + 4) if magnitude == _REPEAT else [magnitude]
    _fitting(len(magnitudes), size)
    return magnitudes


def _magnitude(bits: Bits) -> int:
    first = bits.read(3)
    if first == 1:
        return next((value for value in (4, 0, 11, _REPEAT) if bits.flag()), 12)
    if first == 3:
        return 1 if bits.flag() else 3
    if first == 7:
        return 2 if bits.flag() else 5
    return {0: 10, 2: 7, 4: 6, 5: 8, 6: 9}[first]


def _frequency(bits: Bits, magnitude: int, shift: int) -> int:
    if magnitude < 2:
        return magnitude
    zeros = magnitude - 1
    count = min(max(shift - (12 - zeros >> 1), 0), zeros)
    return (1 << zeros) + (bits.read(count) << zeros - count)


def _alias_table(frequencies: list[int]) -> list[tuple[int, int, int]]:
    """For each of 4096 remainders of the state: symbol, frequency, and where in the symbol's range it lies."""
    size = _TOTAL // len(frequencies)
    if _TOTAL in frequencies:
        symbol = frequencies.index(_TOTAL)
        return [(symbol, _TOTAL, place) for place in range(_TOTAL)]
    cut, alias, start = _buckets(frequencies, size)
    table = []
    for bucket in range(len(frequencies)):
        for place in range(size):
            own = place < cut[bucket]
            symbol = bucket if own else alias[bucket]
            table.append((symbol, frequencies[symbol], place if own else start[bucket] - cut[bucket] + place))
    return table


def _buckets(frequencies: list[int], size: int) -> tuple[list[int], list[int], list[int]]:
    """How far each bucket is its own symbol's, whose the rest is, and where in that symbol's range the rest begins."""
    cut, alias, start = list(frequencies), list(range(len(frequencies))), [0] * len(frequencies)
    poor = [i for i, frequency in enumerate(frequencies) if frequency < size]
    rich = [i for i, frequency in enumerate(frequencies) if frequency > size]
    while rich:
        giver, taker = rich.pop(), poor.pop()
        cut[giver] -= size - cut[taker]
        alias[taker], start[taker] = giver, cut[giver]
        if cut[giver] != size:
            (poor if cut[giver] < size else rich).append(giver)
    return cut, alias, start
