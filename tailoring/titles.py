"""Job titles: what a title says about trade and level, and how near two titles are.

The knowledge is data (`data/titles.yaml`). A title becomes a small vector: the occupation families that its words
name, the wider fields of these families, and its own words. "Senior Java Engineer" and "Java Developer" share all of
it, "Java Developer" and "Software Engineer" all but the words, "Java Developer" and "Data Engineer" only the wide area.
Level is kept apart, since the intern and the principal of one trade share the trade.

What a near title is worth to a match is decided elsewhere.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeVar

from tailoring.vocabulary import load_data

LEVELS = ("intern", "junior", "middle", "senior", "lead", "head")

_TOKEN = re.compile(r"\.net\b|[^\W_]{1,2}&[^\W_]\b|[^\W_]+[+#]*")
_POSSESSIVE = re.compile(r"['’]s\b")
_SEGMENT_END = re.compile(r"\s[-–—|@]\s|[(\[|,:;]")
_LONGEST_TITLE = 200  # characters; what follows is no title
_LONGEST_COMPOUND = 3  # words

# Lengths along the axes of a title's vector. The words of a title together weigh less than the trade that they name.
_FAMILY, _FIELD, _AREA = 1.0, 0.4, 0.25
_WORD, _ALL_WORDS, _NOUN = 0.6, 0.8, 0.25

_Meaning = TypeVar("_Meaning")
_Phrase = tuple[str, ...]
_Phrases = dict[str, list[tuple[_Phrase, list[_Meaning]]]]  # under one word of each phrase


@dataclass(frozen=True, slots=True)
class Title:
    """A title: as written; its telling words, and its nouns such as developer or manager, in one spelling; its level
    (place in `LEVELS`, None when unsaid); its families.
    """

    text: str
    words: tuple[str, ...]
    nouns: tuple[str, ...]
    level: int | None
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Lexicon:
    levels: _Phrases[int | None]
    families: _Phrases[str]
    fields: dict[str, str]  # family -> field
    areas: dict[str, str]  # field -> area
    heads: frozenset[str]
    silent: frozenset[str]  # words that name no trade: noise and levels


@cache
def _spelling() -> tuple[dict[str, list[str]], dict[_Phrase, list[str]]]:
    data = load_data("titles.yaml")
    spellings = {word: meaning.split() for word, meaning in data["spellings"].items()}
    compounds = {tuple(phrase.split()): word.split() for phrase, word in data["compounds"].items()}
    return spellings, compounds


@cache
def _lexicon() -> _Lexicon:
    data = load_data("titles.yaml")
    fields: dict[str, dict[str, list[str]]] = data["fields"]
    levels: dict[str, int | None] = data["seniority"]
    return _Lexicon(
        levels=_filed((title_words(phrase), level) for phrase, level in levels.items()),
        families=_filed(
            (title_words(phrase), family)
            for families in fields.values()
            for family, phrases in families.items()
            for phrase in phrases
        ),
        fields={family: field for field, families in fields.items() for family in families},
        areas={field: area for area, members in data["areas"].items() for field in members},
        heads=frozenset(data["heads"]),
        silent=frozenset(data["noise"]) | {phrase for phrase in levels if " " not in phrase},
    )


def _filed(phrases: Iterable[tuple[_Phrase, _Meaning]]) -> _Phrases[_Meaning]:
    """Phrases under the word that the fewest of them share, so that a look-up meets few."""
    meanings: dict[_Phrase, list[_Meaning]] = {}
    for phrase, meaning in phrases:
        meanings.setdefault(phrase, []).append(meaning)
    sharing = Counter(word for phrase in meanings for word in set(phrase))
    filed: _Phrases[_Meaning] = {}
    for phrase, meant in meanings.items():
        filed.setdefault(min(phrase, key=lambda word: (sharing[word], word)), []).append((phrase, meant))
    return filed


@cache
def title_nouns() -> frozenset[str]:
    """Every single word that ends a title as people write it: developer, dba, ..."""
    return frozenset(load_data("titles.yaml")["heads"])


def first_part(title: str) -> str:
    """A title without any place or remark behind it: "Nurse" of "Nurse - Night Shift"."""
    return _SEGMENT_END.split(title.strip()[:_LONGEST_TITLE], maxsplit=1)[0].rstrip()


def names_trade(line: str) -> bool:
    """Whether a line is nothing but the name of a trade, any level aside: "Data Science", "Senior HR"."""
    lexicon = _lexicon()
    words = title_words(line)
    without_level = tuple(word for word in words if not _named((word,), lexicon.levels))
    return any(phrase in (words, without_level) for word in words for phrase, _ in lexicon.families.get(word, ()))


def title_words(text: str) -> _Phrase:
    """The words of a title in one spelling: lower case, singular, short forms written out ("Sr." is senior)."""
    spellings, compounds = _spelling()
    words: list[str] = []
    for token in _TOKEN.findall(_POSSESSIVE.sub("", text[:_LONGEST_TITLE].lower())):
        word = _singular(token)
        words += spellings.get(word, (word,))
    joined: list[str] = []
    at = 0
    while at < len(words):
        for length in range(_LONGEST_COMPOUND, 1, -1):
            compound = compounds.get(tuple(words[at : at + length]))
            if compound:
                joined += compound
                at += length
                break
        else:
            joined.append(words[at])
            at += 1
    return tuple(joined)


def _singular(word: str) -> str:
    plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word


@lru_cache(maxsize=16_384)
def parse_title(text: str) -> Title:
    """Read one title. Its trade is looked for in its first part, before any place or remark, then in the whole."""
    lexicon = _lexicon()
    words = title_words(text)
    found = _named(words, lexicon.levels)
    levels = [level for level in found if level is not None]
    level = None if not levels else 0 if 0 in levels else max(levels)
    families = _named(title_words(first_part(text)), lexicon.families) or _named(words, lexicon.families)
    telling = [word for word in words if word not in lexicon.silent and not word[0].isdigit()]
    named = {word for family in families for word in title_words(family)}
    return Title(
        text=text.strip(),
        words=tuple(dict.fromkeys(word for word in telling if word not in lexicon.heads and word not in named)),
        nouns=tuple(dict.fromkeys(word for word in telling if word in lexicon.heads)),
        level=level,
        families=tuple(dict.fromkeys(families)),
    )


def _named(words: _Phrase, phrases: _Phrases[_Meaning]) -> list[_Meaning]:
    """Meanings of the phrases that these words hold: longer ones first, unbroken ones first, each word used once."""
    have = frozenset(words)
    written = f" {' '.join(words)} "
    held = [
        (-len(phrase), f" {' '.join(phrase)} " not in written, phrase, meant)
        for word in have
        for phrase, meant in phrases.get(word, ())
        if have.issuperset(phrase)
    ]
    meanings: list[_Meaning] = []
    used: set[str] = set()
    for _, _, phrase, meant in sorted(held, key=lambda each: each[:3]):
        if used.isdisjoint(phrase):
            used.update(phrase)
            meanings += meant
    return meanings


@lru_cache(maxsize=16_384)
def title_vector(title: Title) -> Mapping[str, float]:
    """The title as a vector of length 1 over families, fields and words; empty when it says nothing."""
    lexicon = _lexicon()
    vector: dict[str, float] = {}
    for family in title.families:
        field = lexicon.fields[family]
        vector[f"family:{family}"] = _FAMILY / math.sqrt(len(title.families))
        vector[f"field:{field}"] = _FIELD
        vector[f"area:{lexicon.areas.get(field, field)}"] = _AREA
    for word in title.words:
        vector[f"word:{word}"] = min(_WORD, _ALL_WORDS / math.sqrt(len(title.words)))
    for noun in title.nouns:
        vector[f"noun:{noun}"] = _NOUN if title.families else _WORD
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {axis: weight / length for axis, weight in vector.items()}


def level_of_years(years: float) -> int:
    """The level (place in `LEVELS`) that so many years of work usually amount to."""
    return 1 if years < 2 else 2 if years < 5 else 3 if years < 9 else 4


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Dot product of two vectors of length 1 or less."""
    return sum(weight * other[axis] for axis, weight in one.items() if axis in other)


def title_similarity(one: Title, other: Title) -> float:
    """How near two titles are in trade, 0 to 1, whatever their levels."""
    return cosine(title_vector(one), title_vector(other))
