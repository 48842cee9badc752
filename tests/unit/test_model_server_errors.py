"""Failures that no client can cause: they are logged in full and told in OpenAI's shape."""

import logging

import pytest
from fastapi.testclient import TestClient

from model_server.app import create_app
from model_server.chat_request import ChatRequest
from model_server.registry import Model, Registry

REQUEST = {"model": "broken", "messages": [{"role": "user", "content": "hi"}]}


def answer(_: ChatRequest) -> str:
    raise KeyError("secret detail")


def test_a_failure_of_ours_is_logged_and_told_without_details(caplog: pytest.LogCaptureFixture) -> None:
    client = TestClient(create_app(Registry([Model("broken", created=1, owned_by="test", answer=answer)])))
    with caplog.at_level(logging.ERROR):
        response = client.post("/v1/chat/completions", json=REQUEST)
    assert response.status_code == 500
    assert response.json()["error"] == {
        "message": "The server had an error while processing your request.",
        "type": "server_error",
        "param": None,
        "code": None,
    }
    assert "secret detail" in caplog.text
    assert "secret detail" not in response.text
