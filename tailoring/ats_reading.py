"""A resume laid out for the ATS checks: its lines, each with section, bullet sign and dates, and shared counts.

Reads once, so that twenty checks cost one pass. It looks at the page, not at its meaning: a check must see a bullet
that hangs in no role and a line that stands in the wrong place, which a forgiving parser would repair.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from tailoring.dates import DateRange, find_date_ranges
from tailoring.documents import Document
from tailoring.lines import source_lines, split_marker
from tailoring.sections import Section, heading, heading_with_content
from tailoring.wording import WORD, Opening, buzzwords, calm, function_words, has_digit, opening, posting_phrases

_STATEMENT_SECTIONS = frozenset((Section.EXPERIENCE, Section.PROJECTS))
_NO_DEEDS = frozenset((Section.EDUCATION, Section.CONTACT, Section.SUMMARY, Section.LANGUAGES))
_LISTS = frozenset((Section.SKILLS, Section.LANGUAGES))
_LABEL = re.compile(
    r"^(?:company|employer|organi[sz]ation|client|duration|designation|role|title|location|project(?: name)?)\s*[-:]",
    re.IGNORECASE,
)
_TOOLS = re.compile(r"(?:tools|technolog\w+|tech stack|environment|software)\b", re.IGNORECASE)  # of one job or project
_DESCRIPTION = re.compile(r"^(?:description|responsibilities|job description)\s*[-:]\s*", re.IGNORECASE)
_CELL = re.compile(r"\s[|•·]\s|\t")
_SEPARATOR = re.compile(r"[,;|•·]")
_LONGEST_HEADING = 60  # characters, as in tailoring/sections.py
_YEAR = re.compile(r"\d{4}|['’]\d\d")
_SKILL_WORDS = 60  # of a list of skills that fill a page
_PARAGRAPH = 80  # words of a line that anybody reads
_HEAD_WORDS = 14  # a dated line longer than this tells a story
_HEAD_LINES = 8
_HEAD_FIELD = 12  # words from which a line above the first heading is a summary ...
_HEAD_ADDRESS = 30  # ... also when it holds an address
_STATEMENT_WORDS = 5
_LONGEST_RUN = 14
_DENSE = 9
_PLAIN_WORD = re.compile(r"(?<![\w@./’'\\-])[^\W\d_]{3,28}(?![\w@/\\]|\.\w)")
_LONGEST_LINE = 4_000  # characters; what follows in a line adds no insight


class Line(NamedTuple):
    """One source line: `text` without its bullet sign and without shouting, `words` of it in lower case.

    `shouted` tells whether it was in capitals.
    `is_statement` tells whether it says what was done, as bullets and sentences do; heads, labels and fields do not.
    `opening` is how a statement opens (see `wording.opening`), `surplus_keywords` how many words stand beyond what a
    sentence strings together.
    """

    raw: str
    text: str
    marker: str
    section: Section | None
    is_heading: bool
    shouted: bool = False
    dates: tuple[DateRange, ...] = ()
    words: tuple[str, ...] = ()
    is_role_head: bool = False
    is_statement: bool = False
    opening: tuple[Opening, str] = ("other", "")
    surplus_keywords: int = 0
    buzzwords: Sequence[str] = ()
    posting_phrases: Sequence[str] = ()

    @property
    def items(self) -> list[str]:
        """The line as a list: what stands between commas, semicolons, bars and bullets."""
        return _items(self.text)


def _items(text: str) -> list[str]:
    return [item.strip() for item in _SEPARATOR.split(text) if item.strip()]


@dataclass(frozen=True)
class Reading:
    """A document and its lines."""

    document: Document
    lines: tuple[Line, ...]

    @cached_property
    def sections(self) -> dict[Section, list[Line]]:
        """The lines below each section's headings; only sections that have a heading."""
        found: dict[Section, list[Line]] = {}
        for line in self.lines:
            if line.section is not None:
                found.setdefault(line.section, [])
                if not line.is_heading:
                    found[line.section].append(line)
        return found

    @cached_property
    def top(self) -> list[Line]:
        """The lines before the first heading, where the contact block stands."""
        return [line for line in self.lines if line.section is None]

    @cached_property
    def head(self) -> int:
        """How many lines at the top tell who somebody is: name, pronouns, what they call themselves, addresses.

        How long, frequent or well spelt these are says nothing about a resume, and would favour some names.
        """
        return sum(1 for _ in takewhile(_is_field, self.top[:_HEAD_LINES]))

    @cached_property
    def body(self) -> list[Line]:
        return [line for line in self.lines if not line.is_heading]

    @cached_property
    def prose(self) -> list[Line]:
        """The body below the head."""
        return [line for line in self.lines[self.head :] if not line.is_heading]

    @cached_property
    def statements(self) -> list[Line]:
        """What the resume says was done, each once: in experience and projects, or else in any bullet."""
        told = [line for line in self.body if line.section in _STATEMENT_SECTIONS and line.is_statement]
        if not told:
            others = (line for line in self.body if line.section not in _NO_DEEDS)
            told = [line for line in others if line.is_statement and line.marker]
        return list({line.words: line for line in told}.values())

    @cached_property
    def text(self) -> str:
        """The prose without bullet signs and shouting, one line each."""
        return "\n".join(line.text for line in self.prose)

    @cached_property
    def words(self) -> list[str]:
        return [word for line in self.prose for word in line.words]

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each of the words occurs."""
        return Counter(self.words)

    @cached_property
    def written_words(self) -> list[str]:
        """The words that are no names, each once: those in lower case, and capitalised ones that open statements."""
        found: list[str] = []
        for line in self.prose:
            if "@" in line.raw or not _tells_words_from_names(line):
                continue
            words = _PLAIN_WORD.findall(line.text)
            found += filter(str.islower, words)
            if (
                words
                and line.is_statement
                and words[0][1:].islower()
                and not words[0].islower()
                and line.text.startswith(words[0])
            ):
                found.append(words[0].lower())
        return list(dict.fromkeys(found))

    @cached_property
    def substance(self) -> int:
        """Words that say something of their own.

        Neither repeated lines nor bare keywords nor one word over and over nor walls of text fill a resume.
        """
        distinct = {line.words: line for line in self.prose if line.words}
        words = [word for line in distinct.values() for word in line.words[:_PARAGRAPH]]
        usual = natural_count(len(words))
        small = function_words()
        surplus = sum(count - usual for word, count in Counter(words).items() if count > usual and word not in small)
        bare = sum(len(line.words[:_PARAGRAPH]) for line in distinct.values() if line.surplus_keywords)
        listed = sum(
            len(line.words)
            for line in distinct.values()
            if line.section is Section.SKILLS and not line.surplus_keywords
        )
        return max(0, len(words) - surplus - bare - max(0, listed - _SKILL_WORDS))


def _is_field(line: Line) -> bool:
    """Whether a line above the first heading is a name, an address or the like, rather than a text or a bullet."""
    if "@" in line.raw:
        return len(line.words) < _HEAD_ADDRESS
    return len(line.words) < _HEAD_FIELD and not line.marker


def _tells_words_from_names(line: Line) -> bool:
    """In capitals, names look like words, so that only statements of what was done are believed to hold none."""
    if line.shouted:
        return line.is_statement and line.section in _STATEMENT_SECTIONS
    return line.is_statement or line.section is not None


def read(document: Document) -> Reading:
    """Lays out a document for the checks."""
    lines: list[Line] = []
    section: Section | None = None
    for raw in source_lines(document.text):
        raw = raw[:_LONGEST_LINE]
        marker, text = split_marker(raw)
        kind = heading(raw)
        if kind is not None:
            section = kind
            lines.append(Line(raw, text, marker, section, is_heading=True))
            continue
        may_open = not marker and (raw.find(":", 0, _LONGEST_HEADING) > 0 or raw[:2].isupper())
        opened = heading_with_content(raw) if may_open else None
        if opened is not None and not (section in _STATEMENT_SECTIONS and _TOOLS.match(raw)):
            name, section, text = opened
            lines.append(Line(name, name, "", section, is_heading=True))
        lines.append(_body_line(raw, text, marker, section))
    return Reading(document, tuple(lines))


def _body_line(raw: str, text: str, marker: str, section: Section | None) -> Line:
    dates = tuple(find_date_ranges(text)) if has_digit(text) and _YEAR.search(text) else ()
    calmed = calm(text)
    shouted = calmed is not text
    label = _DESCRIPTION.match(calmed)
    text = calmed[label.end() :] if label else calmed
    words = tuple(WORD.findall(text.lower()))
    worn, pasted = buzzwords(words), posting_phrases(words)
    surplus = 0 if "@" in raw else _surplus_keywords(text, words, section)
    is_role_head = bool(dates) and len(words) <= _HEAD_WORDS and not (marker and len(words) > 8)
    is_statement = (
        len(words) >= _STATEMENT_WORDS
        and not (is_role_head or surplus or pasted or len(worn) > 1 or _LABEL.match(text))
        and (bool(marker) or (not function_words().isdisjoint(words) and len(_CELL.findall(text)) < 2))
    )
    how: tuple[Opening, str] = opening(text) if is_statement else ("other", "")
    return Line(
        raw, text, marker, section, False, shouted, dates, words, is_role_head, is_statement, how, surplus, worn, pasted
    )


def _surplus_keywords(text: str, words: Sequence[str], section: Section | None) -> int:
    """Words beyond what a sentence strings together, counted by item in lists of skills and of languages.

    Sentences, however dense, have an "and", "of" or "to" every few words; in a dump of keywords they are strays.
    """
    if len(words) <= _LONGEST_RUN:
        return 0
    if section in _LISTS:
        return sum(_surplus(WORD.findall(item.lower())) for item in _items(text))
    return _surplus(words)


def _surplus(words: Sequence[str]) -> int:
    """Words past the longest run that a sentence strings together without function words close to each other."""
    surplus = run = 0
    last_function_word = -_DENSE
    small = function_words()
    for at, word in enumerate(words):
        run += 1
        if word in small:
            if at - last_function_word < _DENSE:
                run = 0
            last_function_word = at
        surplus += run > _LONGEST_RUN
    return surplus


def natural_count(words: int) -> int:
    """How often a content word may occur in so many words before it is overused."""
    return min(15, 5 + words // 100)
