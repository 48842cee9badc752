"""One request from what the ledger knows of it to its result: judged, asked, told what was wrong, and kept.

How it is sent is for `asking`; what a good answer is belongs to `tailoring`.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from resources.dialect import Message
from resources.errors import ServiceError
from resources.language_model import Answer
from resources.ledger import Answered, Claim, Standing
from resources.openai_errors import about_content, is_of_one_request
from resume_assets.asking import Asker, Request
from tailoring.answers import AnswerError
from tailoring.prompts import ask_again

# A second answer may be better where the first was malformed or made things up; a third hardly ever is.
ASKS_PER_REQUEST = 2
# So many requests in a row that fail after all retries are an outage, not bad luck.
OUTAGE = 5

T = TypeVar("T")


@dataclass
class Answering(Generic[T]):
    """How the requests of a day are answered, and which are; the arguments are those of `generation.answer_all`.

    Judging computes, so that it has threads of its own; everything else is on the event loop.
    """

    asker: Asker
    finish: Callable[[Request, Answered], T]
    unsupported: Callable[[T], Sequence[str]]
    keep: Callable[[Request, T], None]
    judge: ThreadPoolExecutor
    keeping: asyncio.Lock = field(default_factory=asyncio.Lock)
    settled: set[str] = field(default_factory=set)
    failures_in_a_row: int = 0

    async def settle(self, request: Request, known: Answered | None) -> None:
        """Answer one request, with the answer that is known where it does; notes what became of it in the outcome.

        Raises:
            ServiceError: what would befall the other requests, too.
            CapReached, UnknownPriceError, Stopped, Unsaved: as `Asker.open` and `Asker.answered`.
        """
        why_not = await self._reuse(request, known) if known else None
        if why_not or not known:
            await self.asker.open(request.arm.model)
            await self._ask(request, (known, why_not) if known and why_not else None)

    async def _reuse(self, request: Request, known: Answered) -> AnswerError | None:
        """Finish with an answer from the ledger; returns why not where it is none by today's rules."""
        try:
            result, _ = await self._judged(request, known)
        except AnswerError as error:
            return error
        self.asker.outcome.reused += 1
        await self._done(request, result)
        return None

    async def _ask(self, request: Request, heard: tuple[Answered, AnswerError] | None) -> None:
        """Ask until an answer is as it should be and all of it supported, or the asks are used up; keep the best.

        Args:
            heard: an answer that is there already, and why it is none: it counts as the first.
        """
        best: tuple[Answered, T, int] | None = None
        failure, messages, first = "", request.messages, 0
        if heard:
            failure, messages, first = str(heard[1]), _repairing(request, *heard), 1
            if heard[1].hopeless:
                first = ASKS_PER_REQUEST
        for ask in range(first, ASKS_PER_REQUEST):
            try:
                answered = await self.asker.answered(request, messages, ask, again=ask > 0)
            except ServiceError as error:
                failure = about_content(error) or str(error)
                if best is None:
                    await self._note_failure(request, error)
                break
            if isinstance(answered, Claim):
                await self._taken(request, answered)
                return
            self.failures_in_a_row = 0
            try:
                result, left_out = await self._judged(request, answered)
            except AnswerError as error:
                failure = str(error)
                if error.hopeless:
                    break
                messages = _repairing(request, answered, error)
                continue
            if best is None or len(left_out) < best[2]:
                best = answered, result, len(left_out)
            if not left_out:
                break
            messages = _told(request, answered.answer, ask_again(left_out))
        if best is None:
            await self._save_failure(request, failure)
            self._failed(request, failure)
            return
        if ask:  # the last thing noted may be a worse answer, or none
            await self.asker.in_database(partial(self.asker.ledger.choose, request.key, best[0]))
        await self._done(request, best[1])

    async def _taken(self, request: Request, claim: Claim) -> None:
        """What becomes of a request that another run has, or had."""
        if claim.standing is Standing.HELD:
            self.asker.outcome.held_by_others += 1
        elif claim.answered is None:
            self.asker.outcome.by_others += 1
            self._failed(request, claim.reason)
        elif await self._reuse(request, claim.answered):
            self.asker.outcome.held_by_others += 1  # it is none: the other run asks once more, or the next pass does
        else:
            self.asker.outcome.by_others += 1

    async def _judged(self, request: Request, answered: Answered) -> tuple[T, tuple[str, ...]]:
        def judged() -> tuple[T, tuple[str, ...]]:
            result = self.finish(request, answered)
            return result, tuple(self.unsupported(result))

        return await asyncio.get_running_loop().run_in_executor(self.judge, judged)

    async def _done(self, request: Request, result: T) -> None:
        async with self.keeping:
            await asyncio.to_thread(self.keep, request, result)
        self.settled.add(request.key)
        self.asker.outcome.done += 1

    def _failed(self, request: Request, reason: str) -> None:
        self.settled.add(request.key)
        self.asker.outcome.failed[request.pair_id] = reason

    async def _save_failure(self, request: Request, reason: str) -> None:
        await self.asker.in_database(partial(self.asker.ledger.save_failure, request.key, reason, self.asker.now()))

    async def _note_failure(self, request: Request, error: ServiceError) -> None:
        """Count a request that failed for good; raises where the others would, too."""
        if about_content(error):
            return
        self.failures_in_a_row += 1
        over = not (error.transient or is_of_one_request(error)) or self.failures_in_a_row >= OUTAGE
        if over:
            self.asker.stopped.set()  # before anything else is sent
            await self._save_failure(request, str(error))
            raise error


def _told(request: Request, answer: Answer, what: str) -> list[Message]:
    """The messages with a model's answer and what was wrong with it."""
    return [*request.messages, {"role": "assistant", "content": answer.text}, {"role": "user", "content": what}]


def _repairing(request: Request, answered: Answered, error: AnswerError) -> list[Message]:
    """The messages that ask once more after an answer that was none."""
    return _told(request, answered.answer, error.repair) if error.repair else request.messages
