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
    get what cannot be divided. No posting takes more than the share `max_share` of the first places, nor of all pairs.
    These caps are raised, one by one, only when the number of pairs cannot be reached otherwise; the second also for a
    resume that would stay below its share. A resume goes down its own list, and takes what it has passed by only when
    it has come to the end.
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
        self._cap_first = self._cap_all = 0

    def give(self, pairs: int) -> dict[int, list[tuple[float, int]]]:
        """Scores and postings under their resumes, the best first; fewer than `pairs` when no more have a score."""
        self._cap_first, self._cap_all = self._cap(self._first_places(pairs)), self._cap(pairs)
        share = pairs // max(1, len(self._seats))
        missing = pairs
        while missing and any(map(self._has_more, self._seats)):
            served = self._round(missing, share)
            missing -= served
            if not served:
                self._cap_first += 1
                self._raise_cap()
        return {seat.resume: sorted(seat.given, key=lambda pair: -pair[0]) for seat in self._seats if seat.given}

    def _first_places(self, pairs: int) -> int:
        """How many resumes will get a posting; those without any candidate never do."""
        if pairs < len(self._seats):
            return pairs
        self._ask_for_more(self._seats)
        return sum(len(seat.postings) > 0 for seat in self._seats)

    def _cap(self, places: int) -> int:
        return max(1, math.floor(self._max_share * places), math.ceil(places / self._postings))

    def _raise_cap(self) -> None:
        self._cap_all += 1
        for seat in self._seats:
            seat.done = False

    def _has_more(self, seat: _Seat) -> bool:
        """Whether there is any candidate that the resume has not got."""
        return len(seat.taken) < len(seat.postings) or len(seat.postings) >= seat.asked < self._postings

    def _round(self, wanted: int, share: int) -> int:
        """One posting each for up to `wanted` resumes, those with the fewest first; how many got one.

        For a resume that has less than `share`, the cap of all places is raised if nothing else is in its way.
        """
        queue = [seat for seat in self._seats if not seat.done]
        queue.sort(key=lambda seat: (len(seat.given), seat.place), reverse=True)
        served = 0
        while queue and served < wanted:
            batch = [queue.pop() for _ in range(min(wanted - served, len(queue)))]
            unserved = self._serve(self._serve(batch, in_turn=True), in_turn=False)
            while any(len(seat.given) < share and self._only_used_up(seat) for seat in unserved):
                self._raise_cap()
                unserved = self._serve(unserved, in_turn=False)
            for seat in unserved:
                seat.done = True
            served += len(batch) - len(unserved)
        return served

    def _serve(self, seats: list[_Seat], *, in_turn: bool) -> list[_Seat]:
        """One posting for each resume that may take any, the most urgent first; the resumes that may not."""
        for seat in seats:
            seat.at = 0
        waiting, left_out = seats, []
        while waiting:
            self._ask_for_more(waiting)
            unserved = {seat.place: seat for seat in waiting}
            bids = [bid for seat in waiting if (bid := self._next_bid(seat, in_turn))]
            heapq.heapify(bids)
            while bids:
                seat = unserved[bids[0].place]
                bid = self._next_bid(seat, in_turn)
                if bid is None:
                    heapq.heappop(bids)
                elif bid > bids[0]:
                    heapq.heapreplace(bids, bid)
                else:
                    heapq.heappop(bids)
                    self._give(seat, bid)
                    del unserved[seat.place]
            waiting = [seat for seat in unserved.values() if len(seat.postings) >= seat.asked < self._postings]
            left_out += [seat for seat in unserved.values() if seat not in waiting]
        return left_out

    def _give(self, seat: _Seat, bid: _Bid) -> None:
        best = max(seat.given, key=lambda pair: pair[0], default=None)
        if best is None or bid.score > best[0]:
            self._used_first[bid.posting] += 1
            if best:
                self._used_first[best[1]] -= 1
        self._used[bid.posting] += 1
        seat.given.append((bid.score, bid.posting))
        seat.taken.add(bid.posting)

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

    def _next_bid(self, seat: _Seat, in_turn: bool) -> _Bid | None:
        """The best posting that the resume may take, as urgent as the loss if it had to take the second best."""
        best: tuple[float, int] | None = None
        for at in range(seat.at, len(seat.postings)):
            score, posting = float(seat.scores[at]), int(seat.postings[at])
            if self._may_take(seat, score, posting, in_turn):
                if best:
                    return _Bid(score - best[0], seat.place, *best)
                best, seat.at = (score, posting), at
        if best:
            return _Bid(-best[0], seat.place, *best)
        seat.at = len(seat.postings)
        return None

    def _may_take(self, seat: _Seat, score: float, posting: int, in_turn: bool) -> bool:
        if posting in seat.taken or self._used[posting] >= self._cap_all:
            return False
        if in_turn and seat.given:
            return score <= seat.given[-1][0]
        return self._may_be_first(seat, score, posting)

    def _may_be_first(self, seat: _Seat, score: float, posting: int) -> bool:
        """Whether the posting would not become the resume's first, or may be one more time."""
        return any(score <= other for other, _ in seat.given) or self._used_first[posting] < self._cap_first

    def _only_used_up(self, seat: _Seat) -> bool:
        """Whether a resume could take a posting if its cap of all places were higher."""
        candidates = zip(seat.scores.tolist(), seat.postings.tolist(), strict=True)
        return any(
            posting not in seat.taken and self._may_be_first(seat, score, posting) for score, posting in candidates
        )
