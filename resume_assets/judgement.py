"""The three judges on one resume, told to a person or as JSON; what `resume-assets judge` prints."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tailoring import ats_score, truthfulness
from tailoring.documents import read_document
from tailoring.matching import FitReport, job_fit


@dataclass(frozen=True)
class Judgement:
    """What the judges say; truth needs a source, and fit a posting."""

    ats: ats_score.AtsReport
    truth: truthfulness.TruthReport | None
    fit: FitReport | None

    def as_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


def judge(resume: Path, source: Path | None, posting: Path | None) -> Judgement:
    """Read the files (text, PDF or DOCX) and judge.

    Raises:
        UnreadableDocumentError: a file is none of these.
    """
    text = read_document(resume).text
    posting_text = read_document(posting).text if posting else None
    return Judgement(
        ats=ats_score.score(resume),
        truth=truthfulness.check(read_document(source).text, text, posting_text) if source else None,
        fit=job_fit(text, posting_text) if posting_text else None,
    )


def told(judgement: Judgement) -> RenderableType:
    """The judgement for a terminal."""
    parts: list[RenderableType] = [_ats(judgement.ats)]
    if judgement.truth:
        parts += [Text(), _truth(judgement.truth)]
    if judgement.fit:
        parts += [Text(), _fit(judgement.fit)]
    return Group(*parts)


def _plain_table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, title_justify="left", title_style="bold", box=None, padding=(0, 2))


def _ats(report: ats_score.AtsReport) -> Table:
    table = _plain_table(f"ATS quality: {report.total:.0f} of 100", "check", "points", "found", "what to do")
    for check in report.checks:
        table.add_row(check.name, f"{check.points:.1f} of {check.of}", Text(check.found), Text(check.advice))
    return table


def _truth(report: truthfulness.TruthReport) -> RenderableType:
    if report.truthful:
        return Text("Truth: every claim is in the source", style="bold")
    table = _plain_table(
        f"Truth: {len(report.unsupported)} claim(s) that the source does not support", "kind", "claim", "why", "nearest"
    )
    for claim in report.unsupported:
        table.add_row(str(claim.kind), Text(claim.text), Text(claim.why), Text(claim.nearest))
    return table


def _fit(report: FitReport) -> Table:
    table = _plain_table(f"Fit to the posting: {report.score:.0f} of 100", "part", "points", "found")
    for part in report.parts:
        table.add_row(part.name, f"{part.points:.1f} of {part.of:.0f}", Text(part.found))
    for name, skills in (
        ("matched", report.matched),
        ("missing, required", report.missing_required),
        ("missing, preferred", report.missing_preferred),
    ):
        table.add_row(name, "", Text(", ".join(skills) or "-"))
    return table
