"""One resume for one posting, for a person who waits: asked, grounded, judged, and rendered.

The same prompt, model and judges as the pipeline's, without its ledger: nothing is kept but the files.
"""

import asyncio
import datetime as dt
import hashlib
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from resources.champions import Champions
from resources.configured import document_store
from resources.dialect import ChatRequest, Message
from resources.embedded import running
from resources.errors import ServiceError
from resources.files import atomic_path
from resources.language_model import Answer, LanguageModel, Session, retry_after
from resume_assets.arms import open_arms
from resume_assets.local import embedded_services
from resume_assets.pacing import Sleep, backoff
from resume_assets.settings import Settings
from resume_assets.shutdowns import require_usable
from resume_assets.spending import Budget, CapReached, Estimate, estimate, open_budget
from resume_assets.tailor_inputs import Posting
from tailoring.answers import AnswerError, WrittenResume, read_answer, write_resume
from tailoring.ats_score import AtsReport, score
from tailoring.layout import lay_out
from tailoring.matching import FitReport, job_fit
from tailoring.parsing import parse_resume
from tailoring.prompts import ask_again, render_messages
from tailoring.rendering import Format, render
from tailoring.resume import Contact, response_format
from tailoring.token_counts import count_messages

ASKS = 2  # a second answer may be better where the first was malformed or made things up; a third hardly ever is
SEEDS = 2**31


@dataclass(frozen=True)
class Order:
    """What is asked for: a resume (its file as handed in, and its text), a posting, and the prompt made of them."""

    file: Path
    resume_text: str
    posting: Posting
    model: str
    prompt: str
    messages: list[Message]

    @property
    def contact(self) -> Contact:
        return parse_resume(self.resume_text).contact.contact


@dataclass(frozen=True)
class Tailored:
    """The written resume beside what the judges said of the one that came in.

    `usd` is None where the model's price is not known.
    """

    order: Order
    written: WrittenResume
    ats_before: AtsReport
    fit_before: FitReport
    prompt_tokens: int
    completion_tokens: int
    usd: float | None


@contextmanager
def services(settings: Settings, *, model: bool) -> Iterator[None]:
    """The embedded services that are needed: the documents where there are any, and the model if it is asked.

    Raises:
        ServiceError: one does not start.
    """
    needed = {"documents": _has_documents(settings), "model": model}
    with running([service for service in embedded_services(settings) if needed[service.name]]):
        yield


def _has_documents(settings: Settings) -> bool:
    """Whether there is a database to ask; on a fresh machine there is none."""
    return not settings.embeds_documents or (settings.data_folder / "services/documents").exists()


def champion(settings: Settings) -> str:
    """The model that writes today; the settings' own where this machine has no documents yet."""
    base = settings.generation.model
    return Champions(document_store(settings)).standing(settings.today(), base) if _has_documents(settings) else base


def order(file: Path, resume_text: str, posting: Posting, settings: Settings, model: str) -> Order:
    """The request to a model, with the prompt of the arm that most documents are in.

    Raises:
        PromptError: the prompt's file is not as it must be.
    """
    arm = max(open_arms(settings, model), key=lambda arm: arm.share)
    messages = render_messages(arm.prompt, resume_text, posting.title, posting.company, posting.description)
    return Order(file, resume_text, posting, model, arm.prompt.name, messages)


def expected_cost(wanted: Order, settings: Settings) -> Estimate | None:
    """Tokens and US dollars of the request; None where the model's price is not known.

    Raises:
        PriceError: the table of prices cannot be read.
    """
    budget = open_budget(settings)
    if budget.prices.of(wanted.model) is None:
        return None
    return estimate([(wanted.model, wanted.messages)], 1, settings.generation.max_output_tokens, budget, batch=False)


def fulfil(wanted: Order, settings: Settings, provider: LanguageModel, sleep: Sleep = asyncio.sleep) -> Tailored:
    """Ask the model and judge what comes of it.

    Raises:
        ServiceError: the model cannot be used.
        AnswerError: it did not answer with a resume.
        CapReached, UnknownPriceError: the settings do not allow what it may cost.
    """
    return asyncio.run(_Asking(wanted, settings, provider, open_budget(settings), sleep).tailored())


@dataclass
class _Asking:
    wanted: Order
    settings: Settings
    provider: LanguageModel
    budget: Budget
    sleep: Sleep
    prompt_tokens: int = 0
    completion_tokens: int = 0

    async def tailored(self) -> Tailored:
        self.budget.require_price(self.wanted.model)
        async with self.provider.session() as session:
            today = dt.datetime.now(dt.UTC).date()
            await require_usable(session, [self.wanted.model], self.settings.generation, today)
            written = await self._written(session)
        return Tailored(
            order=self.wanted,
            written=written,
            ats_before=score(self.wanted.file),
            fit_before=job_fit(self.wanted.resume_text, self.wanted.posting.text),
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self.completion_tokens,
            usd=self.budget.purse.spent if self.budget.prices.of(self.wanted.model) else None,
        )

    async def _written(self, session: Session) -> WrittenResume:
        """The best of a few answers: the one of which least had to be taken out."""
        best: WrittenResume | None = None
        failure: AnswerError | None = None
        messages: Sequence[Message] = self.wanted.messages
        for ask in range(ASKS):
            try:
                answer = await self._answer(session, messages, ask)
            except (ServiceError, CapReached):
                if best is None:
                    raise
                break  # the answer that is there was paid for, and can be used
            try:
                resume = read_answer(answer.text, answer.finish_reason, answer.refusal, self.wanted.resume_text)
            except AnswerError as error:
                failure = error
                if error.hopeless:
                    break
                messages = self._told(answer, error.repair) if error.repair else self.wanted.messages
                continue
            written = write_resume(resume, self.wanted.resume_text, self.wanted.posting.text)
            if best is None or len(written.unsupported) < len(best.unsupported):
                best = written
            if not best.unsupported:
                break
            messages = self._told(answer, ask_again(written.unsupported))
        if best is None:
            raise failure or AnswerError("no answer")
        return best

    def _told(self, answer: Answer, what: str) -> list[Message]:
        return [*self.wanted.messages, {"role": "assistant", "content": answer.text}, {"role": "user", "content": what}]

    async def _answer(self, session: Session, messages: Sequence[Message], ask: int) -> Answer:
        generation = self.settings.generation
        request = ChatRequest(
            messages=messages,
            model=self.wanted.model,
            schema=response_format(),
            temperature=0.0,  # the best that it can, and the same each time
            seed=int(hashlib.sha256(str(self.wanted.messages).encode()).hexdigest(), 16) % SEEDS + ask,
            max_output_tokens=generation.max_output_tokens,
        )
        tokens = count_messages(messages, request.model)
        most = self.budget.most(request.model, tokens, generation.max_output_tokens)
        await self.budget.purse.reserve(most)
        answer = await self._patiently(session, request)
        await self.budget.purse.settle(most, self.budget.price(request.model, answer) or 0.0)
        self.prompt_tokens += answer.prompt_tokens
        self.completion_tokens += answer.completion_tokens
        return answer

    async def _patiently(self, session: Session, request: ChatRequest) -> Answer:
        """Ask, again and again after failures that may pass."""
        randomness = random.Random(request.seed)  # noqa: S311  spreads waiting times
        for attempt in range(self.provider.max_retries):
            try:
                return await session.complete(request)
            except ServiceError as error:
                if not error.transient:
                    raise
                await self.sleep(backoff(attempt, retry_after(error), randomness))
        return await session.complete(request)


def write_files(tailored: Tailored, files: Sequence[tuple[Path, Format]]) -> None:
    """Write the resume to each file, whole or not at all."""
    for file, kind in files:
        data = render(tailored.written.resume, tailored.order.contact, kind)
        with atomic_path(file) as part:
            part.write_bytes(data)


def missing_glyphs(tailored: Tailored) -> str:
    """The signs of the resume that a PDF made on this machine cannot show."""
    from tailoring import pdf

    return pdf.missing_glyphs(lay_out(tailored.written.resume, tailored.order.contact))
