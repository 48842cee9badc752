"""Dates as resumes write them: `Jan 2020 - Present`, `01/2020–03/2021`, `March 2016 till date`, `Aug '17`.

Reads text only: what today is, and so how long "present" lasts, is the caller's business.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple


class YearMonth(NamedTuple):
    """A month of a year; `month` is None where only the year is written."""

    year: int
    month: int | None


@dataclass(frozen=True, slots=True)
class DateRange:
    """A date or range as written (`text`, found at `span` of the searched text), and what it means.

    A single date has `end == start`; an open range has `present` and no end.
    """

    text: str
    start: YearMonth
    end: YearMonth | None
    present: bool
    span: tuple[int, int]

    @property
    def is_lone_year(self) -> bool:
        """Whether it is one bare year, which may as well be a version ("Windows Server 2016")."""
        return self.start == self.end and self.start.month is None


_MONTH_NAMES = (
    "jan january janvier enero januar janeiro gennaio",
    "feb february février fevrier febrero februar fevereiro febbraio",
    "mar march mars marzo märz mrz março",
    "apr april avril abril aprile",
    "may mai mayo maio maggio",
    "jun june juin junio juni junho giugno",
    "jul july juillet julio juli julho luglio",
    "aug august août aout agosto",
    "sep sept september septembre septiembre setembro settembre",
    "oct october octobre octubre oktober okt outubro ottobre",
    "nov november novembre noviembre novembro",
    "dec december décembre decembre diciembre dezember dez dezembro dicembre",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?:19[4-9]\d|20[0-4]\d)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"

_POINT = re.compile(
    rf"""(?<![\w/])(?:
      (?:{_DAY}(?:st|nd|rd|th)?[ .,-]{{1,2}}(?:of[ ])?)?          # 1st June 2015
      \b(?P<name>{_MONTH})\b\.?
      (?:[ ]{_DAY}(?:st|nd|rd|th)?(?=,|['’]?[ ]))?                          # June 15, 2014
      (?:[ ,./'’-]{{0,3}}(?P<named_year>{_YEAR})|[ ./-]?['’‘´`](?P<short>\d\d)|[ ./-](?P<dashed>\d\d)(?![ ]*[,\d]))
    | (?:{_DAY}[./-])?(?P<month>0?[1-9]|1[0-2])[ ]?[/.-][ ]?(?P<month_year>{_YEAR})
    | (?P<iso_year>{_YEAR})[-/.](?P<iso_month>0[1-9]|1[0-2])(?:[-/.]{_DAY})?
    | (?P<year>{_YEAR})
    | \b(?P<bare>{_MONTH})\b\.?(?=[ ]?[-–—][ ]?{_DAY}?[ ]?[^\W\d_]) # the first half of "June – August 2019"
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_JOIN = re.compile(
    r"[ \t]{0,3}(?:[-–—‒―−~→]{1,3}|to|till?|until|through|thru|bis|au|à|al?|hasta|até|fino a)[ \t]{0,3}", re.IGNORECASE
)
_PRESENT = re.compile(
    r"[ \t,]{0,3}(?:[-–—‒―−~→]{1,3}|to|till?|until|through|thru|bis|à|a|al|hasta|até)?[ \t]{0,3}"
    r"(?:the[ ])?(?:present|current(?:ly)?|now|today|to[ ]?date|till?[ -]?(?:date|now|today|present)|ongoing|date|"
    r"heute|jetzt|actualidad|actualité|presente|aujourd['’]hui|ce jour|oggi|atual|presently)\b(?:[ ]day\b)?",
    re.IGNORECASE,
)
_OPEN = re.compile(r"[ \t]?[-–—][ \t]*$")
_SHORT_END = re.compile(r"[ ]?[-–/][ ]?(\d\d)(?![\w/-])")
_TWO_DIGITS = re.compile(r"\d\d")  # every date has them
_SINCE = re.compile(r"\b(?:since|seit|depuis|desde)[ ]$", re.IGNORECASE)


def find_date_ranges(text: str) -> list[DateRange]:
    """Every date or range of dates that the text names, in order."""
    if not _TWO_DIGITS.search(text):
        return []
    found: list[DateRange] = []
    points = list(_POINT.finditer(text))
    at = 0
    while at < len(points):
        first = points[at]
        second = points[at + 1] if at + 1 < len(points) else None
        at += 1
        if second is not None and _JOIN.fullmatch(text, first.end(), second.start()) and not second["bare"]:
            at += 1
            end = _year_month(second)
            start = YearMonth(end.year, _MONTHS[first["bare"].casefold()]) if first["bare"] else _year_month(first)
            found.append(_date_range(text, first.start(), second.end(), start, end))
        elif not first["bare"]:
            found.append(_one_date(text, first))
    return found


def parse_date_range(text: str) -> DateRange | None:
    """The date or range that the text is; None when it says anything else besides."""
    stripped = text.strip(" \t()[],;.|:")
    for found in find_date_ranges(stripped):
        before, after = stripped[: found.span[0]].strip(), stripped[found.span[1] :].strip(" .,")
        if before.casefold() in ("", "from", "since", "von", "seit", "de", "depuis", "desde", "du") and not after:
            return found
        break
    return None


def _one_date(text: str, point: re.Match[str]) -> DateRange:
    start = _year_month(point)
    present = _PRESENT.match(text, point.end()) or _OPEN.match(text, point.end())
    if present:
        return _date_range(text, point.start(), present.end(), start, None)
    if _SINCE.search(text, max(0, point.start() - 8), point.start()):
        return _date_range(text, point.start(), point.end(), start, None)
    short = _SHORT_END.match(text, point.end()) if point["year"] else None
    if short and int(short[1]) > start.year % 100:
        end = YearMonth(start.year - start.year % 100 + int(short[1]), None)
        return _date_range(text, point.start(), short.end(), start, end)
    return _date_range(text, point.start(), point.end(), start, start)


def _date_range(text: str, begin: int, stop: int, start: YearMonth, end: YearMonth | None) -> DateRange:
    return DateRange(text[begin:stop].strip(), start, end, end is None, (begin, stop))


def _year_month(point: re.Match[str]) -> YearMonth:
    if point["name"]:
        written = point["named_year"] or point["short"] or point["dashed"]
        year = int(written) if len(written) == 4 else (2000 if int(written) < 50 else 1900) + int(written)
        return YearMonth(year, _MONTHS[point["name"].casefold()])
    if point["month_year"]:
        return YearMonth(int(point["month_year"]), int(point["month"]))
    if point["iso_year"]:
        return YearMonth(int(point["iso_year"]), int(point["iso_month"]))
    return YearMonth(int(point["year"]), None)
