"""Whether groups of scores differ, and whether scores move over the days: differences and slopes with intervals.

Scores of one resume resemble each other, so that whole resumes are drawn anew (the percentile bootstrap), as in
`intervals`. A resume may have documents in several groups; it is drawn with all of them.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Hashable, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from tailoring.intervals import Interval

_RESAMPLES = 2_000
_FEWEST_RESUMES = 2


class Comparison(BaseModel):
    """The mean score of `name` less that of `baseline`; `interval` is None where a side has fewer than two resumes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    baseline: str
    difference: float
    interval: Interval | None

    @property
    def differs(self) -> bool:
        return self.interval is not None and self.interval.excludes_zero()


class Trend(BaseModel):
    """How the score moves: points a day, by least squares over the documents; None where fewer than two resumes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    points_a_day: float
    interval: Interval | None


def compare(scores: Sequence[tuple[str, Hashable, float]]) -> tuple[Comparison, ...]:
    """Every group against the one with the most scores; `scores` are (group, resume, score).

    The intervals hold together at 95%: each is widened for the number of comparisons (Bonferroni).
    """
    sizes = Counter(group for group, _, _ in scores)
    if len(sizes) < 2:
        return ()
    baseline = min(sizes, key=lambda name: (-sizes[name], name))
    others = sorted(sizes.keys() - {baseline})
    return tuple(_comparison(scores, other, baseline, level=1 - 0.05 / len(others)) for other in others)


def _comparison(scores: Sequence[tuple[str, Hashable, float]], name: str, baseline: str, level: float) -> Comparison:
    rows = [
        ((score, 1.0, 0.0, 0.0) if group == name else (0.0, 0.0, score, 1.0), resume)
        for group, resume, score in scores
        if group in (name, baseline)
    ]

    def difference(sums: np.ndarray) -> np.ndarray:
        own, count, base, base_count = sums.T
        result: np.ndarray = own / count - base / base_count
        return result

    fewest = min(len({resume for group, resume, _ in scores if group == side}) for side in (name, baseline))
    value, interval = _bootstrapped(rows, difference, level)
    return Comparison(
        name=name, baseline=baseline, difference=value, interval=interval if fewest >= _FEWEST_RESUMES else None
    )


def trend(scores: Sequence[tuple[dt.date, Hashable, float]]) -> Trend | None:
    """The slope of (day, resume, score); None where there are fewer than two days."""
    days = {day for day, _, _ in scores}
    if len(days) < 2:
        return None
    middle = (min(days).toordinal() + max(days).toordinal()) / 2
    rows = [((1.0, x := day.toordinal() - middle, score, x * x, x * score), resume) for day, resume, score in scores]

    def slope(sums: np.ndarray) -> np.ndarray:
        count, x, y, xx, xy = sums.T
        spread = count * xx - x * x
        result: np.ndarray = (count * xy - x * y) / np.where(spread > 1e-9, spread, np.nan)
        return result

    value, interval = _bootstrapped(rows, slope, level=0.95)
    return Trend(points_a_day=value, interval=interval)


def _bootstrapped(
    rows: Sequence[tuple[tuple[float, ...], Hashable]], statistic: Callable[[np.ndarray], np.ndarray], level: float
) -> tuple[float, Interval | None]:
    """A statistic of sums of terms, and its interval over resamples of the resumes that the terms belong to.

    `statistic` maps sums (samples x terms) to values (samples), NaN where a sample has no answer.
    """
    number = {resume: place for place, resume in enumerate(dict.fromkeys(resume for _, resume in rows))}
    sums = np.zeros((len(number), len(rows[0][0])))
    np.add.at(sums, [number[resume] for _, resume in rows], [terms for terms, _ in rows])
    with np.errstate(invalid="ignore", divide="ignore"):
        value = float(statistic(sums.sum(axis=0, keepdims=True))[0])
        if len(number) < _FEWEST_RESUMES:
            return value, None
        drawn = np.random.default_rng(0).integers(len(number), size=(_RESAMPLES, len(number)), dtype=np.int32)
        samples = np.column_stack([term[drawn].sum(axis=1) for term in sums.T])
        low, high = np.nanquantile(statistic(samples), ((1 - level) / 2, (1 + level) / 2))
    return value, Interval(low=float(low), high=float(high))
