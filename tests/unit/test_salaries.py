"""Salaries of postings: converted, corrected where the text bears it out, set aside otherwise."""

import pytest

from tailoring.salaries import Salary, comparable_salary


def salary(
    low: str = "", middle: str = "", high: str = "", period: str = "YEARLY", currency: str = "USD", text: str = ""
) -> Salary:
    return comparable_salary(low, middle, high, period, currency, text)


@pytest.mark.parametrize(
    ("period", "low", "high", "expected"),
    [
        ("YEARLY", "60000.0", "80000.0", Salary(60_000, 80_000, "")),
        ("yearly", "$60,000", "80,000.50", Salary(60_000, 80_000.5, "")),
        ("HOURLY", "17.5", "20.0", Salary(36_400, 41_600, "HOURLY x 2080")),
        ("WEEKLY", "1000", "1200", Salary(52_000, 62_400, "WEEKLY x 52")),
        ("BIWEEKLY", "2000", "2400", Salary(52_000, 62_400, "BIWEEKLY x 26")),
        ("BI-WEEKLY", "2000", "2400", Salary(52_000, 62_400, "BIWEEKLY x 26")),
        ("MONTHLY", "7000", "9000", Salary(84_000, 108_000, "MONTHLY x 12")),
    ],
)
def test_pay_periods_become_years(period: str, low: str, high: str, expected: Salary) -> None:
    assert salary(low, "", high, period) == expected


def test_a_single_figure_is_both_ends_and_one_end_stays_one() -> None:
    assert salary(middle="25", period="HOURLY") == Salary(52_000, 52_000, "HOURLY x 2080")
    assert salary(low="50000") == Salary(50_000, None, "")
    assert salary(high="50000", middle="45000") == Salary(None, 50_000, "")


def test_no_figures_are_no_salary_and_need_no_note() -> None:
    assert comparable_salary(None, None, None, None, None, "") == Salary(None, None, "")
    assert salary() == Salary(None, None, "")


@pytest.mark.parametrize(
    ("given", "note"),
    [
        (salary("DOE", "", "0"), "no amount: DOE, 0"),
        (salary("nan", "inf", "-5"), "no amount: nan, inf, -5"),
        (salary("60000", "", "80000", currency="EUR"), "not in US dollars: EUR"),
        (salary("60000", "", "80000", period=""), "no pay period"),
        (salary("60000", "", "80000", period="ONCE"), "unknown pay period: ONCE"),
        (salary("80000", "", "60000"), "minimum above maximum"),
        (salary("12000", "", "250000"), "range too wide: 12,000 to 250,000 a year"),
    ],
)
def test_what_cannot_be_read_is_set_aside_with_the_reason(given: Salary, note: str) -> None:
    assert given == Salary(None, None, note)


def test_one_junk_end_leaves_the_other() -> None:
    assert salary("1.0", "", "40000.0") == Salary(None, 40_000, "1 set aside: 1 a year cannot be trusted")


def test_thousands_are_restored_only_where_the_text_names_them() -> None:
    said = "Pay: $65,000 - $70k a year"
    assert salary("65", "", "70", text=said) == Salary(65_000, 70_000, "in thousands")
    assert salary("70", "", "100000", text="from 70K") == Salary(70_000, 100_000, "in thousands")
    unsaid = salary("65", "", "70", text="Join 165,000 people, $6570 and $65,000,000 raised")
    assert (unsaid.low, unsaid.high) == (None, None)
    assert "65 set aside" in unsaid.note


def test_a_wrong_period_is_corrected_only_where_the_text_names_the_right_one() -> None:
    assert salary("45", "", "50", text="$45.00 - $50.00 per hour") == Salary(
        93_600, 104_000, "given as YEARLY, hourly in the text; HOURLY x 2080"
    )
    assert salary("65000", "", "70000", "HOURLY", text="$65,000 to $70,000") == Salary(
        65_000, 70_000, "given as HOURLY, yearly in the text"
    )
    assert salary("45", "", "50", text="$45.00 of $50.00")[:2] == (None, None)
    assert salary("65000", "", "70000", "HOURLY")[:2] == (None, None)
