"""Salaries of postings made comparable: US dollars a year, or set aside with the reason.

A wrong salary is worse than none: a figure is corrected only where the posting's own text bears it out.
"""

import math
import re
from typing import NamedTuple

PER_YEAR = {"YEARLY": 1, "HOURLY": 2080, "WEEKLY": 52, "BIWEEKLY": 26, "MONTHLY": 12}
"""How often a pay period comes in a year of full-time work."""

LOWEST, HIGHEST = 10_000, 1_000_000
"""Dollars a year: what is outside is no full-time salary but a slip, part-time work or a commission."""
_WIDEST = 10  # a maximum above so many minimums says nothing
_LARGEST_IN_THOUSANDS = 1000
_LARGEST_HOURLY = 500


class Salary(NamedTuple):
    """Lowest and highest pay in US dollars a year, None where not trusted; `note`: what was converted, or why not."""

    low: float | None
    high: float | None
    note: str


def comparable_salary(
    low: str | None, middle: str | None, high: str | None, period: str | None, currency: str | None, description: str
) -> Salary:
    """The salary that a posting's own fields give; its description is the witness where they cannot be right."""
    figures = [_figure(text) for text in (low, middle, high)]
    if all(figure is None for figure in figures):
        given = [text.strip() for text in (low, middle, high) if text and text.strip()]
        return Salary(None, None, f"no amount: {', '.join(given)}" if given else "")
    if currency and currency.strip().upper() != "USD":
        return Salary(None, None, f"not in US dollars: {currency.strip()}")
    unit = (period or "").strip().upper().replace("-", "").replace("_", "")
    if unit not in PER_YEAR:
        return Salary(None, None, f"unknown pay period: {unit}" if unit else "no pay period")
    bottom, top = figures[0], figures[2]
    if bottom is None and top is None:
        bottom = top = figures[1]
    if bottom is not None and top is not None and bottom > top:
        return Salary(None, None, "minimum above maximum")
    return _yearly(bottom, top, unit, description)


def _figure(text: str | None) -> float | None:
    try:
        figure = float((text or "").strip().replace("$", "").replace(",", ""))
    except ValueError:
        return None
    return figure if math.isfinite(figure) and figure > 0 else None


def _yearly(low: float | None, high: float | None, unit: str, description: str) -> Salary:
    notes = []
    figures = [figure for figure in (low, high) if figure is not None]
    if unit == "YEARLY" and max(figures) < _LARGEST_HOURLY and _says_hourly(description, figures):
        unit = "HOURLY"
        notes.append("given as YEARLY, hourly in the text")
    elif unit == "HOURLY" and min(figures) > _LARGEST_HOURLY and _says(description, figures):
        unit = "YEARLY"
        notes.append("given as HOURLY, yearly in the text")
    elif unit == "YEARLY":
        in_thousands = [figure for figure in figures if figure < _LARGEST_IN_THOUSANDS]
        if in_thousands and _says(description, [1000 * figure for figure in in_thousands]):
            low, high = (1000 * figure if figure in in_thousands else figure for figure in (low, high))
            notes.append("in thousands")
    if PER_YEAR[unit] != 1:
        notes.append(f"{unit} x {PER_YEAR[unit]}")
    bounds: list[float | None] = []
    for figure in (low, high):
        yearly = None if figure is None else round(figure * PER_YEAR[unit], 2)
        if yearly is not None and not LOWEST <= yearly <= HIGHEST:
            notes.append(f"{figure:g} set aside: {yearly:,.0f} a year cannot be trusted")
            yearly = None
        bounds.append(yearly)
    if bounds[0] is not None and bounds[1] is not None and bounds[1] > _WIDEST * bounds[0]:
        return Salary(None, None, f"range too wide: {bounds[0]:,.0f} to {bounds[1]:,.0f} a year")
    return Salary(bounds[0], bounds[1], "; ".join(dict.fromkeys(notes)))


def _says(text: str, amounts: list[float]) -> bool:
    """Whether `text` names each amount, in full ("65,000") or in thousands ("65k")."""
    return all(
        re.search(rf"(?<![\d.,])(?:{amount:,.0f}|{amount:.0f}|{amount / 1000:g} ?[kK]\b)(?!,?\d)", text)
        for amount in amounts
    )


def _says_hourly(text: str, amounts: list[float]) -> bool:
    """Whether `text` names each amount as pay for an hour: "$45 - $50.00 per hour"."""
    hour = r"(?:\.\d+)?(?!\d|,\d)[^\n]{0,30}?(?:\b(?:per|an|each) hour\b|\bhourly\b|/ ?h(?:ou)?rs?\b)"
    return all(re.search(rf"\$ ?{amount:g}{hour}", text) for amount in amounts)
