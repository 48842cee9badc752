"""The languages that a person speaks, in a text: which it names, and how well it says that they are known.

Names and levels are in `data/languages.yaml`. Which language a text itself is written in is `tailoring.language`'s.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from tailoring.vocabulary import load_data

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*\d?")
_SIGNS = " \t\n,;:|•·/.-–—*&="
_LONGEST_WORDING = 8  # words about one language that stay as they are; more are a sentence
_TWO_PARTS = re.compile(r"(?P<language>[^(:]+?)(?:\s*\((?P<bracketed>.+)\)|(?::|\s[-–—])\s+(?P<behind>.+))")


class _Is(Enum):
    """What a word or phrase is, beside a language."""

    NAME = auto()
    LEVEL = auto()
    JOINING = auto()  # says nothing
    USE = auto()  # read, write, speak
    MATTER = auto()  # a course or a test of it
    BREAK = auto()  # and
    ELSE = auto()


class _Word(NamedTuple):
    """A word or phrase, its name in the data or level, and whether a sign or an "and" parts it from the one before."""

    kind: _Is
    name: str
    level: int
    start: int
    end: int
    parted: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """A language named in a text: `name` in English, `level` from 1 (basic) to 6 (native), 0 where it is not told.

    `written` and `level_written` are both as the text has them; the second is "" unless one phrase says it. `start` is
    where what is said of this language begins, `spans` are the places of its name and levels. `shared`: the level
    stands at an earlier language ("fluent in German and Welsh"). `of_a_thing`: the name tells what something else is
    ("German customers").
    """

    name: str
    written: str
    level: int
    level_written: str
    start: int
    spans: tuple[tuple[int, int], ...]
    bare: bool  # nothing is said but the level
    leads: bool  # the level stands before the name, and may be meant for the next languages as well
    shared: bool
    of_a_thing: bool


def find_languages(text: str) -> list[Mention]:
    """The languages that the text names, in order, each with its level. Linear in the length of the text."""
    if not names_language(text):
        return []
    mentions: list[Mention] = []
    follows = False  # whether the part before this one was a language
    for part in _parts(_words(text)):
        at = next((at for at, word in enumerate(part) if word.kind is _Is.NAME), None)
        last = mentions[-1] if mentions else None
        if at is not None:
            found = _mention(text, part, at)
            if last and follows and last.leads and found.bare and not found.level:
                found = replace(found, level=last.level, level_written=last.level_written, leads=True, shared=True)
            mentions.append(found)
        elif last and follows:
            mentions[-1] = _with_more(text, last, part)
        follows = at is not None
    return mentions


def names_language(text: str) -> bool:
    """Whether the text names a language at all."""
    return not _first_words_of_names().isdisjoint(_WORD.findall(text.casefold()))


def known_levels(text: str) -> dict[str, int]:
    """The languages that the text says somebody knows, by their English names, with the best level it gives each."""
    levels: dict[str, int] = {}
    for mention in find_languages(text):
        if mention.level or not mention.of_a_thing:
            levels[mention.name] = max(levels.get(mention.name, 0), mention.level)
    return levels


def overstated(mention: Mention, known: Mapping[str, int]) -> str | None:
    """Why `known_levels` do not support what is said of a language; None when they do. A lower level is no lie."""
    level = known.get(mention.name)
    if level is None:
        return "the source names no such language"
    if mention.level > level:
        return "the source puts this language lower" if level else "the source does not say how well"
    return None


def language_entries(text: str) -> list[str]:
    """What a line in a list of languages says of each: `Welsh (fluent)`, or its own words where they say more.

    Nothing for a line that names no language.
    """
    mentions = find_languages(text)
    bounds = pairwise([0, *(mention.start for mention in mentions[1:]), len(text)])
    told = (_entry(mention, text[start:end]) for mention, (start, end) in zip(mentions, bounds, strict=False))
    return [entry for entry in dict.fromkeys(told) if entry]


def language_and_level(entry: str) -> tuple[str, str]:
    """An entry in two: `Welsh (fluent)` is "Welsh" and "fluent"; the second is "" where the entry is but a name."""
    found = _TWO_PARTS.fullmatch(entry.strip())
    if found and (names_language(found["language"]) or not names_language(entry)):
        return found["language"].strip(_SIGNS), (found["bracketed"] or found["behind"]).strip(_SIGNS)
    return entry.strip(), ""


def is_level(text: str) -> bool:
    """Whether the text says how well a language is known, and nothing else."""
    kinds = {word.kind for word in _words(text)}
    return _Is.LEVEL in kinds and kinds <= {_Is.LEVEL, _Is.JOINING, _Is.USE, _Is.BREAK}


def _entry(mention: Mention, said: str) -> str:
    plain = f"{_spelled(mention)} ({mention.level_written})" if mention.level_written else _spelled(mention)
    if mention.bare and (mention.level_written or not mention.level):
        return plain
    words = " ".join(re.sub(r"\s(?:and|&)\s*$", "", said.strip(_SIGNS)).split()).strip(_SIGNS)
    if mention.of_a_thing and not words.startswith(mention.written):
        return ""
    if len(words.split()) <= _LONGEST_WORDING:
        return words[:1].upper() + words[1:]
    return plain


def _spelled(mention: Mention) -> str:
    """The name as written, but for its capitals: `HINDI`, `hindi`."""
    return mention.name if mention.written.casefold() == mention.name.casefold() else mention.written


def _mention(text: str, part: Sequence[_Word], at: int) -> Mention:
    """What one part of a text says of the language at that place in it."""
    name = part[at]
    before = _near(part[:at][::-1])[::-1]
    after = _near(part[at + 1 :])
    levels = [word for word in (*before, *after) if word.kind is _Is.LEVEL]
    beside = part[at + 1] if at + 1 < len(part) else None
    return Mention(
        name=name.name,
        written=text[name.start : name.end],
        level=max((word.level for word in levels), default=0),
        level_written=text[levels[0].start : levels[0].end] if len(levels) == 1 else "",
        start=part[0].start,
        spans=tuple((word.start, word.end) for word in (name, *levels)),
        bare=all(word.kind in (_Is.NAME, _Is.LEVEL, _Is.JOINING) for word in part) and len(levels) <= 1,
        leads=bool(before) and before[0].kind is _Is.LEVEL and _leads(text[before[0].end : name.start]),
        shared=False,
        of_a_thing=beside is not None and beside.kind is _Is.ELSE and text[name.end : beside.start] in (" ", "-"),
    )


def _near(words: Sequence[_Word]) -> list[_Word]:
    """The words up to the first that speaks of something else."""
    end = next((at for at, word in enumerate(words) if word.kind not in (_Is.LEVEL, _Is.JOINING, _Is.USE)), len(words))
    return list(words[:end])


def _leads(between: str) -> bool:
    """Whether what stands between a level and a language lets the level go on to the next: `fluent in`, `basic:`."""
    return ":" in between or bool(re.search(r"\b(?:in|of|en|de)\s*$", between, re.IGNORECASE))


def _with_more(text: str, mention: Mention, part: Sequence[_Word]) -> Mention:
    """The language, with the level that stands alone behind it: `Welsh, fluent`."""
    levels = [word for word in part if word.kind is _Is.LEVEL]
    alone = all(word.kind in (_Is.LEVEL, _Is.JOINING, _Is.USE) for word in part)
    if mention.level or len(levels) != 1 or not alone or text[part[-1].end :].lstrip()[:1] == ":":
        return replace(mention, bare=False)
    level = levels[0]
    return replace(
        mention,
        level=level.level,
        level_written=text[level.start : level.end],
        spans=(*mention.spans, (level.start, level.end)),
        bare=mention.bare and all(word.kind is not _Is.USE for word in part),
    )


def _parts(words: Iterator[_Word]) -> Iterator[list[_Word]]:
    """The words, cut where signs part them and before each language but the first of its part."""
    part: list[_Word] = []
    for word in words:
        second = word.kind is _Is.NAME and any(other.kind is _Is.NAME for other in part)
        if part and (word.parted or second):
            kept = len(part) if word.parted else _end(part)
            yield part[:kept]
            part = part[kept:]
        if word.kind is not _Is.BREAK:
            part.append(word)
    if part:
        yield part


def _end(part: Sequence[_Word]) -> int:
    """Where a part ends before another language: before the level of that, where its own level leads."""
    own = next(at for at, word in enumerate(part) if word.kind is _Is.NAME)
    between = next((at for at in range(own + 1, len(part)) if part[at].kind is _Is.LEVEL), len(part))
    return between if any(word.kind is _Is.LEVEL for word in part[:own]) else len(part)


def _words(text: str) -> Iterator[_Word]:
    """The words of the text, phrases of the data as one."""
    found = list(_WORD.finditer(text))
    depth, end, at, parted = 0, 0, 0, False
    while at < len(found):
        between = text[end : found[at].start()]
        depth = 0 if "\n" in between else depth
        depth = max(0, depth + between.count("(") - between.count(")"))
        parted = parted or "\n" in between or (not depth and _parts_words(between))
        size, (kind, name, level) = _phrase(text, found, at)
        end = found[at + size - 1].end()
        yield _Word(kind, name, level, found[at].start(), end, parted)
        parted = kind is _Is.BREAK and not depth
        at += size


def _parts_words(between: str) -> bool:
    return any(sign in between for sign in ",;|•·/&") or ". " in between


def _phrase(text: str, found: Sequence[re.Match[str]], at: int) -> tuple[int, tuple[_Is, str, int]]:
    """How many words from here on are one phrase of the data, and what it is."""
    known = _phrases()
    for size in range(min(_longest().get(found[at][0].casefold(), 0), len(found) - at), 0, -1):
        words = found[at : at + size]
        if any(text[one.end() : other.start()] not in (" ", "-", "/", " / ") for one, other in pairwise(words)):
            continue
        is_ = known.get(" ".join(word[0].casefold() for word in words))
        if is_ and (is_[0] is not _Is.NAME or words[0][0][0].isupper() or words[0][0] not in _capitals_only()):
            return size, is_
    return 1, (_Is.ELSE, "", 0)


@cache
def _phrases() -> Mapping[str, tuple[_Is, str, int]]:
    data = load_data("languages.yaml")
    found: dict[str, tuple[_Is, str, int]] = {"and": (_Is.BREAK, "", 0)}
    for kind in (_Is.MATTER, _Is.USE, _Is.JOINING, _Is.BREAK):
        found |= dict.fromkeys(_listed(data[kind.name.lower()]), (kind, "", 0))
    for level, entry in enumerate(reversed(data["levels"]), 1):
        found |= dict.fromkeys(
            (phrase for listed in entry.values() for phrase in _listed(listed)), (_Is.LEVEL, "", level)
        )
    for name, others in data["names"].items():
        found |= dict.fromkeys([name.casefold(), *_listed(others)], (_Is.NAME, name, 0))
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
    return frozenset(phrase.split()[0] for phrase, (kind, _, _) in _phrases().items() if kind is _Is.NAME)
