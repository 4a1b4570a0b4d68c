"""A JPEG XL file as a Pillow picture: the header on opening, pixels by libjxl when they are asked for."""

from typing import Any, Final

import numpy as np
from PIL import Image, ImageFile

from photocull.core.types import Pixels
from photocull.photo.colours import GREY, LINEAR, UNKNOWN, Colours
from photocull.photo.jxl.container import Contents, contents_of
from photocull.photo.jxl.header import ALPHA, BLACK, Header, read_header
from photocull.photo.jxl.icc import profile_end, read_profile
from photocull.photo.jxl.inks import black_as_alpha
from photocull.photo.jxl.samples import Samples, decoded
from photocull.photo.orientation import shown_size
from photocull.photo.primaries import profile_of
from photocull.photo.tones import to_8bit

_HEADER_BYTES: Final = 4 << 20
"""More than the longest profile takes that is read."""
_NO_PROFILE: Final = b"damaged"
"""In the place of a profile that cannot be unpacked: no colour management takes it."""
_MODES: Final = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
_PREMULTIPLIED: Final = {2: "La", 4: "RGBa"}


class JpegXlFile(ImageFile.ImageFile):
    """The first frame of a JPEG XL file, upright as its codestream says, 8 bits a sample.

    ``info`` has ``exif``, ``xmp`` and ``icc_profile`` where there are any; ``orientation`` is how it was turned.

    Attributes:
        cut_off: once loaded, whether only a part of the picture is there; the rest is mid-grey.

    Raises:
        ValueError, SyntaxError: on opening or loading, the file is damaged.
    """

    format = "JXL"
    format_description = "JPEG XL"
    cut_off = False

    def _open(self) -> None:
        assert self.fp is not None
        self._contents = contents_of(self.fp.read())
        start = self._contents.codestream(_HEADER_BYTES)
        self._header = header = read_header(start)
        self._inks = BLACK in header.extras
        if self._inks and (header.absolute or header.colours.space == GREY):
            raise ValueError("a picture in four inks that names them by no profile")
        self._size = shown_size((header.width, header.height), header.orientation)
        self._mode = "CMYK" if self._inks else _MODES[_channels(header)]
        texts = {"exif": self._contents.exif, "xmp": self._contents.xmp, "icc_profile": _profile(header, start)}
        self.info = {"orientation": header.orientation, **{name: text for name, text in texts.items() if text}}

    def load(self) -> Any:
        """Decode the picture, once."""
        if self._im is None:
            codestream, header = self._contents.codestream(), self._header
            if self._inks:
                codestream = black_as_alpha(codestream, header, _header_end(codestream, header))
                header = read_header(codestream)
            samples = decoded(codestream, header, _given(header), self.size, inks=self._inks)
            image = _inked(samples, header) if self._inks else _image_of(samples, header)
            self.im, self._mode, self._size = image.im, image.mode, image.size
            self.cut_off = samples.cut_off
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


def _header_end(codestream: bytes, header: Header) -> int:
    return profile_end(codestream, header.end) if header.colours.profiled else header.end


def _given(header: Header) -> Colours:
    """The colours in which libjxl gives the pixels.

    Those of the header, but from XYB it makes linear sRGB where it can not make those (`OutputEncodingInfo` in
    lib/jxl/dec_xyb.cc): it knows no colour management without a profile's help.
    """
    named = header.colours
    unnamed = named.profiled or (named.gamma is None and named.transfer == UNKNOWN)
    return Colours(space=named.space, transfer=LINEAR) if header.absolute and unnamed else named


def _channels(header: Header) -> int:
    return (1 if header.colours.space == GREY else 3) + (ALPHA in header.extras)


def _image_of(given: Samples, header: Header) -> Image.Image:
    samples, alpha = given.pixels, ALPHA in header.extras
    if samples.ndim == 3:
        samples = samples[..., 0] if _channels(header) == 1 else samples[..., : _channels(header)]
    shown = to_8bit(samples, _given(header), top=given.top, nits=header.nits, alpha=alpha)
    channels = 1 if shown.ndim == 2 else shown.shape[2]
    return _premultiplied(shown, channels) if header.premultiplied else Image.fromarray(shown)


def _premultiplied(shown: Pixels, channels: int) -> Image.Image:
    if channels not in _PREMULTIPLIED:
        return Image.fromarray(shown)
    mode = _PREMULTIPLIED[channels]
    picture = Image.frombytes(mode, shown.shape[1::-1], np.ascontiguousarray(shown).tobytes())
    return picture.convert(_MODES[channels])


def _inked(given: Samples, header: Header) -> Image.Image:
    """Four inks as Pillow has them: here the largest number is no ink (ISO/IEC 18181-1, annex C), there it is all."""
    shown = 255 - to_8bit(given.pixels, None, top=given.top)
    return Image.frombytes("CMYK", shown.shape[1::-1], np.ascontiguousarray(shown).tobytes())
