"""What the volunteers' ratings say: spread, shares, groups, days and volunteers, in plain numbers.

Drawing them is `charts`; whether groups differ is `comparisons`; whether raters agree is `reliability`.
"""

import datetime as dt
import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict

from tailoring.agreement import Share
from tailoring.comparisons import Comparison, Trend, compare, trend
from tailoring.intervals import Interval, mean_interval, wilson_interval
from tailoring.reliability import cohen_kappa, krippendorff_alpha

BIN_POINTS = 10
OUTLIER_Z = 3.0


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Rating:
    """One person's word on one document: a score of 0 to 100, and whether it is truthful.

    `number` is 1 for the label of record and 2 for the second label of a document that two people judge.
    """

    document_id: str
    resume_id: str
    day: dt.date
    volunteer: str
    score: int
    truthful: bool
    arm: str = ""
    prompt_version: str = ""
    model: str = ""
    seconds: float | None = None
    number: int = 1


class Bin(Frozen):
    """How many scores lie from `low` to below `high`; the last bin holds 100 too."""

    low: int
    high: int
    count: int


class Summary(Frozen):
    """The scores of some documents. `interval` is the mean's, 95%, from resamples of whole resumes; like `sd` (the
    sample's) it is None where there are too few to tell."""

    documents: int
    mean: float
    interval: Interval | None
    median: float
    sd: float | None
    lower_quartile: float
    upper_quartile: float
    minimum: int
    maximum: int
    histogram: tuple[Bin, ...]
    truthful: Share


class Group(Frozen):
    """The documents that share an arm, a prompt, a model or a day."""

    name: str
    summary: Summary


class ZScore(Frozen):
    """How many standard deviations a document's score lies from the mean."""

    document_id: str
    score: int
    z: float


class Volunteer(Frozen):
    """One person's work. `z` says how far their mean lies from the others' (Welch): far below zero is harsh, far above
    is lenient; None where a side has fewer than two labels, or no spread at all."""

    name: str
    labels: int
    days: int
    median_seconds: float | None
    mean_score: float
    truthful_share: float
    z: float | None


class Agreement(Frozen):
    """How far two people agree on the `documents` that both labelled; None where nothing can tell."""

    documents: int
    alpha: float | None  # Krippendorff's, interval metric, of the score
    kappa: float | None  # Cohen's, of truthfulness


class DayProgress(Frozen):
    """How far the labelling of a day is, in documents."""

    day: str
    total: int
    labelled: int

    @property
    def share(self) -> float:
        return self.labelled / self.total if self.total else 0.0


class Statistics(Frozen):
    """All that a report or a dashboard shows. Documents count once, by their label of record; volunteers and agreement
    rest on every label. `summary` is None where there is no rating."""

    summary: Summary | None
    outliers: tuple[ZScore, ...]
    arms: tuple[Group, ...]
    prompts: tuple[Group, ...]
    models: tuple[Group, ...]
    comparisons: tuple[Comparison, ...]  # every other arm against the largest
    days: tuple[Group, ...]
    trend: Trend | None
    volunteers: tuple[Volunteer, ...]
    median_seconds: float | None  # that a label took, where it is known
    agreement: Agreement


def describe(ratings: Iterable[Rating]) -> Statistics:
    """The statistics of these ratings; their order does not matter."""
    every = sorted(ratings, key=lambda each: (each.day, each.document_id, each.number))
    documents = [each for each in every if each.number == 1]
    return Statistics(
        summary=summarise(documents),
        outliers=tuple(each for each in z_scores(documents) if abs(each.z) > OUTLIER_Z),
        arms=grouped(documents, lambda each: each.arm),
        prompts=grouped(documents, lambda each: each.prompt_version),
        models=grouped(documents, lambda each: each.model),
        comparisons=compare([(each.arm, each.resume_id, each.score) for each in documents]),
        days=grouped(documents, lambda each: each.day.isoformat()),
        trend=trend([(each.day, each.resume_id, each.score) for each in documents]),
        volunteers=volunteers(every),
        median_seconds=_median_seconds(every),
        agreement=agreement(every),
    )


def summarise(documents: Sequence[Rating]) -> Summary | None:
    """The numbers of these documents, one rating each; None where there are none."""
    if not documents:
        return None
    scores = [each.score for each in documents]
    resumes = [each.resume_id for each in documents]
    lower, median, upper = np.quantile(scores, (0.25, 0.5, 0.75)).tolist()
    truthful = sum(each.truthful for each in documents)
    return Summary(
        documents=len(documents),
        mean=math.fsum(scores) / len(scores),
        # One resume says nothing of how others would do.
        interval=mean_interval(scores, resumes) if len(set(resumes)) > 1 else None,
        median=median,
        sd=statistics.stdev(scores) if len(scores) > 1 else None,
        lower_quartile=lower,
        upper_quartile=upper,
        minimum=min(scores),
        maximum=max(scores),
        histogram=histogram(scores),
        truthful=Share(value=truthful / len(documents), interval=wilson_interval(truthful, len(documents))),
    )


def histogram(scores: Sequence[int]) -> tuple[Bin, ...]:
    """Scores from 0 to 100 in bins of ten points."""
    counts, edges = np.histogram(scores, bins=range(0, 101, BIN_POINTS))
    return tuple(
        Bin(low=int(low), high=int(low) + BIN_POINTS, count=int(count))
        for low, count in zip(edges[:-1], counts, strict=True)
    )


def z_scores(documents: Sequence[Rating]) -> tuple[ZScore, ...]:
    """Each document against all of them, the farthest first; empty where the scores have no spread."""
    scores = [each.score for each in documents]
    sd = statistics.stdev(scores) if len(scores) > 1 else 0.0
    if not sd:
        return ()
    mean = math.fsum(scores) / len(scores)
    found = [ZScore(document_id=each.document_id, score=each.score, z=(each.score - mean) / sd) for each in documents]
    return tuple(sorted(found, key=lambda each: (-abs(each.z), each.document_id)))


def grouped(documents: Sequence[Rating], key: Callable[[Rating], str]) -> tuple[Group, ...]:
    """The documents of each name that `key` gives them, in the order of the names."""
    found: dict[str, list[Rating]] = defaultdict(list)
    for each in documents:
        found[key(each) or "unknown"].append(each)
    return tuple(
        Group(name=name, summary=summary)
        for name, members in sorted(found.items())
        if (summary := summarise(members)) is not None
    )


def volunteers(ratings: Sequence[Rating]) -> tuple[Volunteer, ...]:
    """Every person's work, the most labels first."""
    by_person: dict[str, list[Rating]] = defaultdict(list)
    for each in ratings:
        by_person[each.volunteer].append(each)
    found = []
    for name, own in by_person.items():
        scores = [each.score for each in own]
        found.append(
            Volunteer(
                name=name,
                labels=len(own),
                days=len({each.day for each in own}),
                median_seconds=_median_seconds(own),
                mean_score=math.fsum(scores) / len(own),
                truthful_share=sum(each.truthful for each in own) / len(own),
                z=_welch(scores, [each.score for each in ratings if each.volunteer != name]),
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.labels, each.name)))


def agreement(ratings: Iterable[Rating]) -> Agreement:
    """How far people agree where two of them judged the same document."""
    by_document: dict[str, list[Rating]] = defaultdict(list)
    for each in ratings:
        by_document[each.document_id].append(each)
    pairs = [
        (first, second)
        for first, second, *_ in (
            sorted(found, key=lambda each: each.number) for found in by_document.values() if len(found) > 1
        )
    ]
    return Agreement(
        documents=len(pairs),
        alpha=krippendorff_alpha([(first.score, second.score) for first, second in pairs]),
        kappa=cohen_kappa([(first.truthful, second.truthful) for first, second in pairs]),
    )


def _median_seconds(ratings: Sequence[Rating]) -> float | None:
    known = [each.seconds for each in ratings if each.seconds is not None]
    return statistics.median(known) if known else None


def _welch(own: Sequence[int], others: Sequence[int]) -> float | None:
    """The difference of two means in its standard errors, unequal variances allowed (Welch, 1947)."""
    if min(len(own), len(others)) < 2:
        return None
    error = math.sqrt(statistics.variance(own) / len(own) + statistics.variance(others) / len(others))
    return (math.fsum(own) / len(own) - math.fsum(others) / len(others)) / error if error else None
