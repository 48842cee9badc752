"""Dates as resumes write them."""

import calendar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailoring.dates import YearMonth, find_date_ranges, parse_date_range

MONTHS = list(calendar.month_name)[1:]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("01/2020–03/2021", (2020, 1), (2021, 3)),
        ("2019 to 2021", (2019, None), (2021, None)),
        ("2016-Sept 2017", (2016, None), (2017, 9)),
        ("2020-01 - 2021-03", (2020, 1), (2021, 3)),
        ("June – August 2019", (2019, 6), (2019, 8)),
        ("(2015–2018)", (2015, None), (2018, None)),
        ("Mar'16 - Apr'17", (2016, 3), (2017, 4)),
        ("May 15 - June 20", (2015, 5), (2020, 6)),
        ("1st June 2015 to 30th May 2016", (2015, 6), (2016, 5)),
        ("06.2015-07.2016", (2015, 6), (2016, 7)),
        ("2018/09 - 2019/10", (2018, 9), (2019, 10)),
        ("2019-20", (2019, None), (2020, None)),
        ("From January 2014 to March 2016", (2014, 1), (2016, 3)),
        ("septembre 2016 – décembre 2019", (2016, 9), (2019, 12)),
        ("Aug 29th' 2005 till Feb '2007", (2005, 8), (2007, 2)),
        ("Sept. 2011 until April 2016", (2011, 9), (2016, 4)),
    ],
)
def test_a_range_has_a_start_and_an_end(text: str, start: tuple[int, int | None], end: tuple[int, int | None]) -> None:
    found = parse_date_range(text)
    assert found is not None
    assert (found.start, found.end, found.present) == (start, end, False)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Jan 2020 - Present", (2020, 1)),
        ("March 2016 till date", (2016, 3)),
        ("Jan-2016 to Till Date", (2016, 1)),
        ("May 2016 to date", (2016, 5)),
        ("03/2017 – heute", (2017, 3)),
        ("janvier 2020 – aujourd'hui", (2020, 1)),
        ("2018 – current", (2018, None)),
        ("since 2014", (2014, None)),
        ("2018 –", (2018, None)),
        ("Jan '21 - now", (2021, 1)),
    ],
)
def test_an_open_range_lasts(text: str, start: tuple[int, int | None]) -> None:
    found = parse_date_range(text)
    assert found is not None
    assert (found.start, found.end, found.present) == (start, None, True)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Aug '17", (2017, 8)),
        ("June 15, 2014", (2014, 6)),
        ("2020-01-15", (2020, 1)),
        ("12/05/2019", (2019, 5)),
        ("Apr-17", (2017, 4)),
        ("2012", (2012, None)),
        ("Sept '98", (1998, 9)),
    ],
)
def test_a_single_date_ends_where_it_starts(text: str, date: tuple[int, int | None]) -> None:
    found = parse_date_range(text)
    assert found is not None
    assert (found.start, found.end, found.present) == (date, date, False)


@pytest.mark.parametrize(
    "text",
    ["", "Summer 2018", "I may leave", "version 3.2", "13/2019 x", "Engineer, 2019 – 2020", "99", "1850", "5551234"],
)
def test_what_is_no_date_alone_is_none(text: str) -> None:
    assert parse_date_range(text) is None


def test_dates_are_found_inside_a_line_with_their_place() -> None:
    line = "Acme Corp, Jan 2019 – Mar 2020, then Beta since June 2020"
    first, second = find_date_ranges(line)
    assert line[slice(*first.span)] == first.text == "Jan 2019 – Mar 2020"
    assert second.present
    assert second.start == YearMonth(2020, 6)


def test_a_bare_year_may_be_a_version() -> None:
    assert find_date_ranges("SQL Server 2016")[0].is_lone_year
    assert not find_date_ranges("May 2016")[0].is_lone_year
    assert not find_date_ranges("2016 – 2017")[0].is_lone_year


@given(
    start=st.tuples(st.integers(1950, 2040), st.integers(1, 12)),
    end=st.tuples(st.integers(1950, 2040), st.integers(1, 12)),
    joint=st.sampled_from([" - ", "–", " to ", " until ", "—"]),
    style=st.sampled_from(["long", "short", "slashes", "iso"]),
)
def test_ranges_mean_the_same_in_every_style(
    start: tuple[int, int], end: tuple[int, int], joint: str, style: str
) -> None:
    def written(year: int, month: int) -> str:
        name = MONTHS[month - 1]
        styles = {"long": f"{name} {year}", "short": f"{name[:3]}. {year}", "slashes": f"{month:02}/{year}"}
        return styles.get(style, f"{year}-{month:02}")

    found = parse_date_range(written(*start) + joint + written(*end))
    assert found is not None
    assert (found.start, found.end) == (start, end)


@given(st.text(max_size=200))
def test_any_text_may_be_searched(text: str) -> None:
    for found in find_date_ranges(text):
        assert found.text == text[slice(*found.span)].strip()
        assert found.start.month in (None, *range(1, 13))
