"""Which of the trunk's 1,000 ImageNet classes name a theme, and what they say together of a photo.

ILSVRC 2012's classes (Russakovsky et al., IJCV 2015) in their usual order. A theme's classes compete with each other in
the logits, so that no linear head can see their sum; the odds of the group against all other classes can.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.judge.networks.layout import CLASSES

Vector = NDArray[np.float64]

CLASS_GROUPS: Final[Mapping[str, tuple[int, ...]]] = {
    "beach": (445, 638, 639, 842, 977, 978),
    "bird": (*range(7, 25), *range(80, 101), *range(127, 147)),
    "bridge": (821, 839, 888),
    "car": (407, 436, 468, 479, 511, 581, 609, 627, 656, 661, 717, 734, 751, 817),
    "cat": (*range(281, 286),),
    "dog": (*range(151, 269),),
    "flower": (738, 883, 984, 985, 986),
    "food": (*range(923, 958), *range(959, 970)),
    "house": (425, 483, 500, 660, 663, 698, 853, 858),
    "lake": (449, 472, 693, 975),
    "light": (470, 607, 619, 818, 846, 862),
    "macro": (*range(72, 78), 113, *range(300, 327), 815, *range(991, 998)),
    "music": (
        401, 402, 420, 432, 486, 494, 513, 541, 546, 558, 566, 577, 579, 593, 594, 641, 642, 650, 683, 684, 687, 699,
        776, 819, 822, 875, 881, 889,
    ),
    "people": (578, 608, 610, 617, 834, 841, 869, 903, 981, 982),
    "scene": (970, 972, 975, 979, 980),
    "sea": (460, 484, 510, 628, 780, 871, 914, 976, 977, 978),
    "sky": (404, 405, 417, 701, 895, 908),
    "snow": (450, 537, 795, 796, 802, 803, 970),
    "street": (468, 654, 704, 779, 829, 874, 919, 920),
}  # fmt: skip
"""Theme -> its classes: what the theme is (cat, dog, bird, food) or what is nearly always seen with it."""

CLASS_NAMES: Final[Mapping[int, str]] = {
    7: "cock", 24: "great grey owl", 72: "black and gold garden spider", 77: "wolf spider", 80: "black grouse",
    100: "black swan", 113: "snail", 127: "white stork", 146: "albatross", 151: "Chihuahua", 268: "Mexican hairless",
    281: "tabby", 285: "Egyptian cat", 300: "tiger beetle", 326: "lycaenid", 401: "accordion", 402: "acoustic guitar",
    404: "airliner", 405: "airship", 407: "ambulance", 417: "balloon", 420: "banjo", 425: "barn", 432: "bassoon",
    436: "beach wagon", 445: "bikini", 449: "boathouse", 450: "bobsled", 460: "breakwater", 468: "cab", 470: "candle",
    472: "canoe", 479: "car wheel", 483: "castle", 484: "catamaran", 486: "cello", 494: "chime", 500: "cliff dwelling",
    510: "container ship", 511: "convertible", 513: "cornet", 537: "dogsled", 541: "drum", 546: "electric guitar",
    558: "flute", 566: "French horn", 577: "gong", 578: "gown", 579: "grand piano", 581: "grille", 593: "harmonica",
    594: "harp", 607: "jack-o'-lantern", 608: "jean", 609: "jeep", 610: "jersey", 617: "lab coat", 619: "lampshade",
    627: "limousine", 628: "liner", 638: "maillot", 639: "maillot tank suit", 641: "maraca", 642: "marimba",
    650: "microphone", 654: "minibus", 656: "minivan", 660: "mobile home", 661: "Model T", 663: "monastery",
    683: "oboe", 684: "ocarina", 687: "organ", 693: "paddle", 698: "palace", 699: "panpipe", 701: "parachute",
    704: "parking meter", 717: "pickup", 734: "police van", 738: "pot", 751: "racer", 776: "sax", 779: "school bus",
    780: "schooner", 795: "ski", 796: "ski mask", 802: "snowmobile", 803: "snowplow", 815: "spider web",
    817: "sports car", 818: "spotlight", 819: "stage", 821: "steel arch bridge", 822: "steel drum", 829: "streetcar",
    834: "suit", 839: "suspension bridge", 841: "sweatshirt", 842: "swimming trunks", 846: "table lamp",
    853: "thatch", 858: "tile roof", 862: "torch", 869: "trench coat", 871: "trimaran", 874: "trolleybus",
    875: "trombone", 881: "upright", 883: "vase", 888: "viaduct", 889: "violin", 895: "warplane", 903: "wig",
    908: "wing", 914: "yawl", 919: "street sign", 920: "traffic light", 923: "plate", 957: "pomegranate",
    959: "carbonara", 969: "eggnog", 970: "alp", 972: "cliff", 975: "lakeside", 976: "promontory", 977: "sandbar",
    978: "seashore", 979: "valley", 980: "volcano", 981: "ballplayer", 982: "groom", 984: "rapeseed", 985: "daisy",
    986: "yellow lady's slipper", 991: "coral fungus", 997: "bolete",
}  # fmt: skip
"""Names of the classes above; of a run of classes (birds, dogs, insects, food) its first and its last."""

GROUPS: Final = len(CLASS_GROUPS)
_SHARPNESS: Final = 2.0
_MEMBERS: Final = np.zeros((GROUPS, CLASSES), dtype=np.bool_)
for _row, _classes in enumerate(CLASS_GROUPS.values()):
    _MEMBERS[_row, list(_classes)] = True


def group_odds(logits: NDArray[np.floating]) -> Vector:
    """(..., 19) log odds of each of `CLASS_GROUPS` against all other classes, from class logits (..., 1000).

    The logits are doubled first: the trunk learned with softened labels and is never sure.
    """
    given = _SHARPNESS * logits[..., None, :].astype(np.float64)
    return np.asarray(_log_sum(np.where(_MEMBERS, given, -np.inf)) - _log_sum(np.where(_MEMBERS, -np.inf, given)))


def odds_gradient(logits: NDArray[np.floating], weights: Vector) -> Vector:
    """(1000,) derivative of ``weights @ group_odds(logits)`` by the logits (1000,) of one photo."""
    given = _SHARPNESS * logits[None].astype(np.float64)
    inside, outside = (
        np.exp(part - _log_sum(part)[:, None])
        for part in (np.where(_MEMBERS, given, -np.inf), np.where(_MEMBERS, -np.inf, given))
    )
    return np.asarray(_SHARPNESS * (weights @ (inside - outside)))


def _log_sum(values: Vector) -> Vector:
    highest = values.max(axis=-1)
    return np.asarray(highest + np.log(np.exp(values - highest[..., None]).sum(axis=-1)))
