import pytest

from tailoring.statements import is_debris, sentences, trim
from tests.unit.extractive_examples import bullets, tailored


class TestTrimming:
    @pytest.mark.parametrize(
        ("written", "sent"),
        [
            ("• built a shop ", "Built a shop"),
            ("Responsibilities: Ran the shop.", "Ran the shop"),
            ("Roles & Responsibilities:- Ran the shop ,", "Ran the shop"),
            ("Ran the shop. Sold it.", "Ran the shop. Sold it."),
            ("Sold soap, candles etc.", "Sold soap, candles etc."),
            ("Ran  the   shop ..", "Ran the shop"),
            ("iOS apps built", "iOS apps built"),
            ("3) sold soap", "Sold soap"),
        ],
    )
    def test_only_signs_and_labels_go(self, written: str, sent: str) -> None:
        assert trim(written) == sent

    @pytest.mark.parametrize(
        "line",
        [
            "Page 2 of 3",
            "12 / 14",
            "5      Soft Skills      20 days      20",
            "Date of Birth: 3 May 1991",
            "Father's Name : John",
            "Marital Status - Single",
            "Passport No. X123",
            "I hereby declare that the above is true",
            "References available on request",
            "I want to work in your organisation. Thanks and Regards",
            "SALES- Experience - 8 months",
            "Key Responsibilities",
            "Responsibilities:",
            "-----",
            "WORKING",
        ],
    )
    def test_debris_is_told(self, line: str) -> None:
        assert is_debris(line)
        assert trim(line) == ""

    @pytest.mark.parametrize(
        "line",
        [
            "Placed 40 candidates a year",
            "Aged care for 12 residents",
            "Dated and filed 300 letters",
            "Named employee of the year",
            "Raised NPS from 31 to 58",
            "Addressed 40 complaints a day",
            "Sexed 4,000 chicks a day",
            "Roles of nurses rewritten",
            "Clients won: 40 in a year",
        ],
    )
    def test_work_is_no_debris(self, line: str) -> None:
        assert not is_debris(line)
        assert trim(line) == line

    def test_long_texts_are_cut_only_where_sentences_or_clauses_end(self) -> None:
        text = (
            "Built shops for Acme Inc. in Ohio; sold 3.5 million items, e.g. soap. This took a year. Then moved! Left."
        )
        assert sentences(text) == [
            "Built shops for Acme Inc. in Ohio;",
            "sold 3.5 million items, e.g. soap. This took a year. Then moved! Left.",
        ]

    def test_cutting_loses_nothing(self) -> None:
        text = "One two three. " * 30
        assert " ".join(sentences(text)).split() == text.split()

    def test_no_statement_is_too_long_where_it_can_be_cut(self) -> None:
        sentence = "Built the {} machine of brass and steel for the works in the north of the country."
        resume = "Experience\nSmith, Works Ltd\n2001 - 2003\n- " + " ".join(map(sentence.format, range(10))) + "\n"
        assert all(len(text.split()) <= 40 for text in bullets(tailored(resume)))
