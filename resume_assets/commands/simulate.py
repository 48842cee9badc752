"""`simulate`: does the loop learn? Two weeks of it in minutes."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from resume_assets.commands.common import ConfigOption, console, errors_told
from resume_assets.settings import load_settings


def simulate(
    config: ConfigOption = None,
    days: Annotated[int, typer.Option(min=1, max=120, help="How many days.")] = 14,
    start: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day; by default the calendar's.")
    ] = None,
    noise: Annotated[
        float, typer.Option(min=0, help="By how many points a score differs from the ATS judge (sd).")
    ] = 2.0,
    control: Annotated[
        bool, typer.Option("--control", help="Shuffle the scores: nothing can be learned, and what rises is luck.")
    ] = False,
    chart: Annotated[
        Path | None, typer.Option(help="Where to draw the score curve; by default in the simulation's folder.")
    ] = None,
) -> None:
    """Run the loop for many days with simulated volunteers, and draw whether its held-out score rises.

    Works in data/simulation with services of its own; what was there before is replaced.
    """
    from resume_assets.automatic_labels import Manner
    from resume_assets.local import stop_on_signals
    from resume_assets.loop import LoopFailed
    from resume_assets.simulation import FOLDER, curve, told, verdict
    from resume_assets.simulation import simulate as simulated

    with errors_told(LoopFailed):
        settings = load_settings(config)
        stop_on_signals()
        first = start.date().isoformat() if start else settings.calendar.start_date.isoformat()
        result = simulated(settings, first, days, Manner(noise, shuffled=control), console)
        console.print()
        console.print(told(result))
        console.print(verdict(result))
        target = chart or settings.data_folder / FOLDER / "score_curve.svg"
        target.write_text(curve(result), encoding="utf-8")
        console.print(f"The curve is drawn in {target}.", markup=False, soft_wrap=True)
