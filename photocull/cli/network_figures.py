"""What `benchmark` tells of the published networks: how fast they are in each form, or why that is not known."""

import importlib.util
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from photocull.cli.drawing import drawn
from photocull.cli.watching import watched
from photocull.judge.networks.squares import square_input
from photocull.models.shelf import find, own_shelf
from photocull.training.pages import Section, Table, number

if TYPE_CHECKING:
    from torch import nn

    from photocull.training.network_speed import NetworkSpeed

_PHOTOS: Final = 3
_INSTALLED: Final = {"TANet": "tanet-tad66k", "Delegate Transformer": "delegate-icaa17k"}
_TITLE: Final = "The published networks on this processor"
_NOT_ASKED: Final = "Not measured: that takes a minute or two. Ask with --networks."
_NO_TORCH: Final = "Not measured: PyTorch is not installed. Add it with: python3 packaging/bootstrap.py install torch"
_HOW: Final = (
    "One photo at a time from the network's input to its answer, decoding left out, and maps too, but for TANet on "
    "ONNX Runtime, which makes both in one run; the forms take turns, medians. Differences are the largest of a score "
    "of 0 to 10 to that of the first form."
)


@dataclass(frozen=True, slots=True)
class NetworkFigures:
    """The measurements, and sentences on them: whose weights, how many threads, or why there are none."""

    speeds: "tuple[NetworkSpeed, ...]"
    remarks: tuple[str, ...]


def network_figures(asked: bool, *, rounds: int = 7) -> NetworkFigures:
    """Measure, if that was asked for and PyTorch is there.

    Raises:
        CancelledError: Ctrl-C. ModelError: an installed checkpoint is damaged.
    """
    if not asked:
        return NetworkFigures((), (_NOT_ASKED,))
    if importlib.util.find_spec("torch") is None:
        return NetworkFigures((), (_NO_TORCH,))
    import torch  # an extra, and seconds of start

    from photocull.training.network_forms import form_in_use
    from photocull.training.network_speed import drawn_networks, measure_networks

    networks, installed = _with_installed(drawn_networks())
    squares = [square_input(drawn((640, 480), seed)) for seed in range(_PHOTOS)]
    with watched("Networks") as watch:
        speeds = measure_networks(networks, squares, rounds=rounds, token=watch.token, listener=watch.hear)
    threads = f"PyTorch {torch.__version__} with {torch.get_num_threads()} threads."
    used = " and ".join(f"{name} in the form '{form_in_use(network)}'" for name, network in networks.items())
    return NetworkFigures(speeds, (_HOW, f"The program itself scores with {used}.", threads, _weights(installed)))


def _with_installed(networks: "dict[str, nn.Module]") -> "tuple[dict[str, nn.Module], tuple[str, ...]]":
    """With the person's own checkpoints in the place of drawn weights, and their names."""
    from photocull.models.networks import load_network

    found = dict(networks)
    installed = []
    for title, name in _INSTALLED.items():
        model = find(own_shelf(None), name)
        if model is not None and model.card is not None:
            found[title] = load_network(model.folder / model.card.files[0].name)
            installed.append(name)
    return found, tuple(installed)


def _weights(installed: tuple[str, ...]) -> str:
    if len(installed) == len(_INSTALLED):
        return f"Weights: {' and '.join(installed)}."
    drawn_ones = "random weights, always the same: speed does not depend on them, differences of scores do"
    return (
        f"Weights: {installed[0]}, and for the other network {drawn_ones}." if installed else f"Weights: {drawn_ones}."
    )


def network_section(figures: NetworkFigures) -> Section:
    """For people."""
    headings = ("network", "form", "photos/s", "times as fast", "processor ms", "difference", "remark")
    rows = tuple(
        (
            *(speed.network, speed.form, number(speed.rate, 2), number(speed.gain, 2)),
            number(None if speed.effort is None else 1000 * speed.effort, 1),
            *("–" if speed.difference is None else f"{speed.difference:.1g}", speed.fault or ""),
        )
        for speed in figures.speeds
    )
    table = _without_remarks(Table(headings, rows, words=2)) if rows else None
    return Section(_TITLE, figures.remarks, table)


def _without_remarks(table: Table) -> Table:
    if any(row[-1] for row in table.rows):
        return table
    return Table(table.headings[:-1], tuple(row[:-1] for row in table.rows), table.words)
