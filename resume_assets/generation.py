"""Asking a model for a day's resumes: each request once, each answer on disk before the next goes out of its slot.

Knows the ledger, the model and the order of things; what a good answer is belongs to `tailoring`.
"""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from resources.errors import ServiceError
from resources.language_model import LanguageModel, Message, Session
from resources.ledger import Answered, Ledger
from resume_assets.arms import Arm
from resume_assets.settings import Generation
from tailoring.answers import AnswerError
from tailoring.prompts import ask_again
from tailoring.resume import response_format

# A second answer may be better where the first was malformed or made things up; a third hardly ever is.
ASKS_PER_REQUEST = 2
# So many requests in a row that fail after all retries are an outage, not bad luck.
OUTAGE = 5
SEEDS = 2**31  # providers take at least so many

T = TypeVar("T")


@dataclass(frozen=True)
class Request:
    """One request: its key in the ledger, what it is about, who answers it, and the messages."""

    key: str
    pair_id: str
    arm: Arm
    messages: list[Message]

    @property
    def seed(self) -> int:
        """The same request, the same seed; on another day another one, so that days differ."""
        return int(self.key, 16) % SEEDS


@dataclass
class Outcome(Generic[T]):
    """What came of a day's requests: the finished ones by pair, and the reasons of the others."""

    finished: dict[str, T] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    reused: int = 0
    asked: int = 0
    cut_short_before: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def reasons(self) -> Counter[str]:
        return Counter(self.failed.values())


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def answer_all(
    requests: Sequence[Request],
    *,
    partition_date: str,
    settings: Generation,
    model: LanguageModel,
    ledger: Ledger,
    finish: Callable[[Request, Answered], T],
    unsupported: Callable[[T], Sequence[str]] = lambda result: (),
    on_progress: Callable[[Outcome[T]], None] = lambda outcome: None,
    now: Callable[[], dt.datetime] = utc_now,
) -> Outcome[T]:
    """Answer every request, from the ledger where it can be, from the model where not.

    Args:
        finish: turns an answer into the result; raises AnswerError for an answer that is not what was asked.
        unsupported: the statements of a result that had to be left out; where there are any, the model is told and
            asked once more, and the better of its answers is kept.
        on_progress: called after each request with the outcome so far.

    Raises:
        ServiceError: the model or the database cannot be used. What was answered until then is in the ledger.
    """
    keys = [request.key for request in requests]
    known = ledger.answered(keys)
    outcome: Outcome[T] = Outcome(cut_short_before=ledger.cut_short(keys))
    waiting = []
    for request in requests:
        if request.key in known:
            outcome.reused += 1
            try:
                outcome.finished[request.pair_id] = finish(request, known[request.key])
            except AnswerError as error:
                outcome.failed[request.pair_id] = str(error)
        else:
            waiting.append(request)
    on_progress(outcome)
    if waiting:
        day = _Day(partition_date, settings, ledger, finish, unsupported, on_progress, now, outcome)
        asyncio.run(day.ask_all(waiting, model))
    return outcome


@dataclass
class _Day(Generic[T]):
    """One day's asking: the shared state of its workers. pymongo blocks, so the ledger is written from threads."""

    partition_date: str
    settings: Generation
    ledger: Ledger
    finish: Callable[[Request, Answered], T]
    unsupported: Callable[[T], Sequence[str]]
    on_progress: Callable[[Outcome[T]], None]
    now: Callable[[], dt.datetime]
    outcome: Outcome[T]
    failures_in_a_row: int = 0
    stopped_by: Exception | None = None

    async def ask_all(self, waiting: Sequence[Request], model: LanguageModel) -> None:
        async with model.session() as session:
            for model_name in sorted({request.arm.model for request in waiting}):
                await session.check_model(model_name)
            queue = iter(waiting)
            workers = min(self.settings.concurrency, len(waiting))
            # No worker is cancelled: when one stops the day, the answers on their way to the others are still kept.
            await asyncio.gather(*(self._work(queue, session) for _ in range(workers)))
        if self.stopped_by:
            raise self.stopped_by

    async def _work(self, queue: Iterator[Request], session: Session) -> None:
        for request in queue:
            if self.stopped_by:
                return
            try:
                await self._ask(request, session)
            except Exception as error:  # noqa: BLE001  kept, and raised when every worker is done
                self.stopped_by = self.stopped_by or error
                return
            self.on_progress(self.outcome)

    async def _ask(self, request: Request, session: Session) -> None:
        """Ask until an answer is as it should be and all of it supported, or the asks are used up; keep the best."""
        best: tuple[Answered, T] | None = None
        messages = request.messages
        for ask in range(1, ASKS_PER_REQUEST + 1):
            last = ask == ASKS_PER_REQUEST
            try:
                answered = await self._answered(request, messages, session)
                result = self.finish(request, answered)
            except ServiceError as error:
                if best is None:
                    await self._note_failure(request, error)
                break
            except AnswerError as error:
                await asyncio.to_thread(self.ledger.save_failure, request.key, str(error), self.now())
                if last and best is None:
                    self.outcome.failed[request.pair_id] = str(error)
                continue
            unsupported = self.unsupported(result)
            if best is None or len(unsupported) < len(self.unsupported(best[1])):
                best = answered, result
            if not unsupported or last:
                break
            told = {"role": "assistant", "content": answered.answer.text}
            messages = [*request.messages, told, {"role": "user", "content": ask_again(unsupported)}]
        if best:
            if ask > 1:  # the last thing noted may be a worse answer, or none
                await asyncio.to_thread(self.ledger.save_answer, request.key, best[0].answer, best[0].answered_at)
            self.outcome.finished[request.pair_id] = best[1]

    async def _answered(self, request: Request, messages: list[Message], session: Session) -> Answered:
        about = {"pair_id": request.pair_id, "partition_date": self.partition_date} | {
            "model": request.arm.model,
            "arm": request.arm.name,
        }
        await asyncio.to_thread(self.ledger.sent, request.key, self.now(), **about)
        self.outcome.asked += 1
        answer = await session.complete(
            messages,
            model=request.arm.model,
            seed=request.seed,
            response_format=response_format(),
            temperature=self.settings.temperature,
            max_output_tokens=self.settings.max_output_tokens,
        )
        self.failures_in_a_row = 0
        self.outcome.prompt_tokens += answer.prompt_tokens
        self.outcome.completion_tokens += answer.completion_tokens
        return await asyncio.to_thread(self.ledger.save_answer, request.key, answer, self.now())

    async def _note_failure(self, request: Request, error: ServiceError) -> None:
        await asyncio.to_thread(self.ledger.save_failure, request.key, str(error), self.now())
        self.failures_in_a_row += 1
        if not error.transient or self.failures_in_a_row >= OUTAGE:
            raise error
        self.outcome.failed[request.pair_id] = str(error)
