"""What nobody may do with the label page: forged forms, cookies and addresses, and anything at all."""

import asyncio
import re
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error

from labelling.app import KEY_FILE, create_app
from labelling.guard import Guard
from labelling.signing import secret_key
from tests.label_page import DAY, document
from tests.services.labelling.site import MakeSite, Person, Site


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
