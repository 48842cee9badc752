"""Asking a day's requests through the provider's Batch API: answers come into the ledger, at the price of a batch.

What a batch does not answer stays without an answer, for the ordinary way (`generation`). What is out is waited for in
`batch_harvest`.

A batch's name and keys are stored before it is submitted, and its id after, so that a run that was killed in between
finds it again rather than paying for another one.
"""

import asyncio
import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from resources.batches import BatchService
from resources.document_store import clear_errors
from resources.language_model import LanguageModel
from resources.leases import run_at_work
from resources.ledger import Ledger, Standing
from resume_assets.asking import CHUNK, Request, billed, chat_request, utc_now
from resume_assets.batch_harvest import BatchOutcome, Harvest
from resume_assets.pacing import Clock, Sleep
from resume_assets.settings import Generation
from resume_assets.shutdowns import require_usable
from resume_assets.spending import Budget, CapReached
from tailoring.token_counts import Count, count_messages

__all__ = ["BatchOutcome", "ask_in_batches"]

FRUITLESS_ROUNDS = 2  # of batches that answer nothing, before the rest is left to the ordinary way


def ask_in_batches(
    requests: Iterable[Request],
    *,
    partition_date: str,
    settings: Generation,
    model: LanguageModel,
    ledger: Ledger,
    budget: Budget,
    tell: Callable[[str], None] = lambda line: None,
    count_tokens: Count = count_messages,
    now: Callable[[], dt.datetime] = utc_now,
    clock: Clock = time.monotonic,
    sleep: Sleep = asyncio.sleep,
) -> BatchOutcome:
    """Submit what has no answer, wait, and keep the answers; batches of an earlier run are waited for first.

    Raises:
        ServiceError: the provider or the database cannot be used, or the batches take too long: run it again later.
        CapReached: the budget is used up; what it allowed was asked, and its answers are kept.
        UnknownPriceError: the budget does not know a model's price, and must.
    """
    with run_at_work() as run:
        own = replace(ledger, run=run, started=now())
        harvest = Harvest(partition_date, settings, own, budget, tell, now, clock, sleep)
        asyncio.run(_Batches(harvest, budget, count_tokens).ask(requests, model))
    return harvest.outcome


@dataclass
class _Batches:
    harvest: Harvest
    budget: Budget
    count_tokens: Count

    @property
    def ledger(self) -> Ledger:
        return self.harvest.ledger

    @property
    def settings(self) -> Generation:
        return self.harvest.settings

    @property
    def outcome(self) -> BatchOutcome:
        return self.harvest.outcome

    async def ask(self, requests: Iterable[Request], model: LanguageModel) -> None:
        self.ledger.prepare()
        async with self.budget.shared(self.ledger, self.harvest.now, self.harvest.sleep), model.session() as session:
            service = BatchService(session)
            await self._wait(service)
            fruitless = 0
            while fruitless < FRUITLESS_ROUNDS:
                answered = self.outcome.answered
                cap = await self._submit_all(requests, service)
                await self._wait(service)
                if cap:
                    raise cap
                if not self.outcome.rejected:
                    return
                fruitless += self.outcome.answered == answered

    async def _wait(self, service: BatchService) -> None:
        await self.harvest.settle(self.harvest.open_batches(), service, call_off=False)

    async def _submit_all(self, requests: Iterable[Request], service: BatchService) -> CapReached | None:
        """Submit what has no answer, in batches; returns why it stopped before the end, where it did."""
        checked: set[str] = set()
        rows: list[Request] = []
        for request in self._without_answer(requests):
            if request.arm.model not in checked:
                self.budget.require_price(request.arm.model)
                await require_usable(service.session, [request.arm.model], self.settings, self.harvest.now().date())
                checked.add(request.arm.model)
            most = self._most(request)
            if cap := await self.budget.purse.forbids(most):
                await self._submit(rows, service)
                return CapReached(cap)
            self.budget.purse.put_aside(most)
            self.harvest.reserved[request.key] = most
            rows.append(request)
            if len(rows) == self.settings.batch_rows:
                await self._submit(rows, service)
                rows = []
        await self._submit(rows, service)
        return None

    def _most(self, request: Request) -> float:
        chat = chat_request(request, self.settings)
        tokens = self.count_tokens(billed(chat), chat.model)
        return self.budget.most(chat.model, tokens, chat.max_output_tokens, batch=True)

    def _without_answer(self, requests: Iterable[Request]) -> Iterator[Request]:
        left = iter(requests)
        while chunk := list(islice(left, CHUNK)):
            about = {request.key: request.about(self.harvest.partition_date) for request in chunk}
            known = self.ledger.plan(about, self.harvest.now())
            yield from (request for request in chunk if request.key not in known)

    async def _submit(self, rows: list[Request], service: BatchService) -> None:
        """Submit those of the requests that nobody else has."""
        if not rows:
            return
        name, at, keys = uuid.uuid4().hex, self.harvest.now(), [request.key for request in rows]
        intent = {
            "_id": name,
            "partition_date": self.harvest.partition_date,
            "address": service.session.address,
            "state": "intended",
            "keys": keys,
            "usd": sum(self.harvest.reserved[key] for key in keys),
            "run": self.ledger.run,
            "watched_until": self.harvest.watched_until(),
            "at": at,
            "until": at + dt.timedelta(hours=self.settings.batch_wait_hours),
        }
        with clear_errors():
            self.harvest.collection.insert_one(intent)
        bodies = {
            request.key: service.session.dialect(request.arm.model).body(chat_request(request, self.settings))
            for request in rows
            if await self._granted(request, name)
        }
        if not bodies:
            self.harvest.note([name], state="harvested", status="empty")
            return
        batch_id = await service.submit(name, bodies)
        self.harvest.note([name], state="submitted", batch_id=batch_id, keys=list(bodies))
        self.outcome.batches += 1
        self.outcome.asked += len(bodies)
        self.harvest.tell(f"batch {batch_id}: {len(bodies)} requests submitted")

    async def _granted(self, request: Request, batch: str) -> bool:
        standing = self.ledger.claim(request.key, self.harvest.now(), batch=batch).standing
        self.outcome.cut_short_before += standing is Standing.CUT_SHORT
        if standing in (Standing.GRANTED, Standing.CUT_SHORT):
            return True
        await self.budget.purse.settle(self.harvest.reserved.pop(request.key), 0.0)
        return False
