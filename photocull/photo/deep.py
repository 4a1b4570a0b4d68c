"""A picture of which a library has read the header, and whose pixels another one gives with more than 8 bits."""

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray
from PIL import Image

from photocull.photo.colours import Colours
from photocull.photo.tones import to_8bit

Decode = Callable[[], tuple[NDArray[Any], int]]
"""Gives (H, W) or (H, W, C) uint8 or uint16 as they are in the file, alpha last, and the number of white."""


class DeepImage(Image.Image):
    """Comes down to 8 bits a sample when the pixels are asked for.

    Args:
        header: gives size, mode and ``info``.
        colours: what the samples are in; those of HDR are toned down. None: they are scaled alone.
    """

    def __init__(self, header: Image.Image, colours: Colours | None, decode: Decode) -> None:
        super().__init__()
        self._size, self._mode, self.info = header.size, header.mode, dict(header.info)
        self._colours = colours
        self._decode: Decode | None = decode

    def load(self) -> Any:
        """Decode the picture, once.

        Raises:
            Whatever the library does about a damaged file.
        """
        if self._decode is not None:
            samples, top = self._decode()
            alpha = samples.ndim == 3 and samples.shape[2] in (2, 4)
            shown = Image.fromarray(to_8bit(samples, self._colours, top=top, alpha=alpha))
            self.im, self._mode, self._size = shown.im, shown.mode, shown.size
            self._decode = None
        return super().load()
