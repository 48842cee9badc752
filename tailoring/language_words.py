"""The words of `data/languages.yaml` in a text: names of languages, levels, and what stands between them.

What they say together is told in `tailoring.spoken_languages`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, auto
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from tailoring.vocabulary import load_data

_WORD = re.compile(r"\d?[^\W\d_]+(?:['’][^\W\d_]+)*\d?")


class Is(Enum):
    """What a word or phrase is, beside a language."""

    NAME = auto()
    LEVEL = auto()
    JOINING = auto()  # says nothing
    USE = auto()  # read, write, speak
    MATTER = auto()  # a course or a test of it
    BREAK = auto()  # and
    ELSE = auto()


_ALIKE = {Is.LEVEL: re.compile(r"\s*/\s*"), Is.USE: re.compile(r"\s*(?:[/&,]|and)\s*")}  # these part no words of a kind


class Word(NamedTuple):
    """A word or phrase, its name in the data or level, and whether a sign or an "and" parts it from the one before."""

    kind: Is
    name: str
    level: int
    start: int
    end: int
    parted: bool


def names_language(text: str) -> bool:
    """Whether the text names a language at all."""
    may = not _first_words_of_names().isdisjoint(_WORD.findall(text.casefold()))
    return may and any(word.kind is Is.NAME for word in words_of(text))


def parts_of(text: str) -> Iterator[list[Word]]:
    """The words of the text, cut where signs part them and before each language but the first of its part."""
    part: list[Word] = []
    for word in words_of(text):
        second = word.kind is Is.NAME and any(other.kind is Is.NAME for other in part)
        if part and (word.parted or second):
            kept = len(part) if word.parted else _end(part)
            yield part[:kept]
            part = part[kept:]
        if word.kind is not Is.BREAK:
            part.append(word)
    if part:
        yield part


def _end(part: Sequence[Word]) -> int:
    """Where a part ends before another language: before the level of that, where its own level leads."""
    own = next(at for at, word in enumerate(part) if word.kind is Is.NAME)
    between = next((at for at in range(own + 1, len(part)) if part[at].kind is Is.LEVEL), len(part))
    return between if any(word.kind is Is.LEVEL for word in part[:own]) else len(part)


def words_of(text: str) -> Iterator[Word]:
    """The words of the text, phrases of the data as one."""
    found = list(_WORD.finditer(text))
    depth, end, at, parted = 0, 0, 0, False
    last, last_end = Is.ELSE, 0
    while at < len(found):
        between = text[end : found[at].start()]
        depth = 0 if "\n" in between else depth
        depth = max(0, depth + between.count("(") - between.count(")"))
        parted = parted or "\n" in between or (not depth and _parts_words(between))
        size, (kind, name, level) = _phrase(text, found, at)
        if parted and kind is last and kind in _ALIKE and _ALIKE[kind].fullmatch(text, last_end, found[at].start()):
            parted = False
        end = found[at + size - 1].end()
        yield Word(kind, name, level, found[at].start(), end, parted)
        last, last_end = (last, last_end) if kind is Is.BREAK else (kind, end)
        parted = kind is Is.BREAK and not depth
        at += size


def _parts_words(between: str) -> bool:
    return any(sign in between for sign in ",;|•·/&") or ". " in between


def _phrase(text: str, found: Sequence[re.Match[str]], at: int) -> tuple[int, tuple[Is, str, int]]:
    """How many words from here on are one phrase of the data, and what it is."""
    known = _phrases()
    for size in range(min(_longest().get(found[at][0].casefold(), 0), len(found) - at), 0, -1):
        words = found[at : at + size]
        if any(text[one.end() : other.start()] not in (" ", "-", "/", " / ") for one, other in pairwise(words)):
            continue
        is_ = known.get(" ".join(word[0].casefold() for word in words))
        if is_ and (is_[0] is not Is.NAME or words[0][0][0].isupper() or words[0][0] not in _capitals_only()):
            return size, is_
    return 1, (Is.ELSE, "", 0)


@cache
def _phrases() -> Mapping[str, tuple[Is, str, int]]:
    data = load_data("languages.yaml")
    found: dict[str, tuple[Is, str, int]] = {"and": (Is.BREAK, "", 0)}
    for kind in (Is.MATTER, Is.USE, Is.JOINING, Is.BREAK):
        found |= dict.fromkeys(_listed(data[kind.name.lower()]), (kind, "", 0))
    for level, entry in enumerate(reversed(data["levels"]), 1):
        found |= dict.fromkeys(
            (phrase for listed in entry.values() for phrase in _listed(listed)), (Is.LEVEL, "", level)
        )
    for name, others in data["names"].items():
        found |= dict.fromkeys([name.casefold(), *_listed(others)], (Is.NAME, name, 0))
    return found


def _listed(words: str | None) -> list[str]:
    return [word.replace("_", " ") for word in (words or "").casefold().split()]


@cache
def _capitals_only() -> frozenset[str]:
    return frozenset(_listed(load_data("languages.yaml")["capitals_only"]))


@cache
def _longest() -> Mapping[str, int]:
    """The words of the longest phrase that begins with a word."""
    longest: dict[str, int] = {}
    for phrase in _phrases():
        first, *others = phrase.split()
        longest[first] = max(longest.get(first, 0), 1 + len(others))
    return longest


@cache
def _first_words_of_names() -> frozenset[str]:
    return frozenset(phrase.split()[0] for phrase, (kind, _, _) in _phrases().items() if kind is Is.NAME)
