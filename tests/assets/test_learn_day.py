"""The night: from a day's labels to a tuned model, its evaluation, and who writes the next day."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import dagster as dg
import pytest

from resources.champions import Champions
from resources.document_store import Document, DocumentStore
from resources.labels import Label, Labels
from resources.nights import Nights
from resume_assets.definitions import build_defs
from resume_assets.held_out import ARM
from tailoring.evaluation import Comparison, Difference
from tailoring.examples import is_held_out
from tailoring.intervals import Interval
from tests.assets.conftest import DAY, Pipeline, figures, pipeline_at, resources_at, why
from tests.model_server_fixture import RunningModelServer, running_model_server

NEXT = "2026-07-24"
BASE = "extractive-1"
STEPS = (
    "labelled_resumes",
    "training_examples",
    "fine_tuning_job",
    "fine_tuned_model",
    "model_evaluation",
    "champion_model",
)
NOON = dt.datetime(2026, 7, 23, 19, tzinfo=dt.UTC)


def for_learning(pipeline: Pipeline) -> Pipeline:
    """The project with pairs enough to learn from."""
    return pipeline.with_settings(pairing={"pairs_per_day": 60}, training={"held_out_share": 0.3, "sft_quantile": 0.0})


@pytest.fixture(scope="module")
def generated_once(
    tmp_path_factory: pytest.TempPathFactory, mongo_uri: str, model_server: RunningModelServer
) -> Iterator[Pipeline]:
    """A project whose first day is generated; nothing else is done in it."""
    with pipeline_at(tmp_path_factory.mktemp("generated"), DocumentStore(mongo_uri, "generated"), model_server) as made:
        ready = for_learning(made)
        assert ready.ingest().success
        assert ready.generate().success
        yield ready


@pytest.fixture
def day(pipeline: Pipeline, generated_once: Pipeline) -> Pipeline:
    """A project whose first day is generated."""
    ready = for_learning(pipeline)
    ready.continue_from(generated_once)
    return ready


def label(pipeline: Pipeline, by: str = "ann", **wrong: Any) -> list[Document]:
    """Label the day by the automatic score; returns its documents. `wrong` fields replace those of each label."""
    documents = pipeline.collection("july-23-resumes")
    labels = Labels(pipeline.documents)
    for document in documents:
        labels.record(document["_id"], Label(by, round(document["ats_prescore"]), document["truthful"], NOON))
    if wrong:
        pipeline.documents.database["july-23-resumes"].update_many({}, {"$set": {"labels": [wrong], **wrong}})
    return documents


def learn(pipeline: Pipeline, day: str = DAY, config: dict[str, Any] | None = None) -> dg.ExecuteInProcessResult:
    return pipeline.run("learn_day", day, {"ops": config or {}})


def steps(result: dg.ExecuteInProcessResult) -> set[str]:
    """The assets that this run materialized."""
    return {event.asset_key.to_user_string() for event in result.get_asset_materialization_events() if event.asset_key}


def training_lines(pipeline: Pipeline, form: str, day: str = DAY) -> list[dict[str, Any]]:
    file = pipeline.data / f"buckets/processed/training/{day}/{form}.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_night_trains_evaluates_and_decides(day: Pipeline) -> None:
    documents = label(day)
    result = learn(day)
    assert result.success, why(result)
    assert steps(result) == set(STEPS)
    held_out = {each["resume_text"] for each in documents if is_held_out(each["id"].partition("-")[0], 0.3)}
    lines = training_lines(day, "supervised")
    assert held_out
    assert len(lines) == figures(result, "training_examples")["supervised_examples"] >= 10
    for text in held_out:
        first = text.splitlines()[0]
        assert not any(first in line["messages"][1]["content"] for line in lines)
    evaluation = figures(result, "model_evaluation")
    assert evaluation["candidate"].startswith("ft:extractive-1:")
    assert evaluation["better_than_champion_low"] <= evaluation["better_than_champion_high"]
    (tuned,) = Champions(day.documents).models()
    assert (tuned.base, tuned.method, tuned.examples) == (BASE, "supervised", len(lines))
    assert tuned.metrics["losses"]


def test_day_without_labels_is_a_skip_with_a_reason(day: Pipeline) -> None:
    result = learn(day)
    assert result.success
    assert steps(result) == {"labelled_resumes", "training_examples"}
    assert figures(result, "training_examples")["trains"] == "nothing: too few labels"
    assert "0 examples" in Nights(day.documents).read(DAY)["examples"]["why"]
    assert Champions(day.documents).standing(NEXT, BASE) == BASE


def test_automatic_labels_teach_only_where_that_is_asked_for(day: Pipeline) -> None:
    label(day, by="auto")
    assert figures(learn(day), "training_examples")["supervised_examples"] == 0
    choice = {"training_examples": {"config": {"automatic_labels": True}}}
    assert figures(learn(day, config=choice), "training_examples")["supervised_examples"] >= 10


def test_bad_labels_are_told_and_teach_nothing(day: Pipeline) -> None:
    label(day)
    collection = day.documents.database["july-23-resumes"]
    bad = {"didBy": "bob", "score": 140, "truthfulness": True, "labelled_at": NOON}
    victim = collection.find_one(sort=[("_id", 1)])
    assert victim is not None
    collection.database.command("collMod", "july-23-resumes", validator={})
    collection.update_one({"_id": victim["_id"]}, {"$set": {"labels": [bad], "score": 140, "didBy": "bob"}})
    result = learn(day)
    assert figures(result, "labelled_resumes")["bad_labels"] == 1
    assert victim["tailored"] not in json.dumps(training_lines(day, "kto"))
    kept = collection.find_one({"_id": victim["_id"]})
    assert kept is not None
    assert kept["score"] == 140


def test_untruthful_documents_are_never_imitated(day: Pipeline) -> None:
    documents = day.collection("july-23-resumes")
    labels = Labels(day.documents)
    for place, document in enumerate(documents):
        labels.record(document["_id"], Label("ann", 100 if place % 2 else 60, not place % 2, NOON))
    result = learn(day)
    assert result.success, why(result)
    answers = {line["messages"][-1]["content"] for line in training_lines(day, "supervised")}
    lies = {document["tailored"] for document in documents[1::2]}
    truths = {document["tailored"] for document in documents[::2]}
    assert answers <= truths
    assert not answers & (lies - truths)


def comparison(better: float, *, low: float, lies: float = 0.0) -> dict[str, Any]:
    def difference(of: float, mean: float, low: float) -> Difference:
        return Difference(candidate=of + mean, other=of, mean=mean, interval=Interval(low=low, high=mean + 1))

    return Comparison(
        pairs=40,
        resumes=14,
        confidence=0.95,
        wins=30,
        ties=0,
        losses=10,
        score=difference(80, better, low),
        fit=difference(60, 0, -1),
        truthful=difference(1, -lies, -lies),
        failures=0,
        failures_of_other=0,
    ).model_dump()


def decided(pipeline: Pipeline, evaluation: dict[str, Any], model: str = "ft:new") -> dg.ExecuteInProcessResult:
    """The end of a night whose model was evaluated so."""
    note = {"champion": BASE, "against_champion": evaluation, "against_base": evaluation}
    Nights(pipeline.documents).note(DAY, model=model, evaluation=note)
    return only(pipeline, "champion_model")


def only(pipeline: Pipeline, *assets: str, days: tuple[str, str] | None = None) -> dg.ExecuteInProcessResult:
    """Part of a night, by itself."""
    range_tags = {
        f"dagster/asset_partition_range_{end}": day for end, day in zip(("start", "end"), days or (), strict=bool(days))
    }
    return (
        build_defs(pipeline.settings, pipeline.resources)
        .resolve_job_def("learn_day")
        .execute_in_process(
            instance=pipeline.instance,
            partition_key=None if days else DAY,
            tags=range_tags,
            asset_selection=[dg.AssetKey(asset) for asset in assets] if assets else None,
            raise_on_error=False,
        )
    )


def test_better_model_becomes_champion_from_the_next_day_on(pipeline: Pipeline) -> None:
    result = decided(pipeline, comparison(3.0, low=1.0))
    assert figures(result, "champion_model")["promoted"] is True
    champions = Champions(pipeline.documents)
    assert (champions.standing(DAY, BASE), champions.standing(NEXT, BASE)) == (BASE, "ft:new")


@pytest.mark.parametrize(
    ("evaluation", "reason"),
    [
        (comparison(3.0, low=-0.5), "not surely better"),
        (comparison(3.0, low=1.0, lies=0.05), "lies more"),
    ],
)
def test_model_that_is_not_surely_better_or_lies_more_leaves_the_champion(
    pipeline: Pipeline, evaluation: dict[str, Any], reason: str
) -> None:
    result = decided(pipeline, evaluation)
    assert result.success
    assert figures(result, "champion_model")["promoted"] is False
    assert reason in figures(result, "champion_model")["reason"]
    assert Champions(pipeline.documents).history() == []


def test_night_repeated_pays_nothing_again_and_decides_once(day: Pipeline) -> None:
    label(day)
    assert learn(day).success
    before, history = day.server.requests(), Champions(day.documents).history()
    again = learn(day)
    assert again.success
    after = day.server.requests()
    assert (after.total, after.created) == (before.total, before.created)
    assert figures(again, "fine_tuning_job")["new"] is False
    assert Champions(day.documents).history() == history


@pytest.fixture
def own_server(day: Pipeline) -> Iterator[Pipeline]:
    """The same day with a model server that nobody else counts on."""
    with running_model_server() as server:
        yield replace(day, server=server, resources={**day.resources, **resources_at(server, day.documents)})


def test_night_killed_at_any_step_boundary_goes_on_with_exact_counts(own_server: Pipeline) -> None:
    label(own_server)
    for last in range(1, len(STEPS)):
        assert only(own_server, *STEPS[:last]).success
    whole = learn(own_server)
    assert whole.success, why(whole)
    counted = own_server.server.requests()
    assert counted.created["fine_tuning.jobs"] == 1
    pairs = figures(whole, "model_evaluation")["pairs"]
    assert counted.total == 2 * pairs  # the candidate and the base, who is the champion too
    assert own_server.documents.database["generation_ledger"].count_documents({"arm": ARM}) == 2 * pairs


def test_two_nights_at_once_pay_for_one_job(own_server: Pipeline) -> None:
    label(own_server)
    assert only(own_server, "labelled_resumes", "training_examples").success

    def submit(_: int) -> dg.ExecuteInProcessResult:
        with dg.DagsterInstance.ephemeral() as instance:
            return only(replace(own_server, instance=instance), "fine_tuning_job")

    with ThreadPoolExecutor(2) as both:
        results = list(both.map(submit, range(2)))
    assert own_server.server.requests().created["fine_tuning.jobs"] == 1
    assert any(result.success for result in results)
    for result in results:
        assert result.success or "is being submitted by" in why(result)


def with_faults(day: Pipeline, faults: dict[str, Any]) -> Iterator[Pipeline]:
    with running_model_server(faults) as server:
        yield replace(day, server=server, resources={**day.resources, **resources_at(server, day.documents)})


def test_failed_training_fails_the_night_in_the_providers_words_and_leaves_the_champion(day: Pipeline) -> None:
    label(day)
    for failing in with_faults(day, {"jobs": [{"fail": "The moon was in the wrong quarter."}]}):
        result = learn(failing)
        assert not result.success
        assert "The moon was in the wrong quarter." in why(result)
        assert "champion_model" not in steps(result)
        again = learn(failing)
        assert not again.success
        assert failing.server.requests().created["fine_tuning.jobs"] == 1
        deliberate = learn(failing, config={"fine_tuning_job": {"config": {"again": True}}})
        assert deliberate.success, why(deliberate)
        assert failing.server.requests().created["fine_tuning.jobs"] == 2
    assert Champions(day.documents).standing(NEXT, BASE) in (BASE, figures(deliberate, "model_evaluation")["candidate"])


def test_answers_lost_on_the_way_are_no_fault_of_the_champion_and_decide_nothing(day: Pipeline) -> None:
    label(day)
    for failing in with_faults(day, {"rates": [{"rate": 0.3, "fault": {"kind": "server_error"}}]}):
        result = learn(failing)
        assert not result.success
        assert "held-out pairs" in why(result)
        assert "champion_model" not in steps(result)
    assert Champions(day.documents).standing(NEXT, BASE) == BASE


def test_training_that_hangs_ends_in_time_and_is_waited_for_again(day: Pipeline) -> None:
    label(day)
    hurried = day.with_settings(training={"timeout_hours": 0.5 / 3600, "poll_seconds": 0.1})
    for hanging in with_faults(hurried, {"jobs": [{"hang": True}]}):
        result = learn(hanging)
        assert not result.success
        assert "run it again to go on waiting" in why(result).lower()
        assert hanging.server.requests().created["fine_tuning.jobs"] == 1


def test_past_days_are_learned_again_without_touching_a_label(day: Pipeline) -> None:
    label(day)
    second = day.generate(NEXT)
    assert second.success
    before = label_hash(day)
    result = only(day, days=(DAY, "2026-08-05"))
    assert result.success, why(result)
    learned = {
        event.partition
        for event in result.get_asset_materialization_events()
        if event.asset_key == dg.AssetKey("champion_model")
    }
    assert len(learned) == 14
    assert label_hash(day) == before


def label_hash(pipeline: Pipeline) -> str:
    collections = [*pipeline.collection("july-23-resumes"), *pipeline.collection("july-24-resumes")]
    return hashlib.sha256(repr(collections).encode()).hexdigest()


def test_too_dear_a_job_is_not_submitted(day: Pipeline) -> None:
    label(day)
    prices = day.settings.root / day.settings.spending.prices
    content = prices.read_text()
    assert "extractive-1: {input: 0, cached_input: 0, output: 0, training: 0" in content
    prices.write_text(content.replace("output: 0, training: 0", "output: 0, training: 900000", 1))
    dear = day.with_settings(training={"hyperparameters": {"n_epochs": 3}})
    before = day.server.requests().submits
    result = learn(dear)
    assert "more than training.max_usd_per_job allows" in why(result)
    assert day.server.requests().submits == before
