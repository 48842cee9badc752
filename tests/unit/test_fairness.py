"""Fairness: every swap reaches every text and nothing else, every difference is told, and the ATS score shows none."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tailoring import fairness
from tailoring.ats_score import AtsReport, score
from tailoring.claims import TruthReport
from tailoring.fairness import Change, FairnessReport, Swap, fairness_report, unfair
from tailoring.truthfulness import check
from tailoring.vocabulary import load_data

RESUME = """Maria Keller
Springfield, IL | maria.keller@example.org | (217) 555-0142 | linkedin.com/in/mariakeller

Summary
Backend engineer with eight years of experience in payment systems, who builds reliable services in Python.

Skills
Python, PostgreSQL, Docker, Kafka

Experience
Backend Engineer | Acme Payments | Mar 2018 - Present
- Led a group of 6 engineers that moved 40 services to Kubernetes within a year
- Cut the median response time of the checkout from 420 ms to 95 ms
- Wrote the style guide that two colleagues still keep

EDUCATION
BACHELOR OF SCIENCE IN COMPUTER SCIENCE, ILLINOIS STATE UNIVERSITY, 2014 - 2018
"""
POSTING = "Backend Engineer\nWe look for a backend engineer. You will know Python, PostgreSQL and Kafka."
GENERATED = RESUME.replace("Wrote the style guide", "Wrote the guide")

Judged = list[str]


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Judged:
    """The texts that the ATS score and the truth check were given, in order."""
    texts: Judged = []

    def score_of(text: str) -> AtsReport:
        texts.append(text)
        return score(text)

    def check_of(source: str, generated: str, posting: str) -> TruthReport:
        texts.append(source)
        return check(source, generated, posting)

    monkeypatch.setattr(fairness, "score", score_of)
    monkeypatch.setattr(fairness, "check", check_of)
    return texts


def of(report: FairnessReport, swap: Swap) -> list[Change]:
    return [change for change in report.changes if change.swap is swap]


def text_after(report: FairnessReport, judged: Judged, became: str) -> str:
    """The resume as judged after a swap of name or pronouns, where only the ATS score keeps its texts."""
    at = next(at for at, change in enumerate(report.changes) if change.became == became)
    return judged[1 + at]


class TestNames:
    def test_nothing_of_the_old_name_is_left_in_any_text(self, judged: Judged) -> None:
        report = fairness_report(RESUME, POSTING, GENERATED)
        renamed = judged[2 : 2 + 2 * len(of(report, Swap.NAME))]
        assert len(renamed) > 60
        assert not [text for text in renamed if "keller" in text.lower() or "Maria" in text or "maria." in text]

    def test_addresses_and_lone_last_names_follow(self, judged: Judged) -> None:
        report = fairness_report(RESUME.replace("that two", "that Keller and two"), POSTING)
        text = text_after(report, judged, "Siobhán O'Connor")
        assert "\nSpringfield, IL | siobhan.oconnor@example.org |" in text
        assert "| linkedin.com/in/siobhanoconnor\n" in text
        assert "the style guide that O'Connor and two" in text
        assert text.count("\n") == RESUME.count("\n")

    def test_a_name_in_capitals_stays_so(self, judged: Judged) -> None:
        report = fairness_report(RESUME.replace("Maria Keller", "MARIA KELLER"), POSTING)
        assert text_after(report, judged, "Pieter van der Berg").startswith("PIETER VAN DER BERG\n")

    def test_a_name_that_is_a_word_besides_is_swapped_only_as_a_whole(self, judged: Judged) -> None:
        resume = RESUME.replace("Maria Keller", "Grace Will").replace("colleagues still keep", "colleagues will keep")
        text = text_after(fairness_report(f"{resume}- Will and grace", POSTING), judged, "Wei Li")
        assert text.startswith("Wei Li\n")
        assert text.endswith("- Will and grace")

    def test_a_resume_without_a_name_gets_one(self, judged: Judged) -> None:
        report = fairness_report(RESUME.split("\n", 3)[3], POSTING)
        names = {change.was for change in of(report, Swap.NAME)}
        assert names == {"Emily Walker"}
        assert text_after(report, judged, "Wei Li").startswith("Wei Li\nwei.li@example.org\n")

    def test_names_are_of_many_origins_and_genders(self) -> None:
        names = load_data("fairness.yaml")["names"]
        assert len({name["origin"] for name in names}) >= 20
        assert {name["gender"] for name in names} == {"f", "m", "x"}
        assert len({(name["first"], name["last"]) for name in names}) == len(names)


class TestPronouns:
    TOLD = "She leads her team herself. Customers trust her. Her code is read."

    def test_he_and_she_become_each_other_and_they(self, judged: Judged) -> None:
        report = fairness_report(RESUME.replace("Wrote the", f"{self.TOLD} Wrote the"), POSTING)
        assert [(change.was, change.became) for change in of(report, Swap.PRONOUNS)] == [("she", "he"), ("she", "they")]
        assert "He leads his team himself. Customers trust him. His code is read." in text_after(report, judged, "he")
        they = "They leads their team themself. Customers trust them. Their code is read."
        assert they in text_after(report, judged, "they")

    def test_where_none_are_spoken_they_are_stated(self, judged: Judged) -> None:
        report = fairness_report(RESUME, POSTING)
        assert [change.became for change in of(report, Swap.PRONOUNS)] == ["he/him", "she/her", "they/them"]
        assert text_after(report, judged, "she/her").startswith("Maria Keller (she/her)\nSpringfield")


class TestSchools:
    def test_both_sides_differ_in_the_school_alone(self, judged: Judged) -> None:
        report = fairness_report(RESUME, POSTING)
        pairs = of(report, Swap.SCHOOL)
        texts = judged[-2 * len(pairs) :]
        assert len(pairs) >= 10
        for change, before, after in zip(pairs, texts[::2], texts[1::2], strict=True):
            assert change.was in before
            assert after == before.replace(change.was, change.became)
            assert "ILLINOIS STATE" not in before

    def test_pairs_have_as_many_words(self) -> None:
        pairs = load_data("fairness.yaml")["schools"]
        assert all(len(known.split()) == len(unknown.split()) for known, unknown in pairs)

    def test_without_a_school_there_is_nothing_to_swap(self) -> None:
        assert not of(fairness_report(RESUME.split("EDUCATION")[0], POSTING), Swap.SCHOOL)


def biased(favourite: str) -> Callable[[str], AtsReport]:
    def judge(text: str) -> AtsReport:
        report = score(text)
        return replace(report, total=report.total - 5) if favourite in text else report

    return judge


@pytest.mark.parametrize(
    ("favourite", "swap"), [("Okonkwo", Swap.NAME), ("she/her", Swap.PRONOUNS), ("Widener", Swap.SCHOOL)]
)
def test_a_judge_who_looks_at_the_person_is_found_out(
    favourite: str, swap: Swap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fairness, "score", biased(favourite))
    found = [change for change in unfair(fairness_report(RESUME, POSTING)) if "ats score" in str(change.differences())]
    assert [change.swap for change in found] == [swap]
    assert favourite in found[0].became
    assert found[0].differences()[0].startswith("ats score: ")


def test_points_that_cancel_out_are_a_difference_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(text: str) -> AtsReport:
        report = score(text)
        first, second, *others = report.checks
        if "Okonkwo" in text:
            first, second = replace(first, points=first.points - 1), replace(second, points=second.points + 1)
        return AtsReport(report.total, (first, second, *others))

    monkeypatch.setattr(fairness, "score", judge)
    change = next(change for change in unfair(fairness_report(RESUME, POSTING)) if "Okonkwo" in change.became)
    assert [name for name in change.differences() if name.startswith("ats")] == [
        "ats extractable text: 3.0 -> 2.0",
        "ats reading order: 5.0 -> 6.0",
    ]


def test_a_truth_check_that_distrusts_a_name_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def distrust(source: str, generated: str, posting: str) -> TruthReport:
        lied = "Okonkwo" in generated
        return check(source, generated + "\nNobel Prize in Physics, 2019" * lied, posting)

    monkeypatch.setattr(fairness, "check", distrust)
    found = [change for change in unfair(fairness_report(RESUME, POSTING, GENERATED)) if change.after.unsupported]
    assert [change.became for change in found] == ["Chukwuemeka Okonkwo"]


def test_without_generated_text_nothing_is_traced() -> None:
    assert all(change.after.unsupported is None for change in fairness_report(RESUME, POSTING).changes)


SHORT = "\n".join(line for line in RESUME.splitlines() if not line.startswith("- Cut"))


@pytest.mark.parametrize(
    "resume",
    [RESUME, SHORT, RESUME.replace("Maria Keller", "MARIA KELLER"), RESUME.replace("Maria Keller\n", "Maria Keller, ")],
    ids=["whole", "short", "capitals", "one line"],
)
def test_the_ats_score_and_the_truth_check_look_at_no_name_pronoun_or_school(resume: str) -> None:
    """Longer names, names like My and Guru, stated pronouns and schools in capitals once moved the ATS score."""
    report = fairness_report(resume, POSTING, resume)
    for change in report.changes:
        assert change.before.ats_checks == change.after.ats_checks, change.differences()
        assert change.before.unsupported == change.after.unsupported == {}, change.differences()


def test_a_resume_on_one_line_is_no_mere_address() -> None:
    assert score(" ".join(RESUME.split())).check("extractable text").points == 3


@pytest.mark.parametrize("line", ["Guru of dynamic synergy", "I am my own best reference, me myself"])
def test_what_stands_below_the_head_is_still_judged(line: str) -> None:
    below = RESUME.replace("Backend engineer with", f"{line}\nBackend engineer with")
    assert score(below).total < score(RESUME).total
