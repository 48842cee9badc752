"""`alerts`: whether messages reach the team."""

import datetime as dt
import uuid

import typer

from resume_assets.commands.common import ConfigOption, console, errors, errors_told
from resume_assets.settings import load_settings

app = typer.Typer(help="The messages to the team: try whether they arrive.", no_args_is_help=True)


@app.callback()
def alerts() -> None:
    """Makes `test` a command of its own although it is the only one."""


@app.command(name="test")
def send_test(config: ConfigOption = None) -> None:
    """Send a test message now, and say where it went: to Slack, or to the outbox where SLACK_WEBHOOK is not set."""
    from resources.notifier import Notifier
    from resume_assets.definitions import build_resources
    from tailoring.messages import Message, slack_post

    with errors_told():
        settings = load_settings(config)
        notifier: Notifier = build_resources(settings)["notifier"]
    message = Message(
        key=f"test/{uuid.uuid4()}",
        group="test",
        title="This is a test",
        text="Messages of the pipeline arrive here.",
        facts={"Sent at": f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC"},
        links={"Open the UI": settings.ui_url},
    )
    answer = notifier.channel.post(slack_post([message]))
    if not answer.taken:
        errors.print(f"[red]{notifier.channel.name} did not take it:[/red] ", end="")
        errors.print(f"{answer.why}. Check SLACK_WEBHOOK and the network.", markup=False)
        raise typer.Exit(1)
    console.print(f"Sent to {notifier.channel.name}.", markup=False, soft_wrap=True)
    if notifier.channel == notifier.outbox:
        console.print("SLACK_WEBHOOK is not set: messages are kept in this file and logged.")
