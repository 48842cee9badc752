"""What a provider does not take is learned from its own words, once, and asked for differently from then on."""

import json

import pytest

from resources.dialect import ChatRequest, Dialect
from tailoring.resume import response_format

REQUEST = ChatRequest(
    messages=[{"role": "system", "content": "Write."}, {"role": "user", "content": "Now."}],
    model="m",
    schema=response_format(),
    temperature=0.2,
    seed=7,
    max_output_tokens=100,
)


def test_at_first_everything_is_asked_for() -> None:
    body = Dialect().body(REQUEST)
    assert body["response_format"]["type"] == "json_schema"
    assert (body["max_completion_tokens"], body["temperature"], body["seed"]) == (100, 0.2, 7)
    assert body["messages"] == list(REQUEST.messages)


# Errors as the servers word them: OpenAI, Azure, vLLM and FastAPI, Ollama and llama.cpp, Gemini.
@pytest.mark.parametrize(
    ("status", "code", "parameter", "message", "gone"),
    [
        (400, "unsupported_parameter", "max_completion_tokens", "Unsupported parameter.", "max_completion_tokens"),
        (400, None, None, "Unrecognized request argument supplied: max_completion_tokens", "max_completion_tokens"),
        (
            400,
            "unsupported_value",
            "temperature",
            "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) is supported.",
            "temperature",
        ),
        (400, "unknown_parameter", "seed", "Unknown parameter: 'seed'.", "seed"),
        (400, None, None, 'Invalid JSON payload received. Unknown name "seed": Cannot find field.', "seed"),
        (422, None, None, "[{'type': 'extra_forbidden', 'loc': ('body', 'seed'), 'msg': 'Extra inputs'}]", "seed"),
    ],
)
def test_a_parameter_that_is_turned_down_is_left_out(
    status: int, code: str | None, parameter: str | None, message: str, gone: str
) -> None:
    dialect = Dialect()
    assert dialect.learn(status, code, parameter, message)
    body = dialect.body(REQUEST)
    assert gone not in body
    assert "max_tokens" in body or "max_completion_tokens" in body
    assert not dialect.learn(status, code, parameter, message), "the same error again is one that asking cannot mend"


@pytest.mark.parametrize(
    "message",
    [
        "This response_format type is unavailable now",  # DeepSeek
        "This model does not support response format `json_schema`.",  # Groq
        "Unknown name \"additionalProperties\" at 'generation_config.response_schema': Cannot find field.",  # Gemini
        "json_schema: failed to parse grammar",  # llama.cpp
    ],
)
def test_structured_output_is_given_up_in_whatever_words(message: str) -> None:
    dialect = Dialect()
    assert dialect.learn(400, None, None, message)
    assert dialect.body(REQUEST)["response_format"] == {"type": "json_object"}


def test_structured_output_is_given_up_step_by_step_with_the_schema_told_in_words() -> None:
    dialect = Dialect()
    for expected in ("json_object", None):
        assert dialect.learn(400, None, "response_format", "'response_format' of this type is not supported")
        body = dialect.body(REQUEST)
        assert body.get("response_format", {}).get("type") == expected
        assert json.dumps(response_format()["json_schema"]["schema"], separators=(",", ":")) in str(
            body["messages"][0]["content"]
        )
        assert body["messages"][1:] == list(REQUEST.messages)[1:]
    assert not dialect.learn(400, None, "response_format", "'response_format' is not supported")


@pytest.mark.parametrize(
    ("status", "code", "parameter", "message"),
    [
        (400, "context_length_exceeded", "messages", "This model's maximum context length is 8192 tokens."),
        (400, "invalid_value", "max_completion_tokens", "max_completion_tokens is too large: 100."),
        (404, None, "model", "The model does not support seed"),
        (429, None, "seed", "not supported"),
        (500, None, None, "temperature is not supported"),
        (400, None, None, "We do not support proceeding without seeding your account"),
    ],
)
def test_other_errors_teach_nothing(status: int, code: str | None, parameter: str | None, message: str) -> None:
    dialect = Dialect()
    assert not dialect.learn(status, code, parameter, message)
    assert dialect == Dialect()
