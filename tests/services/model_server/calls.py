"""Calls of the model server by the real SDK over HTTP, and a resume and a posting to ask about."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import openai
from openai.types.chat import ChatCompletion

from tailoring.prompts import parse_prompt, render_messages
from tests.model_server_fixture import RunningModelServer

RESUME = """\
Mara Lindqvist
mara.lindqvist@example.org | +1 555 010 0199 | Portland, OR
PROFESSIONAL EXPERIENCE
Data Engineer, Harbour Analytics, Portland, OR
March 2020 - Present
• Built nightly Python and SQL pipelines that load 40 million rows into Snowflake
• Cut the cost of the warehouse by 30% by partitioning its largest tables
• Organised the yearly office party
Junior Developer, Fjord Software, Seattle, WA
June 2017 - February 2020
• Wrote REST services in Java and tested them with JUnit
EDUCATION
Bachelor of Science in Computer Science, Oregon State University, 2017
SKILLS
Python, SQL, Java, Snowflake, Airflow
"""
POSTING = "We look for a data engineer who builds pipelines in Python and SQL and knows Snowflake."
PROMPT = parse_prompt("test", "# System\nTailor the resume.\n# User\n{resume}\n{job_posting}\n")


def tailoring_messages(resume: str = RESUME, posting: str = POSTING) -> list[Any]:
    return render_messages(PROMPT, resume, "Data Engineer", "Acme", posting)


def client_of(server: RunningModelServer, **options: Any) -> openai.OpenAI:
    settings: dict[str, Any] = {"api_key": server.api_key or "any", "max_retries": 0, "timeout": 20.0} | options
    return openai.OpenAI(base_url=server.base_url, **settings)


def ask(client: openai.OpenAI, **changes: Any) -> ChatCompletion:
    completion: ChatCompletion = client.chat.completions.create(
        **({"model": "extractive-1", "messages": tailoring_messages()} | changes)
    )
    return completion


def content_of(completion: ChatCompletion) -> str:
    content = completion.choices[0].message.content
    assert content is not None
    return content


def raw(
    server: RunningModelServer, method: str, path: str, body: bytes | Iterator[bytes] | None = None, **headers: str
) -> tuple[int, Any]:
    """Status and JSON of one request that the SDK would not send."""
    connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=20)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    return response.status, answer


def run_server(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A server that is expected to refuse to start."""
    command = [sys.executable, "-m", "model_server", *arguments]
    return subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, timeout=30, check=False
    )
