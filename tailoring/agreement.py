"""How far the truth check agrees with the volunteers, who answer whether a document is truthful.

People are taken as right. A lie is what is looked for, so a lie is the positive class: recall is the share of the lies
that the check finds, specificity the share of the truthful documents that it leaves alone.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from tailoring.intervals import Interval, wilson_interval


@dataclass(frozen=True, slots=True)
class JudgedTruth:
    """One document: is it `truthful` by the check, and by the volunteer?"""

    by_check: bool
    by_volunteer: bool


class Share(BaseModel):
    """A share with its 95% interval."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    interval: Interval


class TruthAgreement(BaseModel):
    """Counts of documents, and the shares that follow; a share is None where nothing can tell it.

    `precision`: of the documents that the check calls untrue, those that volunteers call untrue. `recall`: of the
    untrue ones, those that it finds. `specificity`: of the truthful ones, those that it calls truthful.
    `balanced_accuracy`: the mean of the latter two.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lies_found: int
    lies_missed: int
    false_alarms: int
    truths_confirmed: int
    precision: Share | None
    recall: Share | None
    specificity: Share | None
    balanced_accuracy: Share | None


def truth_agreement(documents: Iterable[JudgedTruth]) -> TruthAgreement:
    """Counts where check and volunteers agree, with Wilson's intervals; their order does not matter."""
    counts = Counter((document.by_check, document.by_volunteer) for document in documents)
    found, missed = counts[False, False], counts[True, False]
    alarms, confirmed = counts[False, True], counts[True, True]
    recall, specificity = _share(found, found + missed), _share(confirmed, confirmed + alarms)
    return TruthAgreement(
        lies_found=found,
        lies_missed=missed,
        false_alarms=alarms,
        truths_confirmed=confirmed,
        precision=_share(found, found + alarms),
        recall=recall,
        specificity=specificity,
        balanced_accuracy=_mean(recall, specificity) if recall and specificity else None,
    )


def _share(successes: int, trials: int) -> Share | None:
    return Share(value=successes / trials, interval=wilson_interval(successes, trials)) if trials else None


def _mean(first: Share, second: Share) -> Share:
    """The mean of two independent shares; its interval follows from theirs (Newcombe, 1998, square-and-add)."""
    value = (first.value + second.value) / 2
    below = math.hypot(first.value - first.interval.low, second.value - second.interval.low) / 2
    above = math.hypot(first.interval.high - first.value, second.interval.high - second.value) / 2
    return Share(value=value, interval=Interval(low=value - below, high=value + above))
