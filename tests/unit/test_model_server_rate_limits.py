"""Limits a minute: told in headers, enforced where asked for, filled up again as time goes by."""

from typing import Any

import pytest

from model_server.rate_limits import RateLimitedError, RateLimiter, RateLimits, duration


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def limiter(clock: Clock, **limits: Any) -> RateLimiter:
    return RateLimiter(RateLimits(**limits), clock)


def test_headers_tell_limit_remainder_and_time_until_full() -> None:
    clock = Clock()
    limited = limiter(clock, requests_per_minute=60, tokens_per_minute=6000)
    limited.take(tokens=1000)
    assert limited.take(tokens=500) == {
        "x-ratelimit-limit-requests": "60",
        "x-ratelimit-remaining-requests": "58",
        "x-ratelimit-reset-requests": "2s",
        "x-ratelimit-limit-tokens": "6000",
        "x-ratelimit-remaining-tokens": "4500",
        "x-ratelimit-reset-tokens": "15s",
    }
    clock.seconds += 600
    assert limited.take(tokens=1)["x-ratelimit-remaining-requests"] == "59"


@pytest.mark.parametrize(
    ("limits", "cost", "unit", "wait"),
    [
        ({"requests_per_minute": 3}, 1, "requests", 20.0),
        ({"tokens_per_minute": 600}, 200, "tokens", 20.0),
        ({"tokens_per_minute": 600, "minute_seconds": 6}, 200, "tokens", 2.0),
        ({"requests_per_minute": 3, "tokens_per_minute": 9999}, 200, "requests", 20.0),
    ],
)
def test_the_fourth_request_waits_until_one_fits(limits: dict[str, Any], cost: int, unit: str, wait: float) -> None:
    clock = Clock()
    limited = limiter(clock, **limits)
    for _ in range(3):
        limited.take(cost)
    with pytest.raises(RateLimitedError) as caught:
        limited.take(cost)
    assert (caught.value.unit, caught.value.wait) == (unit, pytest.approx(wait))
    assert caught.value.headers[f"x-ratelimit-remaining-{unit}"] == "0"
    clock.seconds += caught.value.wait
    limited.take(cost)


def test_a_refused_request_takes_nothing() -> None:
    limited = limiter(Clock(), requests_per_minute=10, tokens_per_minute=100)
    with pytest.raises(RateLimitedError):
        limited.take(101)
    assert limited.take(100)["x-ratelimit-remaining-requests"] == "9"


def test_limits_may_be_told_only() -> None:
    limited = limiter(Clock(), requests_per_minute=1, enforced=False)
    assert [limited.take(1)["x-ratelimit-remaining-requests"] for _ in range(3)] == ["0", "0", "0"]


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0, "0s"), (0.02, "20ms"), (0.9999, "1s"), (1.5, "1.5s"), (60, "1m0s"), (90.25, "1m30.25s"), (3600, "60m0s")],
)
def test_durations_are_written_as_openai_writes_them(seconds: float, written: str) -> None:
    assert duration(seconds) == written
