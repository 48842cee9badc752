"""The money of a day, shared by runs at the same time: each takes some before it spends, so that no cap is passed.

What was spent stands in the ledger. Here stands only what living runs may still spend: a run that is killed loses it
with its lease, and what it did spend is in the ledger.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from pymongo.collection import Collection

from resources.document_store import Document, clear_errors
from resources.leases import is_gone
from resources.ledger import LEASE, Ledger

COLLECTION = "generation_allowances"
BATCHES = "generation_batches"
BOOK = "book"  # the one document
# Taken at once, of what nobody has: few looks at the ledger, and little that lies with one run while another stops.
SHARE = 0.1


@dataclass(frozen=True)
class Grant:
    """So much of the day's money, in US dollars; 0 when too little is left, and then the others say where it is.

    What is with other runs may come back soon, what is in batches of dead ones will not.
    """

    usd: float
    spent: float
    with_runs: float
    in_batches: float


@dataclass(frozen=True)
class Allowances:
    """What one run, the ledger's, takes of the day's money. Every method raises ServiceError where the database cannot.

    The book is one document that is only changed from the version that was read. Its amounts are read before the
    ledger, and lowered only after it holds what was spent: in between, money counts twice, never not at all.
    """

    ledger: Ledger
    max_day: float
    day_start: Callable[[dt.datetime], dt.datetime]

    @property
    def _book(self) -> Collection[Document]:
        return self.ledger.collection.database[COLLECTION]

    def prepare(self) -> None:
        with clear_errors():
            self._book.update_one({"_id": BOOK}, {"$setOnInsert": {"version": 0, "holders": []}}, upsert=True)

    def take(self, on_its_way: float, least: float, most: float, now: dt.datetime) -> Grant:
        """Take at least and at most so much beside what this run has on its way; what else it had is given back."""
        while True:
            version, others = self._others(now)
            with_runs, in_batches = sum(each["usd"] for each in others), self._in_lost_batches(others, now)
            spent = self.ledger.spent_since(self.day_start(now))
            room = self.max_day - spent - with_runs - in_batches - on_its_way
            usd = min(room, most, max(least, room * SHARE)) if room >= least else 0.0
            if self._write(version, others, on_its_way + usd, now):
                return Grant(usd, spent, with_runs, in_batches)

    def renew(self, now: dt.datetime) -> None:
        """Keep for longer what this run has."""
        with clear_errors():
            mine = {"holders.run": self.ledger.run}
            self._book.update_one(mine, {"$set": {"holders.$.until": now + LEASE}, "$inc": {"version": 1}})

    def give_back(self) -> None:
        """Let go of what this run has not spent."""
        with clear_errors():
            mine = {"holders": {"run": self.ledger.run}}
            self._book.update_one({"_id": BOOK}, {"$pull": mine, "$inc": {"version": 1}})

    def _others(self, now: dt.datetime) -> tuple[int, list[Document]]:
        with clear_errors():
            book = self._book.find_one({"_id": BOOK}) or {"version": 0, "holders": []}
        others = [each for each in book["holders"] if each["run"] != self.ledger.run]
        return book["version"], [each for each in others if each["until"] > now and not is_gone(each["run"])]

    def _in_lost_batches(self, others: list[Document], now: dt.datetime) -> float:
        """What batches may still cost whose run is gone: nobody holds money for them."""
        runs = [self.ledger.run, *(each["run"] for each in others)]
        lost = {"state": {"$ne": "harvested"}, "run": {"$nin": runs}, "until": {"$gt": now}}
        with clear_errors():
            return float(sum(each["usd"] for each in self.ledger.collection.database[BATCHES].find(lost, {"usd": 1})))

    def _write(self, version: int, others: list[Document], usd: float, now: dt.datetime) -> bool:
        mine = {"run": self.ledger.run, "usd": usd, "until": now + LEASE}
        with clear_errors():
            written = self._book.update_one(
                {"_id": BOOK, "version": version}, {"$set": {"holders": [*others, mine], "version": version + 1}}
            )
        return bool(written.matched_count)
