"""A judge as measurements see it: a picture in memory goes in, the product's whole judgement comes out."""

from collections.abc import Callable

from photocull.core.types import Judgement, Pixels, Scorer
from photocull.photo.decode import decode_pixels

Judge = Callable[[Pixels], Judgement]
"""From (H, W, 3) uint8 sRGB, upright and at full size, to what the program would say of it."""


def judge_of(scorer: Scorer) -> Judge:
    """The scorer as a `Judge`: the picture is scaled and cropped exactly as one that comes from a file."""

    def judge(pixels: Pixels) -> Judgement:
        return scorer.score([decode_pixels(pixels)])[0]

    return judge
