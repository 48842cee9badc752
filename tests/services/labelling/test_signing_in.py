"""Who may come in to the label page, and how: invitations, passwords, sessions, guesses."""

import datetime as dt

import pytest
from fastapi.testclient import TestClient

from labelling.attempts import Attempts
from labelling.signing_in import own_path
from resources.configured import volunteers
from resources.errors import ServiceError
from resources.volunteers import VolunteerError
from tests.label_page import NOON
from tests.services.labelling.site import HERE, MINUTE, PASSWORD, MakeSite, Person, Site, label


def test_nothing_is_read_without_a_session(site: Site, ana: Person) -> None:
    visitor = site.visitor(follow_redirects=False)
    for path in ("/", ana.path, f"{ana.path}/done", f"{ana.path}/resume.pdf", f"{ana.path}/resume.txt", "/dashboard"):
        answer = visitor.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=")
        assert "Marta" not in answer.text
    for what in ("label", "skip", "release", "undo", "renew", "draft"):
        visitor.get("/sign-in")
        assert visitor.post(f"{ana.path}/{what}").status_code == 401
    assert site.stored()["claimed_by"] == "Ana"


def test_another_volunteer_cannot_read_or_change_what_somebody_holds(site: Site, ana: Person) -> None:
    ben = site.volunteer("Ben")
    assert ben.get(ana.path).status_code == 409
    assert "Marta" not in ben.page.text
    assert ben.get(f"{ana.path}/resume.txt").status_code == 404
    ben.get("/")
    for what in ("label", "skip", "draft", "renew", "undo"):
        answer = ben.client.post(
            f"{ana.path}/{what}",
            data={"form_token": ben.token(), "score": "1", "truthfulness": "no", "reason": "x"},
        )
        assert answer.status_code == 409
    unreasoned = ben.client.post(f"{ana.path}/skip", data={"form_token": ben.token()})
    assert unreasoned.status_code == 409
    assert "Marta" not in unreasoned.text
    ben.client.post(f"{ana.path}/release", data={"form_token": ben.token()})
    assert site.stored()["claimed_by"] == "Ana"


def test_a_password_lets_in_again(site: Site, ana: Person) -> None:
    ana.get("/password")
    ana.post("/password", password=PASSWORD, again=PASSWORD)
    ana.get("/")
    ana.post("/sign-out")
    assert ana.get("/").url.path == "/sign-in"
    assert ana.post("/sign-in", name="ana", password=PASSWORD, next="/dashboard").url.path == "/dashboard"


def test_revoking_ends_the_session_at_once(site: Site, ana: Person) -> None:
    volunteers(site.settings, site.store).revoke("Ana", site.now)
    assert ana.get(ana.path).url.path == "/sign-in"


def test_a_session_expires_and_what_was_typed_is_shown(site: Site, ana: Person) -> None:
    site.now += dt.timedelta(hours=13)
    page = label(ana, site, note="typed for long")
    assert page.status_code == 401
    assert "Your session has ended" in page.text
    assert "typed for long" in page.text


def test_guessing_passwords_is_slowed_down(site: Site) -> None:
    visitor = site.visitor()
    visitor.get("/sign-in")
    answers = [visitor.post("/sign-in", name="ana", password=f"guess {n}").status_code for n in range(11)]
    assert answers == [401] * 10 + [429]
    assert int(visitor.page.headers["retry-after"]) == 15 * 60
    site.now += 15 * MINUTE
    assert visitor.post("/sign-in", name="ana", password="guess").status_code == 401


def test_a_name_written_otherwise_is_no_way_around_the_limit(make_site: MakeSite) -> None:
    site = make_site([], sign_in_attempts=2)
    visitors = [Person(TestClient(site.app, base_url=HERE, client=(f"10.0.0.{n}", 1))) for n in range(3)]
    for visitor in visitors:
        visitor.get("/sign-in")
    names = ("ana lee", "ANA  lee", " ana   Lee")
    answers = [
        visitor.post("/sign-in", name=name, password="guess").status_code
        for visitor, name in zip(visitors, names, strict=True)
    ]
    assert answers == [401, 401, 429]


def test_guesses_at_once_are_no_way_around_the_limit() -> None:
    attempts = Attempts(2)
    begun = [attempts.begin(("ana",), NOON) for _ in range(3)]  # none of them has ended
    assert begun == [None, None, 15 * MINUTE]


def test_only_refused_attempts_count() -> None:
    attempts = Attempts(1)
    assert attempts.begin(("ana",), NOON) is None
    with attempts.made(("ana",)):
        pass  # the password was right
    assert attempts.begin(("ana",), NOON) is None
    with pytest.raises(ServiceError), attempts.made(("ana",)):
        raise ServiceError("MongoDB does not answer.", "Start it.")
    assert attempts.begin(("ana",), NOON) is None
    with pytest.raises(VolunteerError), attempts.made(("ana",)):
        raise VolunteerError("Name or password is wrong.")
    assert attempts.begin(("ana",), NOON) == 15 * MINUTE


def test_signing_in_changes_the_cookie(site: Site) -> None:
    visitor = site.visitor()
    visitor.get("/join")
    before = visitor.client.cookies["label"]
    visitor.post("/join", invitation=volunteers(site.settings, site.store).invite("Ana", site.now))
    assert visitor.client.cookies["label"] != before


def test_the_invitation_may_be_pasted_as_a_whole_link(site: Site) -> None:
    visitor = site.visitor()
    visitor.get("/join")
    secret = volunteers(site.settings, site.store).invite("Ana", site.now)
    assert visitor.post("/join", invitation=f" http://127.0.0.1:3001/join#{secret} ").url.path == "/password"
    visitor.get("/join")
    assert visitor.post("/join", invitation=secret).status_code == 401


@pytest.mark.parametrize("path", ["/", "/dashboard?span=7", "/documents/2026-07-23/x"])
def test_signing_in_leads_on(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "", "/a\nb", "/é"]
)
def test_signing_in_leads_nowhere_else(elsewhere: str) -> None:
    assert own_path(elsewhere) == "/"
