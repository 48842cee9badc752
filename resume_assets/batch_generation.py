"""Asking a day's requests through the provider's Batch API: answers come into the ledger, at the price of a batch.

What a batch does not answer stays without an answer, for the ordinary way (`generation`). Nothing is judged here.

A batch's name and keys are stored before it is submitted, and its id after, so that a run that was killed in between
finds it again rather than paying for another one.
"""

import asyncio
import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from pymongo.collection import Collection

from resources.batches import BatchService, Rejection
from resources.document_store import Document, clear_errors
from resources.errors import ServiceError
from resources.language_model import LanguageModel, Session
from resources.leases import is_gone, run_at_work
from resources.ledger import Ledger
from resume_assets.asking import Request, chat_request
from resume_assets.generation import CHUNK, utc_now
from resume_assets.pacing import Clock, Sleep
from resume_assets.settings import Generation
from resume_assets.shutdowns import require_usable
from resume_assets.spending import Budget, CapReached
from tailoring.token_counts import Count, count_messages

COLLECTION = "generation_batches"
SUBMITTED_WITHIN = dt.timedelta(minutes=15)  # of its intent, or the run that meant to do it is gone
ROUNDS = 2  # of batches, for rows that had no answer in the first


@dataclass
class BatchOutcome:
    """What came of a day's batches; `rejected` counts rows without an answer by reason."""

    batches: int = 0
    found_again: int = 0
    asked: int = 0
    answered: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    prompt_tokens: int = 0
    completion_tokens: int = 0
    usd: float = 0.0


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
        work = _Batches(partition_date, settings, own, budget, tell, now, clock, sleep, count_tokens)
        asyncio.run(work.ask(requests, model))
    return work.outcome


@dataclass
class _Batches:
    partition_date: str
    settings: Generation
    ledger: Ledger
    budget: Budget
    tell: Callable[[str], None]
    now: Callable[[], dt.datetime]
    clock: Clock
    sleep: Sleep
    count_tokens: Count
    outcome: BatchOutcome = field(default_factory=BatchOutcome)

    @property
    def collection(self) -> Collection[Document]:
        return self.ledger.collection.database[COLLECTION]

    async def ask(self, requests: Iterable[Request], model: LanguageModel) -> None:
        self.ledger.prepare()
        self.budget.purse.spent_today = self.ledger.spent_since(self.budget.day_start(self.now()))
        async with model.session() as session:
            service = BatchService(session)
            await self._harvest_open(service)
            for _ in range(ROUNDS):
                cap = await self._submit_all(requests, service)
                await self._harvest_open(service)
                if cap:
                    raise cap
                if not self.outcome.rejected:
                    return

    async def _submit_all(self, requests: Iterable[Request], service: BatchService) -> CapReached | None:
        """Submit what has no answer, in batches; returns why it stopped before the end, where it did."""
        checked: set[str] = set()
        bodies: dict[str, dict[str, Any]] = {}
        for request in self._without_answer(requests):
            if request.arm.model not in checked:
                self.budget.require_price(request.arm.model)
                await require_usable(service.session, [request.arm.model], self.settings, self.now().date())
                checked.add(request.arm.model)
            chat = chat_request(request, self.settings)
            tokens = self.count_tokens(chat.messages, chat.model)
            most = self.budget.most(chat.model, tokens, chat.max_output_tokens, batch=True)
            if cap := self.budget.purse.forbids(most):
                await self._submit(bodies, service)
                return CapReached(cap)
            self.budget.purse.on_its_way += most
            if self.ledger.claim(request.key, self.now()).may_send:
                bodies[request.key] = service.session.dialect(chat.model).body(chat)
            if len(bodies) == self.settings.batch_rows:
                await self._submit(bodies, service)
                bodies = {}
        await self._submit(bodies, service)
        return None

    def _without_answer(self, requests: Iterable[Request]) -> Iterator[Request]:
        left = iter(requests)
        while chunk := list(islice(left, CHUNK)):
            about = {request.key: request.about(self.partition_date) for request in chunk}
            known = self.ledger.plan(about, self.now())
            yield from (request for request in chunk if request.key not in known)

    async def _submit(self, bodies: dict[str, dict[str, Any]], service: BatchService) -> None:
        if not bodies:
            return
        keys = sorted(bodies)
        name = hashlib.sha256(f"{self.ledger.run}/{self.outcome.batches}/{keys}".encode()).hexdigest()[:24]
        about = {"partition_date": self.partition_date, "run": self.ledger.run, "at": self.now()}
        intent = {"_id": name, **about, "keys": keys, "state": "intended"}
        with clear_errors():
            self.collection.insert_one(intent)
        batch_id = await service.submit(name, bodies)
        self._note(name, state="submitted", batch_id=batch_id)
        self.outcome.batches += 1
        self.outcome.asked += len(bodies)
        self.tell(f"batch {batch_id}: {len(bodies)} requests submitted")

    async def _harvest_open(self, service: BatchService) -> None:
        """Wait for every batch of the day that is still out, and keep what it answered."""
        with clear_errors():
            waiting = list(self.collection.find({"partition_date": self.partition_date, "state": {"$ne": "harvested"}}))
        until = self.clock() + self.settings.batch_wait_hours * 3600
        self.outcome.rejected = {}
        for batch in waiting:
            batch_id = batch.get("batch_id") or await self._found(batch, service)
            if batch_id is None:  # killed before it was submitted: its requests are free again
                self.ledger.release(batch["keys"])
                self._note(batch["_id"], state="harvested", status="never submitted")
                continue
            if batch["state"] == "intended":
                self.outcome.found_again += 1
                self._note(batch["_id"], state="submitted", batch_id=batch_id)
            await self._harvest(batch, batch_id, service, until)

    async def _found(self, batch: Document, service: BatchService) -> str | None:
        """The id of a batch that was to be submitted; None when it never was, and never will be."""
        while not is_gone(batch["run"]) and self.now() < batch["at"] + SUBMITTED_WITHIN:
            with clear_errors():  # another run is just submitting it
                current = self.collection.find_one({"_id": batch["_id"]}) or batch
            if "batch_id" in current:
                return str(current["batch_id"])
            await self.sleep(self.settings.batch_poll_seconds)
        return await service.find(batch["_id"])

    async def _harvest(self, batch: Document, batch_id: str, service: BatchService, until: float) -> None:
        while not (state := await service.state(batch_id)).ended:
            if self.clock() > until:
                raise ServiceError(
                    f"Batch {batch_id} is {state.status} ({state.done} of {state.total}) after "
                    f"{self.settings.batch_wait_hours:g} hours.",
                    "It is not lost: run the day again later, and it is waited for.",
                )
            self.ledger.renew(batch["keys"], self.now())
            self.tell(f"batch {batch_id}: {state.status}, {state.done} of {state.total}")
            await self.sleep(self.settings.batch_poll_seconds)
        missing = set(batch["keys"])
        models = {entry["_id"]: entry["model"] for entry in self.ledger.about(batch["keys"])}
        async for key, row in service.rows(state):
            if isinstance(row, Rejection):
                self._rejected(row.message, models[key], row, service.session)
                continue
            missing.discard(key)
            usd = self.budget.price(models[key], row, batch=True)
            self.ledger.save_answer(key, row, usd, self.now(), batch=batch_id)
            self.outcome.answered += 1
            self.outcome.usd += usd or 0.0
            self.outcome.prompt_tokens += row.prompt_tokens
            self.outcome.completion_tokens += row.completion_tokens
            self.budget.purse.spent += usd or 0.0
            self.budget.purse.spent_today += usd or 0.0
        self.budget.purse.on_its_way = 0.0  # batches are waited for one after the other, when all are submitted
        self.ledger.release(sorted(missing))
        if missing and not self.outcome.rejected:
            self.outcome.rejected[state.problem or state.status] = len(missing)
        self._note(batch["_id"], state="harvested", status=state.status, missing=len(missing))
        self.tell(
            f"batch {batch_id}: {state.status}, {len(batch['keys']) - len(missing)} of {len(batch['keys'])} answered"
        )

    def _rejected(self, reason: str, model: str, row: Rejection, session: Session) -> None:
        self.outcome.rejected[reason] = self.outcome.rejected.get(reason, 0) + 1
        session.dialect(model).learn(row.status, row.code, row.parameter, row.message)

    def _note(self, name: str, **fields: Any) -> None:
        with clear_errors():
            self.collection.update_one({"_id": name}, {"$set": fields})
