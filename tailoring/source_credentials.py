"""The degrees that a source resume names, and whether it has the words of a title or a name together."""

from collections.abc import Sequence
from functools import cached_property

from tailoring.credentials import find_degrees, title_form
from tailoring.source_text import COMMON, SourceText
from tailoring.tokens import written_out

_BESIDE = 2  # words before a title that may belong to it
_OTHERS = frozenset(["the", "to", "for", "with", "under", "by", "our"])  # in front of somebody else's title


class SourceCredentials(SourceText):
    """The degrees and names of a source resume."""

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

    def near_each_other(self, words: Sequence[str], *, own: bool = False, lower: frozenset[str] = frozenset()) -> bool:
        """Whether a source line has all these words, in the spelling of titles, within as many words and two more.

        `own`: not where they are somebody else's ("for the marketing director"). `lower`: not where one of these stands
        among them or beside, as "assistant" does beside "sales manager".
        """
        wanted = self._as_written(words)
        if not wanted:
            return False
        rarest = min(wanted, key=lambda word: len(self.title_places[word]))
        reach = len(wanted) + 2
        for place in self.title_places[rarest][:COMMON]:
            start, end = self.line_tokens(place)
            near = range(max(start, place - reach), min(end, place + reach + 1))
            if (
                wanted <= {form for at in near for form in self._title_forms[at]}
                and not (own and self._is_of_others(place))
                and not (lower and self._is_lowered(near, wanted, lower))
            ):
                return True
        return False

    def _is_lowered(self, near: range, wanted: set[str], lower: frozenset[str]) -> bool:
        """Whether one of these words stands among the wanted ones, or beside them without a sign between."""
        own = [at for at in near if not wanted.isdisjoint(self._title_forms[at])]
        first, last = own[0], own[-1]
        while first > near[0] and own[0] - first < _BESIDE and self._adjoin(first - 1):
            first -= 1
        if last < near[-1] and self._adjoin(last):
            last += 1
        return any(not lower.isdisjoint(self._title_forms[at]) for at in range(first, last + 1))

    def _adjoin(self, at: int) -> bool:
        """Whether nothing but a space or a hyphen parts a token from the next."""
        return self.text[self.tokens[at].end : self.tokens[at + 1].start] in (" ", "-", ". ")

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
