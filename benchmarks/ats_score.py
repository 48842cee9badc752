"""Measures the ATS score: does it move the right way, and how fast is it?

    python benchmarks/ats_score.py FOLDER [--margin POINTS] [--misses]

FOLDER holds `resumes.csv` and `postings.csv` in the owner's columns. Each resume is changed in the known ways of
`ats_changes.py` wherever a change applies; a change is moved rightly when the score falls by more than the margin where
it must fall, and stays within the margin where it must stay.
"""

import argparse
import csv
import io
import random
import statistics
import time
from collections import defaultdict
from pathlib import Path

from ats_changes import CASES, Effect

from tailoring.ats_score import score

ADVERSARIAL = {
    "one letter": "a" * 200_000,
    "spaces": " " * 200_000,
    "bullets": "• " * 100_000,
    "dates": "Jan 2020 - " * 18_000,
    "unclosed tags": "<span style=" * 16_000,
    "digits": "1" * 200_000,
    "commas": "a," * 100_000,
    "no known word": " ".join(f"q{n:x}zv" for n in range(25_000)).translate(str.maketrans("0123456789", "ghijklmnop")),
    "mail": "a@" * 100_000,
}


def rightly(effect: Effect, before: float, after: float, margin: float) -> bool:
    """Whether the score moved as it must."""
    if effect == "lowers":
        return after < before - margin
    if effect == "keeps":
        return abs(after - before) <= margin
    return after >= before


def movements(resumes: list[str], postings: list[str], margin: float, misses: bool) -> None:
    outcomes: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for number, resume in enumerate(resumes):
        before = score(resume)
        for case in CASES:
            chance = random.Random(f"{number} {case.name}")
            changed = case.apply(resume, postings[number % len(postings)], chance)
            if changed is None or changed == resume:
                continue
            after = score(changed)
            right = rightly(case.effect, before.total, after.total, margin)
            outcomes[case.name].append((right, after.total - before.total))
            if misses and not right:
                moved = {
                    new.name: round(new.points - old.points, 2)
                    for old, new in zip(before.checks, after.checks, strict=True)
                    if new.points != old.points
                }
                print(f"  miss: resume {number}, {case.name}: {before.total} -> {after.total} {moved}")
    print(f"{'change':34} {'must':15} {'cases':>5} {'rightly':>8} {'median move':>12}")
    for case in CASES:
        if found := outcomes.get(case.name):
            share = statistics.mean(right for right, _ in found)
            move = statistics.median(move for _, move in found)
            print(f"{case.name:34} {case.effect:15} {len(found):5} {share:8.1%} {move:12.2f}")
    cases = [right for found in outcomes.values() for right, _ in found]
    kinds = [statistics.mean(right for right, _ in found) for found in outcomes.values()]
    print(f"{len(cases)} cases, {statistics.mean(cases):.1%} moved rightly; kinds alike: {statistics.mean(kinds):.1%}")


def speed(resumes: list[str]) -> None:
    score(resumes[0])  # word lists are loaded once
    start = time.process_time()
    totals = [score(resume).total for resume in resumes]
    seconds = time.process_time() - start
    size = sum(len(resume.encode()) for resume in resumes)
    quartiles = ", ".join(f"{cut:.0f}" for cut in statistics.quantiles(totals))
    print(f"scores: lowest {min(totals):.0f}, quartiles {quartiles}, highest {max(totals):.0f}")
    print(f"speed: {len(resumes) / seconds:.0f} resumes a second, {seconds / size * 4096 * 1000:.2f} ms per 4 KB")
    text = "\n".join(resumes)
    for length in (25_000, 50_000, 100_000, 200_000):
        print(f"  {length // 1000:4} KB of resumes: {timed(text[:length]):7.1f} ms")
    for name, attack in ADVERSARIAL.items():
        print(f"  200 KB, {name}: {timed(attack):7.1f} ms")


def timed(text: str) -> float:
    start = time.process_time()
    score(text)
    return (time.process_time() - start) * 1000


def load(folder: Path) -> tuple[list[str], list[str]]:
    """The texts of resumes and postings; bullets that a wrong encoding broke (`e2 3f a2`) are mended."""
    texts = []
    for name, column in (("resumes.csv", "Text"), ("postings.csv", "description")):
        content = (folder / name).read_bytes().decode("utf-8", errors="replace")
        content = content.replace("\0", "").replace("\ufffd?\ufffd", "•").replace("\ufffd", "'")
        texts.append([row[column] for row in csv.DictReader(io.StringIO(content)) if len(row[column] or "") >= 100])
    return texts[0], texts[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--margin", type=float, default=0.25, help="points that count as a move")
    parser.add_argument("--misses", action="store_true", help="print each change that was moved wrongly")
    options = parser.parse_args()
    resumes, postings = load(options.folder)
    speed(resumes)
    movements(resumes, postings, options.margin, options.misses)


if __name__ == "__main__":
    main()
