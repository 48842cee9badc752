"""Batches that are out at the provider: found again, waited for or called off, and what they answered kept.

Nothing is submitted here, and nothing judged. Every batch of a day is settled before its requests may be asked in any
other way: what is in a batch is paid for.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pymongo.collection import Collection

from resources.allowances import BATCHES
from resources.batches import BatchService, BatchState, Rejection
from resources.document_store import Document, clear_errors
from resources.errors import ServiceError
from resources.leases import is_gone
from resources.ledger import LEASE, Ledger
from resume_assets.pacing import Clock, Sleep
from resume_assets.settings import Generation
from resume_assets.spending import Budget

SUBMITTED_WITHIN = dt.timedelta(minutes=15)  # of its intent, or the run that meant to do it is gone
LOOKS = 3  # that a run may miss before it counts as gone
UNANSWERED_LOOKS = 20  # in a row, before a provider that does not answer is told


@dataclass
class BatchOutcome:
    """What came of a day's batches; `rejected` counts rows without an answer by reason.

    `cut_short_before` were sent by a run that ended before their answer came, or are in a batch that this provider
    does not know: they may be paid for twice.
    """

    batches: int = 0
    found_again: int = 0
    called_off: int = 0
    asked: int = 0
    answered: int = 0
    cut_short_before: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    prompt_tokens: int = 0
    completion_tokens: int = 0
    usd: float = 0.0


@dataclass
class Harvest:
    """The open batches of one day. `reserved` is what this run put aside for each request, in US dollars."""

    partition_date: str
    settings: Generation
    ledger: Ledger
    budget: Budget | None
    tell: Callable[[str], None]
    now: Callable[[], dt.datetime]
    clock: Clock
    sleep: Sleep
    outcome: BatchOutcome = field(default_factory=BatchOutcome)
    reserved: dict[str, float] = field(default_factory=dict)
    waiting_for: list[str] = field(default_factory=list)

    @property
    def collection(self) -> Collection[Document]:
        return self.ledger.collection.database[BATCHES]

    def open_batches(self, *, left_alone: bool = False) -> list[Document]:
        """The day's batches that are out; with `left_alone`, those that no other run is waiting for."""
        with clear_errors():
            out = list(self.collection.find({"partition_date": self.partition_date, "state": {"$ne": "harvested"}}))
        return [batch for batch in out if not (left_alone and self._watched(batch))]

    async def settle(self, batches: list[Document], service: BatchService, *, call_off: bool) -> None:
        """Wait for these batches, or have the provider end them now, and keep what they answered.

        Raises:
            ServiceError: the provider or the database cannot be used, or the batches take too long.
        """
        until = self.clock() + self.settings.batch_wait_hours * 3600
        self.outcome.rejected = {}
        self.waiting_for = [batch["_id"] for batch in batches]
        for batch in batches:
            await self._settle_one(batch, service, until, call_off)

    async def _settle_one(self, batch: Document, service: BatchService, until: float, call_off: bool) -> None:
        if batch["address"] != service.session.address:
            await self._give_up(batch, f"is at {batch['address']}, which is not asked any more")
            return
        batch_id = batch.get("batch_id") or await self._found(batch, service)
        if batch_id is None:  # killed before it was submitted: its requests are free again
            self.ledger.release(batch["keys"], batch["_id"])
            self.note([batch["_id"]], state="harvested", status="never submitted")
            return
        if batch["state"] == "intended":
            self.outcome.found_again += 1
            self.note([batch["_id"]], state="submitted", batch_id=batch_id)
        if call_off:
            self.outcome.called_off += await service.cancel(batch_id)
        try:
            state = await self._ended(batch, batch_id, service, until)
        except ServiceError as error:
            if getattr(error.__cause__, "status_code", None) != 404:
                raise
            await self._give_up(batch, f"({batch_id}) is not known to {service.session.address}")
            return
        await self._keep(batch, state, service)

    async def _give_up(self, batch: Document, why: str) -> None:
        """Let the requests of a batch go whose answers cannot be had: asking again may pay for them twice."""
        self.ledger.release(batch["keys"], batch["_id"])
        self.note([batch["_id"]], state="harvested", status="lost")
        self.outcome.cut_short_before += len(batch["keys"])
        self.tell(f"a batch of {len(batch['keys'])} requests {why}: they are asked again")

    async def _found(self, batch: Document, service: BatchService) -> str | None:
        """The id of a batch that was to be submitted; None when it never was, and never will be."""
        while self._watched(batch) and self.now() < batch["at"] + SUBMITTED_WITHIN:
            with clear_errors():  # another run is just submitting it
                batch = self.collection.find_one({"_id": batch["_id"]}) or batch
            if "batch_id" in batch:
                return str(batch["batch_id"])
            await self.sleep(self.settings.batch_poll_seconds)
        return await service.find(batch["_id"])

    async def _ended(self, batch: Document, batch_id: str, service: BatchService, until: float) -> BatchState:
        """The state of a batch when it has ended; looks now and then. A few looks may fail: it takes a day."""
        unanswered = 0
        while True:
            self.note(self.waiting_for, run=self.ledger.run, watched_until=self.watched_until())
            try:
                state = await service.state(batch_id)
            except ServiceError as error:
                unanswered += 1
                if not error.transient or unanswered == UNANSWERED_LOOKS or self.clock() > until:
                    raise
                self.tell(f"batch {batch_id}: {error}")
            else:
                unanswered = 0
                if state.ended:
                    return state
                if self.clock() > until:
                    raise ServiceError(
                        f"Batch {batch_id} is {state.status} ({state.done} of {state.total}) after "
                        f"{self.settings.batch_wait_hours:g} hours.",
                        "It is not lost: run the day again later, and it is waited for.",
                    )
                self.tell(f"batch {batch_id}: {state.status}, {state.done} of {state.total}")
            await self.sleep(self.settings.batch_poll_seconds)

    async def _keep(self, batch: Document, state: BatchState, service: BatchService) -> None:
        models = {entry["_id"]: entry["model"] for entry in self.ledger.about(batch["keys"])}
        missing = set(models)
        async for key, row in service.rows(state):
            if key not in missing:
                continue
            if isinstance(row, Rejection):
                self.outcome.rejected[row.message] = self.outcome.rejected.get(row.message, 0) + 1
                service.session.dialect(models[key]).learn(row.status, row.code, row.parameter, row.message)
                continue
            missing.discard(key)
            usd = self.budget.price(models[key], row, batch=True) if self.budget else None
            self.ledger.save_answer(key, row, usd, self.now(), batch=batch["_id"])
            await self._paid(key, usd or 0.0)
            self.outcome.answered += 1
            self.outcome.usd += usd or 0.0
            self.outcome.prompt_tokens += row.prompt_tokens
            self.outcome.completion_tokens += row.completion_tokens
        for key in missing:
            await self._paid(key, 0.0)
        self.ledger.release(sorted(missing), batch["_id"])
        if missing and not self.outcome.rejected:
            self.outcome.rejected[state.problem or state.status] = len(missing)
        self.note([batch["_id"]], state="harvested", status=state.status, missing=len(missing))
        self.tell(f"batch {state.id}: {state.status}, {len(models) - len(missing)} of {len(models)} answered")

    async def _paid(self, key: str, usd: float) -> None:
        if self.budget and key in self.reserved:
            await self.budget.purse.settle(self.reserved.pop(key), usd)
        elif self.budget:
            self.budget.purse.spent += usd

    def watched_until(self) -> dt.datetime:
        """Until when this run counts as waiting for a batch, if it is not heard of again."""
        return self.now() + LEASE + dt.timedelta(seconds=LOOKS * self.settings.batch_poll_seconds)

    def _watched(self, batch: Document) -> bool:
        """Whether another run that lives is waiting for a batch, or just submitting it."""
        other = batch["run"] != self.ledger.run
        return bool(other and batch["watched_until"] > self.now() and not is_gone(batch["run"]))

    def note(self, names: list[str], **fields: Any) -> None:
        with clear_errors():
            self.collection.update_many({"_id": {"$in": names}}, {"$set": fields})
