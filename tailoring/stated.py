"""What a set of resume lines states: names, numbers, dates and skills, looked up structurally.

Says only whether the lines hold the words; whether a sentence made of them is true is for `tailoring.truthfulness`.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

from tailoring.dates import DateRange, YearMonth, find_date_ranges
from tailoring.numbers import Quantity, find_quantities
from tailoring.skills import find_skills
from tailoring.tokens import Token, is_generic, synonyms, tokenize

_DIGITS = re.compile(r"\d+")


class Stated:
    """Lines of a resume, indexed on first use."""

    def __init__(self, lines: Sequence[str]) -> None:
        # Spaces, not line breaks: a name or a number may run on into the next line.
        self.text = " ".join(" ".join(lines).split())

    def shares_a_word(self, text: str) -> bool:
        """Whether any word of the text that means something, or a synonym of it, is in the lines."""
        return any(not self._stems.isdisjoint(synonyms(token.stem)) for token in _telling(text))

    def has_words(self, text: str) -> bool:
        """Whether every word of the text that means something is in the lines, in any form and order."""
        return all(token.stem in self._stems for token in _telling(text))

    def has_name(self, name: str) -> bool:
        """Whether the words of a name follow each other in the lines, whatever their case and punctuation."""
        return f" {_spelled(name)} " in f" {self._spelled} "

    def has_phrase(self, text: str) -> bool:
        """Whether the words of the text follow each other in the lines, in any form."""
        return f" {_joined_stems(tokenize(text))} " in f" {self._in_stems} "

    def missing_number(self, text: str) -> str | None:
        """The first number of the text that the lines do not hold."""
        for quantity in find_quantities(tokens := tokenize(text), text):
            written = text[tokens[quantity.first].start : tokens[quantity.last].end]
            digits = _DIGITS.findall(written)
            if not (digits and self._digits.issuperset(digits)) and not any(map(quantity.same_as, self._quantities)):
                return written
        return None

    def missing_skill(self, text: str) -> str | None:
        """The first known skill that the text names and the lines do not, under that name or another."""
        for mention in find_skills(text):
            if mention.canonical not in self._skills and not self.has_words(mention.text):
                return mention.text
        return None

    def has_dates(self, text: str) -> bool:
        """Whether the lines hold these dates, in any notation; a month may be left out."""
        said = find_date_ranges(text)
        stated = bool(said) and all(any(_same_dates(one, known) for known in self._dates) for one in said)
        return stated or self.has_name(text)

    @cached_property
    def _tokens(self) -> list[Token]:
        return tokenize(self.text)

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(token.stem for token in self._tokens)

    @cached_property
    def _in_stems(self) -> str:
        return _joined_stems(self._tokens)

    @cached_property
    def _spelled(self) -> str:
        return _spelled(self.text)

    @cached_property
    def _digits(self) -> frozenset[str]:
        return frozenset(_DIGITS.findall(self.text))

    @cached_property
    def _quantities(self) -> list[Quantity]:
        return find_quantities(self._tokens, self.text)

    @cached_property
    def _skills(self) -> frozenset[str]:
        return frozenset(mention.canonical for mention in find_skills(self.text))

    @cached_property
    def _dates(self) -> list[DateRange]:
        return find_date_ranges(self.text)


def _same_dates(said: DateRange, known: DateRange) -> bool:
    """Whether two ranges are the same, or the first the same without its months."""
    return _same_point(said.start, known.start) and _same_point(said.end, known.end)


def _same_point(said: YearMonth | None, known: YearMonth | None) -> bool:
    if said is None or known is None:
        return said is known
    return said.year == known.year and said.month in (None, known.month)


def _telling(text: str) -> list[Token]:
    tokens = tokenize(text)
    return [token for token in tokens if not is_generic(token.stem)] or tokens


def _joined_stems(tokens: Iterable[Token]) -> str:
    return " ".join(token.stem for token in tokens)


def same_name(one: str, other: str) -> bool:
    """Whether one name is the other, or a part of it in whole words; never for an empty name."""
    if not one or not other:
        return False
    first, second = f" {_spelled(one)} ", f" {_spelled(other)} "
    return first in second or second in first


@lru_cache(maxsize=4096)
def _spelled(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+[+#]*", text.casefold()))
