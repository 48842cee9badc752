"""Fixtures that every tier shares, and the rule of tiers: a unit test that asks for a server does not get collected."""

import shutil
import socket
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import yaml
from moto.backends import get_backend
from moto.server import ThreadedMotoServer

from resources.document_store import DocumentStore
from resources.embedded import documents_service, running
from resume_assets.settings import PROJECT_ROOT, Settings, load_settings

# Machines are slow at times; how fast the code is, the benchmarks tell.
hypothesis.settings.register_profile("project", hypothesis.settings(deadline=None))
hypothesis.settings.load_profile("project")

SERVER_FIXTURES = {"mongo_uri", "documents", "model_server", "s3", "chromium"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    tests = Path(__file__).parent
    for item in items:
        wanted = SERVER_FIXTURES & set(getattr(item, "fixturenames", ()))
        if wanted and item.path.is_relative_to(tests / "unit"):
            raise pytest.UsageError(
                f"{item.nodeid} is a unit test and asks for {', '.join(sorted(wanted))}: move it to another tier"
            )


def free_port() -> int:
    """A loopback port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def mongo_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real document server, on its own folder and port; each test makes a database of its own there."""
    port = free_port()
    with running([documents_service(tmp_path_factory.mktemp("documents"), port)]):
        yield f"mongodb://127.0.0.1:{port}/?directConnection=true"


@pytest.fixture
def documents(mongo_uri: str) -> Iterator[DocumentStore]:
    """An empty database."""
    store = DocumentStore(mongo_uri, f"test_{uuid.uuid4().hex}", timeout_seconds=5)
    yield store
    store.database.client.drop_database(store.database_name)


@pytest.fixture(scope="session")
def artifacts() -> Path:
    """Where tests leave pictures for people to look at."""
    folder = PROJECT_ROOT / ".test_artifacts"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def s3() -> Iterator[str]:
    """The address of an empty S3 server."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    get_backend("s3").reset()  # moto keeps its buckets in the process, not in the server
    yield f"http://{host}:{port}"
    server.stop()


Change = Callable[[dict[str, Any]], None]


def make_project(root: Path, change: Change = lambda config: None, **environ: str) -> Settings:
    """Settings for a project in this folder: the shipped configuration, changed by `change`."""
    shutil.copytree(PROJECT_ROOT / "config", root / "config", dirs_exist_ok=True)
    file = root / "config/pipeline.yaml"
    config = yaml.safe_load(file.read_text())
    config["retries"]["of_a_step"] = 0
    change(config)
    file.write_text(yaml.safe_dump(config))
    return load_settings(file, environ)


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Settings]:
    """`make_project` in a folder of the test's own."""
    return partial(make_project, tmp_path / "project")
