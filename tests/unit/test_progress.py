"""How far a day is, in one line: what is done, what failed and why, tokens, dollars, rate and time left."""

from resume_assets.asking import Outcome
from resume_assets.progress import figures, line


def test_a_line_tells_everything_that_there_is_to_tell() -> None:
    outcome: Outcome[str] = Outcome(
        failed={"a": "refused by the model", "b": "refused by the model", "c": "empty answer"},
        done=97,
        reused=40,
        asked=70,
        held_by_others=2,
        prompt_tokens=1_200_000,
        completion_tokens=34_567,
        usd=0.4242,
    )
    assert line(outcome, 219, seconds=30.0) == (
        "97 of 219 resumes, 40 from the ledger, 3 failed (2 x refused by the model, 1 x empty answer), "
        "2 asked by another run, 1,234,567 tokens, $0.42, 2.0 a second, 1 min 0 s left"
    )


def test_a_line_leaves_out_what_there_is_none_of() -> None:
    assert line(Outcome(), 219, seconds=0.0) == "0 of 219 resumes"
    done: Outcome[str] = Outcome(done=219, reused=219)
    assert line(done, 219, seconds=1.0) == "219 of 219 resumes, 219 from the ledger"


def test_answers_without_a_price_are_told() -> None:
    assert "$0.00 and 3 unpriced" in line(Outcome(done=3, asked=3, unpriced=3), 3, seconds=1.0)


def test_the_figures_are_numbers_that_can_be_plotted() -> None:
    told = figures(Outcome(done=10, reused=4, asked=6, usd=0.5, at_once=8), 20, seconds=2.0)
    assert (told["done"], told["of"], told["per_second"], told["cost_usd"], told["at_once"]) == (10, 20, 3.0, 0.5, 8)
