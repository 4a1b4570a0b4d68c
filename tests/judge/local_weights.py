"""Networks of random weights for tests of maps: no published weights are here, and not all random ones can serve.

A map can only be held against the network if what is seen at a place comes from that place, as in a trained network.
Filters of plain noise answer to the edges of whatever is covered instead, wherever it lies: there no map does better
than chance. So a TANet's filters are random mixtures of blurred channels, its statistics are those of the photos, and
its theme layer is fitted to a few photos of each scene. A Delegate Transformer attends to places by its build: seeded
noise serves, and its gates come out open and closed.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from photocull.judge.networks.delegate import DelegateShape, DelegateTransformer
from photocull.judge.networks.tanet import TANet

SMALL = DelegateShape(
    stem=32,
    widths=(32, 64, 128, 256),
    depths=(2, 2, 18, 2),
    heads=(2, 2, 4, 8),
    groups=(0, 0, 4, 8),
    kernels=(0, 0, 5, 3),
)
"""As deep and with as many points as the published shape, a quarter as wide."""


def tanet(votes: int, seed: int, photos: Tensor) -> TANet:
    """A TANet whose answers differ between these photos (n, 3, 224, 224) and depend on places."""
    torch.manual_seed(seed)
    network = TANet(votes).eval().requires_grad_(False)
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            module.weight.copy_(_blurring(module.weight))
        elif isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=module.in_features**-0.5)
            nn.init.zeros_(module.bias)
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    _settle(norms, network, photos)
    _spread(network, photos)
    return network


def fit_scenes(network: TANet, photos: Tensor, scenes: Sequence[int]) -> None:
    """Teach the theme branch's last layer which scene each photo shows, in a few steps on its own random features."""
    with torch.no_grad():
        features = torch.cat([network.last_maps(photo).mean((2, 3)) for photo in photos.split(1)])
    mean, spread = features.mean(0), features.std(0) + 1e-6
    kinds = sorted(set(scenes))
    wanted = torch.tensor([kinds.index(scene) for scene in scenes])
    weight = torch.zeros(len(kinds), features.shape[1], requires_grad=True)
    bias = torch.zeros(len(kinds), requires_grad=True)
    steps = torch.optim.Adam([weight, bias], lr=0.02)
    for _ in range(150):
        answers = functional.linear((features - mean) / spread, weight, bias)
        loss = functional.cross_entropy(answers, wanted) + 3e-3 * weight.square().sum()
        steps.zero_grad()
        loss.backward()
        steps.step()
    with torch.no_grad():
        network.theme.fc.weight.zero_()
        network.theme.fc.bias.fill_(-10.0)
        network.theme.fc.weight[kinds] = weight / spread
        network.theme.fc.bias[kinds] = bias - (weight / spread) @ mean


def delegate(seed: int) -> DelegateTransformer:
    """A small Delegate Transformer of noise that keeps its activations moderate."""
    torch.manual_seed(seed)
    network = DelegateTransformer(SMALL).eval().requires_grad_(False)
    for name, values in network.named_parameters():
        if values.ndim > 1:
            nn.init.normal_(values, std=values[0].numel() ** -0.5)
        else:
            nn.init.normal_(values, mean=float(name.endswith("weight")), std=0.05)
    return network


def _blurring(weight: Tensor) -> Tensor:
    outputs, inputs, side, _ = weight.shape
    line = torch.tensor({1: [1.0], 3: [1.0, 2, 1], 7: [1.0, 2, 3, 4, 3, 2, 1]}[side])
    blur = torch.outer(line, line) / line.sum() ** 2
    return torch.randn(outputs, inputs, 1, 1) * (2 / inputs) ** 0.5 * blur


def _settle(norms: Sequence[nn.BatchNorm2d], network: TANet, photos: Tensor) -> None:
    for norm in norms:
        norm.train()
        norm.momentum = None
        norm.reset_running_stats()
    network.last_maps(photos)
    network.aesthetics.trunk(photos)
    for norm in norms:
        norm.eval()


def _spread(network: TANet, photos: Tensor) -> None:
    """Centre and scale what the branches say, so that none of them is constant."""
    trace = network.trace(photos)
    layers = (
        (network.theme.fc, trace.theme_maps.mean((2, 3)), 3.0),
        (network.aesthetics.answer, functional.relu(trace.aesthetic_maps.mean((2, 3))), 1.0),
        (network.colour.linear, functional.relu(trace.similarity.flatten(1)), 1.0),
    )
    for layer, inputs, size in layers:
        layer.weight.mul_(size / layer(inputs).std(0).mean())
        layer.bias.sub_(layer(inputs).mean(0))
