import math

import pytest

from tailoring.choices import options
from tailoring.extractive import DEFAULT, tailor
from tailoring.fitting import fit_preferences, fit_supervised
from tailoring.lines import source_lines
from tailoring.relevance import Weights
from tailoring.resume import TailoredResume

RESUME = source_lines(
    """\
Ida Holm
ida@example.com

Experience
Nurse, Fjord Clinic
March 2015 - Present
- Trained 14 nurses in wound care
- Cut waiting times by 30%
- Treated 20 patients a day
- Responsible for the medicine cupboard
- Responsible for the weekly plan of the ward
- Responsible for hygiene on the ward
"""
)
POSTING = "Title: Ward Nurse\nCare for patients on our ward, plan shifts, and keep hygiene standards."


def keeping(*openings: str) -> TailoredResume:
    """The document with only the bullets that begin so."""
    document = tailor(RESUME, POSTING)
    role = document.experience[0]
    kept = [bullet for bullet in role.bullets if bullet.text.startswith(openings)]
    return document.model_copy(update={"summary": [], "experience": [role.model_copy(update={"bullets": kept})]})


COUNTING, DUTIES = keeping("Trained", "Cut", "Treated"), keeping("Responsible")


class TestPreferences:
    def test_what_preferred_documents_kept_gains_weight(self) -> None:
        fitted = fit_preferences([(RESUME, POSTING, COUNTING, DUTIES)] * 20, DEFAULT)
        assert fitted.weights.number > DEFAULT.number
        assert fitted.weights.weak_opening < DEFAULT.weak_opening
        assert fitted.examples_used == 20
        assert fitted.losses == sorted(fitted.losses, reverse=True)
        assert fitted.losses[-1] < fitted.losses[0]

    def test_the_other_preference_teaches_the_opposite(self) -> None:
        fitted = fit_preferences([(RESUME, POSTING, DUTIES, COUNTING)] * 20, DEFAULT)
        assert fitted.weights.number < DEFAULT.number

    def test_contradictory_pairs_teach_nothing(self) -> None:
        pairs = [(RESUME, POSTING, COUNTING, DUTIES), (RESUME, POSTING, DUTIES, COUNTING)]
        assert fit_preferences(pairs, DEFAULT).weights.values() == pytest.approx(DEFAULT.values())

    def test_without_pairs_that_differ_the_start_stays(self) -> None:
        assert fit_preferences([], DEFAULT).weights == DEFAULT
        same = fit_preferences([(RESUME, POSTING, DUTIES, DUTIES)], DEFAULT)
        assert (same.weights, same.losses, same.examples_used) == (DEFAULT, [], 0)


class TestSupervised:
    def test_what_the_documents_kept_gains_weight(self) -> None:
        fitted = fit_supervised([(RESUME, POSTING, COUNTING)] * 20, DEFAULT)
        assert fitted.weights.number > DEFAULT.number
        assert fitted.losses[-1] < fitted.losses[0]
        assert fitted.examples_used == 20

    def test_documents_that_kept_all_and_no_documents_teach_nothing(self) -> None:
        assert fit_supervised([], DEFAULT).weights == DEFAULT
        all_kept = keeping("").model_copy(update={"summary": COUNTING.experience[0].bullets[:1]})
        everything = fit_supervised([(RESUME, POSTING, all_kept)], DEFAULT)
        assert (everything.weights, everything.examples_used) == (DEFAULT, 0)


def test_a_document_in_many_pairs_counts_about_once() -> None:
    often = [(RESUME, POSTING, COUNTING, DUTIES)] * 100
    moved = fit_preferences(often, DEFAULT).weights.number - DEFAULT.number
    once = fit_preferences(often[:1], DEFAULT).weights.number - DEFAULT.number
    assert moved == pytest.approx(once)


def test_statements_are_known_by_the_lines_they_cite_and_their_words() -> None:
    found = options(tuple(RESUME), POSTING)
    texts = [line.candidate.text for line in found.lines]
    taken = dict(zip(texts, found.taken(COUNTING), strict=False))
    assert taken["Cut waiting times by 30%"]
    assert not taken["Responsible for hygiene on the ward"]
    [bullet, *_] = COUNTING.experience[0].bullets
    reworded = bullet.model_copy(update={"text": "Trained 14 nurses in care"})
    elsewhere = bullet.model_copy(update={"source_lines": [1]})
    role = COUNTING.experience[0]
    for statement, known in ((reworded, True), (elsewhere, False)):
        document = COUNTING.model_copy(update={"experience": [role.model_copy(update={"bullets": [statement]})]})
        assert dict(zip(texts, found.taken(document), strict=False))[bullet.text] is known


def test_a_hostile_example_moves_nothing_far() -> None:
    endless = source_lines("Experience\nClerk, Inn Ltd\n2001 - 2003\n" + "- Cut costs by 40%\n" * 5000)
    empty = COUNTING.model_copy(update={"experience": [], "skills": []})
    one = COUNTING.model_copy(update={"skills": ["x" * 10_000] * 50})
    fitted = [
        fit_preferences([(endless, "", one, empty), ([], "", empty, one), (["\0"], "\ufffd", one, DUTIES)], DEFAULT),
        fit_supervised([(endless, "", one), ([], "", empty), (endless, POSTING, empty)], DEFAULT),
    ]
    for result in fitted:
        assert all(map(math.isfinite, result.weights.values()))
        assert all(abs(a - b) <= 4 for a, b in zip(result.weights.values(), DEFAULT.values(), strict=True))


def test_weights_go_in_and_out_in_the_order_of_the_features() -> None:
    assert Weights.of(DEFAULT.values()) == DEFAULT
