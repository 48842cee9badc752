"""Models that fine-tuning made: kept on disk, answering under their ids."""

import hashlib
import logging
import re
from typing import Any

from pydantic import ValidationError

from model_server import extractive
from model_server.registry import ORGANISATION, Registry
from model_server.store import Document, Store
from tailoring.relevance import Weights

_logger = logging.getLogger(__name__)


class TunedModel(Document):
    """`weights` by name: those that a later version has beside them take their defaults."""

    job: str
    weights: dict[str, Any]


class TunedModels:
    """Keeps `registry` up to what is in `store`."""

    def __init__(self, store: Store[TunedModel], registry: Registry) -> None:
        self._store = store
        self._registry = registry
        for document in store.all():
            self._offer(document)

    def add(self, document: TunedModel) -> None:
        self._offer(self._store.put(document))

    def delete(self, model_id: str) -> bool:
        """Whether there was such a tuned model."""
        if self._store.get(model_id) is None:
            return False
        self._registry.remove(model_id)
        self._store.delete(model_id)
        return True

    def _offer(self, document: TunedModel) -> None:
        try:
            weights = Weights.model_validate(document.weights)
        except ValidationError:
            _logger.exception("%s has weights that this version does not know, and is not offered", document.id)
            return
        self._registry.add(extractive.model(document.id, document.created_at, weights))


def model_id(job_id: str, suffix: str | None) -> str:
    """`ft:BASE:ORGANISATION:SUFFIX:8 HEX`. A job that is run again makes the same, so never two."""
    name = re.sub(r"[^a-z0-9-]+", "-", (suffix or "").lower()).strip("-")
    return f"ft:{extractive.NAME}:{ORGANISATION}:{name}:{hashlib.sha256(job_id.encode()).hexdigest()[:8]}"
