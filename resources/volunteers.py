"""Who may label: volunteers, their invitations and passwords, and the sessions that they open.

What could open a door is stored as a hash only: argon2 for passwords, SHA-256 for long random invitations and sessions.
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pymongo.collection import Collection

from resources.document_store import Document, DocumentStore, clear_errors
from resources.label_rules import NAME_MAX, LabelError, require_person

VOLUNTEERS = "volunteers"
SESSIONS = "volunteer_sessions"
PASSWORD_MIN, PASSWORD_MAX = 10, 200  # characters


class VolunteerError(ValueError):
    """A name, password or invitation that cannot be taken; the message says why."""


@dataclass(frozen=True)
class Volunteer:
    """One person who labels."""

    name: str
    created_at: dt.datetime
    has_password: bool
    invited_until: dt.datetime | None
    revoked_at: dt.datetime | None
    last_seen_at: dt.datetime | None


@dataclass(frozen=True)
class Session:
    """A signed-in volunteer, and when the session ends unless it is used."""

    volunteer: str
    expires_at: dt.datetime


@dataclass(frozen=True)
class Volunteers:
    """The people who may label. Every method raises ServiceError where the database cannot do it."""

    documents: DocumentStore
    session_lasts: dt.timedelta
    invitation_lasts: dt.timedelta

    def invite(self, name: str, now: dt.datetime) -> str:
        """Add a volunteer, or let one in again, and return the secret of a link that works once.

        An earlier link stops working; a password that somebody set stays, unless the person had been revoked.

        Raises:
            VolunteerError: the name cannot be used.
        """
        name = " ".join(name.split())
        if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
            raise VolunteerError(f"A volunteer's name has 1 to {NAME_MAX} readable characters.")
        _require_person(name)
        secret = secrets.token_urlsafe(32)
        invitation = {"invite_hash": _hashed(secret), "invited_until": now + self.invitation_lasts}
        with clear_errors():
            people = self._people
            people.update_one(
                {"_id": key_of(name), "revoked_at": {"$ne": None}},
                {"$set": {"password_hash": None, "revoked_at": None}},
            )
            new = {"name": name, "created_at": now, "password_hash": None, "revoked_at": None, "last_seen_at": None}
            people.update_one({"_id": key_of(name)}, {"$set": invitation, "$setOnInsert": new}, upsert=True)
        return secret

    def all(self) -> list[Volunteer]:
        """Everybody, by name."""
        with clear_errors():
            return [_volunteer(each) for each in self._people.find().sort("_id")]

    def revoke(self, name: str, now: dt.datetime) -> bool:
        """Shut a volunteer out: sessions, password and invitation end at once. False when nobody has that name."""
        shut = {"revoked_at": now, "password_hash": None, "invite_hash": None, "invited_until": None}
        with clear_errors():
            known = self._people.update_one({"_id": key_of(name)}, {"$set": shut}).matched_count
            self._sessions.delete_many({"key": key_of(name)})
        return bool(known)

    def redeem(self, secret: str, now: dt.datetime) -> str:
        """The name of the volunteer whose invitation this is; it works no second time.

        Raises:
            VolunteerError: the invitation is unknown, used or too old, or its name is not a person's.
        """
        with clear_errors():
            found = self._people.find_one_and_update(
                {"invite_hash": _hashed(secret), "invited_until": {"$gt": now}, "revoked_at": None},
                {"$set": {"invite_hash": None, "invited_until": None}},
            )
        if found is None:
            raise VolunteerError("This invitation is used up or too old. Ask for a new one.")
        _require_person(found["name"])
        return str(found["name"])

    def sign_in(self, name: str, password: str) -> str:
        """The volunteer's name, if the password is right.

        Raises:
            VolunteerError: it is not; the same words, after the same time, whether there is such a volunteer or not.
                Or the name, let in by an earlier version, is not a person's.
        """
        with clear_errors():
            found = self._people.find_one({"_id": key_of(name), "revoked_at": None}) or {}
        stored = found.get("password_hash")
        try:
            PasswordHasher().verify(stored or _nobodys_hash(), password[:PASSWORD_MAX])
        except (VerificationError, InvalidHashError):
            stored = None
        if stored is None:
            raise VolunteerError("Name or password is wrong.")
        _require_person(found["name"])
        return str(found["name"])

    def set_password(self, name: str, password: str, again: str) -> None:
        """Give the volunteer a password, typed twice; the sessions that they had open end.

        Raises:
            VolunteerError: it is too short or too long, or not the same twice.
        """
        if password != again:
            raise VolunteerError("The two passwords are not the same.")
        if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
            raise VolunteerError(f"A password has {PASSWORD_MIN} to {PASSWORD_MAX} characters.")
        hashed = PasswordHasher().hash(password)
        with clear_errors():
            self._people.update_one({"_id": key_of(name), "revoked_at": None}, {"$set": {"password_hash": hashed}})
            self._sessions.delete_many({"key": key_of(name)})

    def open_session(self, name: str, now: dt.datetime) -> str:
        """The secret of a new session."""
        secret = secrets.token_urlsafe(32)
        session = {"_id": _hashed(secret), "key": key_of(name), "expires_at": now + self.session_lasts}
        with clear_errors():
            self._sessions.delete_many({"expires_at": {"$lte": now}})
            self._sessions.insert_one(session)
            self._people.update_one({"_id": key_of(name)}, {"$set": {"last_seen_at": now}})
        return secret

    def session(self, secret: str, now: dt.datetime) -> Session | None:
        """The session of this secret, unless it ended or its volunteer was revoked. Being used makes it last."""
        with clear_errors():
            found = self._sessions.find_one({"_id": _hashed(secret), "expires_at": {"$gt": now}})
            person = self._people.find_one({"_id": found["key"], "revoked_at": None}, {"name": 1}) if found else None
            if found is None or person is None:
                return None
            expires_at: dt.datetime = found["expires_at"]
            if expires_at - now < self.session_lasts / 2:
                expires_at = now + self.session_lasts
                self._sessions.update_one({"_id": found["_id"]}, {"$set": {"expires_at": expires_at}})
        return Session(person["name"], expires_at)

    def close_session(self, secret: str) -> None:
        """End one session."""
        with clear_errors():
            self._sessions.delete_one({"_id": _hashed(secret)})

    @property
    def _people(self) -> Collection[Document]:
        return self.documents.database[VOLUNTEERS]

    @property
    def _sessions(self) -> Collection[Document]:
        return self.documents.database[SESSIONS]


def key_of(name: str) -> str:
    """What a name is known by: spaces and case do not tell people apart."""
    return " ".join(name.split()).casefold()[: 2 * NAME_MAX]


def _require_person(name: str) -> None:
    try:
        require_person(name)
    except LabelError as error:
        raise VolunteerError(str(error)) from None


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


@cache
def _nobodys_hash() -> str:
    """What an unknown name's password is compared with, so that it takes as long as a known one's."""
    return PasswordHasher().hash(secrets.token_urlsafe(32))


def _volunteer(stored: dict[str, Any]) -> Volunteer:
    return Volunteer(
        name=stored["name"],
        created_at=stored["created_at"],
        has_password=stored["password_hash"] is not None,
        invited_until=stored["invited_until"],
        revoked_at=stored["revoked_at"],
        last_seen_at=stored["last_seen_at"],
    )
