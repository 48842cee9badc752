"""Stores, labels and volunteers as the settings describe them: for the graph, the label page, the terminal."""

import datetime as dt

from resources.document_store import DocumentStore
from resources.labels import Labels
from resources.language_model import LanguageModel
from resources.volunteers import Volunteers
from resume_assets.settings import Settings

# Seconds until a database that does not answer counts as down.
EMBEDDED_TIMEOUT, NETWORK_TIMEOUT = 2.0, 10.0


def document_store(settings: Settings) -> DocumentStore:
    """The database of the settings."""
    environment = settings.environment
    return DocumentStore(
        uri=settings.mongo_uri.get_secret_value(),
        database_name=environment.MONGO_DB_NAME,
        latest_name=environment.MONGO_COLLECTION_NAME,
        edited_name=environment.MONGO_COLLECTION_EDITED_NAME,
        timeout_seconds=EMBEDDED_TIMEOUT if settings.embeds_documents else NETWORK_TIMEOUT,
    )


def labels(settings: Settings, documents: DocumentStore) -> Labels:
    """The labels, by the rules of the settings."""
    rules = settings.labelling
    return Labels(
        documents,
        lease=dt.timedelta(minutes=rules.lease_minutes),
        overlap_share=rules.documents_overlap_share,
        undo_within=dt.timedelta(minutes=rules.undo_minutes),
    )


def volunteers(settings: Settings, documents: DocumentStore) -> Volunteers:
    """Who may label, by the rules of the settings."""
    rules = settings.labelling
    return Volunteers(documents, dt.timedelta(hours=rules.session_hours), dt.timedelta(days=rules.invite_days))


def language_model(settings: Settings) -> LanguageModel:
    """The provider of models."""
    environment = settings.environment
    return LanguageModel(
        base_url=settings.openai_base_url,
        api_key=environment.OPENAI_API_KEY.get_secret_value(),
        organization=environment.OPENAI_ORG,
        timeout=settings.generation.timeout_seconds,
        max_retries=settings.generation.max_retries,
    )
