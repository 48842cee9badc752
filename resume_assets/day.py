"""A day of documents: from pairs to requests, and from answers to what is stored.

Knows the documents' fields; asking is `resume_assets.generation`, writing and judging a resume is `tailoring`.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from resources.ledger import Answered, Ledger, request_key
from resume_assets.arms import Arm, arm_of
from resume_assets.asking import Pair, Request
from resume_assets.io import StoredTable
from resume_assets.schemas import DayDocument, GeneratedResumes, UnsupportedClaim
from resume_assets.settings import Generation
from resume_assets.spending import Budget, Estimate, estimate
from resume_assets.writers import Write, write
from tailoring.answers import is_free_text
from tailoring.ats_score import AtsReport
from tailoring.calibration import Calibration
from tailoring.prompts import describe_posting, render_messages
from tailoring.token_counts import Count, count_messages

SAMPLE = 20  # requests whose tokens are counted for an estimate


@dataclass(frozen=True)
class Draft:
    """A document, and the statements of the model that its source does not support and that are not in it."""

    document: DayDocument
    unsupported: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """The requests of a day, made one by one each time that they are gone through; `left_out` are pairs to skip."""

    pairs: StoredTable
    partition_date: str
    arms: Sequence[Arm]
    settings: Generation
    left_out: Collection[str] = ()

    def __iter__(self) -> Iterator[Request]:
        for part in self.pairs.parts():
            for pair in part.to_pylist():
                if pair["pair_id"] not in self.left_out:
                    yield self._request(pair)

    def __len__(self) -> int:
        return len(self.pairs) - len(self.left_out)

    def key(self, pair_id: str) -> str:
        """The key of a pair's request says all that shapes the answer: an equal request is not sent twice."""
        arm = arm_of(pair_id, self.arms)
        return request_key(
            pair_id=pair_id,
            partition_date=self.partition_date,
            model=arm.model,
            prompt_version=arm.prompt.version,
            temperature=self.settings.temperature,
            max_output_tokens=self.settings.max_output_tokens,
        )

    def expected_cost(self, ledger: Ledger, budget: Budget, count: Count = count_messages) -> Estimate:
        """What the requests that have no answer yet will cost, judged by a sample of them."""
        pair_ids = self.pairs.read("pair_id")["pair_id"]
        rows = {self.key(pair_id): row for row, pair_id in enumerate(pair_ids) if pair_id not in self.left_out}
        waiting = sorted(rows.keys() - ledger.with_answer(list(rows)))  # by hash: in no order
        sample = [self._request(self.pairs.row(rows[key])) for key in waiting[:SAMPLE]]
        return estimate(
            [(request.arm.model, request.messages) for request in sample],
            len(waiting),
            self.settings.max_output_tokens,
            budget,
            batch=self.settings.mode == "batch",
            count=count,
        )

    def _request(self, pair: Pair) -> Request:
        pair_id, arm = pair["pair_id"], arm_of(pair["pair_id"], self.arms)
        messages = render_messages(
            arm.prompt, pair["resume_text"], pair["title"], pair["company_name"] or "", pair["job_description"]
        )
        return Request(self.key(pair_id), pair, arm, messages)


def draft(
    request: Request,
    answered: Answered,
    *,
    partition_date: str,
    calibration: Calibration | None = None,
    write: Write = write,
) -> Draft:
    """What is stored for the pair of a request; `calibration` turns the ATS score into what volunteers would give.

    Raises:
        AnswerError: the answer is not what was asked.
    """
    answer, pair = answered.answer, request.pair
    company = pair["company_name"] or ""
    posting = describe_posting(pair["title"], company, pair["job_description"])
    written = write(answer, pair["resume_text"], posting)
    stored = DayDocument(
        document_id=f"{partition_date}/{pair['pair_id']}",
        id=pair["pair_id"],
        partition_date=partition_date,
        generation_id=request.key,
        resume_text=pair["resume_text"],
        job_title=pair["title"],
        company_name=company,
        job_descriptions=pair["job_description"],
        generated_resume=written.text,
        tailored=written.resume.model_dump_json(),
        prompt="\n\n".join(message["content"] for message in request.messages),
        prompt_version=request.arm.prompt.version,
        model=request.arm.model,
        arm=request.arm.name,
        created_at=answered.answered_at,
        usage={"prompt_tokens": answer.prompt_tokens, "completion_tokens": answer.completion_tokens},
        cost_usd=answered.usd,
        free_text=is_free_text(answer.text),
        truthful=written.truth.truthful,
        unsupported_claims=[
            UnsupportedClaim(
                text=claim.text,
                kind=str(claim.kind),
                why=claim.why,
                start=claim.start,
                end=claim.end,
                nearest_source_line=claim.nearest,
            )
            for claim in written.truth.unsupported
        ],
        corrections=written.corrections,
        ats_prescore=_calibrated(written.ats, calibration),
        job_fit=written.fit.score,
    )
    return Draft(stored, written.unsupported)


def _calibrated(report: AtsReport, calibration: Calibration | None) -> float:
    if calibration is None:
        return report.total
    try:
        return calibration.apply(report)
    except ValueError:  # it was fitted to other checks than today's: uncalibrated until the next calibration
        return report.total


def to_frame(documents: Iterable[DayDocument]) -> pd.DataFrame:
    """Rows of the day's table."""
    rows = [each.to_row() for each in documents]
    frame = pd.DataFrame(rows, columns=list(GeneratedResumes.to_schema().columns))
    return frame.astype({"cost_usd": float, "created_at": pd.DatetimeTZDtype("ns", "UTC")})


def from_frames(frames: Iterable[pd.DataFrame]) -> Iterator[DayDocument]:
    """The documents of rows of the day's table."""
    for frame in frames:
        for row in frame.assign(created_at=frame["created_at"].map(pd.Timestamp.to_pydatetime)).to_dict("records"):
            yield DayDocument.from_row({str(name): value for name, value in row.items()})
