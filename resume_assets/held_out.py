"""How a model writes for the held-out pairs: asked once for each, at temperature 0, and judged like any document."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from resources.document_store import DocumentStore
from resources.errors import ServiceError
from resources.language_model import LanguageModel
from resources.ledger import COLLECTION, Answered, Ledger, request_key
from resume_assets.arms import Arm, open_arms
from resume_assets.asking import Pair
from resume_assets.generation import Request, answer_all
from resume_assets.settings import Generation, Settings
from resume_assets.spending import Budget, open_budget
from resume_assets.writers import write
from tailoring.answers import WrittenResume
from tailoring.calibration import Calibration, calibrated
from tailoring.evaluation import Judged
from tailoring.examples import is_held_out
from tailoring.prompts import describe_posting, render_messages

ARM = "evaluation"


def held_out_pairs(pairs: pl.DataFrame, share: float, at_most: int) -> pl.DataFrame:
    """The pairs of held-out resumes; the best of each resume first, so that as many resumes as possible are heard."""
    held = pairs.filter([is_held_out(resume_id, share) for resume_id in pairs["resume_id"]])
    return held.sort("rank", "pair_id").head(at_most)


def judge_on_held_out_pairs(
    settings: Settings, documents: DocumentStore, language_model: LanguageModel, pairs: pl.DataFrame
) -> Callable[[str, str], list[Judged]]:
    """A function that judges a model, by its name, for a day, on the held-out ones of `pairs`; each model once.

    The function raises ValueError where no pair has a held-out resume.
    """
    held = held_out_pairs(pairs, settings.training.held_out_share, settings.promotion.max_pairs)
    known: dict[str, list[Judged]] = {}
    stored = documents.calibration()
    calibration = Calibration.model_validate(stored) if stored else None

    def judge(model: str, day: str) -> list[Judged]:
        if held.is_empty():
            raise ValueError("No pair has a held-out resume: raise training.held_out_share or pairing.pairs_per_day.")
        if model not in known:
            known[model] = judge_model(
                model,
                held,
                day=day,
                prompt_of=open_arms(settings, champion=model)[0],
                settings=settings.generation,
                budget=open_budget(settings),
                language_model=language_model,
                ledger=Ledger(documents.database[COLLECTION]),
                calibration=calibration,
            )
        return known[model]

    return judge


def judge_model(
    name: str,
    pairs: pl.DataFrame,
    *,
    day: str,
    prompt_of: Arm,
    settings: Generation,
    budget: Budget,
    language_model: LanguageModel,
    ledger: Ledger,
    calibration: Calibration | None,
) -> list[Judged]:
    """Let the model write for each pair and judge it; what it answered before is taken from the ledger.

    A resume is truthful when nothing had to be corrected in what the model wrote, nor is unsupported in what is left.
    A pair whose requests were lost on the way says nothing of the model, and is left out.

    Raises:
        ServiceError: the model or the database cannot be used, or more pairs were lost than `max_failed_share`.
        CapReached: the budget is used up; what was answered is kept.
    """
    arm = replace(prompt_of, name=ARM, model=name)
    settings = settings.model_copy(update={"temperature": 0.0})
    heard: set[str] = set()  # pairs that the model said anything to, good or bad

    def written(request: Request, answered: Answered) -> WrittenResume:
        heard.add(request.pair_id)
        return _written(request.pair, answered)

    by_pair = {pair["pair_id"]: pair for pair in pairs.iter_rows(named=True)}
    outcome = answer_all(
        [_request(pair, arm, settings) for pair in by_pair.values()],
        partition_date=day,
        settings=settings,
        model=language_model,
        ledger=ledger,
        budget=budget,
        finish=written,
    )
    lost = outcome.failed.keys() - heard
    if len(lost) > settings.max_failed_share * len(by_pair):
        raise ServiceError(
            f"{name} did not answer {len(lost)} of {len(by_pair)} held-out pairs: {outcome.failed[min(lost)]}",
            "Run it again: what was answered is kept, and nothing is decided on half an evaluation.",
            transient=True,
        )
    return [
        _judged(pair, outcome.finished.get(pair_id), calibration)
        for pair_id, pair in by_pair.items()
        if pair_id not in lost
    ]


def _request(pair: Pair, arm: Arm, settings: Generation) -> Request:
    """The key has no day: a model is asked once for a pair, however many nights compare it."""
    key = request_key(
        purpose=ARM,
        pair_id=pair["pair_id"],
        model=arm.model,
        prompt_version=arm.prompt.version,
        temperature=settings.temperature,
        max_output_tokens=settings.max_output_tokens,
    )
    company = pair["company_name"] or ""
    messages = render_messages(arm.prompt, pair["resume_text"], pair["title"], company, pair["job_description"])
    return Request(key, pair, arm, messages)


def _written(pair: Pair, answered: Answered) -> WrittenResume:
    posting = describe_posting(pair["title"], pair["company_name"] or "", pair["job_description"])
    return write(answered.answer, pair["resume_text"], posting)


def _judged(pair: Pair, written: WrittenResume | None, calibration: Calibration | None) -> Judged:
    if written is None:
        return Judged(pair["pair_id"], pair["resume_id"], score=0, truthful=False, fit=0, failed=True)
    return Judged(
        pair["pair_id"],
        pair["resume_id"],
        score=calibrated(written.ats, calibration),
        truthful=written.truth.truthful and not written.corrections,
        fit=written.fit.score,
        failed=False,
    )
