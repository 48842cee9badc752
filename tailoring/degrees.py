"""Levels of education that a text names, from school to doctorate, whatever the field.

How a degree is spelled is known to `tailoring.credentials`; here only the level counts, and a few ways in which
postings ask for one without naming it ("four-year degree").
"""

import re

from tailoring.credentials import find_degrees
from tailoring.tokens import tokenize

DEGREE_LEVELS = ("school", "diploma", "bachelor", "master", "doctorate")

# What a text must hold to be worth reading for degrees.
_HINT = re.compile(
    r"\b(?:degrees?|graduate|diploma|bachelor|master|doctora|ph\.?\s?d|llb|llm|bca|mca|bba|mba|pgdm|bcom|mcom"
    r"|[bm]\.?\s?(?:s|a|e|sc|com|tech|eng)\b|hsc|ssc|ged\b|high\s?school|secondary|pharmd|associate['’]?s?\s+(?:degree|of)\b)",
    re.IGNORECASE,
)
_SCHOOL = re.compile(r"\b(?:high[ -]?school|secondary[ -]school)(?: (?:diploma|certificate))?|\bGED\b", re.IGNORECASE)
_PHRASES = (
    (1, re.compile(r"\bassociate(?:['’]?s)?(?:['’])? (?:degree|of (?:arts|science|applied))", re.IGNORECASE)),
    (2, re.compile(r"\b(?:college|university|undergraduate|(?:four|4)[ -]year) degree\b|\bBS/(?=MS)", re.IGNORECASE)),
    (3, re.compile(r"\b(?:post-?graduate|(?<!under)graduate|advanced) degree\b", re.IGNORECASE)),
    (4, re.compile(r"\b(?:Juris Doctor|PharmD|J\.D\.|M\.D\.|D\.D\.S\.)")),
)  # fmt: skip
_LEVEL = {"secondary": 0, "higher secondary": 0, "diploma": 1, "b": 2, "m": 3, "doctorate": 4}


def degree_levels(text: str) -> list[int]:
    """The places in `DEGREE_LEVELS` of the degrees that the text names, lowest first, each once."""
    if not _HINT.search(text):
        return []
    above_school, schools = _SCHOOL.subn(" ", text)
    levels = {0} if schools else set()
    levels |= {level for level, pattern in _PHRASES if pattern.search(above_school)}
    levels |= {_LEVEL[degree.name.partition(".")[0]] for degree in find_degrees(tokenize(above_school))}
    return sorted(levels)
