"""Writes each resume of a folder in every format, and reads it back with what ATS are built on.

    python benchmarks/documents.py FOLDER [--misses]

FOLDER holds `resumes.csv` and `postings.csv` in the owner's columns. Each resume is tailored to a posting by the
extractive model. Told for each format and reader, of how many documents these come back as they are in the plain text:
all words in order; lines, each beginning a line of its own (a page may break it); sections, with the words in each;
and the statements that our parser makes of them, fields of roles and degrees among them. Then sizes, times of a warm
process, and how far the ATS score of the file is from that of the text. pdftotext is the one of poppler-utils. In JSON
Resume dates are written otherwise, and so come back in other words that mean the same.
"""

import argparse
import io
import json
import re
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import docx
import pypdf
from pdfminer.high_level import extract_text

from tailoring.ats_score import score
from tailoring.cleaning import (
    POSTING_COLUMNS,
    POSTING_REQUIRED,
    RESUME_COLUMNS,
    RESUME_REQUIRED,
    clean_postings,
    clean_resumes,
)
from tailoring.documents import read_document
from tailoring.extractive import tailor
from tailoring.outline import outline
from tailoring.parsing import parse_resume, source_lines
from tailoring.rendering import FORMATS, Format, render
from tailoring.resume import Contact, TailoredResume
from tailoring.tables import read_table

ROUNDS = 3  # of which the fastest counts: the machine may do other things


class Case(NamedTuple):
    """A tailored resume, its contact data, and its plain text."""

    resume: TailoredResume
    contact: Contact
    text: str


def by_pypdf(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def by_pdfminer(data: bytes) -> str:
    return extract_text(io.BytesIO(data))


def by_pdftotext(data: bytes) -> str:
    return subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()


def by_us(data: bytes) -> str:
    return read_document(data).text


def by_python_docx(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


READERS: dict[Format, dict[str, Callable[[bytes], str]]] = {
    "pdf": {"pypdf": by_pypdf, "pdfminer": by_pdfminer, "pdftotext": by_pdftotext, "ours": by_us},
    "docx": {"python-docx": by_python_docx, "ours": by_us},
    "json": {"ours": by_us},
}


def words(text: str) -> str:
    """The text without white space and bullet signs."""
    return re.sub(r"(?m)^\s*[-•]\s|\s", "", text)


def line_starts(text: str) -> set[int]:
    """How many words' letters stand before each line."""
    lengths = (len(words(line)) for line in text.splitlines())
    return set(accumulate(lengths, initial=0))


def sections(text: str) -> list[tuple[Any, str]]:
    """The sections in order, each with its words."""
    lines = source_lines(text)
    return [(run.kind, words("\n".join(lines[line.number - 1] for line in run.lines))) for run in outline(lines).runs]


def statements(text: str) -> dict[str, Any]:
    """What the parser makes of a text: its sections with their fields and statements, without line numbers."""
    parsed = parse_resume(text)
    found = {
        name: _bare(value) for name, value in asdict(parsed).items() if name not in ("lines", "headings", "skills")
    }
    return found | {"skills": list(parsed.skills.terms)}


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        if "present" in value:  # dates: what they mean, not how they are written
            return value["start"], value["end"]
        return {key: _bare(part) for key, part in value.items() if key not in ("line_nos", "span")}
    return [_bare(part) for part in value] if isinstance(value, list | tuple) else value


def load(folder: Path) -> list[Case]:
    resumes = clean_resumes(read_table(folder / "resumes.csv", RESUME_COLUMNS, RESUME_REQUIRED)).frame["resume_text"]
    table = read_table(folder / "postings.csv", POSTING_COLUMNS, POSTING_REQUIRED)
    postings = clean_postings(table, keywords=()).frame["description"]
    cases = []
    for number, text in enumerate(resumes):
        resume = tailor(source_lines(text), postings[number % len(postings)])
        contact = parse_resume(text).contact.contact
        cases.append(Case(resume, contact, render(resume, contact, "txt").decode()))
    return cases


def round_trips(cases: list[Case], *, misses: bool) -> None:
    columns = ("words", "lines", "sections", "statements")
    print(f"{'format':6} {'reader':12} {' '.join(f'{column:>10}' for column in columns)}   statements that differ")
    for kind, readers in READERS.items():
        files = [render(case.resume, case.contact, kind) for case in cases]
        for name, read in readers.items():
            same: Counter[str] = Counter()
            differing: Counter[str] = Counter()
            for case, data in zip(cases, files, strict=True):
                text = read(data)
                same["words"] += words(text) == words(case.text)
                same["lines"] += words(text) == words(case.text) and line_starts(text) >= line_starts(case.text)
                same["sections"] += sections(text) == sections(case.text)
                expected, found = statements(case.text), statements(text)
                parts = [part for part in expected if expected[part] != found[part]]
                same["statements"] += not parts
                differing.update(parts)
                for part in parts if misses else ():
                    print(json.dumps([kind, name, part, expected[part], found[part]], ensure_ascii=False, default=str))
            shares = " ".join(f"{same[column] / len(cases):10.1%}" for column in columns)
            print(f"{kind:6} {name:12} {shares}   {dict(differing.most_common(4)) or '-'}")


def sizes_and_times(cases: list[Case]) -> None:
    print(f"\n{'format':6} {'KB, median':>11} {'most':>7} {'ms, median':>11} {'95th':>7}")
    for kind in FORMATS:
        sizes = [len(render(case.resume, case.contact, kind)) / 1000 for case in cases]
        rounds = []
        for number in range(ROUNDS):
            times = []
            for case in cases:
                contact = case.contact.model_copy(update={"phone": f"{number} 555 0100"})  # not seen by any cache
                start = time.process_time()
                render(case.resume, contact, kind)
                times.append((time.process_time() - start) * 1000)
            rounds.append(times)
        best = min(rounds, key=sum)
        worst = statistics.quantiles(best, n=20)[-1]
        sizes_told = f"{statistics.median(sizes):11.1f} {max(sizes):7.1f}"
        print(f"{kind:6} {sizes_told} {statistics.median(best):11.2f} {worst:7.2f}")


def scores(cases: list[Case]) -> None:
    print(f"\n{'format':6} {'mean difference of the ATS score':>33} {'largest':>8} {'within a point':>15}   by check")
    for kind in ("pdf", "docx"):
        differences, by_check = [], Counter[str]()
        for case in cases:
            of_text, of_file = score(case.text), score(render(case.resume, case.contact, kind))
            differences.append(of_file.total - of_text.total)
            for one, other in zip(of_text.checks, of_file.checks, strict=True):
                by_check[one.name] += abs(other.points - one.points) / len(cases)
        near = sum(abs(each) <= 1 for each in differences) / len(cases)
        most = {name: round(points, 2) for name, points in by_check.most_common(4) if points > 0.005}
        largest = max(differences, key=abs)
        print(f"{kind:6} {statistics.mean(differences):33.2f} {largest:8.2f} {near:15.1%}   {most or '-'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses", action="store_true", help="print each part that came back otherwise")
    options = parser.parse_args()
    cases = load(options.folder)
    print(f"{len(cases)} resumes")
    round_trips(cases, misses=options.misses)
    sizes_and_times(cases)
    scores(cases)


if __name__ == "__main__":
    main()
