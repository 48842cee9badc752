"""The daily calendar: which days exist, and what a day's collection is called. Imports nothing of ours."""

import datetime as dt

import dagster as dg

# Written out, so that a collection's name never depends on the locale of a process.
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def daily_partitions(start: dt.date, timezone: str) -> dg.DailyPartitionsDefinition:
    """One partition a day from `start` to today, today included, with midnights in `timezone`."""
    return dg.DailyPartitionsDefinition(start_date=start.isoformat(), timezone=timezone, end_offset=1)


def collection_name(partition_key: str) -> str:
    """The collection of a day: `2026-07-23` is `july-23-resumes`.

    The name has no year: the documents carry `partition_date`, and their `_id` starts with it.

    Raises:
        ValueError: `partition_key` is not an ISO date.
    """
    day = dt.date.fromisoformat(partition_key)
    return f"{MONTHS[day.month - 1]}-{day.day:02d}-resumes"


def next_day(partition_key: str) -> str:
    """The partition key of the day after."""
    return (dt.date.fromisoformat(partition_key) + dt.timedelta(days=1)).isoformat()
