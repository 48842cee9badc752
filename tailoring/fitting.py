"""Fine-tuning `extractive-1`: weights fitted to which statements and skills good documents kept.

Taken together, the choices of a document are independent yes-or-no decisions with the log-odds `weights . features`.
Supervised fitting makes the decisions of good documents likely: logistic regression. Preference fitting makes the
preferred of two documents likelier than the other, by more than the starting weights did: since both chose among the
same options, the log-odds of the pair are linear in the weights, and direct preference optimisation (Rafailov et al.,
2023) becomes logistic regression on the difference of what the two kept (Bradley and Terry, 1952).

Both are held near the starting weights by a penalty on the squared distance, which is worth as much as a few examples:
little evidence moves little, and no example can move a weight without limit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tailoring.choices import Options, options
from tailoring.relevance import Weights
from tailoring.resume import TailoredResume

Vector = npt.NDArray[np.float64]

BETA = 0.1  # of the preferences, as at OpenAI: the smaller, the further the weights may leave the start
_EPOCHS = 8
_SUPERVISED_PENALTY = 20.0
_PREFERENCES_PENALTY = 4.0
_LARGEST = 10.0  # length of a pair's difference; a longer one, of an endless document, is shortened
_FURTHEST = 6.0  # that a weight may go from its start


@dataclass(frozen=True)
class Fitted:
    """The fitted weights, the loss per example after each epoch (the first before any), and how many examples told
    something: two equal documents, or one that had nothing to choose, do not.
    """

    weights: Weights
    losses: list[float]
    examples_used: int


Example = tuple[Sequence[str], str, TailoredResume]  # resume lines, posting, the document to learn from
Pair = tuple[Sequence[str], str, TailoredResume, TailoredResume]  # ..., preferred, rejected


def fit_supervised(examples: Iterable[Example], start: Weights, *, epochs: int = _EPOCHS) -> Fitted:
    """Weights under which the choices of these documents are likely. Without examples, `start`."""
    rows, kept, used = [], [], 0
    for lines, posting, document in examples:
        found = options(tuple(lines), posting)
        taken = found.taken(document)
        if taken.any() and not taken.all():
            used += 1
        rows.append(found.features)
        kept.append(taken)
    if not used:
        return Fitted(start, [], 0)
    x, y = np.concatenate(rows), np.concatenate(kept)
    signed = x * np.where(y, 1.0, -1.0)[:, None]
    origin = np.array(start.values())
    moved, losses = _logistic(signed, signed @ origin, _SUPERVISED_PENALTY, epochs)
    return Fitted(_near(origin, moved), losses, used)


def fit_preferences(pairs: Iterable[Pair], start: Weights, *, beta: float = BETA, epochs: int = _EPOCHS) -> Fitted:
    """Weights under which the preferred documents are likelier than the rejected. Without pairs, `start`."""
    differences = []
    for lines, posting, preferred, rejected in pairs:
        found = options(tuple(lines), posting)
        difference = _difference(found, preferred, rejected)
        if difference.any():
            differences.append(difference)
    if not differences:
        return Fitted(start, [], 0)
    x = np.stack(differences)
    # In units of the reward, beta times the way from the start: the penalty is on the reward's weights.
    reward, losses = _logistic(x, np.zeros(len(x)), _PREFERENCES_PENALTY, epochs)
    return Fitted(_near(np.array(start.values()), reward / beta), losses, len(x))


def _difference(found: Options, preferred: TailoredResume, rejected: TailoredResume) -> Vector:
    """What the preferred document kept less what the rejected kept, as a sum of features."""
    change = found.taken(preferred).astype(np.float64) - found.taken(rejected)
    difference: Vector = change @ found.features
    length = float(np.linalg.norm(difference))
    return difference * (_LARGEST / length) if length > _LARGEST else difference


def _logistic(x: Vector, offset: Vector, penalty: float, epochs: int) -> tuple[Vector, list[float]]:
    """The minimum of `sum(log(1 + exp(-(offset + x . w)))) + penalty / 2 * w . w`, by Newton's method with halved
    steps; and the mean loss per row before the first epoch and after each.

    The penalty makes it strictly convex: there is one minimum, and each step is towards it.
    """
    weights = np.zeros(x.shape[1])

    def loss(at: Vector) -> float:
        return float(np.logaddexp(0, -(offset + x @ at)).sum() + penalty / 2 * at @ at)

    losses = [loss(weights)]
    for _ in range(epochs):
        wrong = 1 / (1 + np.exp(np.clip(offset + x @ weights, -500, 500)))
        gradient = penalty * weights - x.T @ wrong
        curvature = penalty * np.eye(len(weights)) + (x.T * (wrong * (1 - wrong))) @ x
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while loss(weights - size * step) > losses[-1] and size > 1e-6:
            size /= 2
        weights = weights - size * step
        losses.append(loss(weights))
    return weights, [value / len(x) for value in losses]


def _near(origin: Vector, moved: Vector) -> Weights:
    return Weights.of(origin + np.clip(moved, -_FURTHEST, _FURTHEST))
