"""The dates and numbers that a source resume names, in any notation."""

from functools import cached_property

from tailoring.dates import YearMonth, find_date_ranges
from tailoring.numbers import Quantity, find_quantities
from tailoring.source_text import PLACES, SourceText

_Point = tuple[int, int | None]  # year, month


class SourceFigures(SourceText):
    """The dates and numbers of a source resume."""

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
            found += [q for q in self._quantities_by_value.get(value, ())[:PLACES] if quantity.same_as(q)]
        return found

    def quantities_of_line(self, line: int) -> list[Quantity]:
        """The first numbers of a source line, by its index."""
        return self._quantities_by_line.get(line, [])[:PLACES]

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


def _tellings(point: YearMonth) -> set[_Point]:
    """How a date may be told: as it is, or by its year."""
    return {(point.year, point.month), (point.year, None)}
