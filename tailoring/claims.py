"""What the truth check reports: claims without support, each with its place and the reason.

Only the shapes; how claims are found and judged is told in `tailoring.truthfulness`.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a claim is about."""

    SKILL = "skill"
    NUMBER = "number"
    EMPLOYER = "employer"
    TITLE = "title"
    DATE = "date"
    DURATION = "duration"
    DEGREE = "degree"
    SCHOOL = "school"
    CERTIFICATION = "certification"
    PROJECT = "project"
    LANGUAGE = "language"
    VERB_STRENGTH = "verb strength"
    STATEMENT = "statement"
    DEGENERATE = "degenerate"


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of the generated resume that the source does not support.

    `text` is `generated[start:end]`; `source_line` is the 1-based number (as cited by `lines.source_lines`) and
    `nearest` the text of the source line that comes nearest; None and "" when nothing comes near.
    """

    text: str
    kind: Kind
    start: int
    end: int
    why: str
    source_line: int | None = None
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class TruthReport:
    """`truthful` is true when nothing is unsupported and the text is not degenerate (`degenerate` says how it is)."""

    truthful: bool
    unsupported: list[Claim]
    degenerate: str | None = None
