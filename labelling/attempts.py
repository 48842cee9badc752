"""How often somebody may try to sign in."""

import datetime as dt
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from resources.volunteers import VolunteerError

WINDOW = dt.timedelta(minutes=15)
REMEMBERED = 10_000  # names and addresses


class Attempts:
    """Counts failed attempts of names and of addresses, in this process, over the last quarter of an hour.

    An attempt counts from when it begins, so that many at once are no way around the limit.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._failed: dict[str, deque[dt.datetime]] = {}
        self._lock = threading.Lock()

    def begin(self, whos: tuple[str, ...], now: dt.datetime) -> dt.timedelta | None:
        """Count an attempt of all of them; or else how long they have to wait until the next one."""
        with self._lock:
            full = [times for who in whos if len(times := self._recent(who, now)) >= self._limit]
            if not full:
                for who in whos:
                    if who not in self._failed and len(self._failed) >= REMEMBERED:
                        self._failed.pop(next(iter(self._failed)))
                    self._failed.setdefault(who, deque()).append(now)
        return max((times[0] + WINDOW - now for times in full), default=None)

    @contextmanager
    def made(self, whos: tuple[str, ...]) -> Iterator[None]:
        """The attempt that began: it goes on counting only where the block is refused with VolunteerError."""
        try:
            yield
        except VolunteerError:
            raise
        except BaseException:
            self._forgive(whos)
            raise
        self._forgive(whos)

    def _forgive(self, whos: tuple[str, ...]) -> None:
        with self._lock:
            for who in whos:
                if times := self._failed.get(who):
                    times.pop()

    def _recent(self, who: str, now: dt.datetime) -> deque[dt.datetime]:
        times = self._failed.get(who, deque())
        while times and times[0] + WINDOW <= now:
            times.popleft()
        if not times:
            self._failed.pop(who, None)
        return times
