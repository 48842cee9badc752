"""The languages that a person speaks, in a text: which it names, and how well it says that they are known.

Names and levels are in `data/languages.yaml`. Which language a text itself is written in is `tailoring.language`'s.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tailoring.language_words import Is, Word, names_language, parts_of, words_of

_SIGNS = " \t\n,;:|•·/.-–—*&="
_LONGEST_WORDING = 8  # words about one language that stay as they are; more are a sentence
_LONGEST_NAME = 2  # words of a language that the data does not know
_TWO_PARTS = re.compile(r"(?P<language>[^(:]+?)(?:\s*\((?P<bracketed>.+)\)|(?::|\s[-–—])\s+(?P<behind>.+))")


@dataclass(frozen=True, slots=True)
class Mention:
    """A language named in a text: `name` in English, `level` from 1 (basic) to 6 (native), 0 where it is not told.

    `written` and `level_written` are both as the text has them; the second is "" where no level stands by itself.
    `start` is where what is said of this language begins, `spans` are the places of its name and levels.
    `of_a_thing`: the name tells what something else is ("German customers").
    """

    name: str
    written: str
    level: int
    level_written: str
    start: int
    spans: tuple[tuple[int, int], ...]
    bare: bool  # nothing is said but the level
    leads: bool  # the level stands before the name, and may be meant for the next languages as well
    of_a_thing: bool


def find_languages(text: str) -> list[Mention]:
    """The languages that the text names, in order, each with its level. Linear in the length of the text."""
    if not names_language(text):
        return []
    mentions: list[Mention] = []
    follows = False  # whether the part before this one was a language
    end = 0
    for part in parts_of(text):
        at = next((at for at, word in enumerate(part) if word.kind is Is.NAME), None)
        last = mentions[-1] if mentions else None
        if at is not None:
            found = _mention(text, part, at)
            if last and follows and last.leads and len(part) == 1 and _goes_on(text[end : part[0].start]):
                found = replace(found, level=last.level, level_written=last.level_written, leads=True)
            mentions.append(found)
        elif last and follows and not _may_be_language(text, part):
            mentions[-1] = _with_more(text, last, part)
        follows = at is not None
        end = part[-1].end
    return mentions


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
    mentions = {mention.start: mention for mention in find_languages(text)}
    if not mentions:
        return []
    unknown = {part[0].start for part in parts_of(text) if _may_be_language(text, part)}
    bounds = pairwise([*sorted(mentions.keys() | unknown), len(text)])
    told = (_entry(mentions.get(start), text[start:end]) for start, end in bounds)
    return [entry for entry in dict.fromkeys(told) if entry]


def language_and_level(entry: str) -> tuple[str, str]:
    """An entry in two: `Welsh (fluent)` is "Welsh" and "fluent"; the second is "" where the entry is but a name."""
    mentions = find_languages(entry)
    if len(mentions) == 1 and entry.startswith(mentions[0].written):
        name = mentions[0].written
        rest = entry.removeprefix(name).strip(_SIGNS)
        return name, rest[1:-1] if rest.startswith("(") and rest.find(")") == len(rest) - 1 else rest
    found = _TWO_PARTS.fullmatch(entry.strip())
    if found and not mentions:
        return found["language"].strip(_SIGNS), (found["bracketed"] or found["behind"]).strip(_SIGNS)
    return entry.strip(), ""


def is_level(text: str) -> bool:
    """Whether the text says how well a language is known, and nothing else."""
    kinds = {word.kind for word in words_of(text)}
    return Is.LEVEL in kinds and kinds <= {Is.LEVEL, Is.JOINING, Is.USE, Is.BREAK}


def _entry(mention: Mention | None, said: str) -> str:
    words = " ".join(re.sub(r"\s(?:and|&)\s*$", "", said.strip(_SIGNS)).split()).strip(_SIGNS)
    if mention is None:
        return words
    plain = f"{_spelled(mention)} ({mention.level_written})" if mention.level_written else _spelled(mention)
    if mention.bare and (mention.level_written or not mention.level):
        return plain
    if mention.of_a_thing and not words.startswith(mention.written):
        return ""
    if len(words.split()) <= _LONGEST_WORDING:
        return words[:1].upper() + words[1:]
    return plain


def _spelled(mention: Mention) -> str:
    """The name as written, but for its capitals: `HINDI`, `hindi`."""
    return mention.name if mention.written.casefold() == mention.name.casefold() else mention.written


def _mention(text: str, part: Sequence[Word], at: int) -> Mention:
    """What one part of a text says of the language at that place in it."""
    name = part[at]
    before = _near(part[:at][::-1])[::-1]
    after = _near(part[at + 1 :])
    levels = [word for word in (*before, *after) if word.kind is Is.LEVEL]
    told = _written(text, levels) if not (levels and levels[0] in before and levels[-1] in after) else ""
    beside = part[at + 1] if at + 1 < len(part) else None
    return Mention(
        name=name.name,
        written=text[name.start : name.end],
        level=max((word.level for word in levels), default=0),
        level_written=told,
        start=part[0].start,
        spans=tuple((word.start, word.end) for word in (name, *levels)),
        bare=all(word.kind in (Is.NAME, Is.LEVEL, Is.JOINING) for word in part) and bool(told) == bool(levels),
        leads=any(word.kind is Is.LEVEL and _leads(text[word.end : name.start]) for word in before),
        of_a_thing=beside is not None and beside.kind is Is.ELSE and text[name.end : beside.start] in (" ", "-"),
    )


def _may_be_language(text: str, part: Sequence[Word]) -> bool:
    """Whether a part of a list may name a language that the data does not know: a capitalised word or two."""
    said = text[part[0].start : part[-1].end]
    others = [word for word in part if word.kind is Is.ELSE]
    return (
        part[0].kind is Is.ELSE
        and len(others) <= _LONGEST_NAME
        and said[0].isupper()
        and not any(word.kind in (Is.NAME, Is.MATTER) for word in part)
        and not any(sign.isdigit() or sign == ":" for sign in said)
    )


def _written(text: str, levels: Sequence[Word]) -> str:
    """The levels as written, several beside each other as `B2/C1`; "" where something else stands between them."""
    between = (text[one.end : other.start] for one, other in pairwise(levels))
    return "" if any(any(map(str.isalnum, gap)) for gap in between) else "/".join(text[w.start : w.end] for w in levels)


def _near(words: Sequence[Word]) -> list[Word]:
    """The words up to the first that speaks of something else."""
    end = next((at for at, word in enumerate(words) if word.kind not in (Is.LEVEL, Is.JOINING, Is.USE)), len(words))
    return list(words[:end])


def _leads(between: str) -> bool:
    """Whether what stands between a level and a language lets the level go on to the next: `fluent in`, `basic:`."""
    return ":" in between or bool(re.search(r"\b(?:in|of|en|de)\s*$", between, re.IGNORECASE))


def _goes_on(between: str) -> bool:
    """Whether what parts two languages makes them one list, of which the level before the first may tell."""
    return not set(between) & set(".;|•") and ("\n" not in between or "," in between)


def _with_more(text: str, mention: Mention, part: Sequence[Word]) -> Mention:
    """The language, with the level that stands alone behind it: `Welsh, fluent`."""
    levels = [word for word in part if word.kind is Is.LEVEL]
    if all(word.kind is Is.JOINING for word in part):
        return mention
    alone = all(word.kind in (Is.LEVEL, Is.JOINING) for word in part)
    if mention.level or not alone or text[part[-1].end :].lstrip()[:1] == ":":
        return replace(mention, bare=False)
    return replace(
        mention,
        level=max(word.level for word in levels),
        level_written=_written(text, levels),
        spans=(*mention.spans, *((word.start, word.end) for word in levels)),
    )
