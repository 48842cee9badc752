"""Which runs are due: nights in order, today's collection when no night is left, each once."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.calendar import Calendar, day_of, days_before, due
from schedules.jobs import GENERATE_DAY, LEARN_DAY, REPORT_DAY

TODAY = "2026-07-30"
CATCH_UP = 7


def calendar(**changes: Any) -> Calendar:
    nothing: dict[str, Any] = {
        "today": TODAY,
        "collections": (),
        "learned": (),
        "learning": False,
        "reported": (),
        "generation_due": True,
    }
    return Calendar(**{**nothing, **changes})


def test_first_day_on_an_empty_database_is_generated_at_once() -> None:
    assert due(calendar(), CATCH_UP) == [(GENERATE_DAY, TODAY)]


def test_nothing_is_generated_where_nothing_has_to_be() -> None:
    assert due(calendar(generation_due=False), CATCH_UP) == []


def test_day_that_ended_is_learned_from_before_the_new_one_is_generated() -> None:
    ended = calendar(collections=["2026-07-29"])
    assert due(ended, CATCH_UP) == [(LEARN_DAY, "2026-07-29")]


def test_new_day_is_generated_when_learning_ended_however_it_ended() -> None:
    learned = calendar(collections=["2026-07-29"], learned=["2026-07-29"])
    assert due(learned, CATCH_UP) == [(REPORT_DAY, "2026-07-29"), (GENERATE_DAY, TODAY)]


def test_nothing_starts_while_a_night_is_under_way() -> None:
    assert due(calendar(collections=["2026-07-28", "2026-07-29"], learning=True), CATCH_UP) == []


def test_missed_nights_are_caught_up_in_order_one_at_a_time() -> None:
    missed = ["2026-07-29", "2026-07-27", "2026-07-28"]
    learned: list[str] = []
    for expected in sorted(missed):
        assert due(calendar(collections=missed, learned=learned), CATCH_UP) == [(LEARN_DAY, expected)]
        learned.append(expected)


def test_nights_long_gone_are_left_alone() -> None:
    assert due(calendar(collections=["2026-07-22"]), CATCH_UP) == [(GENERATE_DAY, TODAY)]
    assert due(calendar(collections=["2026-07-23"]), CATCH_UP) == [(LEARN_DAY, "2026-07-23")]


def test_today_is_never_learned_from_before_it_ended() -> None:
    assert due(calendar(collections=[TODAY], generation_due=False), CATCH_UP) == []


def test_each_run_is_asked_for_once() -> None:
    done = calendar(
        collections=["2026-07-29", TODAY], learned=["2026-07-29"], reported=["2026-07-29"], generation_due=False
    )
    assert due(done, CATCH_UP) == []


days = st.dates(dt.date(2026, 7, 1), dt.date(2026, 8, 15)).map(dt.date.isoformat)


@given(collections=st.sets(days), learned=st.sets(days), reported=st.sets(days), pending=st.booleans())
def test_loop_settles_whatever_has_happened(
    collections: set[str], learned: set[str], reported: set[str], pending: bool
) -> None:
    """Every run that is due, once done, is due no more; and learning never overtakes an earlier night."""
    nights: list[str] = []
    for _ in range(100):
        state = calendar(collections=collections, learned=learned, reported=reported, generation_due=pending)
        runs = due(state, CATCH_UP)
        if not runs:
            break
        for job, day in runs:
            pending = pending and job != GENERATE_DAY
            {LEARN_DAY: learned, REPORT_DAY: reported, GENERATE_DAY: set()}[job].add(day)
            nights += [day] if job == LEARN_DAY else []
    assert not runs
    assert not pending
    assert nights == sorted(set(nights))


PACIFIC = "US/Pacific"


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        ("2026-07-24T06:59:59", "2026-07-23"),  # 23:59:59 in summer
        ("2026-07-24T07:00:00", "2026-07-24"),
        ("2026-03-08T07:59:59", "2026-03-07"),  # the day of 23 hours begins in winter time
        ("2026-03-08T08:00:00", "2026-03-08"),
        ("2026-03-09T06:59:59", "2026-03-08"),  # and ends in summer time
        ("2026-03-09T07:00:00", "2026-03-09"),
        ("2026-11-02T07:59:59", "2026-11-01"),  # the day of 25 hours
        ("2026-11-02T08:00:00", "2026-11-02"),
        ("2027-01-01T07:59:59", "2026-12-31"),
        ("2027-01-01T08:00:00", "2027-01-01"),
        ("2028-02-29T08:00:00", "2028-02-29"),
    ],
)
def test_day_follows_the_clock_of_the_place(utc: str, day: str) -> None:
    assert day_of(dt.datetime.fromisoformat(utc).replace(tzinfo=ZoneInfo("UTC")), PACIFIC) == day


def test_days_before_count_over_year_ends_and_leap_days() -> None:
    assert days_before("2027-01-03", 7) == "2026-12-27"
    assert days_before("2028-03-01", 1) == "2028-02-29"
