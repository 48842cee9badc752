"""From a model's answer to a resume that may be sent: read, grounded in the source, rendered and judged.

The one path that every generated resume takes, whoever asked for it.
"""

from dataclasses import dataclass

from pydantic import ValidationError

from tailoring import ats_score, truthfulness
from tailoring.grounding import degenerate, ground
from tailoring.matching import FitReport, job_fit
from tailoring.parsing import parse_resume, source_lines
from tailoring.rendering import to_text
from tailoring.resume import TailoredResume


class AnswerError(ValueError):
    """An answer that is not what was asked; the message is the reason, short enough to count by."""


@dataclass(frozen=True)
class WrittenResume:
    """A tailored resume and what the judges say of it.

    `corrections` counts statements put back or taken out; `unsupported` are those taken out, as the model wrote them.
    """

    resume: TailoredResume
    text: str
    corrections: int
    unsupported: tuple[str, ...]
    truth: truthfulness.TruthReport
    ats: ats_score.AtsReport
    fit: FitReport


def read_answer(text: str, finish_reason: str = "stop", refusal: str = "") -> TailoredResume:
    """The resume in a model's answer.

    Raises:
        AnswerError: the model refused, was cut off, or answered with something else.
    """
    if refusal or finish_reason == "content_filter":
        raise AnswerError("refused by the model")
    if finish_reason == "length":
        raise AnswerError("cut off at the output limit")
    if not text.strip():
        raise AnswerError("empty answer")
    try:
        resume = TailoredResume.model_validate_json(text)
    except ValidationError as error:
        kind = "not JSON" if error.errors()[0]["type"] == "json_invalid" else "breaks the schema"
        raise AnswerError(f"answer {kind}") from None
    if reason := degenerate(resume):
        raise AnswerError(reason)
    return resume


def write_resume(answer: TailoredResume, resume_text: str, posting_text: str) -> WrittenResume:
    """Ground the model's resume in its source, render it, and judge what came out."""
    parsed = parse_resume(resume_text)
    grounded = ground(answer, source_lines(resume_text), parsed)
    text = to_text(grounded.resume, parsed.contact.contact)
    return WrittenResume(
        resume=grounded.resume,
        text=text,
        corrections=len(grounded.fallbacks) + len(grounded.dropped),
        unsupported=tuple(finding.text for finding in grounded.dropped),
        truth=truthfulness.check(resume_text, text, posting_text),
        ats=ats_score.score(text),
        fit=job_fit(text, posting_text),
    )
