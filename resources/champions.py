"""The registry of tuned models: where each came from, how it did, and which one writes a day's documents.

A reign says from which day on a model writes. Reigns are only ever added, so that any past day can be asked for.
"""

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any

from pymongo import ASCENDING

from resources.document_store import Document, DocumentStore, clear_errors

MODELS = "models"
REIGNS = "champions"


class UnknownModelError(ValueError):
    """A model that was never registered, or a step back where there is none."""


@dataclass(frozen=True)
class TunedModel:
    """A fine-tuned model: `day` is the day that it learned from, `examples_hash` that of its training file."""

    model: str
    day: str
    base: str
    method: str
    job_id: str
    examples_hash: str
    examples: int
    created_at: dt.datetime
    metrics: dict[str, Any] = field(default_factory=dict)
    verdict: str = ""


@dataclass(frozen=True)
class Reign:
    """From `from_day` on, `model` writes the collections. `by` is a person, or the pipeline itself."""

    model: str
    from_day: str
    at: dt.datetime
    reason: str
    by: str


@dataclass(frozen=True)
class Champions:
    """The registry in MongoDB. Every method raises ServiceError where the database cannot do it."""

    documents: DocumentStore

    def standing(self, day: str, base: str) -> str:
        """The model that writes the collection of `day`; `base` until a model was ever promoted."""
        reigns = [reign for reign in self.history() if reign.from_day <= day]
        return reigns[-1].model if reigns else base

    def history(self) -> list[Reign]:
        """Every reign in the order in which they count: by first day, then by when it was decided."""
        with clear_errors():
            found = self.documents.database[REIGNS].find(projection={"_id": 0})
            return [Reign(**entry) for entry in found.sort([("from_day", ASCENDING), ("at", ASCENDING)])]

    def crown(self, reign: Reign, decision: str) -> bool:
        """Add a reign. `decision` names what it rests on: the same decision counts once, however often it is repeated.

        Returns whether it was new.
        """
        with clear_errors():
            written = self.documents.database[REIGNS].update_one(
                {"_id": decision}, {"$setOnInsert": asdict(reign)}, upsert=True
            )
            return written.upserted_id is not None

    def promote(self, model: str, *, from_day: str, at: dt.datetime, reason: str, by: str, base: str) -> Reign:
        """A person's choice: let a registered model, or the base, write from `from_day` on.

        Raises:
            UnknownModelError: the model was never registered.
        """
        known = [tuned.model for tuned in self.models()]
        if model not in (base, *known):
            raise UnknownModelError(f"there is no model {model!r}; known are {', '.join([base, *known])}")
        reign = Reign(model, from_day, at, reason, by)
        self.crown(reign, f"{from_day}/{model}/{at.isoformat()}")
        return reign

    def roll_back(self, *, from_day: str, at: dt.datetime, by: str, base: str) -> Reign:
        """Give the place back to the model that reigned before the standing one first did.

        Raises:
            UnknownModelError: the base stands, and nothing came before it.
        """
        standing = self.standing(from_day, base)
        models = [base, *(reign.model for reign in self.history())]
        if standing == base:
            raise UnknownModelError(f"{base} is the first champion: there is none to go back to")
        before = models[models.index(standing) - 1]
        reign = Reign(before, from_day, at, f"rolled back from {standing}", by)
        self.crown(reign, f"{from_day}/{before}/{at.isoformat()}")
        return reign

    def register(self, tuned: TunedModel) -> None:
        """Keep a model's provenance, or what was added to it."""
        with clear_errors():
            self.documents.database[MODELS].replace_one(
                {"_id": tuned.model}, {"_id": tuned.model, **asdict(tuned)}, upsert=True
            )

    def models(self) -> list[TunedModel]:
        """Every registered model, the oldest day first."""
        with clear_errors():
            found = self.documents.database[MODELS].find(projection={"_id": 0}).sort([("day", 1), ("created_at", 1)])
            return [TunedModel(**entry) for entry in found]

    def find(self, model: str) -> TunedModel | None:
        """A model's provenance; None for the base and others that were never tuned here."""
        with clear_errors():
            entry: Document | None = self.documents.database[MODELS].find_one({"_id": model}, {"_id": 0})
            return TunedModel(**entry) if entry else None
