"""A resume laid out for the ATS checks: its lines, each with section, bullet sign and dates, and shared counts.

Reads once, so that twenty checks cost one pass. It looks at the page, not at its meaning: a check must see a bullet
that hangs in no role and a line that stands in the wrong place, which a forgiving parser would repair.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tailoring.dates import DateRange, find_date_ranges
from tailoring.documents import Document
from tailoring.lines import source_lines, split_marker
from tailoring.sections import Section, heading, heading_with_content
from tailoring.wording import WORD, Opening, buzzwords, calm, function_words, opening, posting_phrases

_STATEMENT_SECTIONS = frozenset((Section.EXPERIENCE, Section.PROJECTS))
_NO_DEEDS = frozenset((Section.EDUCATION, Section.CONTACT, Section.SUMMARY))
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
_STATEMENT_WORDS = 5
_LONGEST_RUN = 14
_DENSE = 9
_PLAIN_WORD = re.compile(r"(?<![\w@./’'\\-])[^\W\d_]{3,28}(?![\w@/\\]|\.\w)")
_LONGEST_LINE = 4_000  # characters; what follows in a line adds no insight


@dataclass(frozen=True)
class Line:
    """One source line: `text` without its bullet sign and without shouting, `words` of it in lower case."""

    raw: str
    text: str
    marker: str
    section: Section | None
    is_heading: bool
    dates: tuple[DateRange, ...]
    words: tuple[str, ...]

    @cached_property
    def is_role_head(self) -> bool:
        return bool(self.dates) and len(self.words) <= _HEAD_WORDS and not (self.marker and len(self.words) > 8)

    @cached_property
    def is_statement(self) -> bool:
        """Whether the line tells what was done, as bullets and sentences do; heads, labels and fields do not."""
        if self.is_heading or len(self.words) < _STATEMENT_WORDS or self.is_role_head:
            return False
        if _LABEL.match(self.text) or self.surplus_keywords or self.posting_phrases or len(self.buzzwords) > 1:
            return False
        return bool(self.marker) or (
            len(_CELL.findall(self.text)) < 2 and any(word in function_words() for word in self.words)
        )

    @cached_property
    def surplus_keywords(self) -> int:
        """Words beyond what a sentence strings together; 0 in lists of skills.

        Sentences, however dense, have an "and", "of" or "to" every few words; in a dump of keywords they are strays.
        """
        if "@" in self.raw:
            return 0
        if self.section is Section.SKILLS:
            return sum(_surplus(WORD.findall(item.lower())) for item in self.items)
        return _surplus(self.words)

    @cached_property
    def items(self) -> list[str]:
        """The line as a list: what stands between commas, semicolons, bars and bullets."""
        return [item.strip() for item in _SEPARATOR.split(self.text) if item.strip()]

    @cached_property
    def buzzwords(self) -> list[str]:
        return buzzwords(self.words)

    @cached_property
    def posting_phrases(self) -> list[str]:
        return posting_phrases(self.words)

    @cached_property
    def opening(self) -> tuple[Opening, str]:
        """How the line opens as a statement: see `wording.opening`."""
        return opening(self.text)


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
    def body(self) -> list[Line]:
        return [line for line in self.lines if not line.is_heading]

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
        """The body without bullet signs and shouting, one line each."""
        return "\n".join(line.text for line in self.body)

    @cached_property
    def words(self) -> list[str]:
        return [word for line in self.body for word in line.words]

    @cached_property
    def written_words(self) -> list[str]:
        """The words that are no names: those in lower case, and a capitalised one that opens a statement."""
        found: list[str] = []
        for line in self.body:
            if "@" in line.raw or (line.section is None and not line.is_statement):
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
        return found

    @cached_property
    def substance(self) -> int:
        """Words that say something of their own.

        Neither repeated lines nor bare keywords nor one word over and over nor walls of text fill a resume.
        """
        distinct = {line.words: line for line in self.body if line.words}
        words = [word for line in distinct.values() for word in line.words[:_PARAGRAPH]]
        usual = natural_count(len(words))
        surplus = sum(
            count - usual for word, count in Counter(words).items() if count > usual and word not in function_words()
        )
        bare = sum(len(line.words[:_PARAGRAPH]) for line in distinct.values() if line.surplus_keywords)
        listed = sum(
            len(line.words)
            for line in distinct.values()
            if line.section is Section.SKILLS and not line.surplus_keywords
        )
        return max(0, len(words) - surplus - bare - max(0, listed - _SKILL_WORDS))


def read(document: Document) -> Reading:
    """Lays out a document for the checks."""
    lines: list[Line] = []
    section: Section | None = None
    for raw in source_lines(document.text):
        raw = raw[:_LONGEST_LINE]
        marker, text = split_marker(raw)
        kind = heading(raw)
        may_open = kind is None and not marker and (raw.find(":", 0, _LONGEST_HEADING) > 0 or raw[:2].isupper())
        opened = heading_with_content(raw) if may_open else None
        if kind is not None:
            section = kind
            lines.append(Line(raw, text, marker, section, True, (), ()))
            continue
        if opened is not None and not (section in _STATEMENT_SECTIONS and _TOOLS.match(raw)):
            name, section, text = opened
            lines.append(Line(name, name, "", section, True, (), ()))
        calmed = _DESCRIPTION.sub("", calm(text))
        words = tuple(WORD.findall(calmed.lower()))
        dates = tuple(find_date_ranges(text)) if _YEAR.search(text) else ()
        lines.append(Line(raw, calmed, marker, section, False, dates, words))
    return Reading(document, tuple(lines))


def _surplus(words: Sequence[str]) -> int:
    """Words past the longest run that a sentence strings together without function words close to each other."""
    surplus = run = 0
    last_function_word = -_DENSE
    for at, word in enumerate(words):
        run += 1
        if word in function_words():
            if at - last_function_word < _DENSE:
                run = 0
            last_function_word = at
        surplus += run > _LONGEST_RUN
    return surplus


def natural_count(words: int) -> int:
    """How often a content word may occur in so many words before it is overused."""
    return min(15, 5 + words // 100)
