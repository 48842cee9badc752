"""Matching: who is paired with what, how fairly postings are shared out, and what the table tells."""

import random
from collections import Counter
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tailoring.matching import MatchWeights, match

# Trade -> what a resume of the trade says, and a posting for it.
TRADES = {
    "Java Developer": (
        "Built payment services in Java and Spring Boot. Tuned SQL in Oracle. Wrote JUnit tests.",
        "Senior Java Engineer",
        "We build insurance software with Java, Spring Boot, Hibernate and Oracle. You know SQL and JUnit.",
    ),
    "Network Administrator": (
        "Ran Cisco switches, routers, VLANs and firewalls in three offices. Monitored links, patched VPN gateways.",
        "Network Engineer",
        "Keep routers, switches and firewalls running. Cisco, OSPF, VPN and VLAN knowledge is needed.",
    ),
    "Registered Nurse": (
        "Cared for surgical patients, gave medication, changed dressings, kept charts on a ward of thirty beds.",
        "Staff Nurse, Surgery",
        "Care for patients before and after surgery, give medication, keep charts, support families on the ward.",
    ),
    "Accountant": (
        "Closed the books each month, filed taxes, reconciled ledgers and invoices in QuickBooks.",
        "Senior Accountant",
        "Month-end close, ledgers, taxes, invoices and audits for a family business, in QuickBooks.",
    ),
    "Project Manager": (
        "Led the move of two offices, planned budgets, schedules and risks, reported to the board.",
        "IT Project Manager",
        "Plan budgets, schedules and risks of software projects and report on them to the board.",
    ),
    "Line Cook": (
        "Cooked on the grill of a busy restaurant, prepared sauces, kept the kitchen clean.",
        "Cook",
        "Cook on the grill, prepare sauces and salads, keep the kitchen of our restaurant clean.",
    ),
}


def resumes(per_trade: int = 3, *, labels: bool = False) -> pl.DataFrame:
    rows = [
        {
            "resume_id": f"r{number:03d}",
            "resume_text": f"Person {number}\n{trade}\n\nExperience\n{trade}, Employer {number}\n{work}",
            "roles": trade if labels else "",
        }
        for number, (trade, (work, _, _)) in enumerate(list(TRADES.items()) * per_trade)
    ]
    return pl.DataFrame(rows)


def postings(per_trade: int = 3) -> pl.DataFrame:
    rows = [
        {
            "posting_id": f"p{number:03d}",
            "job_id": str(9000 + number),
            "title": title,
            "company_name": f"Employer {number}",
            "description": f"{text} Our office number {number} is waiting for you.",
        }
        for number, (_, title, text) in enumerate(list(TRADES.values()) * per_trade)
    ]
    return pl.DataFrame(rows)


def trade_of(identity: str) -> int:
    return int(identity[1:]) % len(TRADES)


@pytest.mark.parametrize("labels", [True, False])
def test_each_resume_meets_the_postings_of_its_trade(labels: bool) -> None:
    pairs = match(resumes(labels=labels), postings(), pairs=18)
    assert pairs.height == 18
    for resume, posting in pairs.select("resume_id", "posting_id").iter_rows():
        assert trade_of(resume) == trade_of(posting)


def test_a_role_label_outweighs_a_vague_text() -> None:
    vague = resumes(1).with_columns(resume_text=pl.lit("Hard-working, quick to learn. Knows Word."))
    labelled = vague.with_columns(roles=pl.Series(list(TRADES)))
    pairs = match(labelled, postings(), pairs=6)
    assert all(
        trade_of(resume) == trade_of(posting) for resume, posting in pairs.select("resume_id", "posting_id").rows()
    )


@pytest.mark.parametrize(
    ("text", "trade"),
    [
        (
            "Somewhere College\nJava\n\nExperience\nBuilt services in Spring Boot, reported to a project manager.",
            "Java Developer",
        ),
        ("Cook\n\nCook - Grill House\nHelped accountants, a senior accountant and a nurse as a guest.", "Line Cook"),
        ("Network Administrator\n2020 - now\nAccountant\n2015 - 2019\nProject Manager\n2012", "Network Administrator"),
    ],
)
def test_the_title_that_stands_apart_and_is_the_latest_decides(text: str, trade: str) -> None:
    person = pl.DataFrame({"resume_id": ["x"], "resume_text": [text], "roles": [""]})
    [posting] = match(person, postings(1), pairs=1)["posting_id"]
    assert list(TRADES)[trade_of(posting)] == trade


def test_a_title_without_a_trade_does_not_outweigh_the_work() -> None:
    work, title, _ = TRADES["Accountant"]
    person = pl.DataFrame({"resume_id": ["x"], "resume_text": [f"Senior Manager\n{work}"], "roles": [""]})
    jobs = pl.concat(
        [postings(1), postings(1).head(1).with_columns(posting_id=pl.lit("p099"), title=pl.lit("Manager"))]
    )
    assert match(person, jobs, pairs=1)["title"].to_list() == [title]


def test_the_table_tells_who_what_and_why() -> None:
    pairs = match(resumes(), postings(), pairs=18)
    assert pairs.columns == [
        *("pair_id", "resume_id", "posting_id", "job_id", "title", "company_name", "score", "rank", "reasons")
    ]
    java = pairs.row(by_predicate=pl.col("resume_id") == "r000", named=True)
    assert java["pair_id"] == f"r000-{java['posting_id']}"
    assert java["title"] == "Senior Java Engineer"
    assert java["job_id"] == str(9000 + int(java["posting_id"][1:]))
    assert "title: Java Developer ~ Senior Java Engineer" in java["reasons"]
    assert "skills: JUnit, Java, Spring Boot (3 of 3)" in java["reasons"]
    assert pairs["score"].is_between(0, 1).all()


def test_the_level_is_compared_and_told() -> None:
    texts = ["Junior Java Developer\nBuilt Java services.", "Senior Java Developer\nBuilt Java services."]
    people = pl.DataFrame({"resume_id": ["junior", "senior"], "resume_text": texts, "roles": ["", ""]})
    pairs = match(people, postings(1).head(1), pairs=2, weights=MatchWeights(seniority=0.3))
    scores = dict(pairs.select("resume_id", "score").iter_rows())
    reasons = dict(pairs.select("resume_id", "reasons").iter_rows())
    assert scores["senior"] > scores["junior"]
    assert reasons["senior"].endswith("seniority fits")
    assert reasons["junior"].endswith("seniority: senior asked, junior shown")


def test_the_order_of_the_rows_changes_nothing() -> None:
    expected = match(resumes(5), postings(4), pairs=50, seed=3)
    shuffled = match(resumes(5).sample(fraction=1, shuffle=True, seed=1), postings(4).reverse(), pairs=50, seed=3)
    assert shuffled.equals(expected)


def test_the_seed_chooses_who_is_served_when_not_all_can_be() -> None:
    chosen = [frozenset(match(resumes(5), postings(), pairs=6, seed=seed)["resume_id"]) for seed in range(5)]
    assert all(len(each) == 6 for each in chosen)
    assert len(set(chosen)) > 1
    assert match(resumes(5), postings(), pairs=6, seed=2).equals(match(resumes(5), postings(), pairs=6, seed=2))


def test_a_score_does_not_depend_on_other_resumes() -> None:
    every = match(resumes(5), postings(), pairs=90)
    some = match(resumes(5).head(6), postings(), pairs=18)
    both = every.join(some, on="pair_id", suffix="_alone")
    assert both.height >= 6
    assert both["score"].equals(both["score_alone"])


@pytest.mark.parametrize("pairs", [1, 7, 18, 19, 40, 54])
def test_every_resume_is_used_alike(pairs: int) -> None:
    used = Counter(match(resumes(), postings(), pairs=pairs)["resume_id"])
    assert sum(used.values()) == pairs
    counts = [used.get(identity, 0) for identity in resumes()["resume_id"]]
    assert max(counts) - min(counts) <= 1


def test_ranks_follow_scores() -> None:
    pairs = match(resumes(), postings(), pairs=54)
    for _, group in pairs.group_by("resume_id"):
        assert group.sort("rank")["rank"].to_list() == list(range(1, group.height + 1))
        assert group.sort("rank")["score"].is_sorted(descending=True)


def test_no_posting_is_used_more_than_its_share() -> None:
    crowd = resumes(20)  # twenty resumes of each trade, thirty postings
    pairs = match(crowd, postings(5), pairs=240, max_posting_share=0.05)
    first = Counter(pairs.filter(pl.col("rank") == 1)["posting_id"])
    assert pairs.height == 240
    assert max(first.values()) <= 6
    assert max(Counter(pairs["posting_id"]).values()) <= 12
    assert not pairs.select("resume_id", "posting_id").is_duplicated().any()


def test_a_posting_may_be_used_more_where_the_postings_are_too_few() -> None:
    pairs = match(resumes(4), postings(1), pairs=24, max_posting_share=0.05)
    assert pairs.height == 24
    assert max(Counter(pairs["posting_id"]).values()) == 4


def test_every_pair_is_used_when_all_are_asked_for() -> None:
    cooks = resumes(8).filter(pl.col("resume_text").str.contains("Cook"))
    kitchens = postings(3).filter(pl.col("title") == "Cook")
    assert match(cooks, kitchens, pairs=24).height == 24
    assert match(cooks, kitchens, pairs=100).height == 24


def test_what_has_nothing_in_common_is_not_paired() -> None:
    stranger = pl.DataFrame({"resume_id": ["x"], "resume_text": ["Zwölf Boxkämpfer jagen Viktor"], "roles": [""]})
    assert match(stranger, postings(), pairs=5).is_empty()
    assert match(stranger, postings(), pairs=5).columns == match(resumes(), postings(), pairs=1).columns
    pairs = match(pl.concat([resumes(1), stranger]), postings(), pairs=7)
    assert pairs.height == 7
    assert "x" not in pairs["resume_id"]


def test_rows_with_the_same_id_are_one() -> None:
    twice = pl.concat([resumes(1), resumes(1)])
    assert match(twice, postings(1), pairs=6).equals(match(resumes(1), postings(1), pairs=6))


def test_unknown_values_are_no_hindrance() -> None:
    holes = postings(1).with_columns(company_name=pl.lit(None, pl.String), job_id=pl.lit(None, pl.String))
    pairs = match(resumes(1).with_columns(roles=pl.lit(None, pl.String)), holes, pairs=6)
    assert pairs.height == 6
    assert pairs["company_name"].null_count() == 6


@pytest.mark.parametrize(
    ("people", "jobs", "complaint"),
    [
        (resumes(1).clear(), postings(1), "no resumes to match"),
        (resumes(1), postings(1).clear(), "no postings to match"),
        (resumes(1).drop("roles"), postings(1), "resumes lack the columns roles"),
        (resumes(1), postings(1).drop("title", "job_id"), "postings lack the columns job_id, title"),
    ],
)
def test_unusable_tables_are_named(people: pl.DataFrame, jobs: pl.DataFrame, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        match(people, jobs)


@pytest.mark.parametrize(
    "setting", [{"pairs": 0}, {"candidates": 0}, {"max_posting_share": 0}, {"max_posting_share": 1.5}]
)
def test_settings_out_of_range_are_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(setting))):
        match(resumes(1), postings(1), **setting)


@pytest.mark.parametrize(
    "wrong", [{"title": -1}, {"title": 0, "wording": 0, "skills": 0}, {"typo": 1}, {"skills": "nan"}]
)
def test_weights_are_checked(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        MatchWeights.model_validate(wrong)


@settings(max_examples=40, deadline=None)
@given(
    people=st.integers(1, 14),
    jobs=st.integers(1, 14),
    pairs=st.integers(1, 60),
    share=st.sampled_from([0.05, 0.3, 1.0]),
    few=st.integers(1, 5),
    seed=st.integers(0, 3),
)
def test_shares_are_fair_whatever_the_numbers(
    people: int, jobs: int, pairs: int, share: float, few: int, seed: int
) -> None:
    draw = random.Random(seed)
    cooks = pl.concat([resumes(14).filter(pl.col("resume_text").str.contains("Cook"))]).head(people)
    kitchens = postings(14).filter(pl.col("title") == "Cook").head(jobs)
    kitchens = kitchens.with_columns(
        description=pl.Series([f"{text} {' grill' * draw.randrange(4)}" for text in kitchens["description"]])
    )
    found = match(cooks, kitchens, pairs=pairs, max_posting_share=share, candidates=few, seed=seed)
    assert found.height == min(pairs, people * jobs)
    used = Counter(found["resume_id"])
    if share == 1:  # the cap of first places may leave a resume with less, where the postings are few
        counts = [used.get(identity, 0) for identity in cooks["resume_id"]]
        assert max(counts) - min(counts) <= 1
    assert not found["pair_id"].is_duplicated().any()
    assert found.sort("resume_id", "rank").equals(found)
