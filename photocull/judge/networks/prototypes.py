"""TANet's bank of theme prototypes: the fixed columns that a photo's theme is compared with, instead of other photos.

The authors compare the photos of a batch with each other (He et al., IJCAI 2022, section 3.2), so that a photo's score
depends on its neighbours; here the neighbours are always these 40, whatever else is scored.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.judge.networks.places import SCENES, THEME_SCENES, Scenes, scene_indices

CERTAINTY: Final = 0.9
"""Share of the prediction that a prototype gives to its scenes; a clear photo of one place is seen about as surely."""

PROTOTYPES: Final[tuple[tuple[str, Scenes], ...]] = tuple(
    (theme, group) for theme, groups in THEME_SCENES.items() for group in groups
)
"""Theme and scenes of each column, in order."""


def prototype(scenes: Scenes) -> NDArray[np.float32]:
    """(365,) logits of a prediction that gives `CERTAINTY` to these scenes in equal parts, the rest to all others.

    Their mean is 0, as it nearly is for a classifier that was trained with cross entropy from a balanced start.
    """
    inside = scene_indices(scenes)
    shares = np.full(len(SCENES), (1 - CERTAINTY) / (len(SCENES) - len(inside)))
    shares[inside] = CERTAINTY / len(inside)
    logits = np.log(shares)
    return np.asarray(logits - logits.mean(), dtype=np.float32)


def prototype_bank() -> NDArray[np.float32]:
    """(40, 365) float32: the logits of every prototype, in the order of `PROTOTYPES`."""
    return np.stack([prototype(scenes) for _, scenes in PROTOTYPES])
