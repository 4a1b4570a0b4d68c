"""TANets filled by their published names, and photos drawn as the golden numbers' were."""

from functools import cache

import numpy as np
import torch
from torch import Tensor

from photocull.judge.networks.tanet import TANet
from photocull.models.tanet_keys import own_name
from tests.judge.networks.filling import published_state, read_shapes

VARIANTS = {"tad66k": 1, "ava": 10}
"""Votes of each."""


@cache
def filled(variant: str) -> TANet:
    """A network in evaluation mode, filled by its published names and loaded through the key map."""
    state = published_state(read_shapes(f"tanet_{variant}_state_dict"))
    network = TANet(VARIANTS[variant])
    network.load_state_dict({str(own_name(name)): tensor for name, tensor in state.items()}, strict=True)
    return network.eval()


def drawn(count: int, seed: int = 7) -> Tensor:
    return torch.from_numpy(np.random.default_rng(seed).standard_normal((count, 3, 224, 224)).astype(np.float32))
