"""The label page and its documents."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from resources.configured import document_store
from resume_assets.settings import Settings
from tests.label_page import DAY, document, publish
from tests.services.labelling.site import MakeSite, Person, Site


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
