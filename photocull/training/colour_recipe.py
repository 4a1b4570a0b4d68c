"""How the colour head is taught, as values of a recipe; no default hides in the code."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ColourRecipe:
    """The part ``[colour]`` of a built-in model's recipe.

    Attributes:
        members: perceptrons side by side. epochs, photos: rounds, and photos a step with all their copies.
        learning_rate, weight_decay: of AdamW. dropout: of what the last perceptron reads.
        whole_dropout: of the trunk's pooled numbers.
        order: weight of weak above strong. teacher: of agreement with the published model.
        noise: added to the standardised cells, so that the head does not lean on what re-encoding changes.
        same: of one answer for harmless copies. plain: change from which a damage has its full weight.
        spread: shown scores of the 10th and 90th percentile of ordinary photos.
    """

    members: int
    epochs: int
    photos: int
    learning_rate: float
    weight_decay: float
    dropout: float
    whole_dropout: float
    order: float
    teacher: float
    noise: float
    same: float
    plain: float
    spread: tuple[float, float]
