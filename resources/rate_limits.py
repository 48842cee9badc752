"""What a provider says about its limits in the headers of an answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


@dataclass(frozen=True)
class RateLimits:
    """Limits per minute, what is left of them, and in how many seconds they are whole again; None where not said.

    `retry_after` (seconds) comes with refusals.
    """

    requests: int | None = None
    tokens: int | None = None
    remaining_requests: int | None = None
    remaining_tokens: int | None = None
    reset_requests: float | None = None
    reset_tokens: float | None = None
    retry_after: float | None = None


LONGEST_NUMBER = 12  # digits; a longer one is no limit that anybody has


def read_rate_limits(headers: Mapping[str, str]) -> RateLimits:
    """OpenAI's `x-ratelimit-*` headers and HTTP's `Retry-After`; what cannot be read counts as not said.

    Source: developers.openai.com/api/docs/guides/rate-limits ("Rate limits in headers").
    """

    def number(name: str) -> int | None:
        value = headers.get(f"x-ratelimit-{name}", "")
        return int(value) if value.isdecimal() and len(value) <= LONGEST_NUMBER else None

    def duration(name: str) -> float | None:
        return _seconds(headers.get(f"x-ratelimit-{name}", ""))

    return RateLimits(
        requests=number("limit-requests"),
        tokens=number("limit-tokens"),
        remaining_requests=number("remaining-requests"),
        remaining_tokens=number("remaining-tokens"),
        reset_requests=duration("reset-requests"),
        reset_tokens=duration("reset-tokens"),
        retry_after=_retry_after(headers),
    )


def _retry_after(headers: Mapping[str, str]) -> float | None:
    if (milliseconds := _number(headers.get("retry-after-ms", ""))) is not None:
        return milliseconds / 1000
    value = headers.get("retry-after", "")
    if (seconds := _number(value)) is not None:
        return seconds
    try:
        until, sent = parsedate_to_datetime(value), parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return None
    return max((until - sent).total_seconds(), 0)


def _number(value: str) -> float | None:
    try:
        return float(value) if 0 <= float(value) < float("inf") else None
    except ValueError:
        return None


def _seconds(value: str) -> float | None:
    """A duration such as `1s`, `6m0s` or `120ms`."""
    if not re.fullmatch(rf"(?:{_PART.pattern})+", value):
        return None
    return sum(float(amount) * _SECONDS[unit] for amount, unit in _PART.findall(value))
