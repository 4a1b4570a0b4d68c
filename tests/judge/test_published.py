"""The published networks as a scorer: whose score is whose, one photo one judgement, and what is said when it fails."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pytest

from photocull.core.errors import ModelError
from photocull.core.types import DecodedPhoto, Judgement, Theme
from photocull.core.vocabulary import COLOUR_THEMES
from photocull.judge.naming import Part, parts
from photocull.judge.networks import runtime
from photocull.judge.published import NetworkModel, PublishedScorer, published_fingerprint
from photocull.judge.reading import BUILTIN_MAPS, GIVES, gives, overlay_kinds
from photocull.judge.scorer import OVERALL
from photocull.judge.similarity import chosen_cell, similar_cells
from tests.building import draw
from tests.judge.test_scorer import decoded
from tests.pixel_scorer import PixelScorer

torch = pytest.importorskip("torch", reason="torch is an extra")

from photocull.judge.networks.delegate import DelegateTransformer  # noqa: E402  torch is an extra
from photocull.judge.networks.tanet import TANet  # noqa: E402  torch is an extra
from tests.judge import local_weights  # noqa: E402  torch is an extra


class Base(PixelScorer):
    """The built-in model's place: all of its maps, a colour and a scene among the themes."""

    def score(self, batch: list[DecodedPhoto]) -> list[Judgement]:
        maps = {kind: np.full((2, 3), 0.25, np.float16) for kind in BUILTIN_MAPS}
        themes = (Theme("green", 0.9), Theme("cat", 0.8))
        return [replace(judged, attention=maps, themes=themes) for judged in super().score(batch)]


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def models() -> Mapping[str, NetworkModel]:
    torch.manual_seed(0)
    spaq = DelegateTransformer(local_weights.SMALL, outputs=1, gated=False).eval()
    networks = {
        "tanet-tad66k": TANet(1).eval(),
        "tanet-ava": TANet(10).eval(),
        "delegate-icaa17k": local_weights.delegate(0),
        "delegate-spaq": spaq,
    }
    return {name: NetworkModel(name, f"hash of {name}", name, network) for name, network in networks.items()}


def scorer(models: Mapping[str, NetworkModel], *names: str) -> PublishedScorer:
    """Of these parts of a joined name."""
    named = [(models[part.name], part.scores) for part in map(only_part, names)]
    return PublishedScorer(Base(), [replace(model, scores=scores) for model, scores in named], device="cpu")


def only_part(name: str) -> Part:
    (part,) = parts(name)
    return part


def photos(count: int) -> list[DecodedPhoto]:
    return [decoded(draw((160, 120), seed=k), f"{k}.jpg") for k in range(count)]


def same(one: Judgement, other: Judgement) -> bool:
    numbers = (one.aesthetic, one.colour, one.technical, one.overall, one.themes, one.facts, one.reasons)
    others = (other.aesthetic, other.colour, other.technical, other.overall, other.themes, other.facts, other.reasons)
    maps = one.attention.keys() == other.attention.keys()
    return (
        numbers == others and maps and all(np.array_equal(one.attention[k], other.attention[k]) for k in one.attention)
    )


@pytest.mark.parametrize("name", GIVES)
def test_a_network_gives_its_scores_and_the_built_in_model_the_rest(
    models: Mapping[str, NetworkModel], name: str
) -> None:
    (photo,) = photos(1)
    base, judged = Base().score([photo])[0], scorer(models, name).score([photo])[0]
    for score in ("aesthetic", "colour", "technical"):
        assert (getattr(judged, score) != getattr(base, score)) == (score in GIVES[name].scores)
        assert 0 <= getattr(judged, score) <= 10
    parts = judged.aesthetic, judged.colour, judged.technical
    assert judged.overall == pytest.approx(sum(share * part for share, part in zip(OVERALL, parts, strict=True)))
    assert judged.model == name
    assert judged.scheme == base.scheme
    assert set(judged.attention) <= overlay_kinds([gives(name)])
    assert set(judged.attention) >= set(GIVES[name].maps) - {"theme"}
    assert all(grid.min() >= 0 and grid.max() <= 1 and grid.dtype == np.float16 for grid in judged.attention.values())
    assert any(fact.startswith(f"{name}.") for fact in judged.facts)


def test_each_score_and_its_map_come_from_the_first_network_that_gives_it(models: Mapping[str, NetworkModel]) -> None:
    (photo,) = photos(1)
    tanet, delegate = (scorer(models, name).score([photo])[0] for name in ("tanet-tad66k", "delegate-icaa17k"))
    both = scorer(models, "tanet-tad66k", "delegate-icaa17k").score([photo])[0]
    assert (both.aesthetic, both.colour) == (tanet.aesthetic, delegate.colour)
    assert np.array_equal(both.attention["aesthetic"], tanet.attention["aesthetic"])
    assert np.array_equal(both.attention["colour"], delegate.attention["colour"])
    assert np.array_equal(both.attention["points"], delegate.attention["points"])
    assert both.model == "tanet-tad66k+delegate-icaa17k"
    other = scorer(models, "delegate-icaa17k", "tanet-tad66k").score([photo])[0]
    assert other.aesthetic == delegate.aesthetic
    assert {"similarity", "points", "gates"} <= set(other.attention)


@pytest.mark.parametrize(("asked", "maps"), [("aesthetic", {"aesthetic"}), ("colour", {"colour", "points", "gates"})])
def test_a_network_says_only_what_it_is_asked(models: Mapping[str, NetworkModel], asked: str, maps: set[str]) -> None:
    (photo,) = photos(1)
    name = f"delegate-icaa17k:{asked}"
    base, whole = Base().score([photo])[0], scorer(models, "delegate-icaa17k").score([photo])[0]
    part = scorer(models, name).score([photo])[0]
    for score in ("aesthetic", "colour", "technical"):
        assert getattr(part, score) == getattr(whole if score == asked else base, score)
    assert f"delegate-icaa17k.{asked}" in part.facts
    assert len(whole.facts) == len(part.facts) + 1
    kinds = maps | set(BUILTIN_MAPS)
    assert set(part.attention) == kinds == overlay_kinds([gives("delegate-icaa17k", [asked])])
    for kind in kinds:
        assert np.array_equal(part.attention[kind], (whole if kind in maps else base).attention[kind])
    assert (part.model, part.themes) == (name, base.themes)
    assert part.model_fingerprint == published_fingerprint(Base().fingerprint, [f"hash of {name}"])


def test_themes_go_with_a_networks_aesthetic_score() -> None:
    assert gives("tanet-ava").themes
    assert gives("tanet-ava", ["aesthetic"]) == gives("tanet-ava")
    assert gives("tanet-ava", ["colour"]) == gives("nobody's", ["colour"]) == gives("nobody's")
    assert not gives("tanet-ava", ["colour"]).themes


def test_asking_for_all_that_a_network_gives_is_its_plain_name(models: Mapping[str, NetworkModel]) -> None:
    for name, all_of_it in (("delegate-icaa17k", "colour,aesthetic"), ("tanet-ava", "aesthetic")):
        plain, asked = scorer(models, name), scorer(models, f"{name}:{all_of_it}")
        assert (asked.name, asked.fingerprint) == (plain.name, plain.fingerprint)


def test_a_score_asked_of_one_network_leaves_the_others_to_the_next(models: Mapping[str, NetworkModel]) -> None:
    (photo,) = photos(1)
    tanet, delegate = (scorer(models, name).score([photo])[0] for name in ("tanet-ava", "delegate-icaa17k"))
    both = scorer(models, "delegate-icaa17k:colour", "tanet-ava").score([photo])[0]
    assert (both.aesthetic, both.colour) == (tanet.aesthetic, delegate.colour)
    assert np.array_equal(both.attention["aesthetic"], tanet.attention["aesthetic"])
    assert (both.model, both.themes) == ("delegate-icaa17k:colour+tanet-ava", tanet.themes)


@pytest.mark.parametrize("score", ["technical", "beauty", ""])
def test_a_score_that_a_network_does_not_give_is_refused(models: Mapping[str, NetworkModel], score: str) -> None:
    with pytest.raises(ModelError, match=rf"'delegate-icaa17k' gives no score '{score}'.*It gives: aesthetic, colour"):
        scorer(models, f"delegate-icaa17k:{score}")


def test_a_score_is_the_photos_alone_whatever_its_batch_and_order(models: Mapping[str, NetworkModel]) -> None:
    made, judge = photos(8), scorer(models, "tanet-tad66k", "delegate-icaa17k")
    alone = [judge.score([photo])[0] for photo in made]
    several = judge.score(made[:7]) + judge.score(made[7:])
    backwards = judge.score(made[::-1])[::-1]
    for one, two, three in zip(alone, several, backwards, strict=True):
        assert same(one, two)
        assert same(one, three)
    assert len({judged.aesthetic for judged in alone}) == len(made)


@pytest.mark.slow
def test_forty_at_once_are_forty_alone(models: Mapping[str, NetworkModel]) -> None:
    made = photos(40)
    for names in (("tanet-tad66k", "delegate-icaa17k"), ("tanet-ava", "delegate-spaq")):
        judge = scorer(models, *names)
        together = judge.score(made)
        order = np.random.default_rng(0).permutation(40)
        shuffled = judge.score([made[k] for k in order])
        assert all(same(together[k], shuffled[place]) for place, k in enumerate(order))
        assert all(same(judge.score([photo])[0], judged) for photo, judged in zip(made, together, strict=True))


def test_themes_are_the_networks_scenes_and_the_colours_of_the_pixels(models: Mapping[str, NetworkModel]) -> None:
    (photo,) = photos(1)
    tanet, delegate = (scorer(models, name).score([photo])[0] for name in ("tanet-tad66k", "delegate-icaa17k"))
    assert delegate.themes == Base().score([photo])[0].themes
    assert "cat" not in {theme.name for theme in tanet.themes}, "no scene of Places365 shows a cat"
    assert Theme("green", 0.9) in tanet.themes
    assert {theme.name for theme in tanet.themes} - set(COLOUR_THEMES) or "theme" not in tanet.attention


def test_a_reason_names_a_map_only_where_there_is_one(models: Mapping[str, NetworkModel]) -> None:
    for judged in scorer(models, "tanet-ava", "delegate-spaq").score(photos(3)):
        assert judged.reasons
        assert all(reason.overlay in {None, "clipping", *judged.attention} for reason in judged.reasons)


def test_the_stored_similarity_is_that_of_its_cell(models: Mapping[str, NetworkModel]) -> None:
    (photo,) = photos(1)
    grid = scorer(models, "tanet-tad66k").score([photo])[0].attention["similarity"]
    assert np.allclose(grid, similar_cells(photo.preview, *chosen_cell(grid)), atol=2e-3)


def test_a_fingerprint_tells_weights_order_and_base_apart(models: Mapping[str, NetworkModel]) -> None:
    known = {
        published_fingerprint(*case) for case in (("a", ["b"]), ("b", ["b"]), ("a", ["b", "c"]), ("a", ["c", "b"]))
    }
    assert len(known) == 4
    judge = scorer(models, "tanet-tad66k")
    assert judge.fingerprint == published_fingerprint(Base().fingerprint, ["hash of tanet-tad66k"])
    assert judge.score(photos(1))[0].model_fingerprint == judge.fingerprint


def test_the_maps_of_a_joined_model_are_known_before_it_is_opened() -> None:
    assert overlay_kinds([gives("builtin")]) == set(BUILTIN_MAPS)
    assert overlay_kinds([gives("tanet-ava")]) == {*BUILTIN_MAPS, "similarity"}
    assert overlay_kinds([gives("delegate-spaq")]) == {*BUILTIN_MAPS, "points"}
    both = [gives("tanet-tad66k"), gives("delegate-icaa17k")]
    assert overlay_kinds(both) == {*BUILTIN_MAPS, "similarity", "points", "gates"}


def test_what_is_no_judge_is_refused_in_one_sentence(models: Mapping[str, NetworkModel]) -> None:
    scenes = replace(models["tanet-tad66k"], architecture="places365-resnet18")
    with pytest.raises(ModelError, match="no network that judges photos"):
        PublishedScorer(Base(), [scenes], device="cpu")
    mistaken = replace(models["delegate-spaq"], architecture="delegate-icaa17k")
    with pytest.raises(ModelError, match="not the network that its card names"):
        PublishedScorer(Base(), [mistaken], device="cpu")
    with pytest.raises(ModelError, match="no device 'tpu'"):
        PublishedScorer(Base(), [models["tanet-tad66k"]], device="tpu")


@pytest.mark.parametrize(
    ("fault", "words"), [(torch.OutOfMemoryError("16 GiB"), "too little free memory"), (RuntimeError("odd"), "odd")]
)
def test_a_network_that_fails_ends_in_one_sentence(
    models: Mapping[str, NetworkModel], monkeypatch: pytest.MonkeyPatch, fault: RuntimeError, words: str
) -> None:
    judge = scorer(models, "delegate-icaa17k")

    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(DelegateTransformer, "trace", fail)
    with pytest.raises(ModelError, match=words):
        judge.score(photos(1))


def test_without_torch_the_remedy_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(ModelError, match="needs PyTorch") as told:
        runtime.torch_device("cpu")
    assert "torch extra" in (told.value.remedy or "")


def test_a_network_that_judges_photos_keeps_no_gradients_and_no_global_state(
    models: Mapping[str, NetworkModel],
) -> None:
    threads, enabled = torch.get_num_threads(), torch.is_grad_enabled()
    scorer(models, "tanet-tad66k").score(photos(1))
    assert (torch.get_num_threads(), torch.is_grad_enabled()) == (threads, enabled)
    assert not any(values.requires_grad for values in models["tanet-tad66k"].network.parameters())
