"""What an ATS check answers, and the two shapes in which points are lost.

What should be there earns points as it is found. Flaws cost by `decay`: the points halve at a given number of flaws
and never quite reach zero, so that one flaw more always costs something, in a bad resume too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SHOWN = 6  # examples named in a finding


@dataclass(frozen=True, slots=True)
class Finding:
    """`share` of the points earned, 0 to 1, and what was `found`, for people."""

    share: float
    found: str


def decay(flaws: float, half: float) -> float:
    """The share left by so many flaws: all without any, half at `half`, a little always."""
    return half / (half + max(0.0, flaws))


def some(items: Iterable[str]) -> str:
    distinct = list(dict.fromkeys(items))
    more = len(distinct) - _SHOWN
    return ", ".join(distinct[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def flaws_cost(items: Sequence[str], half: float, what: str) -> Finding:
    found = f"{len(items)} {what}: {some(items)}" if items else f"no {what}"
    return Finding(decay(len(items), half), found)
