"""The body of `POST /v1/chat/completions`: what we read of it, validated.

Parameters that change nothing here (top_p, user, metadata, ...) are accepted, as OpenAI's clients send them;
those that ask for something that no model of ours can do are refused rather than ignored.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from model_server.fields import NotOffered, RequestPart, Text


def _as_parts(content: object) -> object:
    """Content in its long form: the API allows a bare string, and none at all in an assistant's message."""
    if content is None:
        return []
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


class TextPart(RequestPart):
    type: Literal["text"]
    text: Text


class Message(RequestPart):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[list[TextPart], BeforeValidator(_as_parts)] = Field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.content)


class JsonSchema(RequestPart):
    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    definition: dict[str, Any] = Field(alias="schema", default_factory=dict)
    strict: bool | None = None


class ResponseFormat(RequestPart):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchema | None = None

    @model_validator(mode="after")
    def _schema_is_given(self) -> "ResponseFormat":
        if self.type == "json_schema" and self.json_schema is None:
            raise ValueError("the type json_schema needs the field json_schema")
        return self


class StreamOptions(RequestPart):
    include_usage: bool | None = None


class ChatRequest(RequestPart):
    """One request for a chat completion."""

    model: Text = Field(min_length=1)
    messages: list[Message] = Field(min_length=1)
    response_format: ResponseFormat | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    seed: int | None = None
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    n: Literal[1] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    tools: NotOffered = None
    functions: NotOffered = None
    logprobs: NotOffered = None
    audio: NotOffered = None
    stop: NotOffered = None

    @model_validator(mode="after")
    def _one_limit(self) -> "ChatRequest":
        if self.max_tokens is not None and self.max_completion_tokens is not None:
            raise ValueError("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.")
        return self

    @model_validator(mode="after")
    def _options_of_a_stream(self) -> "ChatRequest":
        if self.stream_options is not None and not self.stream:
            raise ValueError("The 'stream_options' parameter is only allowed when 'stream' is enabled.")
        return self

    @property
    def token_limit(self) -> int | None:
        return self.max_completion_tokens or self.max_tokens
