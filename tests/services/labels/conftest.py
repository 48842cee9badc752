"""A day with documents, to be claimed and labelled."""

from dataclasses import replace

import pytest

from resources.document_store import DocumentStore
from resources.labels import Labels
from tests.services.test_document_store import document, publish


@pytest.fixture
def store(documents: DocumentStore) -> DocumentStore:
    return documents


@pytest.fixture
def labels(store: DocumentStore) -> Labels:
    """One document, waiting, in its day and in `Resumes`."""
    publish(store, [document(1)])
    store.update_latest([document(1)])
    return Labels(store)


@pytest.fixture
def overlapping(labels: Labels) -> Labels:
    return replace(labels, overlap_share=1.0)
