"""The learning layer: from labels to training files and a fine-tuned model. What becomes of it is `promotion`'s.

Every asset works for one day or for a range of them, so that past days are filled in by one run as well as by many.
What a step leaves for the next is in MongoDB (`resources.nights`), so that each can be run again by itself.
"""

import hashlib
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from resources.champions import Champions, TunedModel
from resources.document_store import Document, DocumentStore
from resources.fine_tuning import FineTuning, FinishedJob, JobRequest
from resources.label_rules import AUTOMATIC
from resources.nights import Nights
from resume_assets.arms import open_arms
from resume_assets.assets.common import OWNERS, told_clearly
from resume_assets.generation import utc_now
from resume_assets.io import Tables
from resume_assets.label_table import label_table
from resume_assets.learning import TrainingSet, build_training_sets, chosen, labelled_documents, window
from resume_assets.settings import Settings
from resume_assets.spending import open_budget
from tailoring.examples import Examples, build_examples


class ExamplesConfig(dg.Config):
    """Choices of one run; every default is the safe one."""

    automatic_labels: bool = Field(
        default=False,
        description="Learn from the demo's automatic labels too, not only from people's.",
    )


class JobConfig(dg.Config):
    """Choices of one run; every default is the safe one."""

    again: bool = Field(
        default=False,
        description="Submit, and pay for, another job where the one for these examples failed or was cancelled.",
    )


def learning_asset(days: dg.DailyPartitionsDefinition, **options: Any) -> Callable[..., dg.AssetsDefinition]:
    """An asset of the learning layer; a range of past days may run as one."""
    made: Callable[..., dg.AssetsDefinition] = dg.asset(
        partitions_def=days,
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name="learning",
        owners=OWNERS,
        code_version="1",
        **options,
    )
    return made


def training_assets(days: dg.DailyPartitionsDefinition) -> list[dg.AssetsDefinition]:
    """From labels to a tuned model, partitioned by the calendar."""

    @learning_asset(days, kinds={"openai", "polars"}, deps=["labelled_resumes"])
    def training_examples(
        context: dg.AssetExecutionContext,
        config: ExamplesConfig,
        settings: dg.ResourceParam[Settings],
        documents: dg.ResourceParam[DocumentStore],
        tables: dg.ResourceParam[Tables],
    ) -> None:
        """What the labels up to the day teach: imitation, preferences, truth. No held-out resume, no lie to imitate."""
        with told_clearly(context, settings.retries):
            without = frozenset() if config.automatic_labels else frozenset({AUTOMATIC})
            base = settings.generation.model
            for day in context.partition_keys:
                first, last = window(day, settings.training.window_days)
                table = label_table(documents.labels_between(first, last))
                prompt = open_arms(settings, champion=base)[0].prompt
                labelled = labelled_documents(documents.labelled(first, last), table, prompt, without=without)
                examples = build_examples(
                    labelled,
                    held_out_share=settings.training.held_out_share,
                    sft_quantile=settings.training.sft_quantile,
                    preference_margin=settings.training.preference_margin,
                )
                sets = build_training_sets(examples, settings.training, base, open_budget(settings).prices)
                for each in sets:
                    _store(tables, day, each)
                taken = chosen(sets, settings.training.method)
                Nights(documents).note(day, examples=_as_note(taken, sets, base))
                context.add_asset_metadata(_examples_figures(examples, sets, taken), partition_key=day)

    @learning_asset(days, kinds={"openai", "mongodb"}, deps=[training_examples], output_required=False)
    def fine_tuning_job(
        context: dg.AssetExecutionContext,
        config: JobConfig,
        settings: dg.ResourceParam[Settings],
        documents: dg.ResourceParam[DocumentStore],
        fine_tuning: dg.ResourceParam[FineTuning],
        tables: dg.ResourceParam[Tables],
    ) -> Iterator[dg.MaterializeResult[None]]:
        """The day's fine-tuning, submitted once: an equal job is found, not paid for again."""
        with told_clearly(context, settings.retries):
            nights = Nights(documents)
            submitted = False
            for day in context.partition_keys:
                examples = nights.read(day).get("examples")
                if not examples or not examples["form"]:
                    why = examples["why"] if examples else "The day has no examples."
                    context.log.info(f"{day}: nothing to submit. {why}")
                    nights.note(day, job=None, model=None)
                    context.add_asset_metadata({"submitted": False, "reason": why}, partition_key=day)
                    continue
                _require_affordable(examples, settings)
                request = JobRequest(
                    training=_stored(tables, day, examples),
                    base_model=examples["base"],
                    method=examples["form"],
                    hyperparameters=settings.training.hyperparameters,
                    suffix=day,
                    seed=settings.sampling.seed,
                )
                job = fine_tuning.submit(request, now=utc_now, again=config.again)
                nights.note(day, job={"id": job.job_id, "key": job.key}, model=None)
                figures = {"submitted": True, "job": job.job_id, "new": job.new, "method": examples["form"]}
                context.add_asset_metadata(figures, partition_key=day)
                submitted = True
            if submitted:  # else the rest of the night is skipped
                yield dg.MaterializeResult()

    @learning_asset(days, kinds={"openai", "mongodb"}, deps=[fine_tuning_job])
    def fine_tuned_model(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        documents: dg.ResourceParam[DocumentStore],
        fine_tuning: dg.ResourceParam[FineTuning],
    ) -> None:
        """The model that came of the day's job. Waiting goes on where an earlier run stopped; a failed job fails."""
        with told_clearly(context, settings.retries):
            nights, champions = Nights(documents), Champions(documents)
            for day in context.partition_keys:
                night = nights.read(day)
                if not night.get("job"):
                    context.add_asset_metadata({"tuned": False}, partition_key=day)
                    continue
                finished = fine_tuning.wait(
                    night["job"]["id"],
                    timeout_seconds=settings.training.timeout_hours * 3600,
                    poll_seconds=settings.training.poll_seconds,
                    sleep=time.sleep,
                    clock=time.monotonic,
                    on_event=lambda event: context.log.info(event.message),
                )
                champions.register(_registered(champions, day, night, finished))
                nights.note(day, model=finished.model)
                context.add_asset_metadata(_training_figures(finished), partition_key=day)

    return [training_examples, fine_tuning_job, fine_tuned_model]


def _key(day: str, form: str) -> str:
    return f"training/{day}/{form}.jsonl"


def _store(tables: Tables, day: str, training_set: TrainingSet) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "examples.jsonl"
        file.write_bytes(training_set.content)
        tables.processed.upload(file, _key(day, training_set.form))


def _stored(tables: Tables, day: str, examples: Document) -> bytes:
    """The day's file as its examples were noted.

    Raises:
        ValueError: it is another one now.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "examples.jsonl"
        tables.processed.download(_key(day, examples["form"]), file)
        content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != examples["sha256"]:
        raise ValueError(f"{_key(day, examples['form'])} was changed since it was made: run training_examples again.")
    return content


def _as_note(taken: TrainingSet | None, sets: Sequence[TrainingSet], base: str) -> Document:
    """What the next step has to know; without a form there is nothing to train on, and `why` says so."""
    if taken is None:
        why = "; ".join(f"{each.form}: {each.report.problems[0]}" for each in sets if each.report.problems)
        return {"form": None, "base": base, "why": f"Too few labels that can be learned from. {why}."}
    report = taken.report
    return {
        "form": str(taken.form),
        "base": base,
        "sha256": report.sha256,
        "examples": report.examples,
        "tokens": report.tokens,
        "cost_usd": report.cost_usd,
        "cost_note": report.cost_note,
    }


def _require_affordable(examples: Document, settings: Settings) -> None:
    """Money is guarded where it is spent. Raises ValueError."""
    cost, most = examples["cost_usd"], settings.training.max_usd_per_job
    if cost is None and not settings.spending.allow_unknown_prices:
        raise ValueError(
            f"The price of this fine-tuning is {examples['cost_note']}. Set training.hyperparameters.n_epochs, add the "
            "model to the price table, or set spending.allow_unknown_prices."
        )
    if cost is not None and cost > most:
        raise ValueError(
            f"This fine-tuning would cost about ${cost:.2f} ({examples['cost_note']}), more than "
            f"training.max_usd_per_job allows (${most:.2f})."
        )


def _registered(champions: Champions, day: str, night: Document, finished: FinishedJob) -> TunedModel:
    """The model's provenance; what is known of it already stays, such as the verdict of an earlier night."""
    examples = night["examples"]
    return champions.find(finished.model) or TunedModel(
        model=finished.model,
        day=day,
        base=examples["base"],
        method=examples["form"],
        job_id=finished.job_id,
        examples_hash=examples["sha256"],
        examples=examples["examples"],
        created_at=utc_now(),
        metrics={"trained_tokens": finished.trained_tokens, "losses": list(finished.losses)},
    )


def _examples_figures(examples: Examples, sets: Sequence[TrainingSet], taken: TrainingSet | None) -> dict[str, Any]:
    left_out = {"sft": examples.sft_left_out, "dpo": examples.dpo_left_out, "kto": examples.kto_left_out}
    report = taken.report if taken else None
    return {
        **{f"{each.form}_examples": each.report.examples for each in sets},
        "left_out": dg.MetadataValue.json(left_out),
        "problems": dg.MetadataValue.json({each.form: [*map(str, each.report.problems[:10])] for each in sets}),
        "trains": str(taken.form) if taken else "nothing: too few labels",
        **(
            {
                "tokens": report.tokens,
                "longest_example_tokens": report.tokens_longest,
                "cost_usd": report.cost_usd if report.cost_usd is not None else report.cost_note,
                "sha256": report.sha256,
            }
            if report
            else {}
        ),
    }


def _training_figures(finished: FinishedJob) -> dict[str, Any]:
    return {
        "tuned": True,
        "model": finished.model,
        "job": finished.job_id,
        "trained_tokens": finished.trained_tokens or 0,
        **({"first_loss": finished.losses[0], "last_loss": finished.losses[-1]} if finished.losses else {}),
        "losses": dg.MetadataValue.json(list(finished.losses)),
        "events": dg.MetadataValue.json([f"{event.at:%H:%M:%S} {event.message}" for event in finished.events]),
    }
