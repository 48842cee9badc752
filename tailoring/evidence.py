"""The source resume, indexed once so that claims can be looked up in it: words, neighbours, numbers, dates, skills.

Answers "does the source say this, and where"; what to ask, and what an answer is worth, is the truth check's business.
Every look-up visits a bounded number of places, so that the cost of a check grows with the text only.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from tailoring.credentials import find_degrees, title_form
from tailoring.dates import YearMonth, find_date_ranges
from tailoring.degeneracy import trigrams
from tailoring.lines import source_lines
from tailoring.numbers import Quantity, find_quantities
from tailoring.parsed import ParsedResume
from tailoring.parsing import parse_resume
from tailoring.sections import heading
from tailoring.skills import find_skills
from tailoring.tokens import (
    Token,
    abbreviations,
    is_generic,
    plain_spaces,
    sentences,
    stakes,
    synonyms,
    tokenize,
    written_out,
)
from tailoring.verb_strength import strength_of, takes_back

_PLACES = 24  # places of one word that are visited
_COMMON = 96  # a word with more places says nothing of where one is
_REACH = 12  # tokens before a phrase that may take it back
_WINDOW = 8  # tokens on each side that make up the neighbourhood of a number
_GLUED = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_TYPO_LENGTHS = range(6, 31)  # letters of words in which one may be wrong
_PREFIX = 6  # letters that variants of one word share
_OTHERS = frozenset(["the", "to", "for", "with", "under", "by", "our"])  # in front of somebody else's title

LONGEST_HEAD = 14  # tokens
HEADS = 24  # short lines that are searched for an employer

_Point = tuple[int, int | None]  # year, month


@dataclass(frozen=True)
class Evidence:
    """What a source resume says; make one with `evidence_of`.

    `lines` are its source lines, `text` these lines again, `tokens` and `places` (of every stem) those of the text.
    """

    lines: tuple[str, ...]
    text: str
    tokens: list[Token]
    places: dict[str, list[int]]

    # Words

    def says(self, token: Token) -> bool:
        """Whether the source has this word, in any form, spelling, short form or synonym."""
        if any(stem in self.places for stem in synonyms(token.stem)) or self.writes(token.text):
            return True
        return "_" in token.stem and all(part in self.places or is_generic(part) for part in token.stem.split("_"))

    def writes(self, word: str) -> bool:
        """Whether the source has this word as such: up to joining, version, initials and one slip of the pen."""
        lower = word.lower().replace("’", "'").removesuffix("'s")
        bare = lower.replace(".", "")
        if bare in self._joined or lower in self._surfaces:
            return True
        base = bare.rstrip("0123456789")
        if len(base) >= 3 and (base in self._unversioned if base == bare else base in self._surfaces):
            return True
        if len(bare) >= 3 and word.isupper() and bare in self._initials:
            return True
        return len(bare) in _TYPO_LENGTHS and not self._slips.isdisjoint(_slips(bare))

    def says_joined(self, first: Token, second: Token) -> bool:
        """Whether the source writes two words as one: `Node.js` against `NodeJS`."""
        return (first.text + second.text).lower() in self._joined

    def says_phrase(self, stems: tuple[str, ...]) -> bool:
        """Whether the source has these words one after the other."""
        if len(stems) == 1:
            return stems[0] in self.places
        return all(pair in self._pairs for pair in pairwise(stems))

    def says_run(self, run: Sequence[Token]) -> bool:
        """Whether the source has these words one after the other on a line, or on into a line that continues it."""
        return any(True for _ in self._runs(run))

    def says_of_the_person(self, run: Sequence[Token]) -> bool:
        """Whether the source has these words one after the other, with nothing before them that takes them back."""
        return any(not self._is_taken_back(place) for place in self._runs(run))

    def _runs(self, run: Sequence[Token]) -> Iterator[int]:
        """Where the source has these words one after the other; a bounded number of places is looked at."""
        stems = [token.stem for token in run]
        rarest = min(range(len(stems)), key=lambda at: len(self.places.get(stems[at], ())))
        for place in self.places.get(stems[rarest], ())[:_PLACES]:
            first = place - rarest
            found = self.tokens[max(0, first) : first + len(stems)]
            if [token.stem for token in found] == stems and all(
                one.line == after.line or after.is_number or after.text[0].islower() for one, after in pairwise(found)
            ):
                yield first

    def _is_taken_back(self, place: int) -> bool:
        """Whether a hedge or a negation stands before this token in its sentence."""
        start = max(self._sentence_starts[self.sentence_of(place)], place - _REACH)
        return any(takes_back(token) for token in self.tokens[start:place])

    def has_prefix(self, word: str) -> bool:
        """Whether a word of the source begins with the same six letters."""
        return word[:_PREFIX].lower() in self._prefixes

    @cached_property
    def capitals(self) -> frozenset[str]:
        """The abbreviations of the source, in lower case."""
        capitals = (token.text.replace(".", "") for token in self.tokens if token.text.isupper())
        return frozenset(word.lower() for word in capitals if 3 <= len(word) <= 6)

    @cached_property
    def skills(self) -> frozenset[str]:
        """Canonical names of the skills that the source names."""
        return frozenset(mention.canonical for mention in find_skills(self.text))

    @cached_property
    def trigrams(self) -> Counter[tuple[str, ...]]:
        return trigrams(self.tokens)

    @cached_property
    def _surfaces(self) -> frozenset[str]:
        return frozenset(token.text.lower() for token in self.tokens)

    @cached_property
    def _prefixes(self) -> frozenset[str]:
        return frozenset(word[:_PREFIX] for word in self._surfaces)

    @cached_property
    def _unversioned(self) -> frozenset[str]:
        """Words that the source writes with a version: `html` for HTML5."""
        return frozenset(
            word.rstrip("0123456789") for word in self._surfaces if word[-1].isdigit() and word[0].isalpha()
        )

    @cached_property
    def _joined(self) -> frozenset[str]:
        """Words, and two or three neighbouring words written as one."""
        words = [token.text.lower().replace(".", "") for token in self.tokens]
        pairs = map("".join, pairwise(words))
        triples = map("".join, zip(words, words[1:], words[2:], strict=False))
        return frozenset(words).union(pairs, triples)

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        stems = [token.stem for token in self.tokens]
        return frozenset(pairwise(stems))

    @cached_property
    def _initials(self) -> frozenset[str]:
        letters = "".join(token.text[0].lower() for token in self.tokens)
        return frozenset(letters[at : at + size] for size in (3, 4, 5) for at in range(len(letters) - size + 1))

    @cached_property
    def _slips(self) -> frozenset[str]:
        """Every longer word with at most one of its letters missing, to meet misspelt words half-way."""
        return frozenset(slip for word in self._surfaces if len(word) in _TYPO_LENGTHS for slip in _slips(word))

    # Dates and numbers

    def names_date(self, point: YearMonth) -> bool:
        """Whether the source has this date; a year alone also counts where the source knows the month."""
        return tuple(point) in self._points

    def names_period(self, start: YearMonth, end: YearMonth | None) -> bool:
        """Whether the source has this period, to the month or the year; no end is the present."""
        return (tuple(start), tuple(end) if end else None) in self._periods

    @cached_property
    def _points(self) -> frozenset[_Point]:
        return frozenset(
            told for start, end in self._written_periods for point in (start, end) if point for told in _tellings(point)
        )

    @cached_property
    def _periods(self) -> frozenset[tuple[_Point, _Point | None]]:
        return frozenset(
            (first, last)
            for start, end in self._written_periods
            for first in _tellings(start)
            for last in (_tellings(end) if end else (None,))
        )

    @cached_property
    def _written_periods(self) -> list[tuple[YearMonth, YearMonth | None]]:
        return [(found.start, found.end) for found in find_date_ranges(self.text)]

    def same_quantities(self, quantity: Quantity) -> list[Quantity]:
        """Numbers of the source that may be told as this one, a bounded number of them."""
        values = [quantity.value]
        if quantity.years:  # told in years, which may be rounded
            values += [quantity.value + months for months in range(-6, 12) if months]
        found: list[Quantity] = []
        for value in values:
            found += [q for q in self._quantities_by_value.get(value, ())[:_PLACES] if quantity.same_as(q)]
        return found

    def quantities_of_line(self, line: int) -> list[Quantity]:
        """The first numbers of a source line, by its index."""
        return self._quantities_by_line.get(line, [])[:_PLACES]

    @cached_property
    def _quantities(self) -> list[Quantity]:
        return find_quantities(self.tokens, self.text)

    @cached_property
    def _quantities_by_value(self) -> dict[float, list[Quantity]]:
        found: dict[float, list[Quantity]] = {}
        for quantity in self._quantities:
            found.setdefault(quantity.value, []).append(quantity)
        return found

    @cached_property
    def _quantities_by_line(self) -> dict[int, list[Quantity]]:
        found: dict[int, list[Quantity]] = {}
        for quantity in self._quantities:
            found.setdefault(self.tokens[quantity.first].line, []).append(quantity)
        return found

    # Credentials

    @cached_property
    def degrees(self) -> frozenset[str]:
        return frozenset().union(*self.degrees_by_line.values())

    @cached_property
    def degrees_by_line(self) -> dict[int, frozenset[str]]:
        """The degrees that each source line names, by its index."""
        found: dict[int, frozenset[str]] = {}
        for degree in find_degrees(self.tokens):
            line = self.line_of(degree.first)
            found[line] = found.get(line, frozenset()) | {degree.name}
        return found

    def near_each_other(self, words: Sequence[str], *, own: bool = False) -> bool:
        """Whether a source line has all these words, in the spelling of titles, within as many words and two more.

        `own`: not where they are somebody else's ("for the marketing director").
        """
        wanted = self._as_written(words)
        if not wanted:
            return False
        rarest = min(wanted, key=lambda word: len(self.title_places[word]))
        reach = len(wanted) + 2
        for place in self.title_places[rarest][:_COMMON]:
            start, end = self.line_tokens(place)
            near = self._title_forms[max(start, place - reach) : min(end, place + reach + 1)]
            if wanted <= {form for forms in near for form in forms} and not (own and self._is_of_others(place)):
                return True
        return False

    def _is_of_others(self, place: int) -> bool:
        start, _ = self.line_tokens(place)
        before = [token.text.lower() for token in self.tokens[max(start, place - 4) : place]]
        return "as" not in before and not _OTHERS.isdisjoint(before)

    def _as_written(self, words: Sequence[str]) -> set[str]:
        """The words, written out or joined where the source does so; none when it lacks one."""
        parts = [
            part for word in words for part in ((word,) if word in self.title_places else written_out(word) or (word,))
        ]
        found: list[str] = []
        for word, after in zip(parts, [*parts[1:], ""], strict=True):
            if word in self.title_places:
                found.append(word)
            elif word + after in self.title_places:
                found.append(word + after)
            elif not (found and found[-1].endswith(word)):
                return set()
        return set(found)

    @cached_property
    def title_places(self) -> dict[str, list[int]]:
        """Places of every word in the spelling of titles (`sr` is `senior`, no plural)."""
        found: dict[str, list[int]] = {}
        for at, forms in enumerate(self._title_forms):
            for form in forms:
                found.setdefault(form, []).append(at)
        return found

    @cached_property
    def _title_forms(self) -> list[tuple[str, ...]]:
        """Each token in the spelling of titles, with the words that it is short for."""
        return [(title_form(token.text), *written_out(token.text)) for token in self.tokens]

    # Jobs

    def role_of_line(self, line: int) -> int | None:
        """The number of the job that a source line (by its index) is about; None when it is about none."""
        return self._role_lines.get(line)

    def role_under(self, heads: Sequence[Sequence[Token]]) -> int | None:
        """The number of the job that lines stand under which have these heads before them, the nearest last.

        None when no head names the employer of just one job, or when the source itself cannot be read in this way.
        """
        return self._role_named(heads) if self._roles_are_clear else None

    @cached_property
    def _roles_are_clear(self) -> bool:
        """Whether each line of the source with a number has its job's employer named in the nearest head."""
        heads: list[list[Token]] = []
        for first, end in map(self.line_tokens, self._line_starts):
            line = self.tokens[first:end]
            if heading(self.lines[line[0].line]):
                heads = []
            elif is_head(line):
                heads.append(line)
            role = self.role_of_line(line[0].line)
            has_number = any(token.is_number for token in line)
            if has_number and role is not None and self._role_named(heads[-HEADS:]) != role:
                return False
        return True

    def _role_named(self, heads: Sequence[Sequence[Token]]) -> int | None:
        for head in reversed(heads):
            words = {title_form(token.text) for token in head}
            found = {number for number, employer in enumerate(self._employers) if employer and employer <= words}
            if len(found) == 1:
                return found.pop()
        return None

    @cached_property
    def _parsed(self) -> ParsedResume:
        return parse_resume(self.text)

    @cached_property
    def _employers(self) -> list[set[str]]:
        return [{title_form(token.text) for token in tokenize(role.employer)} for role in self._parsed.roles]

    @cached_property
    def _role_lines(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for number, role in enumerate(self._parsed.roles):
            for lines in (role.line_nos, *(item.line_nos for item in (*role.bullets, *role.details))):
                found.update((line - 1, number) for line in lines)
        return found

    # Lines and sentences

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
        return self._numberless.get(key, [])[:_PLACES]

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
        return bisect_right(self._sentence_starts, place) - 1

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
    def _line_starts(self) -> list[int]:
        return [at for at, token in enumerate(self.tokens) if at == 0 or self.tokens[at - 1].line != token.line]

    def places_of(self, token: Token) -> Iterable[int]:
        """Where the source has this word or a synonym; a bounded number of places, none for very common words."""
        for stem in synonyms(token.stem):
            found = self.places.get(stem, ())
            if len(found) <= _COMMON:
                yield from found[:_PLACES]

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


def _slips(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(1, len(word)))}


def _tellings(point: YearMonth) -> set[_Point]:
    """How a date may be told: as it is, or by its year."""
    return {(point.year, point.month), (point.year, None)}


def is_head(tokens: Sequence[Token]) -> bool:
    """Whether a line may be the head of an entry: short, and with a capital."""
    return len(tokens) <= LONGEST_HEAD and tokens[0].text[0].isupper()


def line_key(tokens: Iterable[Token]) -> str:
    """What two lines share that say the same words in the same order."""
    return " ".join(token.stem for token in tokens)


def numberless_key(tokens: Iterable[Token]) -> str:
    """What two lines share that say the same words with whatever numbers."""
    return line_key(token for token in tokens if not token.is_number)


@lru_cache(maxsize=256)
def evidence_of(source: str) -> Evidence:
    """The index of a source resume; the last 256 are kept, since one source is checked against many times."""
    lines = tuple(source_lines(source))
    text = plain_spaces("\n".join(lines))
    tokens = tokenize(text, cut_at_bullets=False)
    places: dict[str, list[int]] = {}
    for at, token in enumerate(tokens):
        places.setdefault(token.stem, []).append(at)
        for part in _parts(token):
            places.setdefault(part.stem, []).append(at)
    present = {token.text.lower().replace(".", "") for token in tokens}
    for short, stems in abbreviations().items():
        if short in present:
            for stem in stems:
                places.setdefault(stem, places.get(short, []))
        elif all(stem in places for stem in stems):
            places.setdefault(short, places[stems[0]])
    return Evidence(lines, text, tokens, places)


def _parts(token: Token) -> list[Token]:
    """The words of a phrase ("carried out") or of a glued word ("monthsCompany"); none of any other token."""
    if "_" in token.stem:
        return tokenize(token.text.replace(" ", "\n"))
    glued = _GLUED.sub("\n", token.text)
    return tokenize(glued) if glued != token.text else []
