"""What a job seeker is told of the scores: when the own resume is the better one, in one line, and else nothing."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from resume_assets.tailor import Order, Tailored
from resume_assets.tailor_inputs import Posting
from resume_assets.tailor_told import told
from tailoring.answers import write_resume
from tailoring.extractive import tailor
from tailoring.parsing import source_lines

RESUME = """Jane Doe
jane@example.com | Austin, TX
SUMMARY
Data analyst with six years in public transport, at home in timetables.
SKILLS
Python, SQL
EXPERIENCE
Data Analyst | Lone Star Transit | January 2019 - Present
- Built 12 reports on delays that 40 planners read each day
"""
POSTING = Posting("Data Analyst", "City Buses", "We look for an analyst who knows SQL and Python.")
WRITTEN = write_resume(tailor(source_lines(RESUME), POSTING.text), RESUME, POSTING.text)


def report(ats_lost: float, fit_lost: float) -> str:
    """The report on a document whose scores are so much lower than those of the resume that came in."""
    tailored = Tailored(
        order=Order(Path("resume.txt"), RESUME, POSTING, "extractive-1", "tailor", []),
        written=WRITTEN,
        ats_before=replace(WRITTEN.ats, total=WRITTEN.ats.total + ats_lost),
        fit_before=replace(WRITTEN.fit, score=WRITTEN.fit.score + fit_lost),
        prompt_tokens=0,
        completion_tokens=0,
        usd=0.0,
    )
    shown = io.StringIO()
    Console(file=shown, width=120).print(told(tailored))
    return shown.getvalue()


@pytest.mark.parametrize(
    ("ats_lost", "fit_lost", "what"),
    [
        (3.2, -1.0, "ATS score by 3.2"),
        (-2.0, 0.5, "fit by 0.5"),
        (0.1, 7.0, "ATS score by 0.1, fit by 7.0"),
    ],
)
def test_a_lower_score_is_told_in_one_line(ats_lost: float, fit_lost: float, what: str) -> None:
    line = f"Lower than your own resume: {what}. Compare the two before you send this one."
    assert report(ats_lost, fit_lost).splitlines().count(line) == 1


@pytest.mark.parametrize(("ats_lost", "fit_lost"), [(0.0, 0.0), (-4.0, -0.2), (0.01, 0.0)])
def test_scores_that_are_as_good_are_not_complained_of(ats_lost: float, fit_lost: float) -> None:
    assert "Lower than your own resume" not in report(ats_lost, fit_lost)
