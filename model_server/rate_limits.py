"""Limits on requests and tokens a minute, as OpenAI tells them in `x-ratelimit-*` headers and enforces them.

Each limit is a bucket that holds one minute's worth and fills evenly. What a chat request takes of the tokens is
OpenAI's rule: the greater of its prompt's estimated tokens and its limit on output tokens.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, model_validator

Unit = Literal["requests", "tokens"]

_ROUNDING = 1e-9


class RateLimits(BaseModel):
    """The limits; with `enforced` a request above one is refused, else they are only told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    requests_per_minute: PositiveInt | None = None
    tokens_per_minute: PositiveInt | None = None
    minute_seconds: float = Field(60.0, gt=0, description="shorter minutes make shorter tests")
    enforced: bool = True

    @model_validator(mode="after")
    def _some_limit(self) -> Self:
        if self.requests_per_minute is None and self.tokens_per_minute is None:
            raise ValueError("limits need requests_per_minute, tokens_per_minute or both")
        return self


@dataclass
class _Bucket:
    unit: Unit
    size: int
    rate: float  # a second
    level: float
    at: float

    def fill(self, now: float) -> None:
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now

    def headers(self) -> dict[str, str]:
        return {
            f"x-ratelimit-limit-{self.unit}": str(self.size),
            f"x-ratelimit-remaining-{self.unit}": str(max(0, int(self.level))),
            f"x-ratelimit-reset-{self.unit}": duration((self.size - self.level) / self.rate),
        }


class RateLimitedError(Exception):
    """A request is above a limit; `wait` is the seconds until it would not be."""

    def __init__(self, unit: Unit, wait: float, headers: dict[str, str]) -> None:
        super().__init__(f"above the limit on {unit}")
        self.unit = unit
        self.wait = wait
        self.headers = headers


class RateLimiter:
    """Keeps the buckets of `limits`; `now` gives seconds that only ever grow."""

    def __init__(self, limits: RateLimits, now: Callable[[], float]) -> None:
        sizes: list[tuple[Unit, int | None]] = [
            ("requests", limits.requests_per_minute),
            ("tokens", limits.tokens_per_minute),
        ]
        self._enforced = limits.enforced
        self._now = now
        self._buckets = [
            _Bucket(unit, size, size / limits.minute_seconds, size, now()) for unit, size in sizes if size is not None
        ]

    def take(self, tokens: int) -> dict[str, str]:
        """Take one request of so many tokens; the headers that tell limits, remainders and times until full again.

        Raises RateLimitedError, having taken nothing, where the request is above a limit.
        """
        cost = {"requests": 1, "tokens": tokens}
        now = self._now()
        for bucket in self._buckets:
            bucket.fill(now)
        for bucket in self._buckets:
            missing = cost[bucket.unit] - bucket.level
            if self._enforced and missing > _ROUNDING:
                raise RateLimitedError(bucket.unit, missing / bucket.rate, self._headers())
        for bucket in self._buckets:
            bucket.level = max(0.0, bucket.level - cost[bucket.unit])
        return self._headers()

    def _headers(self) -> dict[str, str]:
        return {name: value for bucket in self._buckets for name, value in bucket.headers().items()}


def duration(seconds: float) -> str:
    """Seconds as OpenAI's headers write them: 0.02 as 20ms, 1.5 as 1.5s, 90 as 1m30s."""
    milliseconds = round(max(0.0, seconds) * 1000)
    if 0 < milliseconds < 1000:
        return f"{milliseconds}ms"
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes}m{rest / 1000:g}s" if minutes else f"{rest / 1000:g}s"
