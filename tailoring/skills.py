"""The skills lexicon: finds the skills that a text names, under one canonical name each.

The knowledge is data (`data/skills.yaml`): canonical names, aliases, and the contexts in which an ordinary word such
as "Go" or "Excel" is a skill. This module only reads and applies it; what a skill is worth to a posting is decided
elsewhere.

A text is cut into tokens once, and runs of tokens are looked up in a dictionary, longest first: linear in the length.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from tailoring.vocabulary import load_data

SOFT_SKILLS = "soft skills"

# A word with its closing signs (C++, C#), or a word behind a dot that follows no word (.NET).
_TOKEN = re.compile(r"(?:(?<!\w)\.)?[^\W_]+(?:\+{1,2}(?!\w)|#)?")
# What may stand between the words of one skill: "CI/CD", "Node.js", "front-end", "R & D".
_JOINT = re.compile(r"[ \t]?[-/.&_]?[ \t]?|[ \t]*\n[ \t]*")
_VERSION = re.compile(r"([^\W\d_]{3,})\d{1,2}")
_NEIGHBOURHOOD = 8  # tokens on each side in which a context word counts
_LIST_BREAKS = frozenset(",;/|•·:()[]\n&")


class SkillMention(NamedTuple):
    """One place where a text names a skill: `text` as written, `start` and `end` in characters."""

    canonical: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Careful:
    """When an ordinary word is a skill; spellings are compared as written."""

    only: frozenset[str]
    sure: frozenset[str]
    near: frozenset[str]
    not_before: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Lexicon:
    phrases: dict[tuple[str, ...], str]
    longest: dict[str, int]  # first token -> number of tokens of the longest phrase that starts so
    careful: dict[tuple[str, ...], _Careful]
    categories: dict[str, str]


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(match.group().casefold() for match in _TOKEN.finditer(text))


@cache
def _lexicon() -> _Lexicon:
    data = load_data("skills.yaml")
    phrases: dict[tuple[str, ...], str] = {}
    categories: dict[str, str] = {}
    for category, skills in data["categories"].items():
        for name, aliases in skills.items():
            categories[name] = category
            for alias in (name, *aliases):
                phrases[_tokens(alias)] = name
    careful: dict[tuple[str, ...], _Careful] = {}
    for word, rule in data["careful"].items():
        phrases[_tokens(word)] = rule["skill"]
        careful[_tokens(word)] = _Careful(
            *(frozenset(rule.get(field, ())) for field in ("only", "sure", "near", "not_before"))
        )
    longest: dict[str, int] = {}
    for tokens in phrases:
        longest[tokens[0]] = max(longest.get(tokens[0], 0), len(tokens))
    return _Lexicon(phrases, longest, careful, categories)


def skill_category(canonical: str) -> str:
    """The category of a canonical skill name; raises KeyError for any other."""
    return _lexicon().categories[canonical]


def find_skills(text: str) -> list[SkillMention]:
    """Every mention of a known skill, in order of appearance, without overlaps."""
    lexicon = _lexicon()
    spans = [(match.start(), match.end()) for match in _TOKEN.finditer(text)]
    words = [text[start:end].casefold() for start, end in spans]
    candidates: list[tuple[int, int, tuple[str, ...]]] = []
    at = 0
    while at < len(words):
        phrase = _longest_phrase(lexicon, text, spans, words, at)
        if phrase:
            candidates.append((at, at + len(phrase), phrase))
        at += max(1, len(phrase))
    mentions = []
    for number, (first, last, phrase) in enumerate(candidates):
        start, end = spans[first][0], spans[last - 1][1]
        rule = lexicon.careful.get(phrase)
        if rule is None or _accepted(rule, text, spans, words, candidates, number):
            mentions.append(SkillMention(lexicon.phrases[phrase], text[start:end], start, end))
    return mentions


def _longest_phrase(
    lexicon: _Lexicon, text: str, spans: list[tuple[int, int]], words: list[str], at: int
) -> tuple[str, ...]:
    """The longest phrase of the lexicon that starts at this token; () when none does."""
    first = words[at]
    longest = lexicon.longest.get(first)
    if longest is None:
        version = _VERSION.fullmatch(first)
        stem = (version.group(1),) if version else ()
        return stem if stem in lexicon.phrases and stem not in lexicon.careful else ()
    reach = 1
    while (
        reach < longest
        and at + reach < len(words)
        and _JOINT.fullmatch(text, spans[at + reach - 1][1], spans[at + reach][0])
    ):
        reach += 1
    for length in range(reach, 0, -1):
        phrase = tuple(words[at : at + length])
        if phrase in lexicon.phrases:
            return phrase
    return ()


def _accepted(
    rule: _Careful,
    text: str,
    spans: list[tuple[int, int]],
    words: list[str],
    candidates: list[tuple[int, int, tuple[str, ...]]],
    number: int,
) -> bool:
    first, last, _ = candidates[number]
    written = text[spans[first][0] : spans[last - 1][1]]
    if rule.only and written not in rule.only:
        return False
    if last < len(words) and words[last] in rule.not_before:
        return False
    if written in rule.sure:
        return True
    around = words[max(0, first - _NEIGHBOURHOOD) : first] + words[last : last + _NEIGHBOURHOOD]
    if not rule.near.isdisjoint(around):
        return True
    neighbours = candidates[max(0, number - 1) : number] + candidates[number + 1 : number + 2]
    return any(_listed_together(text, spans, candidates[number], neighbour) for neighbour in neighbours)


def _listed_together(
    text: str,
    spans: list[tuple[int, int]],
    one: tuple[int, int, tuple[str, ...]],
    other: tuple[int, int, tuple[str, ...]],
) -> bool:
    """Whether two mentions are neighbouring items of one list: nothing but list signs between them."""
    left, right = sorted((one, other))
    between = text[spans[left[1] - 1][1] : spans[right[0]][0]]
    return len(between) <= 6 and not _LIST_BREAKS.isdisjoint(between) and left[1] == right[0]
