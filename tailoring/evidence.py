"""The source resume, indexed once so that claims can be looked up in it: words, neighbours, numbers, dates, skills.

Answers "does the source say this, and where"; what to ask, and what an answer is worth, is the truth check's business.
Every look-up visits a bounded number of places, so that the cost of a check grows with the text only.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from tailoring.credentials import find_degrees, title_form
from tailoring.dates import DateRange, find_date_ranges
from tailoring.degeneracy import trigrams
from tailoring.lines import source_lines
from tailoring.numbers import Quantity, find_quantities
from tailoring.skills import find_skills
from tailoring.tokens import Token, abbreviations, is_generic, synonyms, tokenize

_PLACES = 24  # places of one word that are visited
_WINDOW = 8  # tokens on each side that make up the neighbourhood of a number
_GLUED = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_SENTENCE_END = re.compile(r"[.;!?](?=\s)|[\n•]")
_SHORTEST_TYPO = 6
_OTHERS = frozenset("the to for with under by our".split())  # in front of somebody else's title


@dataclass(frozen=True)
class Evidence:
    """What a source resume says; make one with `evidence_of`."""

    lines: tuple[str, ...]
    text: str
    tokens: list[Token]
    places: dict[str, list[int]]

    def says(self, token: Token) -> bool:
        """Whether the source has this word, in any form, spelling, short form or synonym."""
        return any(stem in self.places for stem in synonyms(token.stem)) or self._says_otherwise(token.text)

    def _says_otherwise(self, word: str) -> bool:
        lower = word.lower().rstrip("'’s") if word[-2:] in ("'s", "’s") else word.lower()
        bare = lower.replace(".", "").replace("-", "")
        if bare in self.joined or lower in self.surfaces:
            return True
        base = bare.rstrip("0123456789")
        if len(base) >= 3 and (base in self.unversioned if base == bare else base in self.surfaces):
            return True
        if len(bare) >= 3 and word.isupper() and bare in self.initials:
            return True
        return len(bare) >= _SHORTEST_TYPO and not self.slips.isdisjoint(_slips(bare))

    def says_joined(self, first: Token, second: Token) -> bool:
        """Whether the source writes two words as one: `Node.js` against `NodeJS`."""
        joined = (first.text + second.text).lower()
        return joined in self.surfaces or joined in self.joined

    @cached_property
    def surfaces(self) -> frozenset[str]:
        return frozenset(token.text.lower() for token in self.tokens)

    @cached_property
    def unversioned(self) -> frozenset[str]:
        """Words that the source writes with a version: `html` for HTML5."""
        return frozenset(word.rstrip("0123456789") for word in self.surfaces if word[-1].isdigit() and word[0].isalpha())

    @cached_property
    def joined(self) -> frozenset[str]:
        """Two or three neighbouring words written as one."""
        words = [token.text.lower().replace(".", "") for token in self.tokens]
        pairs = map("".join, zip(words, words[1:], strict=False))
        triples = map("".join, zip(words, words[1:], words[2:], strict=False))
        return frozenset(words).union(pairs, triples)

    @cached_property
    def initials(self) -> frozenset[str]:
        letters = "".join(token.text[0].lower() for token in self.tokens)
        return frozenset(letters[at : at + size] for size in (3, 4, 5) for at in range(len(letters) - size + 1))

    @cached_property
    def capitals(self) -> frozenset[str]:
        """The abbreviations of the source, in lower case."""
        return frozenset(
            token.text.lower().replace(".", "") for token in self.tokens if token.text.isupper() and 3 <= len(token.text) <= 6
        )

    @cached_property
    def slips(self) -> frozenset[str]:
        """Every longer word with at most one of its letters missing, to meet misspelt words half-way."""
        return frozenset(slip for word in self.surfaces if len(word) >= _SHORTEST_TYPO for slip in _slips(word))

    @cached_property
    def line_keys(self) -> frozenset[str]:
        """The lines, and the sentences in them, as strings of stems: what is copied word for word needs no look-up."""
        return frozenset(key for line in (*self.lines, *_sentences(self.lines)) if (key := line_key(tokenize(line))))

    @cached_property
    def trigrams(self) -> Counter[tuple[str, ...]]:
        return trigrams(self.tokens)

    @cached_property
    def bigrams(self) -> frozenset[tuple[str, str]]:
        stems = [token.stem for token in self.tokens]
        return frozenset(zip(stems, stems[1:], strict=False))

    def says_phrase(self, stems: tuple[str, ...]) -> bool:
        """Whether the source has these words one after the other."""
        if len(stems) == 1:
            return stems[0] in self.places
        return all(pair in self.bigrams for pair in zip(stems, stems[1:], strict=False))

    @cached_property
    def skills(self) -> frozenset[str]:
        return frozenset(mention.canonical for mention in find_skills(self.text))

    @cached_property
    def degrees(self) -> frozenset[str]:
        return frozenset(degree.name for degree in find_degrees(self.tokens, self.text))

    @cached_property
    def degrees_by_line(self) -> dict[int, frozenset[str]]:
        found: dict[int, frozenset[str]] = {}
        for degree in find_degrees(self.tokens, self.text):
            line = self.tokens[degree.first].line
            found[line] = found.get(line, frozenset()) | {degree.name}
        return found

    @cached_property
    def dates(self) -> list[DateRange]:
        return find_date_ranges(self.text)

    @cached_property
    def quantities(self) -> list[Quantity]:
        return find_quantities(self.tokens, self.text)

    @cached_property
    def quantities_by_line(self) -> dict[int, list[Quantity]]:
        found: dict[int, list[Quantity]] = {}
        for quantity in self.quantities:
            found.setdefault(self.tokens[quantity.first].line, []).append(quantity)
        return found

    @cached_property
    def quantities_by_value(self) -> dict[tuple[float, str], list[Quantity]]:
        found: dict[tuple[float, str], list[Quantity]] = {}
        for quantity in self.quantities:
            found.setdefault((quantity.value, quantity.unit), []).append(quantity)
        return found

    @cached_property
    def title_places(self) -> dict[str, list[int]]:
        """Places of every word in the spelling of titles (`sr` is `senior`, no plural)."""
        found: dict[str, list[int]] = {}
        for at, token in enumerate(self.tokens):
            found.setdefault(title_form(token.text), []).append(at)
        return found

    @cached_property
    def line_starts(self) -> list[int]:
        """The first token of each line that has tokens."""
        return [at for at, token in enumerate(self.tokens) if at == 0 or self.tokens[at - 1].line != token.line]

    @cached_property
    def sentence_starts(self) -> list[int]:
        """The first token of each sentence; a line ends one too."""
        return [
            at
            for at, token in enumerate(self.tokens)
            if at == 0 or _SENTENCE_END.search(self.text, self.tokens[at - 1].end, token.start + 1)
        ]

    def sentence_of(self, place: int) -> int:
        return bisect_right(self.sentence_starts, place) - 1

    def sentence(self, number: int) -> list[Token]:
        starts = self.sentence_starts
        return self.tokens[starts[number] : starts[number + 1] if number + 1 < len(starts) else len(self.tokens)]

    @cached_property
    def prefixes(self) -> frozenset[str]:
        return frozenset(word[:6] for word in self.surfaces)

    def has_prefix(self, prefix: str) -> bool:
        """Whether a word of the source begins with these (six) letters."""
        return prefix in self.prefixes

    def stems_of_line(self, line: int) -> Iterable[str]:
        """The stems of a line by its index."""
        at = bisect_right(self.line_starts, line, key=lambda start: self.tokens[start].line) - 1
        first, end = self.line_tokens(self.line_starts[at])
        return (token.stem for token in self.tokens[first:end])

    def line_of(self, place: int) -> int:
        return self.tokens[place].line

    def line_tokens(self, place: int) -> tuple[int, int]:
        """The tokens (first, last + 1) of the line that this token is on."""
        at = bisect_right(self.line_starts, place) - 1
        end = self.line_starts[at + 1] if at + 1 < len(self.line_starts) else len(self.tokens)
        return self.line_starts[at], end

    def around(self, first: int, last: int) -> frozenset[str]:
        """The stems near these tokens, on the same line."""
        start, end = self.line_tokens(first)
        near = self.tokens[max(start, first - _WINDOW) : first] + self.tokens[last + 1 : min(end, last + 1 + _WINDOW)]
        return frozenset(token.stem for token in near)

    def near_each_other(self, words: Sequence[str], slack: int = 2, *, own: bool = False) -> bool:
        """Whether the source has all these words, spelt as in titles, within as many tokens and `slack` more.

        `own`: not where they are somebody else's ("for the marketing director").
        """
        words = self._as_written(words)
        if not words:
            return False
        rarest = min(words, key=lambda word: len(self.title_places[word]))
        reach = len(words) + slack
        wanted = set(words)
        for place in self.title_places[rarest][: 4 * _PLACES]:
            start, end = self.line_tokens(place)
            near = {title_form(token.text) for token in self.tokens[max(start, place - reach) : min(end, place + reach + 1)]}
            if wanted <= near and not (own and self._is_of_others(place)):
                return True
        return False

    def _is_of_others(self, place: int) -> bool:
        start, _ = self.line_tokens(place)
        before = [token.text.lower() for token in self.tokens[max(start, place - 4) : place]]
        return "as" not in before and not _OTHERS.isdisjoint(before)

    def _as_written(self, words: Sequence[str]) -> list[str]:
        """The words, two of them joined where the source writes them as one; [] when it lacks one."""
        found: list[str] = []
        for word, after in zip(words, [*words[1:], ""], strict=True):
            if word in self.title_places:
                found.append(word)
            elif word + after in self.title_places:
                found.append(word + after)
            elif not (found and found[-1].endswith(word)):
                return []
        return found

    def places_of(self, token: Token) -> Iterable[int]:
        """Where the source has this word or a synonym; a bounded number of places, none for very common words."""
        for stem in synonyms(token.stem):
            found = self.places.get(stem, ())
            if len(found) <= 4 * _PLACES:
                yield from found[:_PLACES]

    def nearest_line(self, tokens: Iterable[Token]) -> int | None:
        """The index of the source line that shares most words with these tokens; None when none does."""
        votes: Counter[int] = Counter()
        for token in tokens:
            if not is_generic(token.stem):
                votes.update({self.line_of(place) for place in self.places_of(token)})
        return min(votes, key=lambda line: (-votes[line], line)) if votes else None


def _slips(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(1, len(word)))}


def _sentences(lines: Iterable[str]) -> Iterable[str]:
    return (part for line in lines for part in _SENTENCE_END.split(line))


def line_key(tokens: Iterable[Token]) -> str:
    """What two lines share that say the same words in the same order."""
    return " ".join(token.stem for token in tokens)


@lru_cache(maxsize=64)
def evidence_of(source: str) -> Evidence:
    """The index of a source resume; the last 64 are kept, since one source is checked against many times."""
    lines = tuple(source_lines(source))
    text = "\n".join(lines)
    tokens = tokenize(text, cut_at_bullets=False)
    places: dict[str, list[int]] = {}
    for at, token in enumerate(tokens):
        places.setdefault(token.stem, []).append(at)
        if "_" in token.stem:
            for part in tokenize(token.text.replace("_", " ")):
                places.setdefault(part.stem, []).append(at)
        for part in _GLUED.split(token.text)[1:] and _GLUED.split(token.text):
            for piece in tokenize(part):
                places.setdefault(piece.stem, []).append(at)
    present = {token.text.lower().replace(".", "") for token in tokens}
    for short, stems in abbreviations().items():
        if short in present:
            for stem in stems:
                places.setdefault(stem, places.get(short, []))
        elif all(stem in places for stem in stems):
            places.setdefault(short, places[stems[0]])
    return Evidence(lines, text, tokens, places)
