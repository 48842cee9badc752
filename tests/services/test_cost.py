"""`resume-assets cost`: what was spent, as a table and as JSON."""

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from resources.document_store import DocumentStore
from resources.language_model import Answer
from resources.ledger import COLLECTION, Ledger
from resume_assets.cli import app
from resume_assets.settings import Settings

NOW = dt.datetime(2026, 7, 23, 12, tzinfo=dt.UTC)


@pytest.fixture
def store(documents: DocumentStore) -> DocumentStore:
    return documents


def told(project: Callable[..., Settings], store: DocumentStore, *options: str) -> str:
    environ = {"MONGO_URI": store.uri, "MONGO_DB_NAME": store.database_name}
    result = CliRunner().invoke(app, ["cost", "--config", str(project().config_file), *options], env=environ)
    assert result.exit_code == 0, result.output
    return result.output


def test_nothing_was_spent_at_first(project: Callable[..., Settings], store: DocumentStore) -> None:
    assert "Nothing was asked" in told(project, store)
    assert json.loads(told(project, store, "--json")) == []


def test_spending_is_told_by_day_model_and_arm(project: Callable[..., Settings], store: DocumentStore) -> None:
    ledger = Ledger(store.database[COLLECTION], run="test")
    for arm, usd in (("base", 0.25), ("base", 0.5), ("short", None)):
        key = uuid.uuid4().hex
        ledger.plan({key: {"partition_date": "2026-07-23", "model": "gpt-x", "arm": arm}}, NOW)
        ledger.claim(key, NOW)
        ledger.save_answer(key, Answer("{}", "stop", "", "gpt-x", 1000, 100), usd, NOW)
    base, short = json.loads(told(project, store, "--json"))
    assert (base["arm"], base["requests"], base["usd"], base["prompt_tokens"]) == ("base", 2, 0.75, 2000)
    assert (short["arm"], short["unpriced"]) == ("short", 1)
    table = told(project, store)
    assert re.search(r"2026-07-23.*gpt-x.*base.*0\.7500", table)
    assert "is not known" in " ".join(table.split())
