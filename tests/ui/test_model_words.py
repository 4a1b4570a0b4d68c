"""What a model's card says in the window."""

from dataclasses import replace

from photocull.core.errors import ModelError
from photocull.core.settings import resources
from photocull.core.work import Progressed
from photocull.models.grouping import UNITS
from photocull.models.registry import ModelResult, SeedSpread, published_card, published_cards, read_card
from photocull.ui.model_jobs import Ended, Job, begun_words, ended_words, progress_words
from photocull.ui.model_words import (
    ModelEntry,
    facts,
    figures,
    gives_words,
    judged_words,
    measures_words,
    origin_words,
    recipe_lines,
    seed_lines,
    state_words,
)
from photocull.ui.remedies import said_in_window
from tests.ui.fake_models import OWN, here

TANET = "tanet-tad66k"


def told(entry: ModelEntry) -> dict[str, str]:
    return {fact.heading: " ".join(fact.lines) for fact in facts(entry)}


def test_every_shipped_card_tells_licence_paper_preprocessing_and_limits() -> None:
    for card in (read_card(resources() / "models" / f"{OWN}.json"), *published_cards()):
        said = told(ModelEntry(card, "file"))
        assert card.licence in said["Licence"]
        assert card.paper in said["Paper"]
        assert {"Gives", "What it sees", "Trained on", "Limits"} <= set(said)


def test_what_a_model_does_not_give_comes_from_the_built_in_one() -> None:
    assert gives_words(published_card(TANET)) == (
        "The aesthetic score. The colour and technical scores come from the built-in model."
    )
    assert gives_words(published_card("delegate-icaa17k")) == (
        "The aesthetic and colour scores. The technical score comes from the built-in model."
    )
    assert (
        gives_words(read_card(resources() / "models" / f"{OWN}.json")) == "The aesthetic, colour and technical scores."
    )
    assert "training" in gives_words(published_card("places365-resnet18"))


def test_the_list_tells_how_each_model_stands() -> None:
    card = published_card(TANET)
    assert state_words(ModelEntry(card, "here"), ["aesthetic"]) == "Judges now: aesthetic"
    assert state_words(ModelEntry(card, "here"), ["aesthetic", "colour", "technical"]) == "Judges now"
    assert state_words(ModelEntry(card, "here"), []) == "On this computer"
    assert state_words(ModelEntry(card, "download"), []) == "Can be downloaded"
    assert state_words(ModelEntry(card, "file"), []) == "Needs the authors' file"
    assert state_words(ModelEntry(card, "damaged", "Its card cannot be read."), []) == "Damaged"


def test_a_damaged_model_says_what_is_wrong_and_what_to_do() -> None:
    entry = ModelEntry(here(TANET), "damaged", "Its weights are missing or cut off.")
    assert told(entry)["What is wrong"] == (
        "Its weights are missing or cut off. Remove it, then import or download it again."
    )
    shipped = ModelEntry(read_card(resources() / "models" / f"{OWN}.json"), "damaged", "Its weights are missing.")
    assert told(shipped)["What is wrong"] == "Its weights are missing. Install Photocull again."
    assert not shipped.removable


def test_the_origin_of_a_file_is_told_apart_from_its_name() -> None:
    assert origin_words(ModelEntry(here(TANET), "here")).startswith("Verified")
    assert origin_words(ModelEntry(here(TANET, as_published=False), "here")).startswith("Not verified")
    unprovable = here("delegate-icaa17k", as_published=False)
    assert "no means" in origin_words(ModelEntry(unprovable, "here"))
    assert "SHA-256 abab" in told(ModelEntry(here(TANET), "here"))["File"]
    assert "File" not in told(ModelEntry(published_card(TANET), "download"))


def test_the_way_to_a_file_that_is_not_here_is_told() -> None:
    fetched = told(ModelEntry(published_card(TANET), "download"))["Where it comes from"]
    assert "https://github.com/" in fetched
    assert fetched.endswith("At most 80 MB to download.")
    theirs = told(ModelEntry(published_card("delegate-icaa17k"), "file"))["Where it comes from"]
    assert "get it from them, then import it here. It is called e_30_ICAA17K" in theirs


def test_figures_have_their_interval_and_count_where_they_are_known() -> None:
    (line, stated) = figures(
        [
            ModelResult("technical", "BIQ2021, validation", "SRCC", 0.876142, 0.853119, 0.894747, 1636),
            ModelResult("aesthetic", "TAD66K, test", "SRCC", 0.513, None, None, 0),
        ]
    )
    assert (line.value, line.interval, line.photos) == ("0.876", "0.853 to 0.895", "1,636")
    assert (stated.score, stated.value, stated.interval, stated.photos) == ("Aesthetic", "0.513", "", "")


def test_recipe_seeds_and_uses_to_keep_away_from_are_told() -> None:
    spread = SeedSpread("technical", "BIQ2021, validation", "SRCC", (0.888, 0.89, 0.892))
    card = replace(
        read_card(resources() / "models" / f"{OWN}.json"),
        recipe=(("file", "recipes/builtin-1.toml"), ("seed", "0"), ("quality.members", "5")),
        seeds=(0, 1, 2),
        over_seeds=(spread,),
        not_for=("Deciding alone what is deleted.",),
    )
    said = told(ModelEntry(card, "built-in"))
    assert recipe_lines(card) == ["recipes/builtin-1.toml", "seed 0; quality.members 5"]
    assert said["What it must not be used for"] == "Deciding alone what is deleted."
    assert seed_lines(card) == (
        "Technical, BIQ2021, validation: SRCC 0.890 (0.885 to 0.895) on average over 3 trainings",
    )
    alike = replace(card, over_seeds=(replace(spread, values=(0.888, 0.888, 0.888)),))
    assert seed_lines(alike) == ("Technical, BIQ2021, validation: SRCC 0.888, does not depend on the seed",)


def test_every_short_name_of_a_measure_on_the_shipped_cards_is_explained() -> None:
    cards = [read_card(resources() / "models" / f"{OWN}.json"), *published_cards()]
    for result in (result for card in cards for result in (*card.results, *card.published)):
        if (
            result.measure not in UNITS
            and "/" not in result.measure
            and any(word.isupper() for word in result.measure.split())
        ):
            assert f"{result.measure}: " in measures_words([result])


def test_speed_is_told_with_what_a_model_gives_and_not_among_its_accuracies() -> None:
    card = here(TANET)
    assert "About 4.2 photos/s (two processor cores)." in told(ModelEntry(card, "here"))["Gives"]
    assert not figures(card.results)


def test_those_who_judge_are_named_by_their_titles() -> None:
    cards = [published_card(TANET), published_card("delegate-icaa17k")]
    assert judged_words(TANET, cards) == "TANet, trained on TAD66K judges"
    assert judged_words(f"{TANET}+delegate-icaa17k", cards) == (
        "TANet, trained on TAD66K and Delegate Transformer, trained on ICAA17K judge"
    )
    assert judged_words("delegate-icaa17k:colour", cards) == (
        "Delegate Transformer, trained on ICAA17K (colour) judges"
    )
    assert judged_words("gone", cards) == "gone judges"


def test_progress_is_told_in_bytes_speed_and_time() -> None:
    assert progress_words(Progressed(14_000_000, 55_000_000, 2_400_000.0, 17.2)) == (
        "14 MB of 55 MB, 2.4 MB/s, 17 s left"
    )
    assert progress_words(Progressed(640_000, 0, None, None)) == "640 kB"
    assert progress_words(Progressed(640_000, 0, 1000.0, 0.0)) == "640 kB, 1 kB/s"


def test_every_end_of_work_is_one_sentence() -> None:
    for kind in ("import", "download", "verify", "remove"):
        job = Job(kind, TANET)  # type: ignore[arg-type]  # a loop over the kinds
        assert begun_words(job, "TANet").endswith("…")
        assert ended_words(Ended(job, TANET), "TANet").startswith("TANet ")
        assert ended_words(Ended(job, fault="No."), "TANet") == "No."
        assert "stopped" in ended_words(Ended(job, stopped=True), "TANet")


def test_a_remedy_of_the_command_line_is_left_out_where_the_window_has_a_button() -> None:
    error = ModelError("The model 'x' is not here.", remedy="Get it: photocull models download x")
    assert said_in_window(error) == "The model 'x' is not here."
    torch = ModelError("PyTorch is not installed.", remedy="Run: python3 packaging/bootstrap.py install torch.")
    assert said_in_window(torch) == "PyTorch is not installed. Run: python3 packaging/bootstrap.py install torch."
