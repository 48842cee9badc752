"""Sharing out postings among resumes: everybody is served, no posting is overused.

Knows scores only; where they come from is `tailoring.matching`'s business.
"""

import heapq
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ranked = tuple[npt.NDArray[np.float32], npt.NDArray[np.int32]]  # scores from best to worst, and their postings
_MORE = 8  # times as many candidates for a resume that has come to the end of its list


class _Rule(Enum):
    """What a resume may take that it has not got yet."""

    IN_TURN = "what comes after its last one in its list, within the caps"
    WITHIN_CAPS = "anything within the caps"
    ANYTHING = "anything"


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
    get what cannot be divided. No posting takes more than the share `max_share` of the first places, nor of all pairs,
    unless the postings are too few for that. A resume goes down its own list; one that comes to the end takes
    what it has passed by. Only when the number of pairs cannot be reached so, what is missing is given without caps.
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
        self._cap_first, self._cap_all = self._cap(min(pairs, len(self._seats))), self._cap(pairs)
        missing = pairs
        for rules in ((_Rule.IN_TURN, _Rule.WITHIN_CAPS), (_Rule.ANYTHING,)):
            served = missing
            while missing and served:
                served = self._round(missing, rules)
                missing -= served
            for seat in self._seats:
                seat.done = False
        return {seat.resume: sorted(seat.given, key=lambda pair: -pair[0]) for seat in self._seats if seat.given}

    def _cap(self, places: int) -> int:
        return max(1, math.floor(self._max_share * places), math.ceil(places / self._postings))

    def _round(self, wanted: int, rules: tuple[_Rule, ...]) -> int:
        """One posting each for up to `wanted` resumes, those with the fewest first; how many got one."""
        queue = [seat for seat in self._seats if not seat.done]
        queue.sort(key=lambda seat: (len(seat.given), seat.place), reverse=True)
        served = 0
        while queue and served < wanted:
            batch = [queue.pop() for _ in range(min(wanted - served, len(queue)))]
            unserved = batch
            for rule in rules:
                unserved = self._serve(unserved, rule)
            for seat in unserved:
                seat.done = True
            served += len(batch) - len(unserved)
        return served

    def _serve(self, seats: list[_Seat], rule: _Rule) -> list[_Seat]:
        """One posting for each resume that may take any, the best scores first; the resumes that may not."""
        for seat in seats:
            seat.at = 0
        waiting, left_out = seats, []
        while waiting:
            self._ask_for_more(waiting)
            unserved = {seat.place: seat for seat in waiting}
            bids = [bid for seat in waiting if (bid := self._next_bid(seat, rule))]
            heapq.heapify(bids)
            while bids:
                seat = unserved[bids[0].place]
                bid = self._next_bid(seat, rule)
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

    def _next_bid(self, seat: _Seat, rule: _Rule) -> _Bid | None:
        """The best posting that the resume may take, as urgent as the loss if it had to take the second best."""
        best: tuple[float, int] | None = None
        for at in range(seat.at, len(seat.postings)):
            score, posting = float(seat.scores[at]), int(seat.postings[at])
            if self._may_take(seat, score, posting, rule):
                if best:
                    return _Bid(score - best[0], seat.place, *best)
                best, seat.at = (score, posting), at
        if best:
            return _Bid(-best[0], seat.place, *best)
        seat.at = len(seat.postings)
        return None

    def _may_take(self, seat: _Seat, score: float, posting: int, rule: _Rule) -> bool:
        if posting in seat.taken:
            return False
        if rule is _Rule.ANYTHING:
            return True
        if self._used[posting] >= self._cap_all:
            return False
        if rule is _Rule.IN_TURN and seat.given:
            return score <= seat.given[-1][0]
        becomes_first = all(score > other for other, _ in seat.given)
        return not becomes_first or self._used_first[posting] < self._cap_first
