"""From a model's answer to a resume that may be sent: read, grounded in the source, rendered and judged.

The one path that every generated resume takes, whoever asked for it.
"""

import re
from dataclasses import dataclass

from pydantic import ValidationError

from tailoring import ats_score, truthfulness
from tailoring.fit import FitReport, job_fit
from tailoring.free_text import read_free_text
from tailoring.grounding import ground
from tailoring.language import language_of
from tailoring.parsing import parse_resume, source_lines
from tailoring.rendering import to_text
from tailoring.resume import TailoredResume
from tailoring.unusable import degenerate

# Models that were not given a field to refuse in say so in words.
_REFUSAL = re.compile(
    r"\W*(?:(?:i['’]m|i am) (?:very )?(?:sorry|unable|not able)|sorry\b|i (?:cannot|can['’]t|can not|won['’]t)\b"
    r"|unfortunately,? i\b|as an ai\b)",
    re.IGNORECASE,
)
_THINKING = re.compile(r"\s*<think>.*?</think>", re.DOTALL)  # what a reasoning model says to itself before its answer

_TOLD = 200  # characters of what is wrong with an answer, told back to the model


class AnswerError(ValueError):
    """An answer that is not what was asked; the message is the reason, short enough to count by.

    `repair` is what to tell the model, empty where the same request may simply be sent again; with `hopeless` not even
    that would help. `detail` says more to people.
    """

    def __init__(self, reason: str, *, repair: str = "", detail: str = "", hopeless: bool = False) -> None:
        super().__init__(reason)
        self.repair = repair
        self.detail = detail or reason
        self.hopeless = hopeless


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


def read_answer(text: str, finish_reason: str = "stop", refusal: str = "", source: str = "") -> TailoredResume:
    """The resume in a model's answer; `source` is the resume that it was to be written from.

    With a source, an answer in plain text is read, too.

    Raises:
        AnswerError: the model refused, was cut off, or answered with something else.
    """
    if finish_reason == "content_filter":
        raise AnswerError("stopped by the provider's content filter", hopeless=True)
    if refusal:
        raise AnswerError("refused by the model", detail=refusal)
    if finish_reason == "length":
        raise AnswerError("cut off at the output limit", repair="Your answer was too long. Write half as much.")
    if not text.strip():
        raise AnswerError("empty answer")
    try:
        resume = TailoredResume.model_validate_json(json_in(text))
    except ValidationError as error:
        if source and (written := read_free_text(json_in(text), source)):
            return _checked(written, source)
        if _REFUSAL.match(json_in(text)):
            raise AnswerError("refused by the model", detail=text[:_TOLD]) from None
        first = error.errors()[0]
        kind = "not JSON" if first["type"] == "json_invalid" else "breaks the schema"
        where = ".".join(map(str, first["loc"]))
        detail = f"{where}: {first['msg']}" if where else first["msg"]
        raise AnswerError(f"answer {kind}", repair=f"Your answer {kind}: {detail[:_TOLD]}.", detail=detail) from None
    return _checked(resume, source)


def is_free_text(text: str) -> bool:
    """Whether an answer that could be read is plain text rather than the JSON that was asked for."""
    return not json_in(text).startswith("{")


def _checked(resume: TailoredResume, source: str) -> TailoredResume:
    if found := degenerate(resume, source):
        reason, _, _ = found.partition(":")
        raise AnswerError(reason, repair=f"Your answer is no resume; it {reason}.", detail=found)
    if source and (language := _translated(resume, source)):
        raise AnswerError("in another language", repair="Write in the language of the resume.", detail=language)
    return resume


def json_in(text: str) -> str:
    """The JSON object in a text, without the fence or the words that some models put around it; else the text."""
    text = _THINKING.sub("", text, count=1) if text.lstrip().startswith("<think>") else text
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if 0 <= start < end else text


def _translated(resume: TailoredResume, source: str) -> str | None:
    """The language that the resume was translated into; None where it was not."""
    statements = [*resume.summary, *(bullet for role in resume.experience for bullet in role.bullets)]
    written, original = language_of(" ".join(each.text for each in statements)), language_of(source)
    return f"{original} became {written}" if written and original and written != original else None


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
