"""The ATS score: how well an applicant tracking system and a recruiter's first glance can read a resume, 0 to 100.

It is given the document alone, as the public checkers are; fit to a posting is `tailoring.matching`'s business. The
total is the sum of the points of the checks and nothing else.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import yaml

from tailoring.ats_checks import CHECKS, NEEDS_TEXT
from tailoring.ats_reading import read
from tailoring.documents import read_document

_ENOUGH = 25  # words from which the absence of faults means something


@dataclass(frozen=True, slots=True)
class Check:
    """One check's outcome: `points` of at most `of`, what was `found`, and the `advice` ("" when nothing is lost)."""

    name: str
    points: float
    of: int
    found: str
    advice: str


@dataclass(frozen=True, slots=True)
class AtsReport:
    """All checks, and `total`, the sum of their points: 0 to 100."""

    total: float
    checks: tuple[Check, ...]

    def check(self, name: str) -> Check:
        """The check of this name; raises KeyError for an unknown one."""
        for check in self.checks:
            if check.name == name:
                return check
        raise KeyError(name)


class _Weight(NamedTuple):
    name: str
    of: int
    advice: str


@cache
def _weights() -> tuple[_Weight, ...]:
    text = resources.files("tailoring").joinpath("data/ats_checks.yaml").read_text("utf-8")
    return tuple(_Weight(entry["name"], entry["of"], entry["advice"]) for entry in yaml.safe_load(text))


def score(resume: str | Path | bytes) -> AtsReport:
    """Scores a resume: a text, or a file (path or bytes) of text, PDF or DOCX, read as an ATS would.

    Raises `documents.UnreadableDocumentError` for a file that is none of these or broken, OSError for one that cannot
    be opened.
    """
    reading = read(read_document(resume))
    written = min(1.0, reading.substance / _ENOUGH)
    checks = []
    for name, of, advice in _weights():
        finding = CHECKS[name](reading)
        share = finding.share * (written if name in NEEDS_TEXT else 1.0)
        points = round(of * share, 2)
        checks.append(Check(name, points, of, finding.found, advice if points < of else ""))
    return AtsReport(round(sum(check.points for check in checks), 2), tuple(checks))
