"""How far a day is, in one line: what is done, what failed and why, tokens, dollars, rate and time left."""

from types import SimpleNamespace
from typing import cast

import dagster as dg

from resume_assets.asking import Outcome
from resume_assets.progress import Progress, figures, line


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
    assert told["seconds_left"] == 3
    assert figures(Outcome(), 20, seconds=0.0)["seconds_left"] == 0


def test_what_an_earlier_run_left_is_told() -> None:
    outcome: Outcome[str] = Outcome(done=7, reused=5, from_batches=5, cut_short_before=2, asked=2)
    assert "5 from a batch that was left open, 2 perhaps asked twice" in line(outcome, 7, seconds=1.0)


class Recorder:
    """What Progress needs of Dagster's context."""

    asset_key = dg.AssetKey("generated_resumes")
    partition_key = "2026-07-23"

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.observed: list[dg.AssetObservation] = []
        self.log = SimpleNamespace(info=self.lines.append)
        self.log_event = self.observed.append


def test_it_is_told_while_it_runs_in_the_log_and_in_the_ui() -> None:
    time, context = iter(range(0, 1000, 1)), Recorder()
    told = Progress(cast(dg.AssetExecutionContext, context), 219, clock=lambda: float(next(time)))
    for done in range(1, 66):  # one a second
        told(Outcome(done=done, asked=done))
    assert len(context.lines) == 32
    assert [each.metadata["done"].value for each in context.observed] == [30, 60]
    assert {each.partition for each in context.observed} == {"2026-07-23"}
    told(Outcome(done=219))
    assert context.lines[-1].startswith("219 of 219"), "the last line comes at once"
