"""`cost`: what was spent on language models, by day, model and arm."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from resume_assets.commands.common import ConfigOption, console, errors_told, open_documents
from resume_assets.settings import load_settings

if TYPE_CHECKING:
    from resources.ledger import Spent


def cost(
    config: ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """What was spent on language models, by day, model and arm; failed and repeated asks included.

    A lost ask had no answer: whether it was billed, only the provider knows.
    """
    from resources.ledger import COLLECTION, Ledger

    with errors_told(), open_documents(load_settings(config)) as documents:
        spent = Ledger(documents.database[COLLECTION]).spending()
    if as_json:
        console.print_json(data=[asdict(each) for each in spent])
    elif not spent:
        console.print("Nothing was asked of a language model yet.")
    else:
        console.print(_table(spent))


def _table(spent: Sequence["Spent"]) -> Table:
    table = Table(
        title="Spent on language models", title_justify="left", show_footer=True, box=None, padding=(0, 1, 0, 0)
    )
    unpriced = sum(each.unpriced for each in spent)
    table.add_column("day", footer="all", no_wrap=True)
    table.add_column("model", overflow="fold", min_width=14)
    table.add_column("arm", overflow="fold", min_width=6)
    for name, values in (
        ("asks", [each.asks for each in spent]),
        ("failed", [each.failed for each in spent]),
        ("lost", [each.lost for each in spent]),
        ("in", [each.prompt_tokens for each in spent]),
        ("out", [each.completion_tokens for each in spent]),
    ):
        table.add_column(name, justify="right", footer=f"{sum(values):,}", no_wrap=True)
    table.add_column("USD", justify="right", footer=f"{sum(each.usd for each in spent):.4f}", no_wrap=True)
    for each in spent:
        counts = (each.asks, each.failed, each.lost, each.prompt_tokens, each.completion_tokens)
        usd = f"{each.usd:.4f}" + ("?" if each.unpriced else "")
        table.add_row(each.partition_date, each.model, each.arm, *(f"{count:,}" for count in counts), usd)
    table.caption = "in, out: tokens"
    if unpriced:
        table.caption = f"?: the price of {unpriced} answers is not known; add their models to spending.prices."
    return table
