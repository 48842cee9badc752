"""Who may label: invitations work once, passwords are hashes, and a revoked volunteer is out at once."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from resources.configured import document_store
from resources.document_store import DocumentStore
from resources.volunteers import SESSIONS, VOLUNTEERS, VolunteerError, Volunteers
from resume_assets.cli import app
from resume_assets.settings import Settings
from tests.label_page import DAY as LABEL_DAY
from tests.label_page import document, publish

NOON = dt.datetime(2026, 7, 23, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
PASSWORD = "correct horse battery"


@pytest.fixture
def volunteers(documents: DocumentStore) -> Volunteers:
    return Volunteers(documents, 12 * HOUR, 14 * DAY)


@pytest.fixture
def ana(volunteers: Volunteers) -> Volunteers:
    """Ana has a password."""
    volunteers.redeem(volunteers.invite("Ana", NOON), NOON)
    volunteers.set_password("Ana", PASSWORD, PASSWORD)
    return volunteers


def test_an_invitation_works_once_and_for_a_while(volunteers: Volunteers) -> None:
    secret = volunteers.invite(" Ana  Maria ", NOON)
    assert volunteers.redeem(secret, NOON) == "Ana Maria"
    with pytest.raises(VolunteerError, match="used up or too old"):
        volunteers.redeem(secret, NOON)
    late = volunteers.invite("Ana Maria", NOON)
    with pytest.raises(VolunteerError):
        volunteers.redeem(late, NOON + 14 * DAY)


def test_a_new_invitation_ends_the_old_one(volunteers: Volunteers) -> None:
    old, new = volunteers.invite("Ana", NOON), volunteers.invite("ANA", NOON)
    with pytest.raises(VolunteerError):
        volunteers.redeem(old, NOON)
    assert volunteers.redeem(new, NOON) == "Ana"
    assert len(volunteers.all()) == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x00b", "a\u202eb"])
def test_a_name_has_to_be_readable(volunteers: Volunteers, name: str) -> None:
    with pytest.raises(VolunteerError, match="readable"):
        volunteers.invite(name, NOON)


@pytest.mark.parametrize("name", ["auto", " AUTO "])
def test_no_person_has_the_name_of_the_automatic_labels(volunteers: Volunteers, name: str) -> None:
    with pytest.raises(VolunteerError, match="from which no model learns: take another name"):
        volunteers.invite(name, NOON)
    assert volunteers.all() == []
    assert volunteers.invite("Auto Nguyen", NOON)


def test_who_was_let_in_under_that_name_is_told_at_sign_in(ana: Volunteers) -> None:
    invitation = ana.invite("Ana", NOON)
    ana.documents.database[VOLUNTEERS].update_one({"_id": "ana"}, {"$set": {"name": "auto"}})
    for enter in (lambda: ana.sign_in("ana", PASSWORD), lambda: ana.redeem(invitation, NOON)):
        with pytest.raises(VolunteerError, match="take another name"):
            enter()


@pytest.mark.parametrize("secret", ["", "wrong", "\ud800", "x" * 10_000])
def test_a_made_up_invitation_lets_nobody_in(ana: Volunteers, secret: str) -> None:
    with pytest.raises(VolunteerError):
        ana.redeem(secret, NOON)


def test_the_password_lets_in(ana: Volunteers) -> None:
    assert ana.sign_in(" ANA ", PASSWORD) == "Ana"


@pytest.mark.parametrize(("name", "password"), [("Ana", "wrong"), ("Ana", ""), ("Ben", PASSWORD), ("", "")])
def test_a_wrong_name_or_password_is_told_in_the_same_words(ana: Volunteers, name: str, password: str) -> None:
    with pytest.raises(VolunteerError, match=r"^Name or password is wrong\.$"):
        ana.sign_in(name, password)


def test_who_has_set_no_password_has_none(volunteers: Volunteers) -> None:
    volunteers.redeem(volunteers.invite("Ana", NOON), NOON)
    with pytest.raises(VolunteerError):
        volunteers.sign_in("Ana", "")


@pytest.mark.parametrize(
    ("password", "again"), [("short", "short"), ("x" * 201, "x" * 201), (PASSWORD, PASSWORD + "!")]
)
def test_a_password_is_long_and_typed_twice(ana: Volunteers, password: str, again: str) -> None:
    with pytest.raises(VolunteerError):
        ana.set_password("Ana", password, again)
    assert ana.sign_in("Ana", PASSWORD)


def test_a_session_ends_unless_it_is_used(ana: Volunteers) -> None:
    secret = ana.open_session("Ana", NOON)
    assert (session := ana.session(secret, NOON + HOUR))
    assert (session.volunteer, session.expires_at) == ("Ana", NOON + 12 * HOUR)
    assert (used := ana.session(secret, NOON + 11 * HOUR))
    assert used.expires_at == NOON + 23 * HOUR
    assert ana.session(secret, NOON + 23 * HOUR) is None
    assert ana.session("made up", NOON) is None


def test_signing_out_ends_one_session(ana: Volunteers) -> None:
    one, other = ana.open_session("Ana", NOON), ana.open_session("Ana", NOON)
    ana.close_session(one)
    assert ana.session(one, NOON) is None
    assert ana.session(other, NOON)


def test_a_new_password_ends_the_sessions(ana: Volunteers) -> None:
    secret = ana.open_session("Ana", NOON)
    ana.set_password("Ana", PASSWORD, PASSWORD)
    assert ana.session(secret, NOON) is None


def test_a_revoked_volunteer_is_out_at_once(ana: Volunteers) -> None:
    secret, invitation = ana.open_session("Ana", NOON), ana.invite("Ana", NOON)
    assert ana.revoke("ana", NOON)
    assert ana.session(secret, NOON) is None
    with pytest.raises(VolunteerError):
        ana.sign_in("Ana", PASSWORD)
    with pytest.raises(VolunteerError):
        ana.redeem(invitation, NOON)
    assert ana.all()[0].revoked_at == NOON
    assert not ana.revoke("nobody", NOON)


def test_a_revoked_volunteer_comes_back_by_invitation_only(ana: Volunteers) -> None:
    ana.revoke("Ana", NOON)
    invitation = ana.invite("Ana", NOON)
    with pytest.raises(VolunteerError):
        ana.sign_in("Ana", PASSWORD)
    assert ana.redeem(invitation, NOON) == "Ana"


def test_no_secret_is_stored(ana: Volunteers) -> None:
    session, invitation = ana.open_session("Ana", NOON), ana.invite("Ben", NOON)
    stored = repr([list(ana.documents.database[name].find()) for name in (VOLUNTEERS, SESSIONS)])
    assert not [secret for secret in (session, invitation, PASSWORD) if secret in stored]
    assert "$argon2id$" in stored


# On the command line


@pytest.fixture
def configured(project: Callable[..., Settings], mongo_uri: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A project that the command line works on."""
    environment = {"MONGO_URI": mongo_uri, "MONGO_DB_NAME": f"test_{uuid.uuid4().hex}"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = project(**environment)
    yield settings
    document_store(settings).database.client.drop_database(environment["MONGO_DB_NAME"])


def run(settings: Settings, *arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(app, [*arguments, "--config", str(settings.config_file)], **options)


def test_the_name_of_the_automatic_labels_is_refused_with_its_reason(configured: Settings) -> None:
    for command in (["volunteers", "add", "auto"], ["label", "--name", "auto"]):
        refused = run(configured, *command)
        assert refused.exit_code == 1
        assert "automatic labels" in refused.stderr


def test_a_volunteer_is_added_listed_and_revoked(configured: Settings) -> None:
    added = run(configured, "volunteers", "add", "Ana Maria")
    assert added.exit_code == 0
    link = added.stdout.strip()
    assert link.startswith("http://127.0.0.1:3001/join#")
    listed = run(configured, "volunteers", "list")
    assert "Ana Maria" in listed.stdout
    assert "unused link" in listed.stdout
    assert link.partition("#")[2] not in run(configured, "volunteers", "list", "--json").stdout
    assert run(configured, "volunteers", "revoke", "ana maria").exit_code == 0
    assert "no, since" in run(configured, "volunteers", "list").stdout
    unknown = run(configured, "volunteers", "revoke", "nobody")
    assert unknown.exit_code == 1
    assert "no volunteer 'nobody'" in unknown.stderr
    assert run(configured, "volunteers", "add", "").exit_code == 1


def test_documents_are_labelled_in_the_terminal(configured: Settings) -> None:
    store = document_store(configured)
    publish(store, [document(0, lie=True), document(1), document(2)])
    typed = ["101", "88", "maybe", "88", "yes", "fine", "u", "90", "no", "", "f", "s", "not my field", "q"]
    said = run(configured, "label", "--name", "Ana", "--day", LABEL_DAY, input="\n".join(typed) + "\n")
    assert said.exit_code == 0, said.output
    assert "not a whole number from 0 to 100" in said.stderr
    assert "yes or no" in said.stderr
    assert "unsupported: “40”" in said.stdout
    assert "resume-data-engineer-event-platform.pdf" in said.stdout
    assert "1 of 3 are labelled, 1 by you" in said.stdout
    stored = {each["id"][-1]: each for each in store.database["july-23-resumes"].find()}
    labelled = next(each for each in stored.values() if each["labelled_at"])
    assert (labelled["score"], labelled["truthfulness"], labelled["didBy"]) == (90, False, "Ana")
    assert labelled["label_history"][0]["score"] == 88
    assert sum(len(each.get("skips", [])) for each in stored.values()) == 1
    assert not any(each["claimed_by"] for each in stored.values())
    assert "Nothing waits" in run(configured, "label", "--name", "Ana", "--day", "2026-07-22").stdout
    assert run(configured, "label", "--name", "x" * 61, "--day", LABEL_DAY).exit_code == 2


def test_a_title_in_brackets_is_shown_in_the_terminal_as_it_stands(configured: Settings) -> None:
    publish(document_store(configured), [document(0) | {"job_title": "Developer [Remote] [/b]"}])
    said = run(configured, "label", "--name", "Ana", "--day", LABEL_DAY, input="q\n")
    assert said.exit_code == 0, said.output
    assert "Developer [Remote] [/b]" in said.stdout
