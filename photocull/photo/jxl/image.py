"""A JPEG XL file as a Pillow picture: the header on opening, pixels by libjxl when they are asked for."""

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from photocull.core.types import Pixels
from photocull.photo.jxl.colour import LIGHT, LINEAR, UNKNOWN, profile_of, to_8bit
from photocull.photo.jxl.container import Contents, contents_of
from photocull.photo.jxl.header import ALPHA, BLACK, GREY, Colours, Header, read_header
from photocull.photo.jxl.icc import read_profile
from photocull.photo.orientation import shown_size

_HEADER_BYTES: Final = 4 << 20
"""More than the longest profile takes that is read."""
_NO_PROFILE: Final = b"damaged"
"""In the place of a profile that cannot be unpacked: no colour management takes it."""
_MODES: Final = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
_PREMULTIPLIED: Final = {2: "La", 4: "RGBa"}


class JpegXlFile(ImageFile.ImageFile):
    """The first frame of a JPEG XL file, upright as its codestream says, 8 bits a sample.

    ``info`` has ``exif``, ``xmp`` and ``icc_profile`` where there are any; ``orientation`` is how it was turned.

    Raises:
        ValueError, SyntaxError: on opening or loading, the file is damaged. EOFError: on loading, it is cut off.
    """

    format = "JXL"
    format_description = "JPEG XL"

    def _open(self) -> None:
        assert self.fp is not None
        self._contents = contents_of(self.fp.read())
        start = self._contents.codestream(_HEADER_BYTES)
        self._header = header = read_header(start)
        if BLACK in header.extras:
            raise ValueError("a picture in four inks")
        self._size = shown_size((header.width, header.height), header.orientation)
        self._mode = _MODES[_channels(header)]
        texts = {"exif": self._contents.exif, "xmp": self._contents.xmp, "icc_profile": _profile(header, start)}
        self.info = {"orientation": header.orientation, **{name: text for name, text in texts.items() if text}}

    def load(self) -> Any:
        """Decode the picture, once."""
        if self._im is None:
            image = _image_of(*_samples(self._contents, self._header, self.size))
            self.im, self._mode, self._size = image.im, image.mode, image.size
            self._contents = Contents(())
        return Image.Image.load(self)


def _profile(header: Header, start: bytes) -> bytes | None:
    """The profile of the pixels as they come out."""
    if not _given(header).profiled:
        return profile_of(_given(header))
    try:
        return read_profile(start, header.end)
    except ValueError:
        return _NO_PROFILE


def _given(header: Header) -> Colours:
    """The colours in which libjxl gives the pixels.

    Those of the header, but from XYB it makes linear sRGB where it can not make those (`OutputEncodingInfo` in
    lib/jxl/dec_xyb.cc): it knows no colour management without a profile's help.
    """
    named = header.colours
    unnamed = named.profiled or (named.gamma is None and named.transfer == UNKNOWN)
    return Colours(space=named.space, transfer=LINEAR) if header.absolute and unnamed else named


def _samples(contents: Contents, header: Header, size: tuple[int, int]) -> tuple[NDArray[Any], Header]:
    """(H, W) or (H, W, C) samples, and the header with the depth that they have."""
    from imagecodecs import JpegxlError, jpegxl_decode  # libraries that most folders never need

    codestream = contents.codestream()
    if header.absolute and header.bits == 8 and _given(header).transfer in LIGHT:
        codestream, header = _deepened(codestream, header)
    try:
        # One thread: photos are decoded beside each other.
        samples = jpegxl_decode(codestream, index=0, numthreads=1)
    except JpegxlError as error:
        if "NEED_MORE_INPUT" in str(error):
            raise EOFError("the codestream is cut off") from error
        raise
    if samples.ndim == 3 and samples.shape[:2] != size[::-1]:
        samples = samples[0]  # grey with channels that are no alpha comes plane by plane
    if samples.shape[:2] != size[::-1] or samples.ndim > 3:
        raise ValueError("the picture has another size than its header says")
    return samples, header


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


def _channels(header: Header) -> int:
    return (1 if header.colours.space == GREY else 3) + (ALPHA in header.extras)


def _image_of(samples: NDArray[Any], header: Header) -> Image.Image:
    if samples.ndim == 3:
        samples = samples[..., 0] if _channels(header) == 1 else samples[..., : _channels(header)]
    shown = to_8bit(samples, header, _given(header))
    channels = 1 if shown.ndim == 2 else shown.shape[2]
    return _premultiplied(shown, channels) if header.premultiplied else Image.fromarray(shown)


def _premultiplied(shown: Pixels, channels: int) -> Image.Image:
    if channels not in _PREMULTIPLIED:
        return Image.fromarray(shown)
    mode = _PREMULTIPLIED[channels]
    picture = Image.frombytes(mode, shown.shape[1::-1], np.ascontiguousarray(shown).tobytes())
    return picture.convert(_MODES[channels])
