"""Measures the truth check: recall by kind of lie, false alarms by kind of harmless rewrite, and speed.

    python benchmarks/truthfulness.py DATA_FOLDER [--set held-out] [--per-kind 20] [--seed 0] [--show KIND]

DATA_FOLDER holds `resumes.csv` and `postings.csv`. Rules are written against the development set only; the set
`selection-only` holds what `extractive-1` selects from the resumes, which is never false. Public checkers
(`hallucination-check`, `corroborate`) judge the same cases when they are installed, and are named as absent when not;
they need no place in the project's environment:

    pip install --target FOLDER hallucination-check corroborate
    PYTHONPATH=FOLDER python benchmarks/truthfulness.py DATA_FOLDER --set held-out

Measured on 2026-11-23 on 152 real resumes, 1,077 held-out cases:

                              recall   specificity   balanced accuracy   planted words named
    tailoring.truthfulness     0.993         0.986               0.990                 0.951
    hallucination-check 0.1.0  0.865         0.547               0.706                 0.843
    corroborate 0.1.0          0.210         0.945               0.577                 0.177
"""

import argparse
import importlib
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.truth_cases import Case, cases, read_resumes, selected_cases
from tailoring.truthfulness import check

Judge = Callable[[Case], tuple[bool, str]]  # found false?, and the words that the findings name


def ours(case: Case) -> tuple[bool, str]:
    report = check(case.source, case.generated, case.posting)
    return not report.truthful, " | ".join(claim.text for claim in report.unsupported).lower()


def public_judges() -> dict[str, Judge]:
    judges: dict[str, Judge] = {}
    try:
        hallucination_check = importlib.import_module("hallucination_check")

        def by_hallucination_check(case: Case) -> tuple[bool, str]:
            unsupported = hallucination_check.check(case.generated, case.source).unsupported
            return bool(unsupported), " | ".join(claim.text for claim in unsupported).lower()

        judges["hallucination-check"] = by_hallucination_check
    except ModuleNotFoundError:
        print("hallucination-check is not installed: not compared")
    try:
        corroborate = importlib.import_module("corroborate")

        def by_corroborate(case: Case) -> tuple[bool, str]:
            findings = corroborate.check_answer("", [case.source], case.generated).findings
            return bool(findings), " | ".join(span for finding in findings for span in finding.spans).lower()

        judges["corroborate"] = by_corroborate
    except ModuleNotFoundError:
        print("corroborate is not installed: not compared")
    return judges


def measure(judge: Judge, set_: Iterable[Case]) -> dict[tuple[bool, str], list[tuple[bool, bool]]]:
    """By (lie, kind): for each case, whether it was called false, and whether the planted words were named."""
    found: dict[tuple[bool, str], list[tuple[bool, bool]]] = defaultdict(list)
    for case in set_:
        false, named = judge(case)
        words = {
            word
            for planted in case.planted
            for word in re.findall(r"[^\s(),:]+", planted)
            if word not in case.source.lower()
        }
        names_it = any(word in named for word in words or case.planted) if case.planted else false
        found[case.lie, case.kind].append((false, names_it))
    return found


def report(name: str, found: dict[tuple[bool, str], list[tuple[bool, bool]]]) -> None:
    print(f"\n== {name}")
    rates = {}
    for lie in (True, False):
        print("recall by kind of lie (planted words named)" if lie else "false alarms by kind of harmless rewrite")
        outcomes = [outcome for (is_lie, _), kind in found.items() if is_lie is lie for outcome in kind]
        for (is_lie, kind), each in found.items():
            if is_lie is lie:
                called = sum(false for false, _ in each)
                named = f"  named {sum(named for _, named in each) / len(each):.2f}" if lie else ""
                print(f"  {kind:24s} {called / len(each):.2f}  ({called}/{len(each)}){named}")
        rates[lie] = sum(false for false, _ in outcomes) / len(outcomes)
        if lie:
            named_share = sum(named for _, named in outcomes) / sum(1 for _ in outcomes)
    print(
        f"recall {rates[True]:.3f}  specificity {1 - rates[False]:.3f}  "
        f"balanced accuracy {(rates[True] + 1 - rates[False]) / 2:.3f}  planted words named {named_share:.3f}"
    )


def report_selections(documents: list[Case]) -> None:
    """How many documents of a model that cannot lie are called false, and each finding."""
    findings = [(case.name, claim) for case in documents for claim in check(case.source, case.generated).unsupported]
    flagged = sum(not check(case.source, case.generated).truthful for case in documents)
    print(f"{len(documents)} documents that only select, {flagged} called false ({flagged / len(documents):.1%})")
    for name, claim in findings:
        print(f"  {name}: {claim.kind} | {claim.text} | {claim.why} | {claim.nearest[:100]}")


def speed(folder: Path) -> None:
    """Milliseconds for 4 KB, with the source read before and not, and how the time grows with the length."""
    resumes = [text for text in read_resumes(folder) if len(text) > 2000]
    for text in resumes[:5]:
        check(text, text.replace(" and ", " as well as "))
    rewritten = [text.replace(" and ", " plus ").replace("Worked", "Was busy") for text in resumes]
    for label, sources in (("new source", [text + " " for text in resumes]), ("known source", None)):
        began, size = time.process_time(), 0
        for number, generated in enumerate(rewritten):
            source = sources[number] if sources else resumes[0] + " "
            check(source, generated if sources else rewritten[0])
            size += len(generated) if sources else len(rewritten[0])
        print(f"{label}: {(time.process_time() - began) / size * 4096 * 1000:.2f} ms for 4 KB")
    base = "\n".join(resumes)
    for size in (25_000, 50_000, 100_000, 200_000):
        text = (base * (size // len(base) + 1))[:size]
        began = time.process_time()
        check(text, text.replace(" and ", " plus "))
        print(f"{size // 1000:4d} KB: {time.process_time() - began:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--set", choices=("development", "held-out", "selection-only"), default="development")
    parser.add_argument("--per-kind", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", help="print the wrongly judged cases of this kind (development set only)")
    arguments = parser.parse_args()
    if arguments.set == "selection-only":
        report_selections(selected_cases(arguments.folder, seed=arguments.seed))
        return
    chosen = cases(
        arguments.folder, held_out=arguments.set == "held-out", per_kind=arguments.per_kind, seed=arguments.seed
    )
    if arguments.show and arguments.set == "development":
        for case in chosen:
            false, named = ours(case)
            if arguments.show in (case.kind, "all") and false != case.lie:
                print(f"{case.name} | planted {case.planted} | named {named}")
        return
    print(f"{len(chosen)} cases of the {arguments.set} set, seed {arguments.seed}")
    for name, judge in {"tailoring.truthfulness": ours, **public_judges()}.items():
        report(name, measure(judge, chosen))
    speed(arguments.folder)


if __name__ == "__main__":
    main()
