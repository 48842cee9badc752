"""The label page over HTTP: what volunteers do, what goes wrong, and what nobody may do."""

import asyncio
import datetime as dt
import re
import stat
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error

from labelling.app import KEY_FILE, create_app
from labelling.attempts import Attempts
from labelling.guard import Guard
from labelling.signing import secret_key
from labelling.signing_in import own_path
from resources import configured
from resources.configured import document_store, labels, volunteers
from resources.document_store import DocumentStore
from resources.errors import ServiceError
from resources.volunteers import VolunteerError
from resume_assets.settings import Settings
from tests.label_page import DAY, NOON, POSTING, RESUME, document, publish

MINUTE = dt.timedelta(minutes=1)
PASSWORD = "correct horse battery"
HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">{{ 7 * 7 }}'
HERE = "http://127.0.0.1"


@dataclass
class Person:
    """A browser without script."""

    client: TestClient
    page: httpx.Response = field(init=False)

    def get(self, path: str) -> httpx.Response:
        self.page = self.client.get(path)
        return self.page

    def post(self, path: str, **values: Any) -> httpx.Response:
        """Send a form of the page that is shown."""
        self.page = self.client.post(path, data={"form_token": self.token(), **values})
        return self.page

    def token(self) -> str:
        found = re.search(r'name="form_token" value="(\w+)"', self.page.text)
        assert found, self.page.text
        return found[1]

    @property
    def path(self) -> str:
        return self.page.url.path


@dataclass
class Site:
    """The page, its clock and its database."""

    settings: Settings
    store: DocumentStore
    now: dt.datetime = NOON

    def __post_init__(self) -> None:
        self.app = create_app(self.settings, lambda: self.now)

    def visitor(self, **options: Any) -> Person:
        return Person(TestClient(self.app, base_url=HERE, **options))

    def volunteer(self, name: str) -> Person:
        person = self.visitor()
        person.get("/join")
        invitation = volunteers(self.settings, self.store).invite(name, self.now)
        assert person.post("/join", invitation=invitation).status_code == 200
        person.get("/")
        return person

    def stored(self, number: int = 0) -> dict[str, Any]:
        found = self.store.database["july-23-resumes"].find_one({"id": f"{number:016x}-{number:016x}"})
        assert found
        return found


MakeSite = Callable[..., Site]


@pytest.fixture
def make_site(project: Callable[..., Settings], mongo_uri: str) -> Iterator[MakeSite]:
    stores = []

    def make(documents: list[dict[str, Any]] | None = None, uri: str = mongo_uri, **rules: Any) -> Site:
        def change(config: dict[str, Any]) -> None:
            config["labelling"].update({"documents_overlap_share": 0.0, **rules})

        made = project(change, MONGO_URI=uri, MONGO_DB_NAME=f"test_{uuid.uuid4().hex}")
        store = document_store(made)
        if documents is not None:
            stores.append(store)
            publish(store, documents)
        return Site(made, store)

    yield make
    for store in stores:
        store.database.client.drop_database(store.database_name)


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site([document(0, lie=True), document(1)])


@pytest.fixture
def ana(site: Site) -> Person:
    """Ana reads the first document."""
    person = site.volunteer("Ana")
    person.post("/claim", day=DAY)
    assert person.path == f"/documents/{site.stored()['_id']}"
    return person


def label(person: Person, site: Site, **values: str) -> httpx.Response:
    form = {"generation_id": "generation-0", "score": "88", "truthfulness": "yes", **values}
    return person.post(f"/documents/{site.stored()['_id']}/label", **form)


# Labelling


def test_a_document_is_labelled_without_any_script(site: Site, ana: Person) -> None:
    site.now += MINUTE
    page = label(ana, site, note="clean\r\nand short")
    assert ana.path.endswith("/done")
    assert "Saved" in page.text
    stored = site.stored()
    assert (stored["score"], stored["truthfulness"], stored["didBy"]) == (88, True, "Ana")
    assert stored["note"] == "clean\nand short"
    assert stored["labels"][0]["seconds"] == 60.0
    latest = site.store.database["Resumes"].find_one({"_id": stored["id"]})
    assert latest
    assert latest["score"] == 88


def test_the_page_shows_what_is_unsupported_and_where_words_changed(ana: Person) -> None:
    text = ana.page.text
    assert "could not support" in text
    assert re.search(r'<mark class="claim" id="claim-1"[^>]*>40</mark>', text)
    assert "The source has no such number" in text
    assert '<mark class="changed">Led</mark>' in text


def test_automatic_scores_are_hidden_until_the_label_is_in(make_site: MakeSite) -> None:
    for hide in (True, False):
        site = make_site([document(0)], hide_automatic_scores=hide)
        person = site.volunteer("Ana")
        page = person.post("/claim", day=DAY)
        assert ("81.5" in page.text) is not hide
        assert "81.5" in label(person, site).text


@pytest.mark.parametrize("score", ["101", "-1", "7.5", "", "eighty", "1" * 5000, "8\x008"])
def test_a_bad_score_is_told_and_nothing_typed_is_lost(site: Site, ana: Person, score: str) -> None:
    page = label(ana, site, score=score, note="my note")
    assert page.status_code == 422
    assert "whole number from 0 to 100" in page.text
    assert "my note</textarea>" in page.text
    assert re.search(r'value="yes"[^>]*checked', page.text)
    assert site.stored()["labelled_at"] is None
    assert label(ana, site).status_code == 200


@pytest.mark.parametrize("values", [{"truthfulness": ""}, {"truthfulness": "maybe"}, {"note": "x" * 2001}])
def test_what_else_is_wrong_is_told(site: Site, ana: Person, values: dict[str, str]) -> None:
    assert label(ana, site, **values).status_code == 422
    assert site.stored()["labelled_at"] is None


def test_a_double_submit_is_one_label(site: Site, ana: Person) -> None:
    token = ana.token()
    for _ in range(2):
        form = {"form_token": token, "generation_id": "generation-0", "score": "88", "truthfulness": "yes"}
        answer = ana.client.post(f"/documents/{site.stored()['_id']}/label", data=form)
        assert answer.url.path.endswith("/done")
    assert len(site.stored()["labels"]) == 1


def test_a_second_tab_with_another_score_changes_nothing(site: Site, ana: Person) -> None:
    other = Person(ana.client)
    other.get(ana.path)
    label(ana, site)
    page = label(other, site, score="12")
    assert page.status_code == 409
    assert "You labelled this document already (88, truthful)" in page.text
    assert site.stored()["score"] == 88


def test_a_stale_page_saves_nothing_and_says_what_was_typed(site: Site, ana: Person) -> None:
    site.now += 31 * MINUTE
    for name in ("Chidi", "Ben"):
        site.volunteer(name).post("/claim", day=DAY)
    assert site.stored()["claimed_by"] == "Ben"
    page = label(ana, site, note="hours of work")
    assert page.status_code == 409
    assert "somebody else took it" in page.text
    assert "hours of work" in page.text
    assert site.stored()["labelled_at"] is None


def test_a_label_is_undone_and_its_page_comes_back_filled_in(site: Site, ana: Person) -> None:
    label(ana, site, note="hm")
    page = ana.post(f"/documents/{site.stored()['_id']}/undo")
    assert ana.path == f"/documents/{site.stored()['_id']}"
    assert 'value="88"' in page.text
    assert "hm</textarea>" in page.text
    assert site.stored()["label_history"][0]["score"] == 88
    label(ana, site)
    site.now += 11 * MINUTE
    assert "Undo" not in ana.get(ana.path).text
    assert "can be undone for 10 minutes" in ana.post(f"/documents/{site.stored()['_id']}/undo").text


def test_a_skipped_and_a_released_document_go_back(site: Site, ana: Person) -> None:
    path = ana.path
    ana.post(f"{path}/skip", reason="Not my language", other="")
    assert site.stored()["skips"][0]["reason"] == "Not my language"
    second = ana.post("/claim", day=DAY)
    assert str(second.url.path) != path
    ana.post(f"{second.url.path}/release")
    assert site.stored(1)["claimed_by"] is None
    ben = site.volunteer("Ben")
    assert ben.post("/claim", day=DAY).url.path.startswith("/documents/")


def test_a_skip_without_a_reason_is_told(ana: Person) -> None:
    assert ana.post(f"{ana.path}/skip", other="x" * 201).status_code == 422


def test_the_draft_survives(site: Site, ana: Person) -> None:
    answer = ana.client.post(
        f"{ana.path}/draft", data={"score": "7", "note": "half a th"}, headers={"X-Form-Token": ana.token()}
    )
    assert answer.json() == {"kept": True}
    page = ana.get(ana.path)
    assert 'value="7"' in page.text
    assert "half a th</textarea>" in page.text


def test_the_lease_of_an_open_page_goes_on(site: Site, ana: Person) -> None:
    site.now += 20 * MINUTE
    answer = ana.client.post(f"{ana.path}/renew", headers={"X-Form-Token": ana.token()})
    assert answer.status_code == 200
    assert site.stored()["claimed_until"] == site.now + 30 * MINUTE
    ana.post(f"{ana.path}/release")
    answer = ana.client.post(f"/documents/{site.stored()['_id']}/renew", headers={"X-Form-Token": ana.token()})
    assert answer.status_code == 409
    assert "no longer hold" in answer.json()["error"]


def test_two_people_do_not_see_each_others_label(make_site: MakeSite) -> None:
    site = make_site([document(0)], documents_overlap_share=1.0)
    ana, ben = site.volunteer("Ana"), site.volunteer("Ben")
    ana.post("/claim", day=DAY)
    label(ana, site, score="37", note="a secret opinion")
    page = ben.post("/claim", day=DAY)
    assert page.url.path == f"/documents/{site.stored()['_id']}"
    assert "a secret opinion" not in page.text
    assert not re.search(r"\b37\b", page.text)
    done = label(ben, site, score="64")
    assert "a secret opinion" not in done.text
    assert [each["score"] for each in site.stored()["labels"]] == [37, 64]


def test_progress_and_days(site: Site, ana: Person) -> None:
    label(ana, site)
    site.now += MINUTE
    page = ana.get("/")
    assert re.search(r"<span class=\"big\">1</span> of 2 labelled", page.text)
    assert "2026-07-22" in page.text
    assert ana.get("/?day=2025-01-02").status_code == 200
    ana.post("/claim", day=DAY)
    label(ana, site)
    ana.get("/")
    assert "Nothing waits for you" in ana.post("/claim", day="2026-07-22").text


def test_files_are_downloaded_with_the_name_on_top(ana: Person) -> None:
    pdf = ana.client.get(f"{ana.path}/resume.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["content-disposition"] == 'attachment; filename="resume-data-engineer-event-platform.pdf"'
    assert ana.client.get(f"{ana.path}/resume.docx").content.startswith(b"PK")
    assert ana.client.get(f"{ana.path}/resume.txt").text.startswith("Marta Oliveira\n")


def test_a_document_that_is_only_text_has_no_file_and_says_so(make_site: MakeSite) -> None:
    site = make_site([{**document(0), "tailored": "", "unsupported_claims": None}])
    ana = site.volunteer("Ana")
    ana.post("/claim", day=DAY)
    page = ana.get(f"{ana.path}/resume.pdf")
    assert page.status_code == 409
    assert "copy the text instead" in page.text


def test_the_dashboard_shows_numbers_and_charts(site: Site, ana: Person) -> None:
    assert "No labels yet" in ana.get("/dashboard").text
    ana.get(f"/documents/{site.stored()['_id']}")
    label(ana, site)
    page = ana.get("/dashboard?span=30")
    assert page.text.count("<svg") == 7
    assert "style=" not in page.text
    assert ana.get("/dashboard?span=0").status_code == 422


def test_a_long_resume_is_shown(make_site: MakeSite) -> None:
    long = RESUME + "".join(f"- Moved {n} meter readings from one table to another.\n" for n in range(4000))
    assert len(long) > 200_000
    site = make_site([document(0, resume=long)])
    page = site.volunteer("Ana").post("/claim", day=DAY)
    assert page.status_code == 200
    assert "Moved 3999 meter readings" in page.text


def test_markup_in_resume_and_posting_is_only_text(make_site: MakeSite) -> None:
    hostile = document(0, resume=RESUME.replace("Wrote data tests", HOSTILE), posting=POSTING + HOSTILE)
    hostile |= {"job_title": HOSTILE, "company_name": HOSTILE}
    site = make_site([hostile])
    ana = site.volunteer("Ana <b>bold</b>")
    for page in (ana.post("/claim", day=DAY), label(ana, site, note=HOSTILE), ana.get("/"), ana.get("/dashboard")):
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "<b>bold" not in page.text
        assert "49" not in re.findall(r"onerror[^<]*", page.text)
    assert site.stored()["note"] == HOSTILE


# MongoDB is gone


def test_when_the_database_goes_the_label_is_safe_on_the_page(
    make_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site([document(0)])
    ana = site.volunteer("Ana")
    ana.post("/claim", day=DAY)
    path, token = ana.path, ana.token()
    monkeypatch.setattr(configured, "NETWORK_TIMEOUT", 0.2)
    gone = make_site(uri="mongodb://127.0.0.1:9/?directConnection=true")  # the same folder, so the same key
    visitor = TestClient(gone.app, base_url=HERE, cookies=dict(ana.client.cookies))
    form = {"form_token": token, "score": "88", "truthfulness": "yes", "note": "keep <me>", "generation_id": "g"}
    page = visitor.post(f"{path}/label", data=form)
    assert page.status_code == 503
    assert "Not saved yet" in page.text
    assert "keep &lt;me&gt;" in page.text
    assert f'action="{path}/label"' in page.text
    assert 'name="score" value="88"' in page.text
    assert visitor.get("/").status_code == 503
    assert visitor.post(f"{path}/draft", data=form).json()["error"]
    assert visitor.get("/healthz").json() == {"status": "ok"}


# Who may come in


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


def test_a_form_from_elsewhere_is_refused(site: Site, ana: Person) -> None:
    for token in ("", "0" * 64, site.volunteer("Ben").token()):
        answer = ana.client.post("/claim", data={"form_token": token, "day": DAY})
        assert answer.status_code == 403
    assert site.visitor().client.post("/sign-in", data={"name": "a", "password": "b"}).status_code == 403


def test_a_forged_cookie_is_nobody(site: Site, ana: Person) -> None:
    cookie = ana.client.cookies["label"]
    for forged in ("x", cookie[:-1] + ("A" if cookie[-1] != "A" else "B"), cookie.split(".")[0], "é"):
        visitor = site.visitor(follow_redirects=False)
        assert visitor.client.get("/", headers={"Cookie": f"label={forged}".encode("latin-1")}).status_code == 303


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


def test_every_answer_carries_the_security_headers(ana: Person) -> None:
    for path in ("/", "/healthz", "/static/style.css", "/nowhere", f"{ana.path}/resume.pdf"):
        headers = ana.client.get(path).headers
        assert "'unsafe-inline'" not in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert ("no-store" in headers["cache-control"]) is not path.startswith("/static/")
    page = ana.get("/")
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page.text)


def test_cookies_are_strict_and_secure_behind_tls(make_site: MakeSite) -> None:
    plain = make_site([document(0)]).visitor().get("/sign-in").headers["set-cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=strict" in plain
    assert "Secure" not in plain
    site = make_site([document(0)], public_url="https://labels.example.org")
    answer = TestClient(site.app, base_url="https://labels.example.org").get("/sign-in")
    assert answer.headers["set-cookie"].startswith("__Host-label=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers


def test_another_host_name_is_refused(site: Site) -> None:
    assert TestClient(site.app, base_url="http://evil.example").get("/sign-in").status_code == 400


def test_the_key_is_kept_and_only_its_owner_reads_it(site: Site) -> None:
    file = site.settings.data_folder / KEY_FILE
    key = file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    create_app(site.settings)
    assert file.read_bytes() == key


def test_nobody_reads_a_key_that_is_not_whole_yet(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def key(_: int) -> bytes:
        together.wait()
        return secret_key(tmp_path / "key")

    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(key, range(8)))
    assert len(keys) == 1
    assert len(keys.pop()) == 32
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


def test_a_form_that_was_cut_off_is_not_taken_for_a_whole_one() -> None:
    received = iter(
        [
            {"type": "http.request", "body": b"score=8", "more_body": True},  # of score=85
            {"type": "http.disconnect"},
        ]
    )
    forms = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        forms.append(await receive())

    async def receive() -> Any:
        return next(received)

    async def send(message: Any) -> None:
        forms.append(message)

    asyncio.run(Guard(app, https=False)({"type": "http", "path": "/label"}, receive, send))
    assert forms == []


def test_too_much_is_refused(ana: Person) -> None:
    assert ana.post(f"{ana.path}/draft", note="x" * 70_000).status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/documents/2026-07-23/unknown",
        "/documents/nonsense/0000000000000000-0000000000000000",
        "/documents/2026-02-31/0000000000000000-0000000000000000",
        "/documents/2026-07-23/ffffffffffffffff-ffffffffffffffff",
        "/documents/..%2f..%2fetc/passwd",
        "/?day=2026-13-99",
        "/nowhere",
    ],
)
def test_a_forged_address_is_no_error_of_ours(ana: Person, path: str) -> None:
    assert ana.get(path).status_code in (200, 404, 422)


# Anything at all


def test_whatever_is_sent_is_no_server_error(site: Site, ana: Person) -> None:
    site.app.openapi_url = "/openapi.json"
    site.app.setup()
    schema = schemathesis.openapi.from_asgi("/openapi.json", site.app, headers={"Host": "127.0.0.1"})
    token, cookie = ana.token(), ana.client.cookies["label"]
    headers = {"Host": "127.0.0.1", "X-Form-Token": token, "Cookie": f"label={cookie}"}
    real = {"day": DAY, "pair": site.stored()["id"]}
    operations = [each.ok() for each in schema.get_all_operations()]
    assert len(operations) >= 18
    for operation in operations:

        @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(operation.as_strategy(), st.booleans())
        def send(case: schemathesis.Case, here: bool) -> None:
            if here and "pair" in case.path_parameters:
                case.path_parameters.update(real)
            case.call_and_validate(headers=headers, checks=[not_a_server_error])

        send()


def test_labels_of_the_page_are_those_of_the_store(site: Site, ana: Person) -> None:
    label(ana, site)
    assert labels(site.settings, site.store).progress(DAY).by_volunteer == {"Ana": 1}
