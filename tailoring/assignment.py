"""Sharing out postings among resumes: everybody is served, no posting is overused.

Knows scores only; where they come from is `tailoring.matching`'s business.
"""

import heapq
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ranked = tuple[npt.NDArray[np.float32], npt.NDArray[np.int32]]  # scores from best to worst, and their postings
_MORE = 8  # times as many candidates for a resume that has come to the end of its list


class _Caps(NamedTuple):
    """How many first places, and how many places in all, one posting may take."""

    first: int
    all: int


@dataclass(slots=True, eq=False)
class _Seat:
    """One resume at the table: its place in the order, its candidates (the best `asked`), and what it was given."""

    resume: int
    place: int
    asked: int = 0
    scores: npt.NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))
    postings: npt.NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    at: int = 0
    given: list[tuple[float, int]] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    done: bool = False


class _Bid(NamedTuple):
    """What a resume would take next; the lower the loss (what the second best would cost, below zero), the sooner."""

    loss: float
    place: int
    score: float
    posting: int


class Assignment:
    """Gives postings to resumes in rounds, one posting for each resume, the best scores first.

    The shares of the resumes differ by one at most as long as they have candidates; those that come first in `order`
    get what cannot be divided. Each resume goes down its own list. No posting takes more than the share `max_share`
    of the first places, nor of all pairs, unless the postings are too few for that. Only when the number of pairs
    cannot be reached so, what is missing is given without these caps.
    """

    def __init__(
        self,
        order: Sequence[int],
        postings: int,
        candidates: Callable[[Sequence[int], int], list[Ranked]],
        *,
        few: int,
        max_share: float,
    ) -> None:
        """`candidates` gives the best postings of some resumes, so many of each; `few` are asked for at first."""
        self._seats = [_Seat(resume, place) for place, resume in enumerate(order)]
        self._postings = postings
        self._candidates = candidates
        self._few = few
        self._max_share = max_share
        self._used: Counter[int] = Counter()
        self._used_first: Counter[int] = Counter()

    def give(self, pairs: int) -> dict[int, list[tuple[float, int]]]:
        """Scores and postings under their resumes, the best first; fewer than `pairs` when no more have a score."""
        missing = pairs
        for caps in (_Caps(self._cap(min(pairs, len(self._seats))), self._cap(pairs)), None):
            served = missing
            while missing and served:
                served = self._round(missing, caps)
                missing -= served
            for seat in self._seats:
                seat.at, seat.done = 0, False
        return {
            seat.resume: sorted(seat.given, key=lambda pair: (-pair[0], pair[1])) for seat in self._seats if seat.given
        }

    def _cap(self, places: int) -> int:
        return max(1, math.floor(self._max_share * places), math.ceil(places / self._postings))

    def _round(self, wanted: int, caps: _Caps | None) -> int:
        """One posting each for up to `wanted` resumes, those with the fewest first; how many got one."""
        queue = sorted(
            (seat for seat in self._seats if not seat.done),
            key=lambda seat: (len(seat.given), seat.place),
            reverse=True,
        )
        served = 0
        while queue and served < wanted:
            batch = [queue.pop() for _ in range(min(wanted - served, len(queue)))]
            served += self._serve(batch, caps)
        return served

    def _serve(self, waiting: list[_Seat], caps: _Caps | None) -> int:
        """One posting for each resume that has any to take, the best scores first; how many got one."""
        served = 0
        while waiting:
            self._ask_for_more(waiting)
            bids = [bid for seat in waiting if (bid := self._next_bid(seat, caps))]
            heapq.heapify(bids)
            unserved = {seat.place: seat for seat in waiting}
            while bids:
                bid = bids[0]
                seat = unserved[bid.place]
                now = self._next_bid(seat, caps)
                if now is None:
                    heapq.heappop(bids)
                elif now > bid:
                    heapq.heapreplace(bids, now)
                else:
                    self._used_first[now.posting] += not seat.given
                    self._used[now.posting] += 1
                    seat.given.append((now.score, now.posting))
                    seat.taken.add(now.posting)
                    del unserved[now.place]
                    heapq.heappop(bids)
            served += len(waiting) - len(unserved)
            for seat in unserved.values():
                seat.done = len(seat.postings) < seat.asked or seat.asked >= self._postings
            waiting = [seat for seat in unserved.values() if not seat.done]
        return served

    def _ask_for_more(self, seats: list[_Seat]) -> None:
        """Candidates for resumes that have none yet, and more for those that have come to the end of theirs."""
        asking: dict[int, list[_Seat]] = {}
        for seat in seats:
            if seat.at >= len(seat.postings) and seat.asked < self._postings:
                asking.setdefault(min(seat.asked * _MORE or self._few, self._postings), []).append(seat)
        for number, group in asking.items():
            ranked = self._candidates([seat.resume for seat in group], number)
            for seat, (scores, postings) in zip(group, ranked, strict=True):
                seat.scores, seat.postings, seat.asked, seat.at = scores, postings, number, 0

    def _next_bid(self, seat: _Seat, caps: _Caps | None) -> "_Bid | None":
        """The best posting that the resume may take, as urgent as the loss if it had to take the second best."""
        best: tuple[float, int] | None = None
        for at in range(seat.at, len(seat.postings)):
            score, posting = float(seat.scores[at]), int(seat.postings[at])
            if self._may_take(seat, score, posting, caps):
                if best:
                    return _Bid(score - best[0], seat.place, *best)
                best, seat.at = (score, posting), at
        if best:
            return _Bid(-best[0], seat.place, *best)
        seat.at = len(seat.postings)
        return None

    def _may_take(self, seat: _Seat, score: float, posting: int, caps: _Caps | None) -> bool:
        if posting in seat.taken:
            return False
        if caps is None:
            return True
        if seat.given and score > seat.given[-1][0]:
            return False  # it was full when this resume came by; taken now, it would become the resume's first
        return self._used[posting] < caps.all and (bool(seat.given) or self._used_first[posting] < caps.first)
