"""Fine-tuning `extractive-1`: weights fitted to which statements and skills good documents kept.

Each choice of a document (`tailoring.choices`) is a yes or no with the log-odds `weights . features`. Supervised
fitting makes the choices of good documents likely: logistic regression. Preference fitting makes the preferred of two
documents likelier than the other, by more than the starting weights did: since both chose among the same options, the
log-odds of the pair are linear in the weights, and direct preference optimisation (Rafailov et al., 2023) becomes
logistic regression on what the one kept and the other did not (Bradley and Terry, 1952).

Both are held near the start by a penalty on the squared distance, worth a few examples: little evidence moves little,
and no example moves a weight without limit.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tailoring.choices import Options, is_short, options
from tailoring.relevance import FEATURES, Weights
from tailoring.resume import TailoredResume

Vector = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]

BETA = 0.1  # of the preferences, as at OpenAI: the smaller, the further the weights may leave the start
EPOCHS = 8  # Newton's steps; more change nothing
_SUPERVISED_PENALTY = 20.0
_PREFERENCES_PENALTY = 4.0
_LONGEST = 10.0  # length of a pair's difference; that of an endless document is shortened to it
_FURTHEST = 4.0  # that a weight may go from its start
_SMALLEST_STEP = 1e-6


@dataclass(frozen=True)
class Fitted:
    """The fitted weights; the loss per example before the first epoch and after each; and how many examples told
    something, unlike two equal documents, or one that kept all it could.
    """

    weights: Weights
    losses: list[float]
    examples_used: int


Example = tuple[Sequence[str], str, TailoredResume]  # resume lines, posting, the document to learn from
_Side = tuple[Sequence[str], str, bytes]
Pair = tuple[Sequence[str], str, TailoredResume, TailoredResume]  # ..., preferred, rejected


def fit_supervised(examples: Iterable[Example], start: Weights, *, epochs: int = EPOCHS) -> Fitted:
    """Weights under which the choices of these documents are likely. Without examples, `start`.

    On a page that is full, space decides what is kept more than worth does: its statements tell nothing.
    """
    origin = np.array(start.values())
    signed: list[Matrix] = []
    for lines, posting, document in examples:
        found = options(tuple(lines), posting)
        short = is_short(document)
        taken, features = np.array(found.taken(document), dtype=np.bool_), _features(found, room=float(short))
        if not short:
            taken, features = taken[len(found.lines) :], features[len(found.lines) :]
        if taken.any() and not taken.all():
            signed.append(features * np.where(taken, 1.0, -1.0)[:, None])
    if not signed:
        return Fitted(start, [], 0)
    x = np.concatenate(signed)
    moved, losses = _logistic(x, x @ origin, np.ones(len(x)), _SUPERVISED_PENALTY, epochs)
    return Fitted(_near(origin, moved), losses, len(signed))


def fit_preferences(pairs: Iterable[Pair], start: Weights, *, beta: float = BETA, epochs: int = EPOCHS) -> Fitted:
    """Weights under which the preferred documents are likelier than the rejected. Without pairs, `start`.

    A document that stands in many pairs counts less in each: its label is one piece of evidence.
    """
    sides: list[tuple[_Side, _Side]] = []
    differences: list[Vector] = []
    for lines, posting, preferred, rejected in pairs:
        found = options(tuple(lines), posting)
        chosen, other = found.taken(preferred), found.taken(rejected)
        if chosen != other:
            sides.append(((found.parsed.lines, posting, bytes(chosen)), (found.parsed.lines, posting, bytes(other))))
            room = float(is_short(preferred) or is_short(rejected))
            change = np.array(chosen, dtype=np.float64) - np.array(other, dtype=np.float64)
            differences.append(_shortened(change @ _features(found, room=room)))
    if not differences:
        return Fitted(start, [], 0)
    times = Counter(side for pair in sides for side in pair)
    counts = np.array([(times[one] * times[other]) ** -0.5 for one, other in sides])
    x = np.stack(differences)
    # In units of the reward, which is beta times the way from the start: the penalty is on the reward's weights.
    reward, losses = _logistic(x, np.zeros(len(x)), counts, _PREFERENCES_PENALTY, epochs)
    return Fitted(_near(np.array(start.values()), reward / beta), losses, len(x))


def _features(found: Options, *, room: float) -> Matrix:
    rows = found.features(room=room)
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURES))


def _shortened(difference: Vector) -> Vector:
    length = float(np.linalg.norm(difference))
    return difference * (_LONGEST / length) if length > _LONGEST else difference


def _logistic(x: Matrix, offset: Vector, counts: Vector, penalty: float, epochs: int) -> tuple[Vector, list[float]]:
    """The minimum of `counts . log(1 + exp(-(offset + x @ w))) + penalty / 2 * w . w`, by Newton's method with steps
    halved until they descend; and the mean loss before the first step and after each.

    The penalty makes it strictly convex: there is one minimum.
    """
    weights = np.zeros(x.shape[1])

    def loss(at: Vector) -> float:
        return float(counts @ np.logaddexp(0, -(offset + x @ at)) + penalty / 2 * at @ at)

    losses = [loss(weights)]
    for _ in range(epochs):
        wrong = 1 / (1 + np.exp(np.clip(offset + x @ weights, -500, 500)))
        gradient = penalty * weights - x.T @ (counts * wrong)
        curvature = penalty * np.eye(len(weights)) + (x.T * (counts * wrong * (1 - wrong))) @ x
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while loss(weights - size * step) > losses[-1] and size > _SMALLEST_STEP:
            size /= 2
        if size > _SMALLEST_STEP:
            weights = weights - size * step
        losses.append(loss(weights))
    return weights, [value / float(counts.sum()) for value in losses]


def _near(origin: Vector, moved: Vector) -> Weights:
    return Weights.of(origin + np.clip(moved, -_FURTHEST, _FURTHEST))
