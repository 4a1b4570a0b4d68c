"""Where a photo lies in the loupe: fit, 1:1, zoom at the cursor, pan; pure arithmetic, lengths in device pixels."""

from dataclasses import dataclass, replace
from typing import Final

MOST: Final = 8.0
"""Largest scale: one photo pixel covers 8 x 8 device pixels."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The photo's rectangle in the view, in device pixels; parts of it may lie outside."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Zoom:
    """How one photo is looked at; every change gives a new value.

    Attributes:
        photo: width and height of the photo. view: width and height of the area it is shown in.
        scale: device pixels a photo pixel; None is fit.
        centre: the point of the photo in the view's middle, as shares of its width and height.
        enlarge: the largest scale that fit may use, so that a small photo is not blown up to the screen.
        margin: kept free around a photo that is seen whole.
    """

    photo: tuple[int, int]
    view: tuple[int, int]
    scale: float | None = None
    centre: tuple[float, float] = (0.5, 0.5)
    enlarge: float = 1.0
    margin: float = 0.0

    @property
    def fit_scale(self) -> float:
        """The scale at which the whole photo is seen."""
        room = [max(1.0, side - 2 * self.margin) for side in self.view]
        return min(room[0] / max(1, self.photo[0]), room[1] / max(1, self.photo[1]), self.enlarge)

    @property
    def shown_scale(self) -> float:
        """The scale in use."""
        return self.fit_scale if self.scale is None else self.scale

    def placed(self) -> Placed:
        """Where the photo lies; on whole device pixels, so that 1:1 shows each pixel untouched."""
        scale = self.shown_scale
        width, height = self.photo[0] * scale, self.photo[1] * scale
        x = self.view[0] / 2 - self.centre[0] * width
        y = self.view[1] / 2 - self.centre[1] * height
        return Placed(round(x), round(y), width, height)

    def whole(self, photo: tuple[int, int]) -> tuple[int, int]:
        """Width and height in device pixels at which a photo of this size is seen whole here."""
        placed = replace(self, photo=photo).fitted().placed()
        return max(1, round(placed.width)), max(1, round(placed.height))

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The point of the photo under a point of the view, as shares; outside 0..1 where no photo is."""
        placed = self.placed()
        return (x - placed.x) / max(placed.width, 1e-9), (y - placed.y) / max(placed.height, 1e-9)

    def zoomed(self, factor: float, x: float, y: float) -> "Zoom":
        """Nearer or farther; the point under (x, y) stays there. Stops for a moment at 1:1, and at fit for good."""
        before = self.shown_scale
        after = min(before * factor, max(MOST, self.fit_scale))
        if (before < 1 < after) or (after < 1 < before):
            after = 1.0
        return self.fitted() if after <= self.fit_scale else self._scaled(after, x, y)

    def toggled(self, x: float, y: float) -> "Zoom":
        """From fit to 1:1 at (x, y), and back from anywhere else."""
        if self.scale is not None:
            return self.fitted()
        return self._scaled(max(1.0, self.fit_scale), x, y)

    def panned(self, dx: float, dy: float) -> "Zoom":
        """Moved with the hand; the photo's edge stops at the view's edge."""
        if self.scale is None:
            return self
        width, height = self.photo[0] * self.scale, self.photo[1] * self.scale
        return replace(self, centre=(self.centre[0] - dx / width, self.centre[1] - dy / height))._clamped()

    def fitted(self) -> "Zoom":
        """The whole photo."""
        return replace(self, scale=None, centre=(0.5, 0.5))

    def in_view(self, width: int, height: int, enlarge: float = 1.0, margin: float = 0.0) -> "Zoom":
        """The same look in an area of another size."""
        return replace(self, view=(max(1, width), max(1, height)), enlarge=enlarge, margin=margin)._clamped()

    def on(self, photo: tuple[int, int]) -> "Zoom":
        """The next photo: scale and place stay where it has the same size, so that frames of a series compare."""
        if photo == self.photo:
            return self
        return replace(self, photo=photo).fitted()

    def _scaled(self, scale: float, x: float, y: float) -> "Zoom":
        u, v = (min(1.0, max(0.0, share)) for share in self.at(x, y))
        width, height = self.photo[0] * scale, self.photo[1] * scale
        centre = (u - (x - self.view[0] / 2) / width, v - (y - self.view[1] / 2) / height)
        return replace(self, scale=scale, centre=centre)._clamped()

    def _clamped(self) -> "Zoom":
        if self.scale is None:
            return self
        if self.scale <= self.fit_scale:
            return self.fitted()
        centre = tuple(self._held(axis, self.scale) for axis in (0, 1))
        return replace(self, centre=(centre[0], centre[1]))

    def _held(self, axis: int, scale: float) -> float:
        half = self.view[axis] / (2 * self.photo[axis] * scale)
        return 0.5 if half >= 0.5 else min(1 - half, max(half, self.centre[axis]))
