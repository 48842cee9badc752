"""Confidence intervals for what people's labels show: of means by the bootstrap, of shares by Wilson's formula.

Only the statistics; what is measured, and what follows from it, is decided by the callers.
"""

import math
from collections.abc import Hashable, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

_RESAMPLES = 2_000
_Z_95 = 1.959963984540054  # standard normal quantile of 0.975


class Interval(BaseModel):
    """A confidence interval, both ends included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: float
    high: float

    def excludes_zero(self) -> bool:
        """Whether all of it lies on one side of zero."""
        return self.low > 0 or self.high < 0


def mean_interval(
    values: Sequence[float], groups: Sequence[Hashable], *, seed: int = 0, level: float = 0.95
) -> Interval:
    """The percentile bootstrap interval of a mean.

    Values of one group (labels of one resume, say) resemble each other, so that whole groups are drawn: otherwise the
    interval would be too narrow. The same seed draws the same groups, whatever the values.

    Raises ValueError when there are no values, or not one group for each.
    """
    if not values or len(values) != len(groups):
        raise ValueError(f"values and groups must be as many, and at least one: {len(values)}, {len(groups)}")
    number = {group: place for place, group in enumerate(dict.fromkeys(groups))}
    places = [number[group] for group in groups]
    sums = np.bincount(places, weights=values, minlength=len(number))
    counts = np.bincount(places, minlength=len(number))
    drawn = np.random.default_rng(seed).integers(len(number), size=(_RESAMPLES, len(number)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, ((1 - level) / 2, (1 + level) / 2))
    return Interval(low=float(low), high=float(high))


def wilson_interval(successes: int, trials: int) -> Interval:
    """The 95% score interval of a share (Wilson, 1927), which holds for few trials and for shares near 0 or 1.

    Raises ValueError unless 0 <= successes <= trials and trials > 0.
    """
    if not 0 <= successes <= trials or trials < 1:
        raise ValueError(f"a share needs trials, and no more successes than trials: {successes} of {trials}")
    share, spread = successes / trials, _Z_95**2 / trials
    middle = (share + spread / 2) / (1 + spread)
    half = _Z_95 * math.sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    return Interval(
        low=0.0 if successes == 0 else max(0.0, middle - half),
        high=1.0 if successes == trials else min(1.0, middle + half),
    )
