"""A model server that behaves, for the tests of a file."""

from collections.abc import Iterator

import openai
import pytest

from tests.model_server_fixture import RunningModelServer, running_model_server
from tests.services.model_server.calls import client_of


@pytest.fixture(scope="module")
def server() -> Iterator[RunningModelServer]:
    with running_model_server() as running:
        yield running


@pytest.fixture(scope="module")
def client(server: RunningModelServer) -> Iterator[openai.OpenAI]:
    with client_of(server) as connected:
        yield connected
