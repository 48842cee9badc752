"""Reverse chronological order of roles, degrees and projects, from what is known of their dates.

What today is stays unknown here: an open range counts as the newest.
"""

from collections.abc import Sequence
from typing import Protocol

from tailoring.dates import DateRange


class Dated(Protocol):
    """Anything that may have dates."""

    @property
    def dates(self) -> DateRange | None: ...


def newest_first(entries: Sequence[Dated]) -> list[int]:
    """The positions of the entries, newest first; an entry without dates keeps its place among the others."""
    dated = [position for position, entry in enumerate(entries) if entry.dates]
    in_order = iter(sorted(dated, key=lambda position: _age(entries[position].dates)))
    return [next(in_order) if entry.dates else position for position, entry in enumerate(entries)]


def _age(dates: DateRange | None) -> tuple[int, ...]:
    """A key that is smaller the later the range ends, then the later it starts."""
    if dates is None:
        return ()
    months = [-(point.year * 12 + (point.month or 12)) if point else -(10**6) for point in (dates.end, dates.start)]
    return tuple(months)
