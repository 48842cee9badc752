"""Does `extractive-1` learn? Days and nights of the loop without Dagster, labelled by simulated volunteers.

    python benchmarks/learning.py [FOLDER] [--days 14] [--noise 8] [--method dpo] [--seeds 1] [--control]

FOLDER holds `resumes.csv` and `postings.csv` in the owner's columns; without one, the sample data. Each day the
standing weights write a document for every pair at the temperature, and a volunteer scores it as the ATS judge does,
give or take `--noise` points (standard deviation), in whole points from 0 to 100. Each night weights are fitted, from
the untuned ones, to all labels so far, and stand if on held-out resumes at temperature 0 the judge finds them better
than the standing ones, beyond doubt (bootstrap interval of the mean difference, by resume).

Printed for each night: the standing weights' score less that of the untuned on the same pairs, with its 95% interval,
on the held-out resumes and on fresh ones, which neither trained nor promoted anything; and how job fit changed.
`--control` shuffles each day's labels: what then still rises is the doing of the promotion, not of the labels.
"""

import argparse
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml

from tailoring import ats_score
from tailoring.cleaning import (
    POSTING_COLUMNS,
    POSTING_REQUIRED,
    RESUME_COLUMNS,
    RESUME_REQUIRED,
    clean_postings,
    clean_resumes,
)
from tailoring.examples import LabelledDocument, build_examples, is_held_out
from tailoring.extractive import DEFAULT, tailor
from tailoring.fitting import BETA, fit_preferences, fit_supervised
from tailoring.intervals import Interval, mean_interval
from tailoring.lines import source_lines
from tailoring.matching import job_fit, match
from tailoring.parsing import parse_resume
from tailoring.prompts import describe_posting
from tailoring.relevance import FEATURES, Weights
from tailoring.rendering import to_text
from tailoring.resume import Contact, TailoredResume
from tailoring.tables import read_table

ROOT = Path(__file__).resolve().parent.parent
HELD_OUT, FRESH = 0.2, 0.25  # of the resumes; the second of those that are not held out
_SHOWN = 0.3  # a weight that moved less is not worth a line


class Case(NamedTuple):
    """One resume and the posting that it is tailored to."""

    resume_id: str
    pair_id: str
    lines: tuple[str, ...]
    posting: str
    contact: Contact


@dataclass(frozen=True)
class Plan:
    """How the days are simulated and the nights learn."""

    days: int = 14
    noise: float = 8.0
    temperature: float = 0.2
    method: str = "dpo"
    quantile: float = 0.8
    margin: float = 1.0
    beta: float = BETA
    control: bool = False
    seed: int = 0


class Gain(NamedTuple):
    """The standing weights less the untuned, over some resumes: ATS score with its interval, and job fit."""

    score: float
    interval: Interval
    fit: float

    def __str__(self) -> str:
        return f"{self.score:+5.2f} [{self.interval.low:+5.2f}, {self.interval.high:+5.2f}] fit {self.fit:+5.2f}"


class Night(NamedTuple):
    """One night: the day's mean label, examples used, whether the fitted weights stand, and what is gained so far."""

    label: float
    examples: int
    promoted: bool
    held_out: Gain
    fresh: Gain


def read_cases(folder: Path, pairs: int = 219) -> list[Case]:
    """The day's pairs, cleaned and matched as the pipeline does."""
    config = yaml.safe_load((ROOT / "config/pipeline.yaml").read_text())
    resumes = clean_resumes(read_table(folder / "resumes.csv", RESUME_COLUMNS, RESUME_REQUIRED)).frame
    postings = clean_postings(
        read_table(folder / "postings.csv", POSTING_COLUMNS, POSTING_REQUIRED), keywords=config["keywords"]["words"]
    ).frame
    texts = dict(resumes.select("resume_id", "resume_text").iter_rows())
    descriptions = dict(postings.select("posting_id", "description").iter_rows())
    chosen = match(resumes, postings, pairs=pairs, seed=config["sampling"]["seed"])
    return [
        Case(
            resume_id,
            pair_id,
            tuple(source_lines(texts[resume_id])),
            describe_posting(title, company or "", descriptions[posting_id]),
            parse_resume(texts[resume_id]).contact.contact,
        )
        for pair_id, resume_id, posting_id, title, company in chosen.select(
            "pair_id", "resume_id", "posting_id", "title", "company_name"
        ).iter_rows()
    ]


@lru_cache(maxsize=100_000)
def judged(text: str) -> float:
    return ats_score.score(text).total


@lru_cache(maxsize=100_000)
def fit_of(text: str, posting: str) -> float:
    return job_fit(text, posting).score


class Simulation:
    """Days and nights of the loop over the same pairs."""

    def __init__(self, cases: Sequence[Case], plan: Plan) -> None:
        self.cases = {case.pair_id: case for case in cases}
        self.plan = plan
        self.weights = DEFAULT
        self.labels: list[LabelledDocument] = []
        self.tested = [case for case in cases if is_held_out(case.resume_id, HELD_OUT)]
        self.fresh = [case for case in cases if is_fresh(case.resume_id)]

    def night(self, day: int) -> Night:
        """One day and its night."""
        self._label(day)
        examples, candidate = self._fit()
        differences = self._differences(self.tested, self.weights, candidate)
        promoted = mean_interval(differences, [case.resume_id for case in self.tested]).low > 0
        if promoted:
            self.weights = candidate
        label = statistics.mean(label.score for label in self.labels if label.partition_date == f"{day:04}")
        return Night(label, examples, promoted, self._gain(self.tested), self._gain(self.fresh))

    def _label(self, day: int) -> None:
        volunteer = random.Random(f"{self.plan.seed} {day}")
        scores = []
        for case in self.cases.values():
            seed = random.Random(f"{self.plan.seed} {day} {case.pair_id}").getrandbits(31)
            document = tailor(case.lines, case.posting, self.weights, self.plan.temperature, seed)
            scores.append(judged(to_text(document, case.contact)) + volunteer.gauss(0, self.plan.noise))
            self.labels.append(
                LabelledDocument(
                    document_id=f"{day} {case.pair_id}",
                    pair_id=case.pair_id,
                    resume_id=case.resume_id,
                    partition_date=f"{day:04}",
                    arm="base",
                    model="extractive-1",
                    messages=[{"role": "user", "content": case.pair_id}],
                    completion=document.model_dump_json(),
                    score=0,
                    truthful=True,
                )
            )
        if self.plan.control:
            volunteer.shuffle(scores)
        for at, score in enumerate(reversed(scores), 1):
            self.labels[-at] = replace(self.labels[-at], score=min(100, max(0, round(score))))

    def _fit(self) -> tuple[int, Weights]:
        """How many examples all labels so far gave, and the weights fitted to them."""
        examples = build_examples(
            [label for label in self.labels if not is_fresh(label.resume_id)],
            held_out_share=HELD_OUT,
            sft_quantile=self.plan.quantile,
            preference_margin=self.plan.margin,
        )
        weights, used = DEFAULT, 0
        if self.plan.method in ("supervised", "both"):
            imitated = ((*self._inputs(each.messages), read(each.completion)) for each in examples.sft)
            fitted = fit_supervised(imitated, weights)
            weights, used = fitted.weights, fitted.examples_used
        if self.plan.method in ("dpo", "both"):
            pairs = ((*self._inputs(each.messages), read(each.preferred), read(each.rejected)) for each in examples.dpo)
            fitted = fit_preferences(pairs, weights, beta=self.plan.beta)
            weights, used = fitted.weights, used + fitted.examples_used
        return used, weights

    def _inputs(self, messages: Sequence[dict[str, str]]) -> tuple[tuple[str, ...], str]:
        case = self.cases[messages[0]["content"]]
        return case.lines, case.posting

    def _gain(self, cases: Sequence[Case]) -> Gain:
        scores = self._differences(cases, DEFAULT, self.weights)
        fits = [
            fit_of(written(case, self.weights), case.posting) - fit_of(written(case, DEFAULT), case.posting)
            for case in cases
        ]
        interval = mean_interval(scores, [case.resume_id for case in cases])
        return Gain(statistics.mean(scores), interval, statistics.mean(fits))

    def _differences(self, cases: Sequence[Case], before: Weights, after: Weights) -> list[float]:
        return [judged(written(case, after)) - judged(written(case, before)) for case in cases]


def written(case: Case, weights: Weights) -> str:
    return to_text(tailor(case.lines, case.posting, weights), case.contact)


def is_fresh(resume_id: str) -> bool:
    """Whether a resume is kept from training and promotion alike, to see what both are worth."""
    return is_held_out(f"fresh {resume_id}", FRESH) and not is_held_out(resume_id, HELD_OUT)


@lru_cache(maxsize=50_000)
def read(completion: str) -> TailoredResume:
    return TailoredResume.model_validate_json(completion)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "config/sample_data")
    parser.add_argument("--days", type=int, default=Plan.days)
    parser.add_argument("--noise", type=float, default=Plan.noise, help="standard deviation of a label, in points")
    parser.add_argument("--temperature", type=float, default=Plan.temperature)
    parser.add_argument("--method", choices=("supervised", "dpo", "both"), default=Plan.method)
    parser.add_argument("--margin", type=float, default=Plan.margin, help="points between preferred and rejected")
    parser.add_argument("--quantile", type=float, default=Plan.quantile, help="from which scores are imitated")
    parser.add_argument("--beta", type=float, default=Plan.beta)
    parser.add_argument("--seeds", type=int, default=1, help="runs with other volunteers and other draws")
    parser.add_argument("--control", action="store_true")
    given = vars(parser.parse_args())
    cases, seeds = read_cases(given.pop("folder")), given.pop("seeds")
    print(f"{len(cases)} pairs of {len({case.resume_id for case in cases})} resumes")
    for seed in range(seeds):
        simulation, started = Simulation(cases, Plan(seed=seed, **given)), time.monotonic()
        print(f"seed {seed}\n{'night':>5} {'label':>6} {'examples':>9}   {'held out':36} fresh")
        for day in range(simulation.plan.days):
            night = simulation.night(day)
            stands = "promoted" if night.promoted else ""
            print(
                f"{day + 1:5} {night.label:6.2f} {night.examples:9}   {night.held_out!s:36} {night.fresh} {stands}",
                flush=True,
            )
        moved = zip(FEATURES, DEFAULT.values(), simulation.weights.values(), strict=True)
        print("  ".join(f"{name} {old:.1f}>{new:.1f}" for name, old, new in moved if abs(new - old) > _SHOWN))
        print(f"{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
