"""A generated resume, cut into the lines that need checking.

A line that the source says word for word needs none. Here a line only learns what it is (its section, a list, the head
of an entry) and what it holds (numbers, dates, skills); whether that is true is asked elsewhere.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from tailoring.claims import Claim, Kind
from tailoring.credentials import Degree, find_degrees
from tailoring.dates import DateRange, find_date_ranges
from tailoring.evidence import Evidence
from tailoring.numbers import Quantity, find_quantities
from tailoring.sections import Section, heading, heading_with_content
from tailoring.skills import SkillMention, find_skills
from tailoring.source_jobs import HEADS, LONGEST_HEAD, is_head
from tailoring.source_text import line_key, numberless_key
from tailoring.spoken_languages import Mention, find_languages
from tailoring.tokens import Token, sentences

_ADDRESS = re.compile(
    r"[\w.+-]{1,64}@\S{1,250}|https?://\S+|www\.\S+|\b(?:linkedin|github)\.com\S*|\+?\(?\d[\d() -]{8,20}\d"
    r"|\b\d{2,4}\.\d{2,4}\.\d{3,4}\b"
)
_MAYBE_ADDRESS = re.compile(r"@|//|www|\.com|\d[\d() -]{8}|\d\.\d{2,4}\.\d")
_BETWEEN_FIELDS = r"[|•]|\s[-–—]\s"
_BETWEEN_ITEMS = re.compile(rf"{_BETWEEN_FIELDS}|[,;]")
_BETWEEN_SENTENCES = re.compile(rf"{_BETWEEN_FIELDS}|[.;!?]\s")
_LISTS = frozenset((Section.SKILLS, Section.LANGUAGES))
_LIST_SIGN = re.compile(r",(?!\d)|[;|•/]")


@dataclass(frozen=True)
class Line:
    """One line of `text`, the whole generated text: its tokens, section, whether it lists items or heads an entry."""

    text: str
    tokens: list[Token]
    section: Section | None
    lists: bool
    header: bool
    verbatim: bool  # the source has it word for word
    heads: tuple[list[Token], ...]  # the short lines before it in its section, the nearest last

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end

    @cached_property
    def written(self) -> str:
        return self.text[self.start : self.end]

    @cached_property
    def parts(self) -> list[tuple[int, int]]:
        """The tokens (first, last + 1) of each item of a list, or each field and sentence of any other line."""
        between = _BETWEEN_ITEMS if self.lists else _BETWEEN_SENTENCES
        cuts = [
            at
            for at, (token, after) in enumerate(pairwise(self.tokens), 1)
            if after.start - token.end > 1 and between.search(self.text, token.end, after.start)
        ]
        return list(pairwise([0, *cuts, len(self.tokens)]))

    @cached_property
    def quantities(self) -> list[Quantity]:
        """The numbers, less those inside dates and addresses; a lone year may be a count as well."""
        years = self.places((self.start + d.span[0], self.start + d.span[1]) for d in self.dates if d.is_lone_year)
        apart = self.apart - years
        return [found for found in find_quantities(self.tokens, self.text) if found.first not in apart]

    @cached_property
    def figures(self) -> dict[str, set[int]]:
        """By unit, the tokens of the numbers, units included."""
        tokens: dict[str, set[int]] = {}
        for found in self.quantities:
            tokens.setdefault(found.unit, set()).update(range(found.first, found.last + 1))
        return tokens

    @cached_property
    def dates(self) -> list[DateRange]:
        """The dates; their spans count from the start of the line."""
        return find_date_ranges(self.written)

    @cached_property
    def apart(self) -> frozenset[int]:
        """The tokens inside dates and addresses."""
        addresses = _ADDRESS.finditer(self.written) if _MAYBE_ADDRESS.search(self.written) else ()
        spans = [*(date.span for date in self.dates), *(match.span() for match in addresses)]
        return frozenset(self.places((self.start + first, self.start + last) for first, last in spans))

    @cached_property
    def numberless_key(self) -> str:
        return numberless_key(self.tokens)

    @cached_property
    def skills(self) -> list[SkillMention]:
        """The skills; their places count from the start of the line."""
        return find_skills(self.written)

    @cached_property
    def languages(self) -> list[Mention]:
        """The languages; their places count from the start of the line."""
        return find_languages(self.written)

    @cached_property
    def degrees(self) -> list[Degree]:
        return find_degrees(self.tokens)

    def places(self, spans: Iterable[tuple[int, int]]) -> set[int]:
        """The tokens that begin in one of these spans of the generated text."""
        found: set[int] = set()
        for start, end in spans:
            found.update(range(bisect_left(self._starts, start), bisect_left(self._starts, end)))
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [token.start for token in self.tokens]

    def claim(self, first: int, last: int, kind: Kind, why: str) -> Claim:
        """A claim made of these tokens, the signs that belong to a number included."""
        start, end = self.tokens[first].start, self.tokens[last].end
        start -= self.text[max(0, start - 1) : start] in ("$", "€", "£", "₹")
        end += self.text[end : end + 1] == "%"
        return Claim(self.text[start:end], kind, start, end, why)


class WrittenLine(NamedTuple):
    """The tokens of a line, and its `line_key`."""

    tokens: list[Token]
    key: str


def cut_into_lines(tokens: list[Token]) -> list[WrittenLine]:
    """The tokens by line; lines without any are left out."""
    lines = (list(group) for _, group in groupby(tokens, key=attrgetter("line")))
    return [WrittenLine(line, line_key(line)) for line in lines]


def lines_to_check(lines: list[WrittenLine], text: str, evidence: Evidence) -> Iterator[Line]:
    """The lines that say something in other words than the source, and of its own lines those with numbers."""
    section: Section | None = None
    heads: list[list[Token]] = []
    for line, key in lines:
        written = text[line[0].start : line[-1].end]
        opened = heading(written)
        if opened:
            section = opened
            heads = []
            continue
        if is_head(line):
            heads.append(line)
        verbatim = evidence.has_line(key) or all(evidence.has_line(line_key(part)) for part in sentences(line, text))
        if verbatim and not any(token.is_number for token in line):
            continue
        with_content = heading_with_content(written)
        here = with_content[1] if with_content else section
        items = 1 + len(_LIST_SIGN.findall(written))
        lists = (items > 3 and len(line) <= 3 * items) or (here in _LISTS and len(line) <= 3 * items + 2)
        header = len(line) <= LONGEST_HEAD and not written.endswith(".")
        yield Line(text, line, here, lists, header, verbatim, tuple(heads[-HEADS:]))
