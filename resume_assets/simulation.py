"""Many days of the loop in minutes: each generated, labelled by simulated volunteers, learned from and evaluated.

Runs in a folder and on services of its own, so that it can run beside anything else and touches nobody's data.
"""

import shutil
import socket
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from resources.champions import Champions
from resources.embedded import LOOPBACK, running
from resume_assets.assets.promotion import PAIRS_TABLE
from resume_assets.automatic_labels import Manner
from resume_assets.definitions import build_resources
from resume_assets.held_out import judge_on_held_out_pairs
from resume_assets.local import embedded_services, instance
from resume_assets.loop import Loop
from resume_assets.partitions import next_day
from resume_assets.settings import CHAMPION, EMBEDDED_MODEL, Settings
from tailoring import charts
from tailoring.evaluation import Comparison, compare

FOLDER = "simulation"
OUTSIDE = ("MONGO_URI", "S3_BUCKET", "OPENAI_API_KEY", "OPENAI_BASE_URL")  # what points away from this machine


@dataclass(frozen=True)
class SimulatedDay:
    """One day: what was written, and how the model that stands after its night does on held-out pairs."""

    day: str
    documents_score: float
    documents_fit: float
    truthful_share: float
    decision: str
    learned_on: str  # the day whose labels made the standing model; empty for the untuned one
    against_base: Comparison


def simulate(settings: Settings, first: str, days: int, manner: Manner, console: Console) -> list[SimulatedDay]:
    """Run `days` days from `first` on, labelled in this `manner`.

    Raises:
        LoopFailed: a step did not work.
        ServiceError: an embedded service did not start.
    """
    settings = _apart(settings)
    shutil.rmtree(settings.data_folder, ignore_errors=True)
    quiet = Console(quiet=True)
    simulated = []
    with running(embedded_services(settings)), instance(settings) as home:
        loop = Loop(settings, home, quiet)
        with console.status("[bold]ingest[/bold]"):
            loop.ingest()
        day = first
        for number in range(1, days + 1):
            with console.status(f"[bold]{day}[/bold], day {number} of {days}"):
                simulated.append(_one_day(loop, day, manner))
            console.print(_line(simulated[-1]))
            day = next_day(day)
    return simulated


def told(days: list[SimulatedDay]) -> Table:
    """The score curve for a terminal: the standing model and the untuned one on the same held-out pairs, day by day."""
    title = "The standing model against the untuned one, on held-out pairs"
    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    for column in ("after", "learned on", "score", "untuned", "better by", "interval", "fit", "true"):
        table.add_column(column, justify="left" if column in ("after", "learned on") else "right", no_wrap=True)
    for each in days:
        found = each.against_base
        table.add_row(
            each.day,
            each.learned_on,
            f"{found.score.candidate:.2f}",
            f"{found.score.other:.2f}",
            f"{found.score.mean:+.2f}",
            f"{found.score.interval.low:+.2f} {found.score.interval.high:+.2f}",
            f"{found.fit.candidate:.1f}",
            f"{found.truthful.candidate:.0%}",
        )
    return table


def verdict(days: list[SimulatedDay]) -> str:
    """Whether learning alone raised the held-out score, in one sentence."""
    found = days[-1].against_base
    score = found.score
    rose = "rose" if score.interval.low > 0 else "did not surely rise"
    return (
        f"After {len(days)} days the held-out score {rose}: {score.other:.2f} untuned, {score.candidate:.2f} now, "
        f"{score.mean:+.2f} ({found.confidence:.0%} interval {score.interval.low:+.2f} to {score.interval.high:+.2f}) "
        f"on {found.pairs} pairs of {found.resumes} resumes that were never learned from."
    )


def curve(days: list[SimulatedDay]) -> str:
    """The gain of the standing model over the untuned one, as an SVG."""
    return charts.gain_over_days([(each.day, each.against_base.score) for each in days])


def _one_day(loop: Loop, day: str, manner: Manner) -> SimulatedDay:
    settings = loop.settings
    resources = build_resources(settings)
    documents, base = resources["documents"], settings.generation.model
    champions = Champions(documents)
    generated = loop.generate(day).materialized["generated_resumes"]
    loop.label(day, manner)
    decided = loop.learn(day).materialized.get("champion_model", {})
    standing = champions.standing(next_day(day), base)
    pairs = resources["tables"].read(PAIRS_TABLE)
    judge = judge_on_held_out_pairs(settings, documents, resources["language_model"], pairs)
    return SimulatedDay(
        day=day,
        documents_score=generated["mean_ats_prescore"],
        documents_fit=generated["mean_job_fit"],
        truthful_share=generated["truthful_share"],
        decision=decided.get("reason", "Too few labels to learn from."),
        learned_on=tuned.day if (tuned := champions.find(standing)) else "",
        against_base=compare(
            judge(standing, day), judge(base, day), settings.promotion.confidence, seed=settings.sampling.seed
        ),
    )


def _line(day: SimulatedDay) -> str:
    return (
        f"[bold]{day.day}[/bold]  ATS {day.documents_score:.1f}, fit {day.documents_fit:.1f}, "
        f"{day.truthful_share:.0%} truthful. {day.decision}"
    )


def _apart(settings: Settings) -> Settings:
    """The same project in a folder of its own, with embedded services and the embedded model only, on free ports."""
    outside = {name: type(value)("") for name, value in settings.environment if name in OUTSIDE}
    # A model that costs would be paid anew by each simulation, with no ledger of what the others spent.
    arms = [arm.model_copy(update={"model": CHAMPION}) for arm in settings.generation.arms]
    ports: dict[str, Any] = dict(zip(("documents_port", "model_port"), _free_ports(2), strict=True))
    return settings.model_copy(
        update={
            "data": settings.data.model_copy(update={"folder": settings.data.folder / FOLDER}),
            "generation": settings.generation.model_copy(update={"model": EMBEDDED_MODEL, "arms": arms}),
            "environment": settings.environment.model_copy(update=outside),
            "services": settings.services.model_copy(update=ports),
            "retries": settings.retries.model_copy(update={"of_a_step": 0}),
        }
    )


def _free_ports(count: int) -> list[int]:
    """Ports that nothing listens on now, all different."""
    probes = [socket.create_server((LOOPBACK, 0)) for _ in range(count)]
    try:
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
