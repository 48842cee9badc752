"""Fine-tuning jobs in MongoDB: what was meant, who is at it, which job came of it, and how far its events were told.

The intent is here before anything is asked of a provider, so that a crash leaves a trace to look for the job by. Asking
the provider is `resources.fine_tuning`'s business.
"""

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from resources.document_store import Document, clear_errors
from resources.errors import ServiceError
from resources.leases import is_gone

COLLECTION = "fine_tuning_jobs"

LEASE = dt.timedelta(seconds=120)


@dataclass(frozen=True)
class JobRecords:
    """One document for each key of a job: `intended`, `asked`, `submitted`, then `succeeded`, `failed` or `cancelled`.

    Every method raises ServiceError where the database cannot do it.
    """

    collection: Collection[Document]

    def read(self, key: str) -> Document | None:
        with clear_errors():
            return self.collection.find_one({"_id": key})

    def hold(self, key: str, owner: str, now: dt.datetime, about: Mapping[str, Any]) -> Document:
        """Take up the intent, making it where there is none; a record that has its job by now is only returned.

        Raises:
            ServiceError: somebody else is at it.
        """
        fresh: Document = {"state": "intended", "owner": None, "lease_until": now, "job_id": None, "former_jobs": []}
        with clear_errors():
            with suppress(DuplicateKeyError):  # made by another run in this moment
                self.collection.update_one(
                    {"_id": key}, {"$setOnInsert": {**about, **fresh, "intended_at": now}}, upsert=True
                )
            found = self._one(key)
            if not found["job_id"] and _free(found, now):
                seen = {name: found[name] for name in ("_id", "owner", "lease_until", "job_id")}
                self.collection.update_one(seen, {"$set": {"owner": owner, "lease_until": now + LEASE}})
                found = self._one(key)
        if not found["job_id"] and found["owner"] != owner:
            raise _held_by_another(found)
        return found

    def note(self, key: str, owner: str, now: dt.datetime, **fields: Any) -> None:
        """Write down a step, and go on holding the record.

        Raises:
            ServiceError: it was taken over by another run meanwhile.
        """
        with clear_errors():
            noted = self.collection.update_one(
                {"_id": key, "owner": owner, "job_id": None}, {"$set": {**fields, "lease_until": now + LEASE}}
            )
            if not noted.matched_count:
                raise _held_by_another(self._one(key))

    def submitted(self, key: str, job_id: str, now: dt.datetime) -> None:
        """Keep the job that came of the intent."""
        self._set({"_id": key}, {"state": "submitted", "job_id": job_id, "submitted_at": now, "owner": None})

    def reopen(self, key: str, job_id: str, now: dt.datetime) -> None:
        """Put a job that ended badly aside, so that the next one can be submitted; once for each job."""
        with clear_errors():
            self.collection.update_one(
                {"_id": key, "job_id": job_id},
                {
                    "$set": {"state": "intended", "job_id": None, "intended_at": now},
                    "$push": {"former_jobs": job_id},
                    "$unset": {"asked_at": "", "reason": "", "last_event": ""},
                },
            )

    def ended(self, job_id: str, state: str, **fields: Any) -> None:
        """Keep how a job ended."""
        self._set({"job_id": job_id}, {"state": state, **fields})

    def last_event(self, job_id: str) -> str | None:
        """The id of the last event that was told."""
        with clear_errors():
            found = self.collection.find_one({"job_id": job_id}, {"last_event": 1})
        return found.get("last_event") if found else None

    def told(self, job_id: str, event_id: str) -> None:
        self._set({"job_id": job_id}, {"last_event": event_id})

    def _one(self, key: str) -> Document:
        return self.collection.find_one({"_id": key}) or {}

    def _set(self, which: Document, fields: Mapping[str, Any]) -> None:
        with clear_errors():
            self.collection.update_one(which, {"$set": dict(fields)})


def _free(record: Document, now: dt.datetime) -> bool:
    return record["owner"] is None or record["lease_until"] <= now or is_gone(record["owner"])


def _held_by_another(record: Document) -> ServiceError:
    return ServiceError(
        f"This fine-tuning job is being submitted by {record['owner'] or 'another run'}, "
        f"which has until {record['lease_until']:%H:%M:%S} UTC.",
        "Nothing is paid twice: run it again then, and it goes on from what is there.",
        transient=True,
    )
