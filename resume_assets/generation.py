"""Asking a model for a day's resumes: each request once, each answer on disk before the next goes out of its slot.

Knows a day: what is planned, what is on its way, what another run or a batch has, and what stops all of it. How one
request comes to its result is for `answering`, how it is sent for `asking`.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Generic, TypeVar

from resources.allowances import Allowances
from resources.batches import BatchService
from resources.errors import ServiceError
from resources.language_model import LanguageModel
from resources.leases import run_at_work
from resources.ledger import Answered, Ledger
from resume_assets.answering import Answering
from resume_assets.asking import CHUNK, Asker, Outcome, Request, Stopped, Unsaved, utc_now
from resume_assets.batch_harvest import Harvest
from resume_assets.pacing import Clock, Sleep
from resume_assets.settings import Generation
from resume_assets.spending import Budget
from tailoring.token_counts import Count, count_messages

__all__ = ["Outcome", "Request", "answer_all", "utc_now"]

JUDGES = 4  # threads; they compute elsewhere or in turns
HEARTBEAT = 5.0  # seconds between two signs of life
ANOTHER_LOOK, LONGEST_LOOK = 0.5, 30.0  # seconds until requests that another run holds are looked at again; it doubles

T = TypeVar("T")


def answer_all(
    requests: Iterable[Request],
    *,
    partition_date: str,
    settings: Generation,
    model: LanguageModel,
    ledger: Ledger,
    finish: Callable[[Request, Answered], T],
    unsupported: Callable[[T], Sequence[str]] = lambda result: (),
    keep: Callable[[Request, T], None] | None = None,
    budget: Budget | None = None,
    on_progress: Callable[[Outcome[T]], None] = lambda outcome: None,
    tell: Callable[[str], None] = lambda line: None,
    count_tokens: Count = count_messages,
    now: Callable[[], dt.datetime] = utc_now,
    clock: Clock = time.monotonic,
    sleep: Sleep = asyncio.sleep,
) -> Outcome[T]:
    """Answer every request, from the ledger where it can be, from the model where not.

    Args:
        requests: made as they are needed, and gone through again while another run is at some of them.
        finish: turns an answer into the result; raises AnswerError for an answer that is not what was asked. Called
            from several threads.
        unsupported: the statements of a result that had to be left out; where there are any, the model is told and
            asked once more, and the better of its answers is kept.
        keep: takes each result, one at a time; without it, they are collected in the outcome.
        budget: what may be spent; without it nothing is counted in money and no cap holds.
        on_progress: called after each request with the outcome so far.
        tell: given a line for each thing worth knowing while it runs.
        count_tokens: of a request's messages, where money or a limit depends on them. Called from several threads.

    Raises:
        ServiceError: the model or the database cannot be used. What was answered until then is in the ledger.
        CapReached: the budget is used up. What was answered until then is in the ledger.
        UnknownPriceError: the budget does not know a model's price, and must.
    """
    outcome: Outcome[T] = Outcome()

    def collect(request: Request, result: T) -> None:
        outcome.finished[request.pair_id] = result

    with run_at_work() as run, ThreadPoolExecutor(JUDGES) as judge:
        own = replace(ledger, run=run, started=now())
        asker = Asker(settings, model, own, budget, outcome, now, clock, sleep, count_tokens)
        answering = Answering(asker, finish, unsupported, keep or collect, judge)
        asyncio.run(_Day(partition_date, answering, on_progress, tell).answer(requests))
    return outcome


@dataclass
class _Day(Generic[T]):
    """One day's asking: which requests are on their way, and what stops all of them."""

    partition_date: str
    answering: Answering[T]
    on_progress: Callable[[Outcome[T]], None]
    tell: Callable[[str], None]
    in_flight: set[str] = field(default_factory=set)
    given_up: list[str] = field(default_factory=list)
    stopped_by: BaseException | None = None
    allowances: Allowances | None = None

    @property
    def asker(self) -> Asker:
        return self.answering.asker

    @property
    def outcome(self) -> Outcome[T]:
        return self.asker.outcome

    @property
    def ledger(self) -> Ledger:
        return self.asker.ledger

    async def answer(self, requests: Iterable[Request]) -> None:
        async with self.asker.resources:
            await asyncio.to_thread(self.ledger.prepare)
            if budget := self.asker.budget:
                shared = budget.shared(self.ledger, self.asker.now, self.asker.pause_or_stop)
                self.allowances = await self.asker.resources.enter_async_context(shared)
            started = self.asker.clock()
            heart = asyncio.create_task(self._beat(started))
            try:
                look = ANOTHER_LOOK
                while await self._pass_through(requests):
                    await self.asker.pause(look)
                    look = min(2 * look, LONGEST_LOOK)
                    await self._harvest_batches()
            finally:
                heart.cancel()
                with suppress(ServiceError):  # else the next run takes them for cut short
                    await asyncio.to_thread(self.ledger.release, self.given_up)
                self.outcome.seconds = self.asker.clock() - started
        if self.stopped_by:
            raise self.stopped_by

    async def _harvest_batches(self) -> None:
        """Settle the day's batches that an earlier run left at the provider: their requests are held until then.

        Who asks directly does not want to wait: the provider is told to end them, and what they answered is kept.
        """
        asker = self.asker
        harvest = Harvest(
            self.partition_date,
            asker.settings,
            self.ledger,
            asker.budget,
            self.tell,
            asker.now,
            asker.clock,
            asker.pause,
        )
        if not (out := await asyncio.to_thread(harvest.open_batches, left_alone=True)):
            return
        service = BatchService(await asker.session())
        await harvest.settle(out, service, call_off=asker.settings.mode == "direct")
        told = harvest.outcome
        self.outcome.from_batches += told.answered
        self.outcome.cut_short_before += told.cut_short_before
        self.outcome.prompt_tokens += told.prompt_tokens
        self.outcome.completion_tokens += told.completion_tokens
        self.outcome.usd += told.usd

    async def _pass_through(self, requests: Iterable[Request]) -> bool:
        """Take up every request that is not settled; returns whether another run still holds some."""
        left = (request for request in requests if request.key not in self.answering.settled)
        # So many may be on their way, waiting for another try or being judged; the others are not even made yet.
        places = asyncio.Semaphore(2 * self.asker.settings.concurrency + CHUNK)
        self.outcome.held_by_others = 0
        async with asyncio.TaskGroup() as tasks:
            try:
                while (chunk := await asyncio.to_thread(lambda: list(islice(left, CHUNK)))) and not self.stopped_by:
                    about = {request.key: request.about(self.partition_date) for request in chunk}
                    known = await self.asker.in_database(partial(self.ledger.plan, about, self.asker.now()))
                    for request in chunk:
                        await places.acquire()
                        task = tasks.create_task(self._settle(request, known.get(request.key)))
                        task.add_done_callback(lambda _: places.release())
            except Exception as error:  # noqa: BLE001  kept, and raised when every task is done
                self._stop(error)
        return bool(self.outcome.held_by_others) and not self.stopped_by

    async def _settle(self, request: Request, known: Answered | None) -> None:
        """Answer one request. What goes wrong for all of them stops the day, but cancels nothing: the answers on
        their way to the others are still kept.
        """
        if self.stopped_by:
            return
        self.in_flight.add(request.key)
        try:
            await self.answering.settle(request, known)
            self.outcome.at_once = int(self.asker.pacer.limit)
            self.on_progress(self.outcome)
        except Stopped:
            self.given_up.append(request.key)
        except Exception as error:  # noqa: BLE001  kept, and raised when every task is done
            self._stop(error)
        finally:
            self.in_flight.discard(request.key)

    def _stop(self, error: BaseException) -> None:
        cause = error.__cause__ if isinstance(error, Unsaved) else error
        self.stopped_by = self.stopped_by or cause
        self.asker.stopped.set()

    async def _beat(self, started: float) -> None:
        """Hold what is on its way and the money that was taken for it, and tell how far it is."""
        while True:
            await self.asker.sleep(HEARTBEAT)
            self.outcome.seconds = self.asker.clock() - started
            try:
                self.on_progress(self.outcome)
            except Exception as error:  # noqa: BLE001  kept, and raised when every task is done
                self._stop(error)
            with suppress(ServiceError):  # the requests themselves will say so
                await asyncio.to_thread(self.ledger.renew, list(self.in_flight), self.asker.now())
                if self.allowances:
                    await asyncio.to_thread(self.allowances.renew, self.asker.now())
