"""Cases for the truth check: known lies and harmless rewrites planted in real resumes.

Every case starts from a real resume, read from a data folder at run time, rendered as it is, with lines dropped, or
set under other headings; then one lie is planted, or one harmless rewrite (several together in `many at once`).
Half of the resumes, and another set of words, are held out for measuring. Nothing here knows the checker.
A set of its own are the documents that only select from a resume.
Keep out: judging and counting (`truthfulness`), the words that are planted (`truth_phrases`).
"""

import csv
import io
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ftfy
import yaml

from benchmarks.truth_draft import BULLET, STRUCTURE, Draft, Rewrite
from benchmarks.truth_harmless import HARMLESS
from benchmarks.truth_lies import LIES
from benchmarks.truth_phrases import DEVELOPMENT, HELD_OUT, Phrases
from tailoring.cleaning import RESUME_COLUMNS, RESUME_REQUIRED, clean_resumes
from tailoring.extractive import tailor
from tailoring.grounding import ground
from tailoring.lines import source_lines
from tailoring.parsing import parse_resume
from tailoring.rendering import to_text
from tailoring.tables import read_table


@dataclass(frozen=True)
class Case:
    """`planted` are the words (lower case) that a finding should name; empty for harmless rewrites."""

    name: str
    kind: str
    lie: bool
    source: str
    generated: str
    posting: str | None = None
    planted: tuple[str, ...] = ()


def read_resumes(folder: Path) -> list[str]:
    """The distinct resumes of `resumes.csv`, with their damaged bytes repaired, in the order of the file."""
    raw = (folder / "resumes.csv").read_bytes()
    for broken, meant in ((b"\xe2?\xa2", "•"), (b"\xe2??", "'"), (b"\xe2?\xa6", "…"), (b"\xe2?", "-")):
        raw = raw.replace(broken, meant.encode("cp1252"))
    rows = csv.DictReader(io.StringIO(raw.decode("cp1252", errors="replace")))
    texts = (ftfy.fix_text(row["Text"]).replace("\xa0", " ").replace("Â", "").strip() for row in rows)
    return [text for text in dict.fromkeys(texts) if len(text) > 300]


def read_postings(folder: Path) -> list[str]:
    """The descriptions of `postings.csv`."""
    csv.field_size_limit(10_000_000)
    with (folder / "postings.csv").open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.DictReader(file)
        return [text for row in rows if len(text := row.get("description") or "") > 300]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in re.sub(r"\s*•\s*", "\n• ", text).splitlines() if line.strip(" •")]


def _base(lines: list[str], rng: random.Random) -> list[str]:
    """How the generated resume looks before anything is planted."""
    style = rng.choice(("same", "same", "trimmed", "bulleted"))
    if style == "trimmed":
        return [line for line in lines if STRUCTURE.match(line) or rng.random() < 0.75]
    if style == "bulleted":
        return [
            f"• {line}" if len(line.split()) > 6 and not BULLET.match(line) and not STRUCTURE.match(line) else line
            for line in lines
        ]
    return list(lines)


def cases(folder: Path, *, held_out: bool, per_kind: int = 20, seed: int = 0) -> list[Case]:
    """About `per_kind` cases of every kind (fewer where few resumes have a place for it).

    Raises FileNotFoundError when `folder` has no `resumes.csv` and `postings.csv`.
    """
    resumes = read_resumes(folder)[int(held_out) :: 2]
    postings = read_postings(folder)[int(held_out) :: 2]
    phrases = HELD_OUT if held_out else DEVELOPMENT
    found: list[Case] = []
    for lie, rewrites in ((True, LIES), (False, HARMLESS)):
        for rewrite in rewrites:
            found += _of_kind(rewrite, lie, resumes, postings, phrases, per_kind, seed)
    return [*found, *rewritten_cases(held_out=held_out)]


def rewritten_cases(*, held_out: bool) -> list[Case]:
    """Single statements rewritten and embellished as a language model does, each inside its whole resume."""
    sets = yaml.safe_load((Path(__file__).parent / "truth_rewrites.yaml").read_text("utf-8"))
    found: list[Case] = []
    for person in sets["held-out" if held_out else "development"]:
        source = person["source"]
        for rewrite in person["rewrites"]:
            statement = rewrite["of"]
            found += [
                Case(text, "rewritten", False, source, source.replace(statement, text)) for text in rewrite["truthful"]
            ]
            for lie in rewrite["lies"]:
                generated = source.replace(statement, lie["text"])
                found.append(Case(lie["text"], "embellished", True, source, generated, planted=(lie["lie"],)))
    return found


def selected_cases(folder: Path, *, per_resume: int = 3, seed: int = 0) -> list[Case]:
    """What the model `extractive-1` makes of every resume for some postings: selected, ordered, trimmed, never false.

    Raises FileNotFoundError when `folder` has no `resumes.csv` and `postings.csv`.
    """
    resumes = clean_resumes(read_table(folder / "resumes.csv", RESUME_COLUMNS, RESUME_REQUIRED)).frame["resume_text"]
    postings = read_postings(folder)
    found: list[Case] = []
    for number, source in enumerate(resumes):
        rng = random.Random(f"{seed} {number}")
        lines, parsed = source_lines(source), parse_resume(source)
        for posting in rng.sample(postings, per_resume):
            grounded = ground(tailor(lines, posting), lines, parsed).resume
            generated = to_text(grounded, parsed.contact.contact)
            found.append(Case(f"resume {number}", "selection only", False, source, generated, posting))
    return found


def _of_kind(
    rewrite: Rewrite, lie: bool, resumes: list[str], postings: list[str], phrases: Phrases, per_kind: int, seed: int
) -> Iterator[Case]:
    kind = rewrite.__name__.replace("_", " ")
    rng = random.Random(f"{seed} {kind}")
    made = 0
    for attempt in range(per_kind * 8):
        if made == per_kind:
            return
        source = rng.choice(resumes)
        draft = Draft(_base(_lines(source), rng), rng, phrases, source, rng.choice(postings))
        if rewrite(draft):
            made += 1
            generated = "\n".join(draft.lines)
            yield Case(f"{kind} {attempt}", kind, lie, source, generated, draft.posting, tuple(draft.planted))
