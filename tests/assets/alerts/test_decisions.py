"""What checks find, who becomes champion and what comes in is told: once, with its figures."""

import dagster as dg

from resources.nights import Nights
from resources.notifier import QUIET
from tests.assets.alerts.watching import DAYS, Watch, checked, job_of
from tests.assets.conftest import DAY, Pipeline
from tests.assets.test_learn_day import BASE, NEXT, comparison, decided, only


def test_check_that_warns_is_told_once_a_day_with_what_it_says(watch: Watch) -> None:
    job = checked(
        "generated_resumes",
        "models_stay",
        passed=False,
        severity=dg.AssetCheckSeverity.WARN,
        description="gpt-4o will be shut down on 2027-01-14. Use gpt-5-mini instead.",
        metadata={"days_left": 52},
    )
    watch.run(job)
    (text,) = watch.tick()
    assert "Check models_stay of generated_resumes warns" in text
    assert "gpt-4o will be shut down on 2027-01-14. Use gpt-5-mini instead." in text
    assert "days_left: 52" in text
    watch.run(job)
    watch.clock.ahead = QUIET
    assert watch.tick() == []
    watch.run(job, "2026-07-24")
    assert len(watch.tick()) == 1


def test_check_that_stops_a_run_is_told_as_that_and_not_as_a_failure_too(on_disk: Watch) -> None:
    result = on_disk.run(
        checked("generated_resumes", "truthful", blocking=True, passed=False, metadata={"untruthful_share": 0.25})
    )
    assert not result.success
    (text,) = on_disk.tick()
    assert "Check truthful of generated_resumes stopped the run" in text
    assert "untruthful_share: 0.25" in text


def test_check_that_passes_is_silent(watch: Watch) -> None:
    watch.run(checked("generated_resumes", "truthful", passed=True))
    assert watch.tick() == []


def test_promotion_is_told_with_figures(beside: Watch, pipeline: Pipeline) -> None:
    decided(pipeline, comparison(3.0, low=1.0))
    (text,) = beside.tick()
    assert "A new champion writes from now on" in text
    for figure in ("New model: ft:new", "Score of the new model: 83.0", "Score of the champion before: 80.0"):
        assert figure in text
    assert "Better by: +3.00 points (+1.00 to +4.00)" in text
    decided(pipeline, comparison(3.0, low=1.0))
    assert beside.tick() == []


def test_rejection_is_told_with_the_reason(beside: Watch, pipeline: Pipeline) -> None:
    decided(pipeline, comparison(3.0, low=-0.5))
    (text,) = beside.tick()
    assert "The new model was rejected, the champion stays" in text
    assert "not surely better" in text
    assert "Champion: extractive-1" in text


def test_decisions_of_a_range_of_days_are_one_message(beside: Watch, pipeline: Pipeline) -> None:
    evaluation = comparison(3.0, low=-0.5)
    for day, model in ((DAY, "ft:one"), (NEXT, "ft:two")):
        note = {"champion": BASE, "against_champion": evaluation, "against_base": evaluation}
        Nights(pipeline.documents).note(day, model=model, evaluation=note)
    assert only(pipeline, "champion_model", days=(DAY, NEXT)).success
    (text,) = beside.tick()
    assert "(2 times)" in text
    assert f"{DAY}, {NEXT}" in text


def test_day_with_nothing_new_is_silent(beside: Watch, pipeline: Pipeline) -> None:
    assert only(pipeline, "champion_model").success
    assert beside.tick() == []


def test_rejection_by_the_gate_has_the_figures_of_the_evaluation(watch: Watch) -> None:
    def evaluated() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(
            metadata={"candidate": "ft:liar", "champion": "extractive-1", "score_candidate": 90.0}
        )

    def gates() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=False, metadata={"reasons": dg.MetadataValue.json({DAY: "It lies more."})})

    watch.run(
        job_of(
            "learn_day",
            dg.asset(evaluated, name="model_evaluation", partitions_def=DAYS),
            dg.asset_check(asset="model_evaluation", name="fit_to_reign", blocking=True, partitions_def=DAYS)(gates),
        )
    )
    (text,) = watch.tick()
    assert "rejected" in text
    assert "It lies more." in text
    assert "New model: ft:liar" in text


def test_new_raw_data_is_told_and_the_same_again_is_not(beside: Watch, pipeline: Pipeline) -> None:
    assert pipeline.ingest().success
    (text,) = beside.tick()
    assert "New raw data has come in" in text
    assert "resumes.csv" in text
    assert "postings.csv" in text
    beside.clock.ahead = QUIET
    assert pipeline.ingest().success
    assert beside.tick() == []
