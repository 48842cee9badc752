"""The skills lexicon: finds the skills that a text names, under one canonical name each.

The knowledge is data (`data/skills.yaml`): canonical names, aliases, and the contexts in which an ordinary word such as
"Go" or "Excel" is a skill. This module only reads and applies it; what a skill is worth to a posting is decided
elsewhere.

A text is cut into tokens once, and runs of tokens are looked up in a dictionary, longest first: linear in the length.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from tailoring.vocabulary import load_data

SOFT_SKILLS = "soft skills"

# A word with its closing signs (C++, C#), or a word behind a dot that follows no word (.NET).
_TOKEN = re.compile(r"[^\W_]+(?:\+{1,2}(?!\w)|#)?|(?<!\w)\.[^\W_]+(?:\+{1,2}(?!\w)|#)?")
# What may stand between the words of one skill: "CI/CD", "Node.js", "front-end", "R & D", a wrapped line.
_JOINT = re.compile(r"[ \t]?[-/.&_'’]?[ \t]?|[ \t]*\n[ \t]*")
_LIST_SIGN = re.compile(r"\s*(?:[,;/|•·:()\[\]&\n~]\s*){1,3}(?:(?:and|or)\s+)?")
_CONJUNCTION = re.compile(r"\s+(?:and|or)\s+")
_LONGEST_GAP = 12  # characters between neighbours of a list
_VERSION = re.compile(r"([^\W\d_]{3,})\d{1,2}")
_INFLECTED = frozenset("s0123456789")  # what a plural or a name with its version ends in
_SHORTEST_PLURAL = 4  # characters; a shorter word in -s is a name of its own
_NEIGHBOURHOOD = 8  # tokens on each side in which a context word counts

_Phrase = tuple[str, ...]


class SkillMention(NamedTuple):
    """One place where a text names a skill: `text` as written, `start` and `end` in characters."""

    canonical: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Careful:
    """When an ordinary word is a skill; spellings are compared as written. The fields are told in the data file."""

    only: frozenset[str]
    sure: frozenset[str]
    near: frozenset[str]
    not_before: frozenset[str]
    not_near: frozenset[str]
    lone: bool


@dataclass(frozen=True, slots=True)
class _Lexicon:
    phrases: dict[_Phrase, str]
    longest: dict[str, int]  # first token -> number of tokens of the longest phrase that starts so
    careful: dict[_Phrase, _Careful]
    categories: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    tokens: list[re.Match[str]]
    words: list[str]

    def span(self, found: "_Candidate") -> tuple[int, int]:
        return self.tokens[found.first].start(), self.tokens[found.last - 1].end()


class _Candidate(NamedTuple):
    """A known phrase on tokens `first` up to `last` (exclusive)."""

    first: int
    last: int
    phrase: _Phrase


def _tokens(text: str) -> _Phrase:
    return tuple(match.group().casefold() for match in _TOKEN.finditer(text))


@cache
def _lexicon() -> _Lexicon:
    data = load_data("skills.yaml")
    phrases: dict[_Phrase, str] = {}
    categories: dict[str, str] = {}
    for category, skills in data["categories"].items():
        for line in skills:
            names = line.split(" | ")
            categories[names[0]] = category
            for name in names:
                phrases[_tokens(name)] = names[0]
    careful = {
        _tokens(word): _Careful(
            only=frozenset(rule.get("only", ())),
            sure=frozenset(rule.get("sure", ())),
            near=frozenset(near.casefold() for near in rule.get("near", ())),
            not_before=frozenset(rule.get("not_before", ())),
            not_near=frozenset(rule.get("not_near", ())),
            lone=rule.get("lone", True),
        )
        for word, rule in data["careful"].items()
    }
    for phrase, skill in list(phrases.items()):
        if phrase not in careful and phrase[-1][-1] == "s" and len(phrase[-1]) > _SHORTEST_PLURAL:
            phrases.setdefault((*phrase[:-1], phrase[-1][:-1]), skill)
    longest: dict[str, int] = {}
    for phrase in phrases:
        longest[phrase[0]] = max(longest.get(phrase[0], 0), len(phrase))
    return _Lexicon(phrases, longest, careful, categories)


def skill_category(canonical: str) -> str:
    """The category of a canonical skill name, `SOFT_SKILLS` among them; raises KeyError for any other name."""
    return _lexicon().categories[canonical]


def find_skills(text: str) -> list[SkillMention]:
    """Every mention of a known skill, in order of appearance, without overlaps."""
    lexicon = _lexicon()
    matches = list(_TOKEN.finditer(text))
    cut = _Text(text, matches, [match[0].casefold() for match in matches])
    candidates: list[_Candidate] = []
    free = 0  # tokens before this one belong to the last candidate
    for at, longest in enumerate(map(_longest_from, cut.words)):
        found = _longest_phrase(lexicon, cut, at, longest) if longest and at >= free else None
        if found:
            candidates.append(found)
            free = found.last
    mentions = []
    for number, found in enumerate(candidates):
        rule = lexicon.careful.get(found.phrase)
        if rule is None or _is_skill_here(lexicon, rule, cut, candidates, number):
            start, end = cut.span(found)
            mentions.append(SkillMention(lexicon.phrases[found.phrase], text[start:end], start, end))
    return mentions


@lru_cache(maxsize=65_536)
def _longest_from(word: str) -> int:
    """Of how many tokens the longest phrase is that may start with this one; 0 when none does."""
    lexicon = _lexicon()
    return lexicon.longest.get(word, 0) or int(_known_form(lexicon, (word,)) is not None)


def _longest_phrase(lexicon: _Lexicon, cut: _Text, at: int, longest: int) -> _Candidate | None:
    """The longest phrase of the lexicon, of at most so many tokens, that starts at this token."""
    reach = 1
    while (
        reach < longest
        and at + reach < len(cut.words)
        and _JOINT.fullmatch(cut.text, cut.tokens[at + reach - 1].end(), cut.tokens[at + reach].start())
    ):
        reach += 1
    for length in range(reach, 0, -1):
        phrase = _known_form(lexicon, tuple(cut.words[at : at + length]))
        if phrase:
            return _Candidate(at, at + length, phrase)
    return None


def _known_form(lexicon: _Lexicon, phrase: _Phrase) -> _Phrase | None:
    """The phrase as the lexicon has it: as it is, in the singular, or without a version number (`HTML5`)."""
    if phrase in lexicon.phrases:
        return phrase
    last = phrase[-1]
    if last[-1] == "s" and len(last) >= _SHORTEST_PLURAL:
        stem = last[:-1]
    elif last[-1] in _INFLECTED and (version := _VERSION.fullmatch(last)):
        stem = version[1]
    else:
        return None
    known = (*phrase[:-1], stem)
    return known if known in lexicon.phrases and known not in lexicon.careful else None


def _is_skill_here(lexicon: _Lexicon, rule: _Careful, cut: _Text, candidates: list[_Candidate], number: int) -> bool:
    """Whether an ordinary word stands for a skill: by its spelling, by its neighbours, or in a list of skills."""
    found = candidates[number]
    written = cut.text[slice(*cut.span(found))]
    if rule.only and written not in rule.only:
        return False
    if found.last < len(cut.words) and cut.words[found.last] in rule.not_before:
        return False
    if written in rule.sure and not rule.not_near:
        return True
    before = cut.words[max(0, found.first - _NEIGHBOURHOOD) : found.first]
    after = cut.words[found.last : found.last + _NEIGHBOURHOOD]
    if not rule.near.isdisjoint(before) or not rule.near.isdisjoint(after):
        return True
    if not (rule.not_near.isdisjoint(before) and rule.not_near.isdisjoint(after)):
        return False
    if written in rule.sure:
        return True
    if not rule.lone:
        return False
    neighbours = candidates[max(0, number - 1) : number] + candidates[number + 1 : number + 2]
    return any(_are_listed_together(lexicon, cut, found, neighbour) for neighbour in neighbours)


def _are_listed_together(lexicon: _Lexicon, cut: _Text, word: _Candidate, neighbour: _Candidate) -> bool:
    """Whether only list signs stand between two phrases, or an "and" behind or before a skill that is beyond doubt."""
    left, right = sorted((word, neighbour))
    between = cut.span(left)[1], cut.span(right)[0]
    if between[1] - between[0] > _LONGEST_GAP:
        return False
    if _LIST_SIGN.fullmatch(cut.text, *between):
        return True
    return neighbour.phrase not in lexicon.careful and _CONJUNCTION.fullmatch(cut.text, *between) is not None
