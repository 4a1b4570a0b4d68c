"""The samples of a JPEG XL codestream as libjxl gives them, deep where 8 bits do not do; of a cut file what it has."""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from photocull.photo.colours import GREY, Colours
from photocull.photo.jxl.header import ALPHA, Header, read_header
from photocull.photo.tones import LIGHT, grey_of

_NEVER_WRITTEN: Final = bytes(64)
"""Zeros that no picture ends with: the system had made room for the rest of the file when its copy was interrupted."""


@dataclass(frozen=True, slots=True)
class Samples:
    """(H, W) or (H, W, C) samples, the number of white among them, and whether a part of the picture is missing."""

    pixels: NDArray[Any]
    top: int
    cut_off: bool = False


def decoded(codestream: bytes, header: Header, given: Colours, size: tuple[int, int], *, inks: bool = False) -> Samples:
    """Decode the first frame.

    Args:
        given: the colours in which libjxl gives it. size: width and height as shown.
        inks: the alpha is a black ink, and white is no ink.

    Raises:
        ValueError, imagecodecs.JpegxlError: it is damaged.
    """
    from imagecodecs import JpegxlError, jpegxl_decode  # libraries that most folders never need

    if header.absolute and header.bits == 8 and given.transfer in LIGHT:
        codestream, header = _deepened(codestream, header)
    try:
        # One thread: photos are decoded beside each other.
        pixels = jpegxl_decode(codestream, index=0, numthreads=1)
    except JpegxlError as error:
        there = _there(codestream, str(error))
        if there is None:
            raise
        pixels = _blank(header, given, size, inks=inks)
        try:
            # Where the codestream ends too early, libjxl has written what came before into the picture it was given.
            jpegxl_decode(there, index=0, numthreads=1, out=pixels)
        except JpegxlError:
            return Samples(_checked(pixels, size), _white(header, pixels.dtype), cut_off=True)
    return Samples(_checked(pixels, size), _white(header, pixels.dtype))


def _white(header: Header, depth: np.dtype[Any]) -> int:
    return (1 << header.bits) - 1 if depth.kind == "u" else 1


def _there(codestream: bytes, error: str) -> bytes | None:
    """The part of a codestream that was written, if that is what is wrong with it."""
    if "NEED_MORE_INPUT" in error:
        return codestream
    return codestream.rstrip(b"\0") if codestream.endswith(_NEVER_WRITTEN) else None


def _blank(header: Header, given: Colours, size: tuple[int, int], *, inks: bool) -> NDArray[Any]:
    """An empty picture in mid-grey, of the kind and shape that imagecodecs makes for this header."""
    depth, alpha = _depth_of(header), ALPHA in header.extras
    white, colours = _white(header, depth), 1 if given.space == GREY else 3
    shape: tuple[int, ...] = size[::-1]
    if colours == 1 and header.extras and not alpha:
        shape = (1 + len(header.extras), *shape)  # plane by plane
    elif colours + alpha > 1:
        shape = (*shape, colours + alpha)
    grey = white * grey_of(given, header.nits)
    blank = np.full(shape, round(grey) if depth.kind == "u" else grey, depth)
    if inks:
        blank[..., :-1] = white
    elif alpha:
        blank[..., -1] = white
    return blank


def _depth_of(header: Header) -> np.dtype[Any]:
    if header.floating:
        return np.dtype(np.float16 if header.bits == 16 else np.float32)
    return np.dtype(np.uint8 if header.bits <= 8 else np.uint16 if header.bits <= 16 else np.float32)


def _checked(pixels: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    if pixels.ndim == 3 and pixels.shape[:2] != size[::-1]:
        pixels = pixels[0]  # grey with channels that are no alpha
    if pixels.shape[:2] != size[::-1] or pixels.ndim > 3:
        raise ValueError("the picture has another size than its header says")
    return pixels


def _deepened(codestream: bytes, header: Header) -> tuple[bytes, Header]:
    """Ask for 12 bits instead of 8, in which light itself has no shadows.

    What is kept as XYB has no depth of its own; the header's tells the decoder what to make.
    """
    place = 0 if header.depth_at is None else header.depth_at + 2
    byte, bit = divmod(place, 8)
    changed = bytearray(codestream)
    changed[byte] |= 1 << bit
    if not place or read_header(bytes(changed)) != replace(header, bits=12):
        return codestream, header
    return bytes(changed), replace(header, bits=12)
