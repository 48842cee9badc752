"""What a day's generation works with: where it keeps its requests, and how it asks."""

from collections.abc import Callable

import pytest

from resources.document_store import DocumentStore
from resources.ledger import COLLECTION, Ledger
from resume_assets.settings import Generation, Settings


@pytest.fixture
def ledger(documents: DocumentStore) -> Ledger:
    return Ledger(documents.database[COLLECTION])


@pytest.fixture
def generation(project: Callable[..., Settings]) -> Generation:
    return project().generation.model_copy(update={"concurrency": 4, "max_retries": 2, "timeout_seconds": 10.0})
