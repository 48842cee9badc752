"""Near-duplicates: what is the same but for numbers or a few words is found, and look-alikes stay apart."""

import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailoring.cleaning import POSTING_COLUMNS, RESUME_COLUMNS, Cleaned, clean_postings, clean_resumes
from tailoring.near_duplicates import near_duplicates, signatures
from tailoring.tables import REJECT_COLUMNS, Table

OVENS = """We build ovens that bakers trust, and we look for an engineer who likes bread as much as code.
You will write the software that keeps 40 ovens at an even heat, test it on real dough and mend what breaks.
You know Python, have shipped firmware for 3 years, read circuit diagrams and explain yourself in plain words.
We offer 25 days off, a share of the profit, free bread every day and a team that goes home at 5 in the evening.
Our process is short: a call, an afternoon with the team, and an answer within 7 days, whatever it is."""


def near(*texts: str, apart: list[str] | None = None, similarity: float = 0.9) -> dict[int, int]:
    """Near-duplicates, earlier texts being kept."""
    column = pl.Series(texts, dtype=pl.String)
    return near_duplicates(
        column, signatures(column), range(len(texts)), pl.Series(apart or [""] * len(texts)), similarity
    )


@pytest.mark.parametrize(
    "other",
    [
        OVENS.replace("40", "1,200").replace("25", "30").replace("7", "14"),
        OVENS.replace("\n", " "),
        OVENS.upper(),
        OVENS.replace("goes home", "leaves"),
        OVENS + "\nApply with a letter.",
    ],
    ids=["numbers", "spacing", "case", "a few words", "a line more"],
)
def test_the_same_but_for_little_is_found(other: str) -> None:
    assert near(OVENS, other) == {1: 0}
    assert near(other, OVENS) == {1: 0}


@pytest.mark.parametrize(
    "other",
    [
        OVENS.replace("bakers trust", "Denver trusts"),
        OVENS.replace("Python", "Rust"),
        "\n".join(OVENS.splitlines()[:3])
        + "\nWe pay by the hour, offer lunch, and our shop is open on all days of the week.",
        OVENS.replace("code", "steel").replace("software", "plan").replace("dough", "iron").replace("ovens", "boats"),
    ],
    ids=["another place", "another skill", "half of it", "other words"],
)
def test_look_alikes_stay_apart(other: str) -> None:
    mine = OVENS.replace("bakers trust", "Austin trusts") if "Denver" in other else OVENS
    assert near(mine, other) == {}


def test_rows_that_differ_in_what_they_are_stay_apart() -> None:
    assert near(OVENS, OVENS, apart=["Austin", "Denver"]) == {}
    assert near(OVENS, OVENS, OVENS, apart=["Austin", "Denver", "Austin"]) == {2: 0}


def test_short_texts_must_be_the_same_but_for_numbers() -> None:
    assert near("Bake 20 loaves a day for us", "Bake 30 loaves a day for us") == {1: 0}
    assert near("Bake 20 loaves a day for us", "Bake 20 loaves a day for them") == {}
    assert near("", "") == {}
    assert near() == {}


def test_each_near_duplicate_is_near_to_one_that_is_kept() -> None:
    words = OVENS.split()
    drifting = []
    for step in range(12):  # each is near to the one before, the last is far from the first
        words[step * 7 % len(words)] = "dough"
        words[(step * 7 + 3) % len(words)] = "heat"
        drifting.append(" ".join(words))
    replaced = near(*drifting)
    assert replaced
    assert not set(replaced.values()) & set(replaced)


def test_the_order_of_the_rows_decides_nothing() -> None:
    texts = [OVENS, OVENS.replace("40", "41"), OVENS.replace("Python", "Rust"), OVENS + " Apply.", "Bake with us."]
    fullest = sorted(texts, key=len, reverse=True)
    for seed in range(5):
        shuffled = random.Random(seed).sample(texts, len(texts))
        order = sorted(range(len(texts)), key=lambda row: fullest.index(shuffled[row]))
        column = pl.Series(shuffled)
        found = near_duplicates(column, signatures(column), order, pl.Series([""] * len(texts)), 0.9)
        assert {(shuffled[row], shuffled[kept]) for row, kept in found.items()} == {
            (OVENS, OVENS + " Apply."),
            (OVENS.replace("40", "41"), OVENS + " Apply."),
        }


def test_a_crowd_of_look_alikes_takes_no_squared_time() -> None:
    people = [
        OVENS.replace("bakers trust", f"Baker{chr(97 + n % 26)}{chr(97 + n // 26)} Lane trusts") for n in range(600)
    ]
    assert near(*people) == {}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(st.sampled_from("abc dé1 \n.•"), max_size=60), max_size=8))
def test_any_texts_have_signatures_that_spacing_and_numbers_do_not_change(texts: list[str]) -> None:
    changed = [text.replace("1", "2").replace(" ", "  ").upper().replace("É", "é") for text in texts]
    assert (signatures(pl.Series(texts, dtype=pl.String)) == signatures(pl.Series(changed, dtype=pl.String))).all()


# In the tables


def table(columns: tuple[str, ...], rows: list[dict[str, str]]) -> Table:
    frame = pl.DataFrame(
        {column: [row.get(column) for row in rows] for column in columns}, dict.fromkeys(columns, pl.String)
    ).with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("source_row"))
    return Table(frame, pl.DataFrame(schema=REJECT_COLUMNS), len(rows))


JOB = {
    "title": "Oven Engineer (req 12345)",
    "company_name": "Warm Things",
    "location": "Austin, TX",
    "description": OVENS,
}


def postings(*rows: dict[str, str]) -> Cleaned:
    return clean_postings(table(POSTING_COLUMNS, list(rows)), keywords=[], similarity=0.9)


def test_the_most_complete_posting_is_kept_and_named() -> None:
    fuller = JOB | {
        "description": OVENS.replace("40", "50"),
        "skills_desc": "Python, dough",
        "title": "Oven Engineer (Req 67890)",
    }
    cleaned = postings(JOB, fuller)
    assert cleaned.frame["source_row"].to_list() == [2]
    kept = cleaned.frame["posting_id"].item()
    assert cleaned.rejects.select("source_row", "reason", "detail").rows() == [
        (1, "near_duplicate", f"nearly the same as row 2, {kept}, which says more")
    ]
    assert cleaned.rows_in == 2


@pytest.mark.parametrize(
    "difference",
    [
        {"title": "Senior Oven Engineer (req 12345)"},
        {"title": "Oven Engineer II"},
        {"company_name": "Cold Things"},
        {"location": "Denver, CO"},
        {"formatted_experience_level": "Entry level"},
        {"formatted_work_type": "Contract"},
    ],
)
def test_postings_for_another_job_stay(difference: dict[str, str]) -> None:
    other = JOB | {"description": OVENS.replace("40", "50")} | difference
    assert len(postings(JOB, other).frame) == 2


def test_resumes_are_looked_at_too_and_only_when_asked() -> None:
    me = f"Jane Baker\njane@example.com, 555-0101\n{OVENS}"
    rows = [
        {"Text": me},
        {"Text": me.replace("555-0101", "555-0199")},
        {"Text": me.replace("Jane Baker", "Joan Miller")},
    ]
    rows[2]["Text"] = rows[2]["Text"].replace("jane@", "joan@")
    given = table(RESUME_COLUMNS, rows)
    cleaned = clean_resumes(given, similarity=0.9)
    assert sorted(cleaned.rejects["reason"]) == ["near_duplicate"]
    assert 3 in cleaned.frame["source_row"].to_list()
    assert len(clean_resumes(given).frame) == 3
