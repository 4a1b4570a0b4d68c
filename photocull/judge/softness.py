"""What softness takes off the scores where the trunk does not see it: at 100 % alone, or wider than it was taught.

The trunk sees a photo at a few hundred pixels, where a blur of 4 pixels in 6,000 has vanished: the crops show it. And
it was taught blurs of up to 0.6 % of the longer side: from 1.5 % on its score would rise again with the blur.
"""

from collections.abc import Mapping
from typing import Final

from photocull.judge.spaces import ramp

MOST: Final = 1.2
"""What a photo loses of 10 that is soft wherever one looks closely: about the spread of ordinary photos."""
WIDEST: Final = 3.3
"""What the widest blur costs of 10: a photo of which nothing is left to be seen then ends near 1."""
IN_AESTHETIC: Final = 0.3
"""Share of it that the aesthetic score pays too, as quality has that share in it: what cannot be seen cannot please."""
SAID: Final = 0.3
"""From where it is worth a sentence."""
_SHARP, _SOFT = 0.26, 0.10
"""``focus_native`` of the sharpest place: large photos that are sharp have 0.27 or more, and 0.08 to 0.25 when they are
blurred by 2 pixels, 0.11 or less by 4 (docs/decisions/0012-what-people-notice.md)."""
_NEAR, _FAR = 1.2, 2.0
"""Native pixels to one of the preview's: in between, the preview shows part of it already."""


def native_penalty(facts: Mapping[str, float]) -> float:
    """What to take off the technical score, 0 to `MOST`, in its units.

    0 for photos with a sharp place, for small ones, whose preview hides nothing, and where nothing can be told: no
    crop, or no edge in any of them.

    Args:
        facts: of `technical.technical_facts`.
    """
    native = facts.get("focus_native")
    if native is None:
        return 0.0
    hidden = ramp(facts.get("native_scale", 1.0), _NEAR, _FAR)
    return MOST * hidden * (1 - ramp(native, _SOFT, _SHARP))


def blur_penalty(facts: Mapping[str, float]) -> float:
    """What a blur beyond the taught range takes off the technical score, 0 to `WIDEST`; it grows with the blur.

    Args:
        facts: of `technical.technical_facts`.
    """
    return WIDEST * facts.get("blur_depth", 0.0)
