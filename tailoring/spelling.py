"""Misspelt and glued words, precision first: what is merely unknown is taken for a name or a technical term.

A word counts as misspelt only when it is unknown in every derived form and a common word is one slip away (a letter
lost, added, changed, or two swapped); as glued only when it falls into common words. The English word list is
pyspellchecker's; what working life adds is in `data/vocabulary.txt` and in the skills lexicon. What to say about the
words found, and what they cost, is decided elsewhere.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources

import yaml

from tailoring.skills import find_skills

_COMMON = 1_000  # occurrences in the word list's corpus from which a word is common
_EVERYDAY = 100_000
_USUAL = 200
_SHORTEST_SLIP = 5  # in shorter words one slip leads to too many others
_SHORTEST_PART = 4

_BRITISH = (
    (re.compile(r"is(e[ds]?|er|ers|ing|ation|ations|able)$"), r"iz\1"),
    (re.compile(r"ys(e[ds]?|er|ers|ing)$"), r"yz\1"),
    (re.compile(r"our"), "or"),
    (re.compile(r"tre(s?)$"), r"ter\1"),
    (re.compile(r"ll(ed|ing|er|ers|ment)$"), r"l\1"),
    (re.compile(r"ogue(s?)$"), r"og\1"),
    (re.compile(r"ence(s?)$"), r"ense\1"),
    (re.compile(r"aem|oed|paed"), "e"),
)


@cache
def _affixes(name: str) -> tuple[str, ...]:
    text = resources.files("tailoring").joinpath("data/spelling.yaml").read_text("utf-8")
    return tuple(yaml.safe_load(text)[name].split())


@cache
def _words() -> dict[str, int]:
    """Every known word and how common it is."""
    from spellchecker import SpellChecker

    words = dict(SpellChecker(language="en").word_frequency.dictionary)
    vocabulary = resources.files("tailoring").joinpath("data/vocabulary.txt").read_text("utf-8")
    for line in vocabulary.splitlines():
        if not line.startswith("#"):
            words.update((word, max(_COMMON, words.get(word, 0))) for word in line.split())
    return words


@cache
def _common_by_deletion() -> dict[str, str]:
    """The most common word behind each string that lacks at most one of its letters (symmetric delete spelling)."""
    common = sorted((count, word) for word, count in _words().items() if count >= _COMMON and len(word) > 3)
    found: dict[str, str] = {}
    for _, word in common:  # the most common comes last and wins
        for short in _deletions(word):
            found[short] = word
    found.update((word, word) for _, word in common)
    return found


def _deletions(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


@lru_cache(maxsize=65_536)
def correction(word: str) -> str | None:
    """The common word that this lower-case word was probably meant to be; None when it is right or merely unknown."""
    if is_known(word):
        return None
    if len(word) < _SHORTEST_SLIP:
        return _swapped(word)
    nearest = _common_by_deletion()
    candidates = {nearest[short] for short in _deletions(word) if short in nearest}
    near = [other for other in candidates if other[0] in word[:2] and _one_slip(word, other)]
    return max(near, key=lambda other: (_words()[other], other), default=None)


def _swapped(word: str) -> str | None:
    """Everyday short words with two letters swapped: teh, adn, but no pair that are both words."""
    swaps = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
    found = [other for other in swaps if len(word) > 2 and _words().get(other, 0) >= _EVERYDAY]
    return found[0] if found else None


def _one_slip(word: str, other: str) -> bool:
    """Whether one letter lost, added, changed, or one swap of neighbours turns the one into the other."""
    if len(word) != len(other):
        short, long = sorted((word, other), key=len)
        return len(long) - len(short) == 1 and short in _deletions(long)
    differing = [at for at in range(len(word)) if word[at] != other[at]]
    if len(differing) == 1:
        return True
    if len(differing) != 2:
        return False
    first, second = differing
    return second == first + 1 and word[first] == other[second] and word[second] == other[first]


@lru_cache(maxsize=65_536)
def is_known(word: str) -> bool:
    """Whether a lower-case word is English, a term of working life, a skill, or derived from one."""
    return _is_listed(word) or _is_compound(word) or bool(find_skills(word))


def _is_listed(word: str) -> bool:
    words = _words()
    if word in words:
        return True
    if any((respelt := pattern.sub(to, word)) != word and respelt in words for pattern, to in _BRITISH):
        return True
    return any(_is_usual(stem) for stem in _stems(word))


def _stems(word: str) -> Iterator[str]:
    for suffix in _affixes("plain_suffixes"):
        if word.endswith(suffix):
            yield word.removesuffix(suffix)
    for suffix in _affixes("vowel_suffixes"):
        if word.endswith(suffix):
            stem = word.removesuffix(suffix)
            yield from (stem, stem + "e")
    if word.endswith(("ies", "ied")):
        yield word[:-3] + "y"
    yield from (word.removeprefix(prefix) for prefix in _affixes("prefixes") if word.startswith(prefix))


def _is_usual(stem: str) -> bool:
    return len(stem) >= _SHORTEST_PART and _words().get(stem, 0) >= _USUAL


@lru_cache(maxsize=65_536)
def glued_parts(word: str) -> tuple[str, ...]:
    """The common words that this lower-case word glues together; () when it is one word.

    Two plain words make a compound ("timesheet") as often as a fault, so that they count from 12 letters on.
    """
    if len(word) < 6 or len(word) > 60 or _is_listed(word) or find_skills(word):
        return ()
    parts = _split(word)
    small = sum(part in _affixes("small_words") for part in parts)
    if len(parts) < 2 or (len(parts) == 2 and not small and len(word) < 12):
        return ()
    return parts


def _is_compound(word: str) -> bool:
    return len(word) >= 2 * _SHORTEST_PART and bool(_split(word))


def _split(word: str) -> tuple[str, ...]:
    """The fewest common words whose letters are these, small words among them allowed; () when there are none."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 20), end):
            before, part = best[start], word[start:end]
            if before is None or not (part in _affixes("small_words") or _is_part(part)):
                continue
            known = best[end]
            if known is None or len(before) + 1 < len(known):
                best[end] = (*before, part)
    found = best[-1] or ()
    return found if any(len(part) >= _SHORTEST_PART for part in found) else ()


def _is_part(word: str) -> bool:
    return len(word) >= _SHORTEST_PART and _words().get(word, 0) >= _COMMON
