"""Calibration: makes the automatic ATS score say what volunteers would score, where their labels show that it can.

Candidates are fitted to the labels of some resumes and measured on those of the others; the uncalibrated score stands
unless a candidate beats it there. How far the truth check agrees with people is told in `tailoring.agreement`.
"""

import hashlib
import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from tailoring.ats_score import AtsReport
from tailoring.intervals import Interval, mean_interval

Kind = Literal["uncalibrated", "isotonic", "ridge"]

_HELD_OUT = 0.35  # of the resumes
_FEWEST_RESUMES = 10  # on either side of the split: fewer tell about these resumes, not about resumes
_FEWEST_LABELS = 30
_FOLDS = 5
_CANDIDATES = 2  # that try to beat the uncalibrated score
_PENALTIES = tuple(float(10**power) for power in range(7))


@dataclass(frozen=True, slots=True)
class ScoredResume:
    """One label: a volunteer's `score` (0 to 100) of a document made on `day`, and its `points` by ATS check."""

    resume_id: str
    day: date
    points: Mapping[str, float]
    score: float


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Uncalibrated(_Frozen):
    """The sum of the points, as it is."""

    kind: Literal["uncalibrated"] = "uncalibrated"

    def predict(self, points: Mapping[str, float]) -> float:
        return _total(points)


class Isotonic(_Frozen):
    """A rising curve over the total: straight between the knots, level outside them."""

    kind: Literal["isotonic"] = "isotonic"
    totals: tuple[float, ...]
    scores: tuple[float, ...]

    def predict(self, points: Mapping[str, float]) -> float:
        total = _total(points)
        after = bisect_right(self.totals, total)
        if after == 0 or after == len(self.totals):
            return self.scores[min(after, len(self.scores) - 1)]
        (x0, x1), (y0, y1) = self.totals[after - 1 : after + 1], self.scores[after - 1 : after + 1]
        return min(y1, y0 + (y1 - y0) * (total - x0) / (x1 - x0))  # rounding must not lift it over the next knot


class Ridge(_Frozen):
    """A weighted sum of the checks' points; the more the penalty, the nearer each weight is to one, the total's."""

    kind: Literal["ridge"] = "ridge"
    intercept: float
    weights: dict[str, float]
    penalty: float

    def predict(self, points: Mapping[str, float]) -> float:
        if points.keys() != self.weights.keys():
            changed = ", ".join(sorted(points.keys() ^ self.weights.keys()))
            raise ValueError(f"calibrated for other ATS checks ({changed}): calibrate again")
        return _bounded(self.intercept + math.fsum(self.weights[name] * points[name] for name in sorted(points)))


Parameters = Annotated[Uncalibrated | Isotonic | Ridge, Field(discriminator="kind")]


class Labels(_Frozen):
    """Which labels: how many, of how many resumes, from which days."""

    labels: int
    resumes: int
    first_day: date | None
    last_day: date | None


class WeeklyError(_Frozen):
    """Drift: how far predictions lie above people's scores (below: negative) in an ISO week (`2026-W48`), in points.

    `interval` is None where the week has too few resumes to tell.
    """

    week: str
    labels: int
    mean_error: float
    interval: Interval | None


class Figures(_Frozen):
    """How one kind of score agrees with held-out labels.

    `mae`: mean absolute error, in points. `rank_correlation`: Spearman's, None where either side is constant. `gain`:
    by how much its error is below that of the uncalibrated score, in points; its interval is widened for the number of
    candidates, so that trying more of them does not make it easier to win.
    """

    kind: Kind
    mae: float
    mae_interval: Interval
    rank_correlation: float | None
    mean_error: float
    mean_error_interval: Interval
    gain: float
    gain_interval: Interval
    drift: tuple[WeeklyError, ...]


class Calibration(_Frozen):
    """The calibration to use, why, and what was measured; `figures` hold the uncalibrated score and each candidate.

    They are empty when there are too few labels to measure. Serialise with `model_dump_json`, read back with
    `model_validate_json`.
    """

    parameters: Parameters
    reason: str
    fitted_on: Labels
    held_out: Labels
    figures: tuple[Figures, ...] = ()

    @property
    def kind(self) -> Kind:
        return self.parameters.kind

    def apply(self, report: AtsReport) -> float:
        """The score that volunteers would give, 0 to 100.

        Raises ValueError when the report has other checks than a ridge was fitted to.
        """
        return self.parameters.predict({check.name: check.points for check in report.checks})


def calibrated(report: AtsReport, calibration: Calibration | None) -> float:
    """The score that volunteers would give as far as labels tell, 0 to 100; the judge's own without a calibration.

    A calibration of other checks than today's says nothing until the next one is made.
    """
    if calibration is None:
        return report.total
    try:
        return calibration.apply(report)
    except ValueError:
        return report.total


def calibrate(labels: Iterable[ScoredResume], *, seed: int = 0) -> Calibration:
    """Fits isotonic and ridge calibrations and chooses one only if it beats the uncalibrated score on held-out resumes.

    The order of the labels does not matter. `seed` moves nothing but the bootstrap's draws: which resumes are held out
    depends on their ids alone, so that the same ones stay held out night after night.

    Raises ValueError for scores outside 0 to 100 and labels of different ATS checks.
    """
    rows = sorted(labels, key=lambda row: (row.resume_id, row.day, row.score, sorted(row.points.items())))
    _validate(rows)
    fit = [row for row in rows if not is_held_out(row.resume_id)]
    held = [row for row in rows if is_held_out(row.resume_id)]
    fitted_on, held_out = _described(fit), _described(held)
    for purpose, side in (("to fit to", fitted_on), ("to measure on", held_out)):
        if side.labels < _FEWEST_LABELS or side.resumes < _FEWEST_RESUMES:
            needed = f"at least {_FEWEST_LABELS} labels of {_FEWEST_RESUMES} resumes are needed"
            reason = f"too few labels {purpose}: {side.labels} of {side.resumes} resumes, {needed}"
            return Calibration(parameters=Uncalibrated(), reason=reason, fitted_on=fitted_on, held_out=held_out)
    candidates = (Uncalibrated(), _fit_isotonic(fit), _fit_ridge(fit))
    figures = tuple(_figures(candidate, held, seed) for candidate in candidates)
    chosen, reason = _choose(figures)
    return Calibration(
        parameters=candidates[chosen], reason=reason, fitted_on=fitted_on, held_out=held_out, figures=figures
    )


def is_held_out(resume_id: str) -> bool:
    """Whether the labels of this resume are kept for measuring; always the same answer for the same id."""
    drawn = hashlib.blake2b(f"calibration {resume_id}".encode(), digest_size=8).digest()
    return int.from_bytes(drawn) < _HELD_OUT * 2**64


def _validate(rows: Sequence[ScoredResume]) -> None:
    for row in rows:
        if not 0 <= row.score <= 100:
            raise ValueError(f"a score lies between 0 and 100, that of resume {row.resume_id} is {row.score}")
        if row.points.keys() != rows[0].points.keys():
            changed = ", ".join(sorted(row.points.keys() ^ rows[0].points.keys()))
            raise ValueError(f"labels were scored by different ATS checks ({changed}): score them anew")


def _described(rows: Sequence[ScoredResume]) -> Labels:
    days = [row.day for row in rows]
    return Labels(
        labels=len(rows),
        resumes=len({row.resume_id for row in rows}),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
    )


def _total(points: Mapping[str, float]) -> float:
    """Rounded as in `AtsReport.total`, so that equal totals are ties."""
    return _bounded(round(math.fsum(points.values()), 2))


def _bounded(score: float) -> float:
    return min(100.0, max(0.0, score))


# --- candidates ------------------------------------------------------------------------------------------------------


def _fit_isotonic(rows: Sequence[ScoredResume]) -> Isotonic:
    from sklearn.isotonic import IsotonicRegression

    curve = IsotonicRegression(y_min=0, y_max=100).fit(_totals(rows), _scores(rows))
    return Isotonic(totals=tuple(curve.X_thresholds_.tolist()), scores=tuple(curve.y_thresholds_.tolist()))


def _fit_ridge(rows: Sequence[ScoredResume]) -> Ridge:
    """Fits what is left of the scores above the totals, so that weights shrink to one rather than to nothing.

    The penalty is the one that does best in cross-validation between resumes.
    """
    from sklearn.linear_model import RidgeCV
    from sklearn.model_selection import GroupKFold

    names = sorted(rows[0].points)
    points = np.array([[row.points[name] for name in names] for row in rows])
    folds = GroupKFold(_FOLDS).split(points, groups=[row.resume_id for row in rows])
    fitted = RidgeCV(_PENALTIES, cv=list(folds)).fit(points, _scores(rows) - points.sum(axis=1))
    weights = {name: 1 + float(weight) for name, weight in zip(names, fitted.coef_, strict=True)}
    return Ridge(intercept=float(fitted.intercept_), weights=weights, penalty=float(fitted.alpha_))


def _totals(rows: Sequence[ScoredResume]) -> np.ndarray:
    return np.array([_total(row.points) for row in rows])


def _scores(rows: Sequence[ScoredResume]) -> np.ndarray:
    return np.array([row.score for row in rows])


# --- what held-out labels say ----------------------------------------------------------------------------------------


def _figures(candidate: Uncalibrated | Isotonic | Ridge, rows: Sequence[ScoredResume], seed: int) -> Figures:
    resumes, scores = [row.resume_id for row in rows], _scores(rows)
    predicted = np.array([candidate.predict(row.points) for row in rows])
    errors = predicted - scores
    gains = np.abs(_totals(rows) - scores) - np.abs(errors)
    level = 1 - 0.05 / _CANDIDATES  # Bonferroni
    return Figures(
        kind=candidate.kind,
        mae=float(np.abs(errors).mean()),
        mae_interval=mean_interval(np.abs(errors).tolist(), resumes, seed=seed),
        rank_correlation=_rank_correlation(predicted, scores),
        mean_error=float(errors.mean()),
        mean_error_interval=mean_interval(errors.tolist(), resumes, seed=seed),
        gain=float(gains.mean()),
        gain_interval=mean_interval(gains.tolist(), resumes, seed=seed, level=level),
        drift=_drift(rows, errors.tolist(), seed),
    )


def _drift(rows: Sequence[ScoredResume], errors: Sequence[float], seed: int) -> tuple[WeeklyError, ...]:
    weeks: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for row, error in zip(rows, errors, strict=True):
        year, week, _ = row.day.isocalendar()
        weeks[f"{year}-W{week:02}"].append((row.resume_id, error))
    drift = []
    for name, found in sorted(weeks.items()):
        resumes, own = [resume for resume, _ in found], [error for _, error in found]
        enough = len(set(resumes)) >= _FEWEST_RESUMES
        interval = mean_interval(own, resumes, seed=seed) if enough else None
        drift.append(WeeklyError(week=name, labels=len(own), mean_error=math.fsum(own) / len(own), interval=interval))
    return tuple(drift)


def _rank_correlation(left: np.ndarray, right: np.ndarray) -> float | None:
    """Spearman's, ties sharing their mean rank; None where either side is constant."""
    if np.ptp(left) == 0 or np.ptp(right) == 0:
        return None
    return float(np.corrcoef(_ranks(left), _ranks(right))[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks: np.ndarray = (np.cumsum(count) - (count - 1) / 2)[place]
    return ranks


def _choose(figures: Sequence[Figures]) -> tuple[int, str]:
    """The place of the calibration to use (the first is the uncalibrated score), and why."""
    best = min(range(1, len(figures)), key=lambda at: figures[at].mae)
    winners = [at for at in range(1, len(figures)) if figures[at].gain_interval.low > 0]
    chosen = min(winners, key=lambda at: figures[at].mae, default=0)
    shown = figures[chosen or best]
    told = (
        f"{shown.kind} is off by {shown.mae:.1f} points on held-out labels, uncalibrated by {figures[0].mae:.1f}; "
        f"the gain lies between {shown.gain_interval.low:+.1f} and {shown.gain_interval.high:+.1f}"
    )
    return chosen, told if chosen else f"no calibration is surely better: {told}"
