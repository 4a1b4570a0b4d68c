"""The papers' figures beside the program: typed, complete, each with its source."""

from pathlib import Path

import pytest

from photocull.core.errors import TrainingError
from photocull.training.published import MEASURES, figures, tables
from photocull.training.rated import DATASETS


def test_every_figure_is_complete_and_of_a_known_set_and_measure() -> None:
    found = tables()
    assert found
    for figure in found:
        assert figure.model
        assert figure.source
        assert figure.dataset in DATASETS
        assert figure.measure in MEASURES
        assert 0 < figure.value < 1


def test_no_figure_is_given_twice() -> None:
    keys = [(figure.model, figure.dataset, figure.measure, figure.variant) for figure in tables()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("dataset", "variant", "wanted"),
    [
        ("tad66k", "", {"SRCC": 0.513, "LCC": 0.531, "MSE": 0.016}),
        ("ava", "", {"SRCC": 0.758, "LCC": 0.765, "EMD": 0.047, "R": 0.940}),
        ("flickr-aes", "10 photos of one person", {"SRCC": 0.609}),
        ("flickr-aes", "100 photos of one person", {"SRCC": 0.717}),
        ("tad66k", "aesthetics branch alone", {"SRCC": 0.440}),
        ("tad66k", "aesthetics and theme branches", {"SRCC": 0.483}),
        ("tad66k", "aesthetics and colour branches", {"SRCC": 0.462}),
    ],
)
def test_the_figures_of_tanet_are_those_of_its_paper(dataset: str, variant: str, wanted: dict[str, float]) -> None:
    found = figures(dataset, model="TANet", variant=variant)
    assert {figure.measure: figure.value for figure in found} == wanted


def test_the_figures_of_the_delegate_transformer_are_those_of_its_weights() -> None:
    found = figures("icaa17k", model="Delegate Transformer")
    assert {figure.measure: figure.value for figure in found} == {"SRCC": 0.8811, "LCC": 0.8981, "accuracy": 0.9622}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("dataset =", "cannot be read"),
        ('[[result]]\nmodel = "X"\nsource = "Y"\nSRCC = 0.5\n', "incomplete: 'dataset'"),
        ('dataset = "ava"\n[[result]]\nmodel = "X"\nSRCC = 0.5\n', "incomplete: 'source'"),
        ('dataset = "ava"\n[[result]]\nmodel = "X"\nsource = "Y"\nPLCC = 0.5\n', "unknown entry 'PLCC'"),
    ],
)
def test_a_broken_table_is_told(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "ava.toml").write_text(content, "utf-8")
    with pytest.raises(TrainingError, match=reason):
        tables(tmp_path)
