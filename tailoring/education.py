"""The education section: degrees, schools and dates."""

from collections.abc import Sequence

from tailoring.dates import DateRange, find_date_ranges
from tailoring.lines import Line
from tailoring.parsed import ParsedEducation
from tailoring.vocabulary import word_list, words_of

_EDGES = " \t,;:|()[]-–—•·"


def parse_education(lines: Sequence[Line]) -> list[ParsedEducation]:
    """The degrees and courses of the section, in its order; each line belongs to one of them."""
    entries: list[ParsedEducation] = []
    for line in lines:
        dates = _dates(line.text)
        text = line.text
        if dates:
            text = (text[: dates.span[0]] + " " + text[dates.span[1] :]).strip(_EDGES)
        words = words_of(text)
        is_degree = not word_list("degree_words").isdisjoint(words)
        is_school = not word_list("school_words").isdisjoint(words)
        last = entries[-1] if entries else None
        if last is None or (is_degree and last.degree) or (is_school and last.school) or (dates and last.dates):
            last = ParsedEducation("", "", None, "", ())
            entries.append(last)
        degree = text if is_degree and not last.degree else ""
        school = text if is_school and not is_degree and not last.school else ""
        details = "" if degree or school else text
        entries[-1] = ParsedEducation(
            last.degree or degree,
            last.school or school,
            last.dates or dates,
            " ".join(filter(None, (last.details, details))),
            (*last.line_nos, line.number),
        )
    return entries


def _dates(text: str) -> DateRange | None:
    return next(iter(find_date_ranges(text)), None)
