"""The whole graph against real servers: documents over MongoDB's wire, the model over HTTP, objects in a folder."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from resources.document_store import Document, DocumentStore
from resources.fine_tuning import FineTuning
from resources.language_model import LanguageModel
from resume_assets import checks
from resume_assets.definitions import build_defs
from resume_assets.settings import Settings
from tailoring import fairness
from tests.conftest import make_project
from tests.model_server_fixture import RunningModelServer, running_model_server

DAY = "2026-07-23"
PAIRS = 10


@dataclass
class Pipeline:
    """A project with its services and a Dagster instance of its own."""

    settings: Settings
    resources: dict[str, Any]
    instance: dg.DagsterInstance
    server: RunningModelServer

    def run(self, job: str, day: str | None = None, config: dict[str, Any] | None = None) -> dg.ExecuteInProcessResult:
        definitions = build_defs(self.settings, self.resources)
        return definitions.resolve_job_def(job).execute_in_process(
            instance=self.instance, partition_key=day, run_config=config, raise_on_error=False
        )

    def ingest(self) -> dg.ExecuteInProcessResult:
        return self.run("ingest")

    def generate(self, day: str = DAY, *, force: bool = False) -> dg.ExecuteInProcessResult:
        choices = {"config": {"force": force}}
        return self.run("generate_day", day, {"ops": {"generated_resumes": choices, "daily_collection": choices}})

    @property
    def documents(self) -> DocumentStore:
        store: DocumentStore = self.resources["documents"]
        return store

    def collection(self, name: str) -> list[Document]:
        return list(self.documents.database[name].find().sort("_id"))

    def with_settings(self, **changes: Any) -> "Pipeline":
        """The same project after a change of its settings, section by section."""
        sections = {name: getattr(self.settings, name).model_copy(update=update) for name, update in changes.items()}
        return replace(self, settings=self.settings.model_copy(update=sections))

    @property
    def data(self) -> Path:
        return self.settings.data_folder

    def continue_from(self, other: "Pipeline") -> None:
        """Take over the files and documents of another project: what has run there need not run here."""
        shutil.copytree(other.data, self.data, dirs_exist_ok=True)
        for found in list(other.documents.database.list_collections()):
            original = other.documents.database[found["name"]]
            copied = self.documents.database.create_collection(found["name"], **found["options"])
            for name, index in original.index_information().items():
                if name != "_id_":
                    copied.create_index(index["key"], name=name, unique=index.get("unique", False))
            if documents := list(original.find()):
                copied.insert_many(documents)


@pytest.fixture(scope="session")
def model_server() -> Iterator[RunningModelServer]:
    """A model server that behaves and counts."""
    with running_model_server() as server:
        yield server


@contextmanager
def pipeline_at(root: Path, documents: DocumentStore, server: RunningModelServer) -> Iterator[Pipeline]:
    """A project in this folder, with small days."""

    def small(config: dict[str, Any]) -> None:
        config["pairing"]["pairs_per_day"] = PAIRS

    with dg.DagsterInstance.ephemeral() as instance:
        yield Pipeline(make_project(root, small), resources_at(server, documents), instance, server)


@pytest.fixture
def pipeline(tmp_path: Path, documents: DocumentStore, model_server: RunningModelServer) -> Iterator[Pipeline]:
    with pipeline_at(tmp_path / "project", documents, model_server) as made:
        yield made


@pytest.fixture(scope="session")
def ingested_once(tmp_path_factory: pytest.TempPathFactory, model_server: RunningModelServer) -> Iterator[Pipeline]:
    """A project that has its pairs; nothing else is done in it. Ingesting asks no database."""
    nowhere = DocumentStore("mongodb://127.0.0.1:1/?directConnection=true", "none", timeout_seconds=0.1)
    with pipeline_at(tmp_path_factory.mktemp("ingested"), nowhere, model_server) as made:
        result = made.ingest()
        assert result.success, why(result)
        yield made


@pytest.fixture
def ingested(pipeline: Pipeline, ingested_once: Pipeline) -> Pipeline:
    """A project that has its pairs."""
    shutil.copytree(ingested_once.data, pipeline.data)
    return pipeline


@pytest.fixture(scope="session", autouse=True)
def fairness_judged_once() -> Iterator[None]:
    """The days of different tests have the same documents, and to judge the fairness of one takes a second."""
    with pytest.MonkeyPatch.context() as patched:
        remembering = cache(fairness.fairness_report)
        for module in (fairness, checks):  # both: to be sent to another process, it has to be what its name says
            patched.setattr(module, "fairness_report", remembering)
        yield


def resources_at(server: RunningModelServer, documents: DocumentStore) -> dict[str, Any]:
    """The resources of a project whose model is this server and whose documents go here."""
    return {
        "documents": documents,
        "language_model": LanguageModel(server.base_url, timeout=30, max_retries=0),
        "fine_tuning": FineTuning(server.base_url, documents, timeout=30, max_retries=0),
    }


def figures(result: dg.ExecuteInProcessResult, asset: str) -> dict[str, Any]:
    """The metadata of the asset's materialization in this run."""
    (event,) = [
        each.step_materialization_data.materialization
        for each in result.get_asset_materialization_events()
        if each.asset_key and each.asset_key.to_user_string() == asset
    ]
    return {name: value.value for name, value in event.metadata.items()}


def why(result: dg.ExecuteInProcessResult) -> str:
    """What the failed steps said."""
    said = []
    for event in result.all_events:
        if event.is_step_failure:
            data = event.step_failure_data
            said.append((data.user_failure_data and data.user_failure_data.description) or str(data.error))
    return "\n".join(said)
