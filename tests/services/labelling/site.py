"""The label page without a browser: the site, its clock and its database, and the people who come."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi.testclient import TestClient

from labelling.app import create_app
from resources.configured import volunteers
from resources.document_store import DocumentStore
from resume_assets.settings import Settings
from tests.label_page import NOON

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


def label(person: Person, site: Site, **values: str) -> httpx.Response:
    form = {"generation_id": "generation-0", "score": "88", "truthfulness": "yes", **values}
    return person.post(f"/documents/{site.stored()['_id']}/label", **form)
