"""What an ended run gives to tell: its failure, failed checks, the champion, the day's figures, new raw data.

Read from the run's own event log, so that nothing is missed however many runs end at once.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
from dagster import DagsterEvent, DagsterEventType

from resume_assets.settings import Settings
from resume_assets.spending import CapReached
from tailoring.messages import Message

DAY_TAG, BACKFILL_TAG, WILL_RETRY_TAG = "dagster/partition", "dagster/backfill", "dagster/will_retry"
RANGE_TAGS = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")
CHECK_STOPPED_IT = "DagsterAssetCheckFailedError"
CAP = CapReached.__name__
GATE = dg.AssetCheckKey(dg.AssetKey("model_evaluation"), "fit_to_reign")
MOST_FACTS = 20


@dataclass(frozen=True)
class EndedRun:
    """A run with what it left in the event log. `day` is empty where the run is of no day."""

    run: dg.DagsterRun
    day: str
    ui_url: str
    materializations: Sequence[dg.AssetMaterialization]
    failed_checks: Sequence[dg.AssetCheckEvaluation]
    step_failures: Sequence[DagsterEvent]
    run_failure: DagsterEvent | None

    @property
    def job(self) -> str:
        """The job's name; runs of assets chosen by hand have none that people know."""
        return "A run of chosen assets" if self.run.job_name.startswith("__") else self.run.job_name

    def of_asset(self, name: str) -> list[tuple[str, dict[str, Any]]]:
        """Day and metadata of each materialization of the asset."""
        return [
            (each.partition or self.day, {key: value.value for key, value in each.metadata.items()})
            for each in self.materializations
            if each.asset_key == dg.AssetKey(name)
        ]

    def message(self, key: str, group: str, title: str, **details: Any) -> Message:
        """A message with a link to the run; those of a backfill are a group of their own."""
        backfill = self.run.tags.get(BACKFILL_TAG, "")
        links = {"Open the run": f"{self.ui_url}/runs/{self.run.run_id}"}
        return Message(
            key=key, group=f"{group}/{backfill}".rstrip("/"), title=title, links=links, backfill=backfill, **details
        )


def messages_of_run(instance: dg.DagsterInstance, run_id: str, settings: Settings) -> list[Message]:
    """Everything that this run gives to tell; none where the run is not known any more."""
    run = instance.get_run_by_id(run_id)
    if run is None:
        return []
    ended = _read(instance, run, settings)
    tellers: tuple[Callable[[EndedRun], list[Message]], ...] = (_failure, _checks, _champion, _report, _raw_data)
    return [message for teller in tellers for message in teller(ended)]


def _read(instance: dg.DagsterInstance, run: dg.DagsterRun, settings: Settings) -> EndedRun:
    types = {
        DagsterEventType.ASSET_MATERIALIZATION,
        DagsterEventType.ASSET_CHECK_EVALUATION,
        DagsterEventType.STEP_FAILURE,
        DagsterEventType.RUN_FAILURE,
    }
    records = instance.get_records_for_run(run.run_id, of_type=types).records
    events = [event for record in records if (event := record.event_log_entry.dagster_event)]
    checks = [
        event.asset_check_evaluation_data
        for event in events
        if event.event_type == DagsterEventType.ASSET_CHECK_EVALUATION
    ]
    return EndedRun(
        run=run,
        day=run.tags.get(DAY_TAG) or " to ".join(filter(None, map(run.tags.get, RANGE_TAGS))),
        ui_url=settings.ui_url,
        materializations=[
            event.step_materialization_data.materialization for event in events if event.is_step_materialization
        ],
        failed_checks=[check for check in checks if not check.passed],
        step_failures=[event for event in events if event.is_step_failure],
        run_failure=next((event for event in events if event.is_run_failure), None),
    )


def _failure(ended: EndedRun) -> list[Message]:
    if ended.run_failure is None or ended.run.tags.get(WILL_RETRY_TAG) == "true":
        return []
    own = [event for event in ended.step_failures if not _stopped_by_a_check(event)]
    if ended.step_failures and not own:
        return []  # the check is told, with what it says
    step = (own[0].step_key or "") if own else ""
    others = ", ".join(sorted({event.step_key or "" for event in own} - {step}))
    return [
        ended.message(
            key=f"failure/{ended.run.run_id}",
            group=f"failure/{ended.run.job_name}/{step}",
            title=f"{ended.job} {_how(own)}" + (f" at {step}" if step else ""),
            text=_first_line(_what_failed(own[0]) if own else _what_ended(ended.run_failure)),
            facts=_given({"Job": ended.job, "Asset or step": step, "Failed too": others, "Day": ended.day}),
            subject=ended.day,
        )
    ]


def _checks(ended: EndedRun) -> list[Message]:
    """One for each check that warns or fails; the gate before the champion is told as the decision that it is."""
    return [
        ended.message(
            key=f"check/{asset}/{check.check_name}/{day or ended.run.run_id}/{check.severity.value}",
            group=f"check/{asset}/{check.check_name}",
            title=f"Check {check.check_name} of {asset} {_verdict(check)}",
            text=check.description or "",
            facts=_given({"Day": day, **_shown(check.metadata)}),
            subject=day,
        )
        for check in ended.failed_checks
        if check.asset_check_key != GATE
        for asset, day in [(check.asset_key.to_user_string(), check.partition or ended.day)]
    ]


def _champion(ended: EndedRun) -> list[Message]:
    """Who was promoted or rejected; a day with no new model is silent."""
    decisions = [(day, figures) for day, figures in ended.of_asset("champion_model") if "candidate" in figures]
    if not decisions:  # the gate stopped the run before there was a decision
        reasons = _gate_reasons(ended)
        decisions = [
            (day, {**figures, "reason": reasons[day]})
            for day, figures in ended.of_asset("model_evaluation")
            if day in reasons
        ]
    return [_decision(ended, day, figures) for day, figures in decisions]


def _decision(ended: EndedRun, day: str, figures: Mapping[str, Any]) -> Message:
    promoted = bool(figures.get("promoted"))
    low, high = figures.get("better_than_champion_low"), figures.get("better_than_champion_high")
    better = _number(figures.get("better_than_champion"), "+.2f")
    interval = f" ({_number(low, '+.2f')} to {_number(high, '+.2f')})" if low is not None and high is not None else ""
    return ended.message(
        key=f"champion/{day}/{figures['candidate']}/{promoted}",
        group=f"champion/{'promoted' if promoted else 'rejected'}",
        title="A new champion writes from now on" if promoted else "The new model was rejected, the champion stays",
        text=str(figures.get("reason", "")),
        facts=_given(
            {
                "Learned from": day,
                "New model": str(figures["candidate"]),
                "Champion": str(figures.get("champion", "")),
                "Score of the new model": _number(figures.get("score_candidate"), ".1f"),
                "Score of the champion before": _number(figures.get("score_champion"), ".1f"),
                "Better by": better and f"{better} points{interval}",
            }
        ),
        subject=day,
    )


def _gate_reasons(ended: EndedRun) -> dict[str, str]:
    reasons: dict[str, str] = {}
    for check in ended.failed_checks:
        if check.asset_check_key == GATE and "reasons" in check.metadata:
            found = check.metadata["reasons"].value
            reasons |= found if isinstance(found, dict) else {}
    return reasons


def _report(ended: EndedRun) -> list[Message]:
    return [
        ended.message(
            key=f"report/{day}",
            group="report",
            title="The day in figures",
            facts=_given(
                {
                    "Labelled": _out_of(figures.get("labelled"), figures.get("documents")),
                    "Mean score": _number(figures.get("mean_score"), ".1f"),
                    "Truthful": _number(figures.get("truthful_share"), ".0%"),
                    "Volunteers": _number(figures.get("volunteers"), ".0f"),
                    "Report": str(figures.get("page", "")),
                }
            ),
            subject=day,
        )
        for day, figures in ended.of_asset("daily_report")
    ]


def _raw_data(ended: EndedRun) -> list[Message]:
    """One for all objects of a run."""
    fetched = {
        str(figures.get("source", name)): f"{figures['new']} new of {figures['objects']}, {figures['bytes']:,} bytes"
        for name in ("raw_resumes", "raw_postings")
        for _, figures in ended.of_asset(name)
        if figures.get("new")
    }
    if not fetched:
        return []
    return [ended.message(f"raw/{ended.run.run_id}", "raw", "New raw data has come in", facts=fetched)]


def _stopped_by_a_check(event: DagsterEvent) -> bool:
    return CHECK_STOPPED_IT in _error_names(event)


def _how(failures: Sequence[DagsterEvent]) -> str:
    return "stopped: the budget is reached," if failures and CAP in _error_names(failures[0]) else "failed"


def _error_names(event: DagsterEvent) -> Iterator[str | None]:
    """The classes of the step's error and of what caused it."""
    error = event.step_failure_data.error
    while error:
        yield error.cls_name
        error = error.cause


def _what_failed(event: DagsterEvent) -> str:
    """What the step said itself; else the error at the bottom of it."""
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return data.user_failure_data.description
    error = data.error
    while error and error.cause:
        error = error.cause
    return error.message if error else event.message or ""


def _what_ended(event: DagsterEvent) -> str:
    error = event.job_failure_data.error
    return error.message if error else event.message or ""


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "No reason was given.")


def _verdict(check: dg.AssetCheckEvaluation) -> str:
    if check.severity == dg.AssetCheckSeverity.WARN:
        return "warns"
    return "stopped the run" if check.blocking else "failed"


def _shown(metadata: Mapping[str, dg.MetadataValue[Any]]) -> dict[str, str]:
    """Names and values of metadata, as far as they can be told in words."""
    told = {}
    for name, each in list(metadata.items())[:MOST_FACTS]:
        value = each.value
        if isinstance(value, float):
            told[name] = f"{value:.4g}"
        elif isinstance(value, str | int):
            told[name] = str(value)
        elif isinstance(value, dict | list):
            told[name] = json.dumps(value, ensure_ascii=False, default=str) if value else ""
    return told


def _given(facts: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in facts.items() if value}


def _number(value: Any, form: str) -> str:
    return format(float(value), form) if isinstance(value, int | float) else ""


def _out_of(part: Any, whole: Any) -> str:
    if not isinstance(part, int | float) or not isinstance(whole, int | float) or not whole:
        return ""
    return f"{part:.0f} of {whole:.0f} ({part / whole:.0%})"
