"""The calendar: names of collections and the days that exist."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from resume_assets.partitions import collection_name, daily_partitions


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-07-23", "july-23-resumes"),
        ("2026-07-03", "july-03-resumes"),
        ("2028-02-29", "february-29-resumes"),
        ("2027-07-23", "july-23-resumes"),
        ("2026-12-31", "december-31-resumes"),
    ],
)
def test_collection_names(day: str, name: str) -> None:
    assert collection_name(day) == name


@pytest.mark.parametrize("day", ["2026-02-30", "july", "", "23.07.2026"])
def test_what_is_no_day_has_no_collection(day: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|month|day"):
        collection_name(day)


def test_today_has_a_partition_and_tomorrow_has_none() -> None:
    days = daily_partitions(dt.date(2026, 7, 23), "US/Pacific")
    evening = dt.datetime(2026, 7, 25, 23, 59, tzinfo=ZoneInfo("US/Pacific"))
    assert days.get_partition_keys(current_time=evening) == ["2026-07-23", "2026-07-24", "2026-07-25"]


@pytest.mark.parametrize(("day", "hours"), [("2026-11-01", 25), ("2027-03-14", 23), ("2026-07-23", 24)])
def test_days_are_as_long_as_the_clock_makes_them(day: str, hours: int) -> None:
    window = daily_partitions(dt.date(2026, 7, 23), "US/Pacific").time_window_for_partition_key(day)
    assert window.end.timestamp() - window.start.timestamp() == hours * 3600
