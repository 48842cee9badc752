"""Providers of fine-tuning, good and bad, and the time that tests of it have."""

from collections.abc import Iterator

import pytest

from tests.model_server_fixture import RunningModelServer, running_model_server
from tests.services.fine_tuning.tuning import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def well_behaved() -> Iterator[RunningModelServer]:
    """A provider that trains."""
    with running_model_server() as server:
        yield server


@pytest.fixture(scope="module")
def failing() -> Iterator[RunningModelServer]:
    """A provider whose every job fails."""
    with running_model_server({"jobs": [{"fail": "GPU on fire."}] * 100}) as server:
        yield server


@pytest.fixture(scope="module")
def hanging() -> Iterator[RunningModelServer]:
    """A provider whose jobs never end by themselves."""
    with running_model_server({"jobs": [{"hang": True}] * 100}) as server:
        yield server
