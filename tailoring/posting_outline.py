"""The outline of a posting: its statements, the section that each stands in, and whether it requires or only prefers.

A section lasts from its heading to the next (`data/posting_sections.yaml` knows the headings). A statement's own
words ("must have", "a plus") overrule its section. What a statement asks for is read in `tailoring.postings`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import pairwise

from tailoring.skills import SkillMention
from tailoring.vocabulary import load_data

_LONGEST_HEADING = 60  # characters
_GAP = 10  # characters at most between the end of a sentence and the next


class Section(Enum):
    """What a part of a posting is about; UNKNOWN above the first heading."""

    PREFERRED = "preferred"
    LABEL = "label"  # one line about the job: its place, pay or hours
    ELSE = "else"
    REQUIRED = "required"
    DUTIES = "duties"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or bullet, where it starts in the description, and its section."""

    text: str
    start: int
    section: Section


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a statement, and whether it requires, prefers or neither (then its section)."""

    text: str
    start: int
    stance: Section


# Where a statement may end: at a line end or bullet, behind "(Required)", before a capital, digit or sign.
_STOP = re.compile(
    r"[\n•●▪■◦‣➢✓]|·\s|\((?:Preferred|Required)\)|(?<![A-Z])[A-Z]|(?<=[.!?;]\s)[\d(*-]|(?<=[a-z])\d{1,2}\+? ?years"
)
_ENDS = ".!?;"
_SIGNS = " \t\n*#:-–—_•●▪■·◦‣➢✓"
_CLAUSE_END = re.compile(r"[,;()]| but | and (?=[^,;]{0,80}(?:prefer|plus|bonus|desir|require|must))")
_HEADING_WORD = re.compile(r"[a-z][a-z'-]*")
_ABOUT = re.compile(r"about [\w&.' -]{2,40}")
_PREFERRED = re.compile(
    r"\b(?:prefer(?:red|ably|ence|s)?|plus(?! \d)|nice[- ]to[- ]have|good[- ]to[- ]have|bonus|ideally|optional"
    r"|an? asset|beneficial|helpful|desir(?:ed|able)(?! (?:levels?|outcomes?|results?|performance))"
    r"|(?<!take )advantage(?:ous)?(?! of)|not (?:required|mandatory|necessary))\b",
    re.IGNORECASE,
)
_REQUIRED = re.compile(
    r"\b(?:(?<!as )(?<!not )require[sd]?|must|(?<!not )mandatory|minimum|at least|essential)\b", re.IGNORECASE
)
# Statements that may stand among the requirements and ask for nothing.
_BOILERPLATE = re.compile(
    r"\b(?:equal (?:employment )?opportunity|regardless of|without regard to|401\s?\(?k|paid time off"
    r"|(?:health|dental|vision|life) insurance)",
    re.IGNORECASE,
)


def outline(description: str, mentions: Sequence[SkillMention]) -> list[Statement]:
    """The statements in order. `mentions` are the skills of the description; none is cut in two ("PostgreSQL")."""
    return list(_statements(description, mentions))


def clauses(statements: Sequence[Statement]) -> list[Clause]:
    """The clauses of all statements, in order."""
    return [clause for statement in statements for clause in _clauses(statement)]


def _statements(description: str, mentions: Sequence[SkillMention]) -> Iterator[Statement]:
    section = Section(Section.UNKNOWN)
    for start, end in _pieces(description, mentions):
        opened, at = _headings_of(description, start, end)
        text = description[at:end].strip(_SIGNS)
        if opened and not (opened is Section.LABEL and text):
            section = opened
        if text:
            asks_nothing = opened is Section.LABEL or _BOILERPLATE.search(text)
            yield Statement(text, description.index(text, at), Section.ELSE if asks_nothing else section)


def _pieces(description: str, mentions: Sequence[SkillMention]) -> Iterator[tuple[int, int]]:
    """Where the statements start and end."""
    starts = [mention.start for mention in mentions]
    begin = 0
    for stop in _STOP.finditer(description):
        at = stop.end() if stop.group().startswith("(") and len(stop.group()) > 1 else stop.start()
        inside = bisect_right(starts, at - 1) - 1
        if begin < at and _is_end(description, at, stop) and not (inside >= 0 and at < mentions[inside].end):
            yield begin, at
            begin = at
    yield begin, len(description)


def _is_end(description: str, at: int, stop: re.Match[str]) -> bool:
    """Whether a statement ends before `at`: at a sign, at a line, or glued to the next ("trainingValid licence")."""
    if not description[at : at + 1].isupper():
        return True
    before = description[at - 1]
    if before in _ENDS:
        return description[at - 2 : at - 1].islower() or description[at - 2 : at - 1] == ")"
    if before.isspace():
        return description[max(0, at - _GAP) : at].rstrip()[-1:] in _ENDS
    return before.islower() or before == ")"


def _headings_of(description: str, start: int, end: int) -> tuple[Section | None, int]:
    """The section that the headings at the start of a piece open, if any, and where the text behind them starts."""
    opened: Section | None = None
    while start < end:
        colon = description.find(":", start, min(end, start + _LONGEST_HEADING))
        stop = colon if colon >= 0 else end
        found = _heading(description[start:stop]) if stop - start <= _LONGEST_HEADING else None
        if found is None:
            break
        opened = opened or found
        start = stop + 1
    return opened, min(start, end)


def _heading(text: str) -> Section | None:
    """The section that a heading opens; None when the text is no heading."""
    words = text.lower().replace("’", "'").strip(_SIGNS + "()")
    phrases, kinds, neutral = _headings()
    if words in phrases:
        return phrases[words]
    single = _HEADING_WORD.findall(words)
    named = [kinds[word] for word in single if word in kinds]
    if not named or not all(word in kinds or word in neutral for word in single):
        return Section.ELSE if _ABOUT.fullmatch(words) else None
    return min(named, key=list(Section).index)


@cache
def _headings() -> tuple[dict[str, Section], dict[str, Section], frozenset[str]]:
    """Whole headings, the words that headings are made of, and those that they may hold besides."""
    data = load_data("posting_sections.yaml")
    phrases = {phrase: Section(name) for name, kind in data["sections"].items() for phrase in kind["phrases"]}
    words = {word: Section(name) for name, kind in data["sections"].items() for word in kind["words"].split()}
    return phrases, words, frozenset(data["neutral"].split())


def _stance(text: str, section: Section) -> Section:
    """The section, unless the words themselves say that this is required or only preferred."""
    if _PREFERRED.search(text):
        return Section.PREFERRED
    return Section.REQUIRED if _REQUIRED.search(text) else section


def _clauses(statement: Statement) -> list[Clause]:
    """The clauses of a statement that both requires and prefers, else the whole of it.

    A clause that says neither goes with the next one that does: "Python, SQL required, Java preferred".
    """
    text = statement.text
    if statement.section is Section.ELSE:
        return [Clause(text, statement.start, Section.ELSE)]
    prefers, requires = _PREFERRED.search(text), _REQUIRED.search(text)
    if not (prefers and requires):
        whole = Section.PREFERRED if prefers else Section.REQUIRED if requires else statement.section
        return [Clause(text, statement.start, whole)]
    bounds = [0, *(cut.end() for cut in _CLAUSE_END.finditer(text)), len(text)]
    parts: list[Clause] = []
    stance: Section = statement.section
    for begin, end in reversed(list(pairwise(bounds))):
        stance = _stance(text[begin:end], stance)
        parts.append(Clause(text[begin:end], statement.start + begin, stance))
    return parts[::-1]
