"""The command line `resume-assets`: the commands put together."""

import typer

from resume_assets.commands import (
    alerts,
    cost,
    judge,
    label,
    labels,
    models,
    night,
    pipeline,
    simulate,
    tailor,
    volunteers,
)

HELP = """Tailored, truthful, ATS-friendly resumes, written from a CSV of resumes and a CSV of job postings.

Start with [bold]resume-assets demo[/bold], then [bold]resume-assets up[/bold].
Settings are in config/pipeline.yaml, secrets and addresses in .env (see .env.example).
"""

app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False)

app.command()(pipeline.up)
app.command()(pipeline.demo)
app.command()(night.night)
app.command()(simulate.simulate)
app.command()(pipeline.check_config)
app.command()(pipeline.status)
app.command()(judge.judge)
app.command()(cost.cost)
app.command()(tailor.tailor)
app.add_typer(models.app, name="models")
app.add_typer(labels.app, name="labels")
app.add_typer(alerts.app, name="alerts")
app.command()(label.label)
app.add_typer(volunteers.app, name="volunteers")


def main() -> None:
    """The entry point."""
    app()
