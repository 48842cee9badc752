"""Headers about limits: OpenAI's durations, HTTP's two forms of Retry-After, and whatever else may stand there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.rate_limits import RateLimits, read_rate_limits

NAMES = ["limit-requests", "limit-tokens", "remaining-requests", "remaining-tokens", "reset-requests", "reset-tokens"]


def test_openai_s_headers_are_read() -> None:
    values = ["60", "150000", "59", "149984", "1s", "6m0s"]
    said = read_rate_limits({f"x-ratelimit-{name}": value for name, value in zip(NAMES, values, strict=True)})
    assert said == RateLimits(60, 150_000, 59, 149_984, 1.0, 360.0, None)


@pytest.mark.parametrize(("value", "seconds"), [("120ms", 0.12), ("1h2m3.5s", 3723.5), ("7", None), ("soon", None)])
def test_durations(value: str, seconds: float | None) -> None:
    assert read_rate_limits({"x-ratelimit-reset-tokens": value}).reset_tokens == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after-ms": "300", "retry-after": "1"}, 0.3),
        ({"retry-after": "Mon, 23 Nov 2026 10:00:30 GMT", "date": "Mon, 23 Nov 2026 10:00:00 GMT"}, 30.0),
        ({"retry-after": "Mon, 23 Nov 2026 10:00:30 GMT"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "inf"}, None),
        ({}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert read_rate_limits(headers).retry_after == seconds


@pytest.mark.parametrize("number", ["²", "9" * 5000, "1.5", "-1", ""])
def test_a_limit_that_is_no_number_counts_as_not_said(number: str) -> None:
    assert read_rate_limits({"x-ratelimit-limit-requests": number}) == read_rate_limits({})


@given(st.dictionaries(st.sampled_from([*(f"x-ratelimit-{name}" for name in NAMES), "retry-after", "date"]), st.text()))
def test_anything_may_stand_in_a_header(headers: dict[str, str]) -> None:
    read_rate_limits(headers)
