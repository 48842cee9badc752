"""The text of a source resume, indexed: its lines, its sentences, what stands near what, and which line comes nearest.

The base of `tailoring.evidence`. Every look-up visits a bounded number of places, so that the cost of a check grows
with the text only.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tailoring.degeneracy import trigrams
from tailoring.tokens import Token, is_generic, sentences, stakes, synonyms
from tailoring.verb_strength import strength_of, takes_back

PLACES = 24  # places of one word that are visited
COMMON = 96  # a word with more places says nothing of where one is
_REACH = 12  # tokens before a phrase that may take it back
_WINDOW = 8  # tokens on each side that make up the neighbourhood of a number


@dataclass(frozen=True)
class SourceText:
    """A source resume: its `lines`, these again as one `text`, the `tokens` of that, and the `places` of every stem."""

    lines: tuple[str, ...]
    text: str
    tokens: list[Token]
    places: dict[str, list[int]]

    def has_line(self, key: str) -> bool:
        """Whether the source has a line or sentence with this `line_key`; what says nothing it always has."""
        return not key or key in self._line_keys

    @cached_property
    def _line_keys(self) -> frozenset[str]:
        return frozenset((*self.line_counts, *map(line_key, self._sentences)))

    @cached_property
    def line_counts(self) -> Counter[str]:
        """How often the source says each line, by `line_key`."""
        return Counter(line_key(self.tokens[first:end]) for first, end in map(self.line_tokens, self._line_starts))

    def lines_but_for_numbers(self, key: str) -> list[int]:
        """The source lines (some of them, by index) with this `numberless_key`."""
        return self._numberless.get(key, [])[:PLACES]

    @cached_property
    def _numberless(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for first, end in map(self.line_tokens, self._line_starts):
            found.setdefault(numberless_key(self.tokens[first:end]), []).append(self.line_of(first))
        found.pop("", None)
        return found

    def line_of(self, place: int) -> int:
        """The index of the line that this token is on."""
        return self.tokens[place].line

    def line_tokens(self, place: int) -> tuple[int, int]:
        """The tokens (first, last + 1) of the line that this token is on."""
        at = bisect_right(self._line_starts, place)
        return self._line_starts[at - 1], self._line_starts[at] if at < len(self._line_starts) else len(self.tokens)

    def around(self, first: int, last: int) -> frozenset[str]:
        """The stems near these tokens, on the same line."""
        if first not in self._neighbourhoods:
            start, end = self.line_tokens(first)
            near = (
                self.tokens[max(start, first - _WINDOW) : first] + self.tokens[last + 1 : min(end, last + 1 + _WINDOW)]
            )
            self._neighbourhoods[first] = frozenset(token.stem for token in near)
        return self._neighbourhoods[first]

    @cached_property
    def _neighbourhoods(self) -> dict[int, frozenset[str]]:
        return {}

    def matters_of_line(self, line: int) -> frozenset[str]:
        """What the telling words of a line (by its index) are about: recognition, money, scope ..."""
        return self._matters.get(line, frozenset())

    @cached_property
    def _matters(self) -> dict[int, frozenset[str]]:
        found: dict[int, frozenset[str]] = {}
        for token in self.tokens:
            if token.stem in stakes():
                found[token.line] = found.get(token.line, frozenset()) | {stakes()[token.stem]}
        return found

    def sentence_of(self, place: int) -> int:
        """The number of the sentence that this token is in."""
        return self._sentence_numbers[place]

    def strength_of_sentence(self, number: int) -> float:
        """How much the strongest verb of a sentence claims (`tailoring.verb_strength`)."""
        if number not in self._strengths:
            self._strengths[number] = strength_of(self._sentences[number])
        return self._strengths[number]

    @cached_property
    def _strengths(self) -> dict[int, float]:
        return {}

    @cached_property
    def _sentences(self) -> list[list[Token]]:
        return sentences(self.tokens, self.text)

    @cached_property
    def _sentence_starts(self) -> list[int]:
        starts = [0]
        for sentence in self._sentences:
            starts.append(starts[-1] + len(sentence))
        return starts[:-1]

    @cached_property
    def _sentence_numbers(self) -> list[int]:
        return [number for number, sentence in enumerate(self._sentences) for _ in sentence]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [at for at, token in enumerate(self.tokens) if at == 0 or self.tokens[at - 1].line != token.line]

    def places_of(self, token: Token) -> Iterable[int]:
        """Where the source has this word or a synonym; a bounded number of places, none for very common words."""
        for stem in synonyms(token.stem):
            found = self.places.get(stem, ())
            if len(found) <= COMMON:
                yield from found[:PLACES]

    def nearest_line(self, tokens: Iterable[Token]) -> int | None:
        """The index of the source line that shares most words with these tokens; None when none does."""
        return min(self.nearest_lines(tokens)[0], default=None)

    def nearest_lines(self, tokens: Iterable[Token]) -> tuple[list[int], int]:
        """The source lines that share most words with these tokens, and how many words that is."""
        votes: Counter[int] = Counter()
        for token in tokens:
            if not is_generic(token.stem):
                votes.update({self.line_of(place) for place in self.places_of(token)})
        most = max(votes.values(), default=0)
        return [line for line, shared in votes.items() if shared == most], most

    def says_run(self, run: Sequence[Token]) -> bool:
        """Whether the source has these words one after the other, on one line or on into the next."""
        return any(True for _ in self._runs(run))

    def says_of_the_person(self, run: Sequence[Token]) -> bool:
        """Whether the source has these words one after the other, with nothing before them that takes them back."""
        return any(not self._is_taken_back(place) for place in self._runs(run))

    def _runs(self, run: Sequence[Token]) -> Iterator[int]:
        """Where the source has these words one after the other; a bounded number of places is looked at."""
        stems = [token.stem for token in run]
        rarest = min(range(len(stems)), key=lambda at: len(self.places.get(stems[at], ())))
        for place in self.places.get(stems[rarest], ())[:PLACES]:
            first = place - rarest
            if [token.stem for token in self.tokens[max(0, first) : first + len(stems)]] == stems:
                yield first

    def _is_taken_back(self, place: int) -> bool:
        """Whether a hedge or a negation stands before this token in its sentence."""
        start = max(self._sentence_starts[self.sentence_of(place)], place - _REACH)
        return any(takes_back(token) for token in self.tokens[start:place])

    @cached_property
    def trigrams(self) -> Counter[tuple[str, ...]]:
        return trigrams(self.tokens)


def line_key(tokens: Iterable[Token]) -> str:
    """What two lines share that say the same words in the same order."""
    return " ".join(token.stem for token in tokens)


def numberless_key(tokens: Iterable[Token]) -> str:
    """What two lines share that say the same words with whatever numbers."""
    return line_key(token for token in tokens if not token.is_number)
