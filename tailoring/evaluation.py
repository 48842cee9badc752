"""Is a candidate model better than another? Both are judged on the same held-out pairs, and a gate decides.

The gate keeps the champion in doubt: a candidate has to be better, not just different, and may not lie or fail more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from pydantic import BaseModel, ConfigDict

from tailoring.intervals import Interval, mean_interval

# With fewer resumes the bootstrap is too sure of itself; with these, a two-sided 95% interval errs upwards in at most
# 5% of the cases (Hesterberg, 2015, "What Teachers Should Know About the Bootstrap", on narrowness in small samples).
FEWEST_RESUMES = 10


@dataclass(frozen=True)
class Judged:
    """What a model made of one held-out pair.

    `score` is the ATS score (0 to 100), `fit` the fit to the posting (0 to 100). `failed`: there is no answer, or a
    degenerate one; it counts as 0 points, and as no lie, since it says nothing.
    """

    pair_id: str
    resume_id: str
    score: float
    truthful: bool
    fit: float
    failed: bool


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Difference(_Figures):
    """A mean over all pairs for both models, and candidate minus other with its interval."""

    candidate: float
    other: float
    mean: float
    interval: Interval


class Comparison(_Figures):
    """How two models did on the same pairs.

    `truthful` is about shares: of the pairs without a lie. Wins, ties and losses count pairs by score. `confidence` is
    that of every interval, both ends taken together.
    """

    pairs: int
    resumes: int
    confidence: float
    wins: int
    ties: int
    losses: int
    score: Difference
    fit: Difference
    truthful: Difference
    failures: int
    failures_of_other: int


class Decision(_Figures):
    """Whether the candidate becomes champion, and why in words."""

    promote: bool
    reason: str


def compare(candidate: Sequence[Judged], other: Sequence[Judged], confidence: float, seed: int = 0) -> Comparison:
    """Compare two models pair by pair; the bootstrap draws whole resumes, whose pairs resemble each other.

    Raises ValueError unless both have judged the same pairs, at least one, and each once.
    """
    ours, theirs = _by_pair(candidate), _by_pair(other)
    if ours.keys() != theirs.keys() or not ours:
        lone = ", ".join(sorted(ours.keys() ^ theirs.keys())[:3]) or "there are none"
        raise ValueError(f"both models must be judged on the same pairs, and at least one: {lone}")
    both = [(ours[pair], theirs[pair]) for pair in sorted(ours)]
    resumes = [mine.resume_id for mine, _ in both]

    def difference(measure: Callable[[Judged], float]) -> Difference:
        mine, his = [measure(a) for a, _ in both], [measure(b) for _, b in both]
        gaps = [a - b for a, b in zip(mine, his, strict=True)]
        return Difference(
            candidate=fmean(mine),
            other=fmean(his),
            mean=fmean(gaps),
            interval=mean_interval(gaps, resumes, seed=seed, level=confidence),
        )

    gaps = [_points(mine) - _points(his) for mine, his in both]
    return Comparison(
        pairs=len(both),
        resumes=len(set(resumes)),
        confidence=confidence,
        wins=sum(gap > 0 for gap in gaps),
        ties=sum(gap == 0 for gap in gaps),
        losses=sum(gap < 0 for gap in gaps),
        score=difference(_points),
        fit=difference(lambda each: 0 if each.failed else each.fit),
        truthful=difference(lambda each: each.failed or each.truthful),
        failures=sum(mine.failed for mine, _ in both),
        failures_of_other=sum(his.failed for _, his in both),
    )


def decide(candidate_vs_champion: Comparison) -> Decision:
    """The gate: better on score, not less truthful, no more failures, and resumes enough to tell.

    Better means that the lower end of the two-sided interval is above zero. Its one-sided chance of being wrong is
    half of what the confidence allows: the other half makes up for how narrow the bootstrap is in small samples, so
    that the promise holds for a few resumes too.
    """
    found = candidate_vs_champion
    if found.ties == found.pairs and found.failures == found.failures_of_other and not found.truthful.mean:
        return Decision(promote=False, reason=f"Nothing to compare: equal scores on all {found.pairs} pairs.")
    score, level = found.score, f"{found.confidence:.4g}"
    gap = (
        f"{score.mean:+.1f} points ({level} interval {score.interval.low:+.1f} to {score.interval.high:+.1f}) "
        f"on {found.pairs} held-out pairs of {found.resumes} resumes"
    )
    against = []
    if found.resumes < FEWEST_RESUMES:
        against.append(f"{found.resumes} held-out resumes are fewer than {FEWEST_RESUMES}, too few to tell")
    if not score.interval.low > 0:
        against.append("the score is not surely better")
    if found.truthful.mean < 0:
        against.append(f"it lies more ({found.truthful.candidate:.1%} truthful, {found.truthful.other:.1%} before)")
    if found.failures > found.failures_of_other:
        against.append(f"it fails more ({found.failures} answers, {found.failures_of_other} before)")
    if against:
        return Decision(promote=False, reason=f"Not promoted: {'; '.join(against)}. {gap}.")
    return Decision(promote=True, reason=f"Promoted: {gap}, not less truthful, no more failures.")


def _by_pair(judged: Sequence[Judged]) -> dict[str, Judged]:
    found = {each.pair_id: each for each in judged}
    if len(found) < len(judged):
        raise ValueError(f"{len(judged) - len(found)} pairs are judged twice")
    return found


def _points(judged: Judged) -> float:
    return 0 if judged.failed else judged.score
