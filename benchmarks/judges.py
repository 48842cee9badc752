"""Measures the three judges: how many judgements a second on one core, and how the cost grows with the length.

    python benchmarks/judges.py FOLDER

FOLDER holds `resumes.csv` and `postings.csv` in the owner's columns. Each resume is tailored to a posting by the
extractive model, so that the truth check has something to trace; resume n is judged against posting n. Times are CPU
times of this process.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ats_score import load

from tailoring.ats_score import score
from tailoring.extractive import tailor
from tailoring.lines import source_lines
from tailoring.matching import job_fit
from tailoring.parsing import parse_resume
from tailoring.rendering import to_text
from tailoring.truthfulness import check

LENGTHS = (25_000, 50_000, 100_000, 200_000)
ROUNDS = 3  # of which the fastest counts: the machine may do other things


class Case(NamedTuple):
    """A document to judge, and what it is judged by."""

    source: str
    posting: str
    generated: str


JUDGES: dict[str, Callable[[Case], object]] = {
    "ATS score": lambda case: score(case.generated),
    "truth": lambda case: check(case.source, case.generated, case.posting),
    "job fit": lambda case: job_fit(case.generated, case.posting),
}


def fresh(case: Case, number: int) -> Case:
    """The same case as nobody has read it before, for judges that keep what they read."""
    return Case(*(text + "\n" * number for text in case))


def milliseconds(judge: Callable[[Case], object], case: Case) -> float:
    start = time.process_time()
    judge(case)
    return (time.process_time() - start) * 1000


def tailored(resume: str, posting: str) -> Case:
    generated = to_text(tailor(source_lines(resume), posting), parse_resume(resume).contact.contact)
    return Case(resume, posting, generated)


def speed(cases: list[Case]) -> None:
    for judge in JUDGES.values():
        judge(cases[0])  # word lists are loaded once
    print(f"{'judge':10} {'ms, median':>11} {'95th':>7} {'mean':>7} {'a second and core':>18}")
    means = []
    for name, judge in JUDGES.items():
        rounds = [[milliseconds(judge, fresh(case, number)) for case in cases] for number in range(ROUNDS)]
        times = min(rounds, key=sum)
        means.append(statistics.mean(times))
        worst = statistics.quantiles(times, n=20)[-1]
        print(f"{name:10} {statistics.median(times):11.2f} {worst:7.2f} {means[-1]:7.2f} {1000 / means[-1]:18.0f}")
    total = sum(means)
    print(f"{'all three':10} {'':11} {'':7} {total:7.2f} {1000 / total:18.0f}")
    print(f"10,000 documents: {total * 10:.0f} s on one core")


def growth(resumes: list[str], postings: list[str]) -> None:
    """Times on resumes strung together: twice the length must cost about twice as much."""
    resume, posting = "\n".join(resumes), "\n".join(postings)
    print(f"\n{'ms for':10}" + "".join(f"{length // 1000:>8} KB" for length in LENGTHS) + "   200 KB / 25 KB")
    for name, judge in JUDGES.items():
        times = []
        for length in LENGTHS:
            case = Case(resume[:length], posting[:length], resume[-length:])  # another text: nothing is word for word
            times.append(min(milliseconds(judge, fresh(case, number)) for number in range(ROUNDS)))
        print(f"{name:10}" + "".join(f"{spent:11.1f}" for spent in times) + f"{times[-1] / times[0]:17.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    resumes, postings = load(folder)
    cases = [tailored(resume, postings[at % len(postings)]) for at, resume in enumerate(resumes)]
    size = statistics.mean(len(case.generated.encode()) for case in cases)
    print(f"{len(cases)} documents of {size / 1024:.1f} KB on average")
    speed(cases)
    growth(resumes, postings)


if __name__ == "__main__":
    main()
