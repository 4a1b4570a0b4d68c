"""How the trunk is fine-tuned, as values of a recipe; no default hides in the code."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FinetuneRecipe:
    """The part ``[trunk]`` of a built-in model's recipe.

    Attributes:
        seed: of what is drawn. side: of the inputs' area in pixels.
        epochs: passes over BIQ2021's training photos that the learning rate is planned for. until: those that are run.
        share: how far the stored stages lie from ImageNet's weights towards the learnt ones, 0..1 (Wortsman et al.,
            "Robust fine-tuning of zero-shot models", CVPR 2022).
        everyday, snapshots, beauty, themes, pairs: photos (pairs of them) of each kind a step; snapshots and beauty's
            are seen both as they are and mirrored.
        learning_rate: highest of the stages that learn; it rises over ``warm_up`` epochs and falls along a cosine.
        head_rate: the same of the heads. weight_decay: of the stages; ``head_decay`` of the heads.
        rank: weight of the rank term beside squared error and correlation. memory: of the distillation term that
            keeps the class logits where ImageNet put them. lessons of beauty, themes and pairs weigh ``beauty_weight``,
            ``theme_weight``, ``pair_weight`` beside quality's 1. steadiness: weight of the squared difference between
            the answers to a photo and to its mirror image. absent: weight of a theme that is not labelled.
        averaging: of the running mean of the weights, which is what is kept.
        damages: kinds a sound photo is damaged by. spoilings: kinds a photo is badly composed by; all of beauty's and
            one of ``every`` sound ones.
    """

    seed: int
    side: int
    epochs: int
    until: int
    share: float
    everyday: int
    snapshots: int
    beauty: int
    themes: int
    pairs: int
    learning_rate: float
    warm_up: float
    head_rate: float
    weight_decay: float
    head_decay: float
    rank: float
    memory: float
    beauty_weight: float
    theme_weight: float
    pair_weight: float
    steadiness: float
    absent: float
    averaging: float
    damages: int
    spoilings: int
    every: int

    @property
    def passes(self) -> int:
        """Epochs that are run."""
        return min(self.until, self.epochs)
