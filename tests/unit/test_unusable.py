"""Answers that are no resume at all are told from those that are."""

import pytest

from tailoring.resume import Statement, TailoredResume
from tailoring.unusable import degenerate
from tests.unit.test_grounding import cite, role


class TestDegenerate:
    GOOD = TailoredResume(
        headline="Data Engineer",
        summary=[],
        skills=["Python"],
        experience=[role(bullets=[cite("Built a Kafka pipeline", "Built")])],
        education=[],
        certifications=[],
        projects=[],
    )

    def with_bullets(self, *texts: str) -> TailoredResume:
        bullets = [Statement(text=text, source_lines=[1]) for text in texts]
        return self.GOOD.model_copy(update={"experience": [role(bullets=bullets)]})

    def test_a_real_resume_is_not(self) -> None:
        assert degenerate(self.GOOD) is None

    def test_an_empty_one_is(self) -> None:
        nothing = self.GOOD.model_copy(update={"experience": [], "skills": []})
        assert degenerate(nothing) == "empty: no experience, no summary and no skills"
        blank = nothing.model_copy(update={"headline": " ", "skills": [" "]})
        assert degenerate(blank) == "empty: every field is blank"

    def test_a_loop_is(self) -> None:
        assert str(degenerate(self.with_bullets("Built it", "built it", "Built it"))).startswith("says 3 times")
        looping = "built the system and " * 30
        assert str(degenerate(self.with_bullets(looping))).startswith("repeats itself")

    def test_an_endless_one_is(self) -> None:
        endless = self.with_bullets(*(f"Built machine {number} of type {number * 7}" for number in range(600)))
        assert str(degenerate(endless)).startswith("endless")

    def test_what_the_source_says_as_often_or_in_the_same_words_is_not(self) -> None:
        source = "System: Windows 10\n" + "Performed other duties as assigned.\n" * 4
        duties = self.with_bullets(*["Performed other duties as assigned."] * 4)
        assert degenerate(duties, source) is None
        assert str(degenerate(duties, "Performed other duties as assigned.")).startswith("says 4 times")
        assert degenerate(self.with_bullets("System: Windows 10"), source) is None

    @pytest.mark.parametrize(
        "text",
        [
            "Worked as an AI engineer on search",
            "Fine-tuned a large language model for support",
            "Helped rewrite the billing engine in Go",
            "Gave security training tailored to the role",
            "I have optimized SQL queries",
        ],
    )
    def test_words_of_the_trade_are_no_leak(self, text: str) -> None:
        assert degenerate(self.with_bullets(text)) is None

    @pytest.mark.parametrize(
        "text",
        ["Sure! Here is the tailored resume", "As an AI language model I cannot", "</resume>", "12| Built a shop"],
    )
    def test_a_leaked_prompt_is(self, text: str) -> None:
        assert str(degenerate(self.with_bullets(text))).startswith("shows its prompt")
