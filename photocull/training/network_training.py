"""`photocull train tanet` and `colour`: from a published set to weights with a card; a killed run ends in the same."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from safetensors.torch import save_file
from torch import Tensor

from photocull.core.errors import TrainingError
from photocull.core.work import CancelToken
from photocull.models.registry import ModelCard, card_text
from photocull.training.material import product_pixels
from photocull.training.measures import Agreement
from photocull.training.network_batches import Reader
from photocull.training.network_card import card_page, network_card, worse
from photocull.training.network_checkpoints import Checkpoints, write_durably
from photocull.training.network_device import Place, choose_place, repeatable
from photocull.training.network_material import MEAN_VOTE, NetworkMaterial, gather_material
from photocull.training.network_measuring import answer_all
from photocull.training.network_progress import EpochResult, Progress, Reporting
from photocull.training.network_recipe import NetworkRecipe, first_difference
from photocull.training.network_trainer import NetworkTrainer
from photocull.training.rated import RatedSet, report
from photocull.training.run_lock import sole_run
from photocull.training.square_store import SquareStore
from photocull.training.starting import Beginning, Trainable, begin, build, outputs
from photocull.training.training_log import TrainingLog

MAY_CHANGE: Final = ("epochs", "patience", "save_minutes", "cache_gb", "search")
"""What a run that goes on may have otherwise than it began: none of it is in the weights of an epoch."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be trained.

    Attributes:
        rated: the set. recipe: every choice of the run. name: of the model, and of its files.
        output: the folder of everything that the run writes. shelf: the store of models to start from.
        starts: models or files to start from besides the recipe's. device: "auto", "cpu", "cuda" or "mps".
        resume: go on with the run in ``output``; without it, a run there is an error.
    """

    rated: RatedSet
    recipe: NetworkRecipe
    name: str
    output: Path
    shelf: Path
    starts: tuple[str, ...] = ()
    device: str = "auto"
    resume: bool = False


@dataclass(frozen=True, slots=True)
class TrainedNetwork:
    """What a run made.

    Attributes:
        card: the model's card. weights: its file. progress: how the run went.
        worse: whether it follows people less on the validation photos than what it started from.
    """

    card: ModelCard
    weights: Path
    progress: Progress
    worse: bool


def train_network(request: Request, *, token: CancelToken, reporting: Reporting) -> TrainedNetwork:
    """Train a network and write the best epoch's weights and their card into the output folder.

    Raises:
        TrainingError: data, recipe or start do not fit, the loss is no number, or a run lies there already.
        ModelError: a file to start from is damaged. OutputError: something cannot be written.
        CancelledError: stopped; the run is saved and goes on with ``resume``.
    """
    with sole_run(request.output):
        return _trained(request, token, reporting)


def _trained(request: Request, token: CancelToken, reporting: Reporting) -> TrainedNetwork:
    checkpoints = Checkpoints(request.output / "run")
    _require_room(request, checkpoints)
    place = choose_place(request.device, request.recipe.precision)
    network = build(request.recipe)
    beginning = _begin(request, checkpoints, network, reporting)
    store = open_squares(request.output, request.recipe)
    for line in report(request.rated):
        reporting.say(line)
    reporting.doing("Reading photos")
    material = gather_material(
        request.rated, request.recipe, store, outputs(request.recipe.architecture), token=token,
        listener=reporting.listener,
    )  # fmt: skip
    _note(checkpoints, request.recipe, beginning, material, reporting)
    reader = Reader(store, request.recipe, reporting.listener)
    run = TrainingRun(request.recipe, material, reader, checkpoints, place, token)
    progress = run.run(network, reporting, request.output / "log")
    found = run.judge(network, progress)
    return _written(request, network, material, beginning, progress, found, place)


def open_squares(output: Path, recipe: NetworkRecipe) -> SquareStore:
    """The squeezed photos of the runs in this folder."""
    return SquareStore(output / "squares", limit_bytes=int(recipe.cache_gb * 1e9), load=product_pixels)


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """One recipe's way over one material; `train` has one, `tune` many."""

    recipe: NetworkRecipe
    material: NetworkMaterial
    reader: Reader
    checkpoints: Checkpoints
    place: Place
    token: CancelToken

    def run(self, network: Trainable, reporting: Reporting, log: Path) -> Progress:
        """Train to the end, with the curves in the folder ``log``."""
        with TrainingLog(log, self.recipe.learning_rates, self._history()) as curves:

            def ended(result: EpochResult, progress: Progress) -> None:
                curves.epoch(result)
                reporting.epoch(result, progress)

            trainer = NetworkTrainer(
                network,
                network.parts(),
                self.recipe,
                lessons=self.material.lessons,
                yardstick=self.material.yardstick,
                reader=self.reader,
                checkpoints=self.checkpoints,
                place=self.place,
                token=self.token,
                reporting=replace(reporting, epoch=ended),
            )
            return trainer.run()

    def judge(self, network: Trainable, progress: Progress) -> dict[str, Agreement]:
        """Bring the network to the best epoch's weights; its figures with intervals, by column."""
        network.load_state_dict(self.checkpoints.best(progress.best or 0))
        yardstick = self.material.yardstick
        with repeatable(self.place, progress.threads):
            answers = answer_all(network, self.reader, yardstick.lessons, self.place, self.token, lambda count: None)
        columns = (MEAN_VOTE,) if yardstick.votes else yardstick.columns
        return {column: yardstick.agreement(answers, column, rounds=1000) for column in columns}

    def _history(self) -> list[EpochResult]:
        state = self.checkpoints.state()
        return [] if state is None else Progress.of(state).history


def _require_room(request: Request, checkpoints: Checkpoints) -> None:
    """A run that lies there is gone on with only where that was asked for, and by its own recipe."""
    if not checkpoints.started:
        return
    remedy = "Use --resume to go on with it, or another --output."
    if not request.resume:
        raise TrainingError("This folder holds an earlier run.", path=request.output, remedy=remedy)
    other = first_difference(checkpoints.recipe(), request.recipe, besides=MAY_CHANGE)
    if other is not None:
        remedy = "Leave out --config and --seed to go on by its recipe, or use another --output."
        sentence = f"The run in this folder began by another recipe: '{other}' differs."
        raise TrainingError(sentence, path=request.output, remedy=remedy)


def _begin(request: Request, checkpoints: Checkpoints, network: Trainable, reporting: Reporting) -> Beginning:
    """The weights before training; those of a run that goes on come from its checkpoint instead."""
    if checkpoints.started and checkpoints.state() is not None:
        return Beginning(**checkpoints.facts().get("start", {}))
    beginning = begin(network, request.recipe, request.starts, request.shelf)
    for line in beginning.lines():
        reporting.say(line)
    checkpoints.begin(request.recipe, {"start": asdict(beginning)})
    return beginning


def _note(
    checkpoints: Checkpoints,
    recipe: NetworkRecipe,
    beginning: Beginning,
    material: NetworkMaterial,
    reporting: Reporting,
) -> None:
    before = checkpoints.facts().get("photos")
    if before not in (None, material.identity):
        reporting.say("The photos or opinions are not those that this run began with; it goes on with those of now.")
    checkpoints.begin(recipe, {"start": asdict(beginning), "photos": material.identity})


def _written(
    request: Request,
    network: Trainable,
    material: NetworkMaterial,
    beginning: Beginning,
    progress: Progress,
    found: Mapping[str, Agreement],
    place: Place,
) -> TrainedNetwork:
    weights = request.output / f"{request.name}.safetensors"
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    words = {"architecture": request.recipe.architecture}  # one word alone: several come in any order in the file
    write_durably(weights, lambda path: _save_for_all(tensors, path, words))
    arithmetic = f"{place.device.type}, {place.precision}"
    card = network_card(request.name, request.recipe, material, beginning, progress, found, weights, arithmetic)
    for ending, text in ((".md", card_page(card)), (".json", card_text(card))):
        write_durably(weights.with_suffix(ending), partial(Path.write_text, data=text, encoding="utf-8"))
    return TrainedNetwork(card, weights, progress, worse(progress))


def _save_for_all(tensors: dict[str, Tensor], path: Path, words: dict[str, str]) -> None:
    save_file(tensors, path, words)
    path.chmod(0o644)  # safetensors lets nobody but its maker read it; the card beside it is for all
