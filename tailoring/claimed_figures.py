"""Dates and numbers of a generated line that the source does not support.

A number must count the same thing as in the source: one that the source has elsewhere, or for something else, is none.
"""

from collections.abc import Iterator

from tailoring.claims import Claim, Kind
from tailoring.copied_parts import stands_in_name
from tailoring.dates import DateRange, YearMonth
from tailoring.evidence import Evidence
from tailoring.generated_text import Line
from tailoring.numbers import Quantity
from tailoring.tokens import Token, is_small, synonyms

_NEAR, _FAR = 2, 6  # tokens from a number
_MARGIN = 2  # by so much must the words around another number fit better, to make this one wrong
_TELLING = 3  # words around a number that tell one job from another
_PLACES = 12  # places of one word that are looked at

_PERIODS = frozenset(("hour", "day", "week", "month", "quarter", "year"))
_PER = frozenset(("a", "an", "per", "each", "every"))
_HOW_OFTEN = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter",
              "yearly": "year", "annual": "year", "annually": "year", "annum": "year"}  # fmt: skip

_Context = list[tuple[frozenset[str], int]]


def unsupported_dates(line: Line, evidence: Evidence) -> Iterator[Claim]:
    """Dates that the source does not name, and periods whose ends it does not name together."""
    for date in line.dates:
        why = _date_fault(date, evidence)
        if why:
            start, end = line.start + date.span[0], line.start + date.span[1]
            yield Claim(line.text[start:end], Kind.DATE, start, end, why)


def _date_fault(date: DateRange, evidence: Evidence) -> str:
    for point in (date.start, date.end):
        if point and not evidence.names_date(point) and not _is_written_year(point, evidence):
            return "the source does not name this date"
    if date.start != date.end and not evidence.names_period(date.start, date.end):
        return "the source does not name this period"
    return ""


def _is_written_year(point: YearMonth, evidence: Evidence) -> bool:
    return point.month is None and evidence.writes(str(point.year))


def unsupported_numbers(line: Line, evidence: Evidence, own: frozenset[int]) -> Iterator[Claim]:
    """Numbers that the source does not have, or says of something else; `own`: the tokens that are its own words."""
    for quantity in line.quantities:
        why = _number_fault(quantity, line, evidence, own)
        if why:
            kind = Kind.DURATION if quantity.unit in ("months", "weeks", "days") else Kind.NUMBER
            yield line.claim(quantity.first, quantity.last, kind, why)


def _number_fault(quantity: Quantity, line: Line, evidence: Evidence, own: frozenset[int]) -> str:
    copied = quantity.first in own
    named = stands_in_name(quantity, line, evidence)
    same = evidence.same_quantities(quantity)
    if not same:
        return "" if named else "the source has no such number"
    context = _context(quantity, line)
    support = max(_overlap(context, evidence.around(known.first, known.last)) for known in same)
    if not copied:
        twins = evidence.lines_but_for_numbers(line.numberless_key)
        if twins and not any(quantity.same_as(known) for twin in twins for known in evidence.quantities_of_line(twin)):
            return "the source has another number here"
        if _counts_other(quantity, same, context, support, line.tokens, evidence):
            return "the source counts another number of these"
        period = _period(quantity, line.tokens)
        told = {_period(known, evidence.tokens) for known in same}
        if period and "" not in told and period not in told:
            return "the source says this number of another length of time"
    if quantity.first in line.apart:  # a year: the words around it vary
        return ""
    rivals = _rivals(quantity, context, evidence)
    if not (copied or named):
        if context and support == 0:
            return "the source says this number of something else"
        if max(rivals.values(), default=0) >= support + _MARGIN:
            return "the source has another number here"
    if len(context) < _TELLING:
        return ""
    likely = [number for number, fits in rivals.items() if fits >= support]
    return "the source says this number of another job" if _is_of_other_job(same, likely, line, evidence) else ""


def _is_of_other_job(same: list[Quantity], likely: list[int], line: Line, evidence: Evidence) -> bool:
    """Whether the source has the number under other jobs only than the one that the line stands under.

    `likely`: the source lines that the line may retell; one of them must be about the job that it stands under.
    """
    here = evidence.role_under(line.heads) if likely else None  # few ask, so that few sources need parsing
    if here is None or not any(evidence.role_of_line(number) == here for number in likely):
        return False
    found = {evidence.role_of_line(evidence.line_of(known.first)) for known in same}
    return None not in found and here not in found


def _period(quantity: Quantity, tokens: list[Token]) -> str:
    """How often the number comes: "day" for `60 a day`, `60 daily` and `a daily 60`; "" where nothing says so."""
    before = tokens[max(0, quantity.first - _FAR) : quantity.first]
    after = tokens[quantity.last + 1 : quantity.last + 1 + _FAR]
    for near in (after, before[::-1]):
        last = ""
        for token in near:
            if token.is_number or token.line != tokens[quantity.first].line:
                break
            for word in token.text.lower().split():  # "per day" is one token
                if word in _HOW_OFTEN or (word in _PERIODS and near is after and last in _PER):
                    return _HOW_OFTEN.get(word, word)
                last = word
    return ""


def _context(quantity: Quantity, line: Line) -> _Context:
    """The words around a number, its unit apart, each with the stems that may stand for it and its weight."""
    tokens = line.tokens
    found = []
    for at in range(max(0, quantity.first - _FAR), min(len(tokens), quantity.last + _FAR + 1)):
        token = tokens[at]
        if at in line.figures[quantity.unit] or token.is_number or len(token.text) < 3 or is_small(token):
            continue
        distance = quantity.first - at if at < quantity.first else at - quantity.last
        found.append((synonyms(token.stem), 2 if distance <= _NEAR else 1))
    return found


def _overlap(context: _Context, near: frozenset[str]) -> int:
    return sum(weight for stems, weight in context if not stems.isdisjoint(near))


def _counts_other(
    quantity: Quantity, same: list[Quantity], context: _Context, support: int, tokens: list[Token], evidence: Evidence
) -> bool:
    """Whether the source counts what follows the number, but with other numbers: 28 beds and 8 patients, not 28.

    Not where the other words around the number fit it better (`support`) than they fit those other numbers.
    """
    counted = _counted(quantity, tokens)
    if not counted or any(counted & _counted(known, evidence.tokens) for known in same):
        return False
    others = (other for line in _lines_with(counted, evidence) for other in evidence.quantities_of_line(line))
    return any(
        other.unit == quantity.unit
        and counted & _counted(other, evidence.tokens)
        and _overlap(context, evidence.around(other.first, other.last)) >= support
        for other in others
    )


def _counted(quantity: Quantity, tokens: list[Token]) -> frozenset[str]:
    """Stems that may stand for the noun right behind a bare number."""
    after = tokens[quantity.last + 1] if quantity.last + 1 < len(tokens) else None
    if quantity.unit or after is None or after.is_number or len(after.text) < 4:
        return frozenset()
    adjoins = after.line == tokens[quantity.last].line and after.start - tokens[quantity.last].end == 1
    return synonyms(after.stem) if adjoins else frozenset()


def _lines_with(stems: frozenset[str], evidence: Evidence) -> set[int]:
    return {evidence.line_of(place) for stem in stems for place in evidence.places.get(stem, ())[:_PLACES]}


def _rivals(quantity: Quantity, context: _Context, evidence: Evidence) -> dict[int, int]:
    """How well the context fits the source lines where other numbers of this unit stand, by the index of the line."""
    found = {}
    for line in set().union(*(_lines_with(stems, evidence) for stems, _ in context)):
        known = evidence.quantities_of_line(line)
        if not any(quantity.same_as(other) for other in known):
            fits = (_overlap(context, evidence.around(o.first, o.last)) for o in known if o.unit == quantity.unit)
            found[line] = max(fits, default=0)
    return found
