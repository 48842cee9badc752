"""How often somebody may try to sign in."""

import datetime as dt
import threading
from collections import deque

WINDOW = dt.timedelta(minutes=15)
REMEMBERED = 10_000  # names and addresses


class Attempts:
    """Counts failed attempts of names and of addresses, in this process, over the last quarter of an hour."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._failed: dict[str, deque[dt.datetime]] = {}
        self._lock = threading.Lock()

    def wait(self, whos: tuple[str, ...], now: dt.datetime) -> dt.timedelta | None:
        """How long all of them have to wait until the next attempt; None when it may be made now."""
        with self._lock:
            full = [times for who in whos if len(times := self._recent(who, now)) >= self._limit]
        return max((times[0] + WINDOW - now for times in full), default=None)

    def failed(self, whos: tuple[str, ...], now: dt.datetime) -> None:
        """Count one."""
        with self._lock:
            for who in whos:
                if who not in self._failed and len(self._failed) >= REMEMBERED:
                    self._failed.pop(next(iter(self._failed)))
                self._failed.setdefault(who, deque(maxlen=self._limit)).append(now)

    def _recent(self, who: str, now: dt.datetime) -> deque[dt.datetime]:
        times = self._failed.get(who, deque())
        while times and times[0] + WINDOW <= now:
            times.popleft()
        if not times:
            self._failed.pop(who, None)
        return times
