"""The sensors beside an instance, and the webhook that they tell."""

from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from resources.document_store import DocumentStore
from resume_assets.settings import Settings
from tests.assets.alerts.watching import Watch, watching
from tests.assets.conftest import Pipeline
from tests.webhook import Webhook, listening_webhook


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with listening_webhook() as listening:
        yield listening


@pytest.fixture
def watch(project: Callable[..., Settings], documents: DocumentStore, webhook: Webhook) -> Iterator[Watch]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield watching(project(), instance, documents, webhook)


@pytest.fixture
def on_disk(
    project: Callable[..., Settings], documents: DocumentStore, webhook: Webhook, tmp_path: Path
) -> Iterator[Watch]:
    """Beside an instance that keeps its events in files, as `make up` does."""
    (home := tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.local_temp(str(home), overrides={"telemetry": {"enabled": False}}) as instance:
        yield watching(project(), instance, documents, webhook)


@pytest.fixture
def beside(pipeline: Pipeline, webhook: Webhook) -> Watch:
    """Beside the real pipeline."""
    return watching(pipeline.settings, pipeline.instance, pipeline.documents, webhook)
