"""A resume being rewritten, and the patterns that find a place to rewrite.

Shared by what plants lies (`truth_lies`) and what plants harmless rewrites (`truth_harmless`).
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.truth_phrases import Phrases

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*"
MONTH_YEAR = re.compile(rf"\b({_MONTH})[ ,'.-]*((?:19|20)\d\d)\b", re.I)
DATE_RANGE = re.compile(
    rf"((?:{_MONTH}[ ,'.-]*)?((?:19|20)\d\d))(\s*(?:to|-|–|till)\s*)"
    rf"((?:{_MONTH}[ ,'.-]*)?((?:19|20)\d\d)|till date|present)",
    re.I,
)
COUNT = re.compile(r"(?<![\w./:#-])(\d{1,3}(?:,\d{3})+|[2-9]|[1-9]\d{1,4})(\+?)(?= +([a-zA-Z]{4,})|%| ?percent)")
MONTHS_OF = re.compile(r"\b(\d{1,3}) months\b")
TITLE = re.compile(
    r"\b((?:[A-Z][\w.+#-]*|and|&|of) ){0,3}(Developer|Engineer|Manager|Analyst|Tester|Consultant|Administrator|"
    r"Designer|Executive|Officer|Advocate|Trainer|Architect|Programmer)\b"
)
DEGREE = re.compile(
    r"\b(Bachelor of [A-Z]\w+|Bachelors?|Diploma"
    r"|B\.?E\.?|B\.?Tech|B\.?Sc\.?|B\.?Com\.?|BCA|BE|BSc|BCom|HSC|SSC)(?=[\s,(])"
)
SCHOOL = re.compile(
    r"\b((?:[A-Z][\w.&']*[ ,]+(?:of )?){1,5}(?:University|College|Institute|School)"
    r"|University of [A-Z]\w+)\b"
)
WEAK = re.compile(
    r"^(\W*)(Participated in|Involved in|Assisted (?:in|with)?|Worked on|Supported|Helped|Contributed to"
    r"|Support(?:ing)?|Assist(?:ing)? (?:in|with)?|Working on|Coordinated with|Tested|Maintained"
    r"|Prepared|Used|Provided)\b ?",
    re.I,
)
BULLET = re.compile(r"^\s*(?:[•*●▪➢✓-]|\d{1,2}[.)])\s*")
STRUCTURE = re.compile(r"^(?:company - |description - ?$|\w+ Details ?$)")


@dataclass
class Draft:
    """A resume being rewritten, line by line, and what has been planted in it."""

    lines: list[str]
    rng: random.Random
    phrases: Phrases
    source: str
    posting: str
    planted: list[str] = field(default_factory=list)

    def prose(self) -> list[int]:
        """Line numbers of sentences and bullets, long enough to carry a claim and short enough to be one."""
        return [i for i, line in enumerate(self.lines) if 6 <= len(line.split()) <= 40 and not STRUCTURE.match(line)]

    def pick(self, pattern: re.Pattern[str], longest: int = 400) -> tuple[int, re.Match[str]] | None:
        found = [(i, m) for i, line in enumerate(self.lines) if len(line) <= longest for m in pattern.finditer(line)]
        return self.rng.choice(found) if found else None

    def replace(self, line: int, match: re.Match[str], new: str, group: int = 0) -> None:
        text = self.lines[line]
        self.lines[line] = text[: match.start(group)] + new + text[match.end(group) :]

    def absent(self, choices: tuple[str, ...]) -> str | None:
        """One of the choices of which the source holds no word."""
        text = self.source.lower()
        free = [
            c
            for c in choices
            if not any(w in text for w in re.findall(r"[a-z+#.]{2,}", c.lower()) if len(w) > 3 or c.lower() == w)
        ]
        return self.rng.choice(free) if free else None

    def plant(self, words: str) -> str:
        self.planted.append(words.lower())
        return words

    def append(self, line: int, tail: str) -> None:
        self.lines[line] = (
            self.lines[line].rstrip(" .;,") + tail + ("." if self.lines[line].rstrip().endswith(".") else "")
        )


Rewrite = Callable[[Draft], bool]  # False: this resume has no place for it
