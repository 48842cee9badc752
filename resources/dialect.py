"""How a model wants to be asked: what of OpenAI's protocol it does not take is learned from its typed errors, once.

Pure: bodies and errors in, bodies out. Sending them is for `language_model`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Message: TypeAlias = dict[str, str]

# From the strictest kind of structured output to none.
FORMATS = ("json_schema", "json_object", "text")
LIMITS = ("max_completion_tokens", "max_tokens")
OPTIONAL = ("temperature", "seed")
# Statuses with which servers turn down a parameter: OpenAI's 400, FastAPI's 422, and 501 of some that lack a feature.
TURNED_DOWN = (400, 422, 501)
_NAMED = re.compile(
    rf"\b(?:json_schema|response_(?:format|schema)|{'|'.join((*LIMITS, *OPTIONAL))}|grammar|structured outputs?)\b",
    re.I,
)
_CODES = ("unsupported_parameter", "unsupported_value", "unknown_parameter")
_UNSUPPORTED = re.compile(
    r"unsupported|unavailable|not\b.{0,20}\b(?:support|permit|allow|available|recogni|implement)|unrecogni|unknown|unexpected|extra"
    r"|only the default|invalid schema|cannot be used|failed to parse",
    re.I,
)


@dataclass(frozen=True)
class ChatRequest:
    """What is asked of a model, before its dialect."""

    messages: Sequence[Message]
    model: str
    schema: Mapping[str, Any]  # OpenAI's `response_format` of type json_schema
    temperature: float
    seed: int
    max_output_tokens: int


@dataclass
class Dialect:
    """What one model takes; `version` grows with everything learned."""

    form: str = FORMATS[0]
    limit: str = LIMITS[0]
    left_out: set[str] = field(default_factory=set)
    version: int = 0

    def body(self, request: ChatRequest) -> dict[str, Any]:
        """The body of a chat completion as this model takes it."""
        optional = {"temperature": request.temperature, "seed": request.seed}
        return {
            "model": request.model,
            "messages": list(request.messages) if self.form == FORMATS[0] else _with_schema(request),
            **self._response_format(request),
            **({self.limit: request.max_output_tokens} if self.limit else {}),
            **{name: value for name, value in optional.items() if name not in self.left_out},
        }

    def learn(self, status: int, code: str | None, parameter: str | None, message: str) -> bool:
        """Take an error for what it says of this model; False where asking in other words would not help."""
        if status not in TURNED_DOWN or not (code in _CODES or _UNSUPPORTED.search(message)):
            return False
        named = _NAMED.search(parameter or "") or _NAMED.search(message)
        if named is None or not self._give_up(named.group().lower()):
            return False
        self.version += 1
        return True

    def _give_up(self, name: str) -> bool:
        """Do without a parameter, or use the next that means the same; False where that was done already."""
        if name in LIMITS:
            following = "".join(LIMITS[LIMITS.index(name) + 1 :]) if name == self.limit else ""
            changed, self.limit = bool(following), following or self.limit
            return changed
        if name in OPTIONAL:
            changed = name not in self.left_out
            self.left_out.add(name)
            return changed
        if self.form == FORMATS[-1]:
            return False
        self.form = FORMATS[FORMATS.index(self.form) + 1]
        return True

    def _response_format(self, request: ChatRequest) -> dict[str, Any]:
        forms: dict[str, dict[str, Any]] = {
            "json_schema": {"response_format": dict(request.schema)},
            "json_object": {"response_format": {"type": "json_object"}},
            "text": {},
        }
        return forms[self.form]


def _with_schema(request: ChatRequest) -> list[Message]:
    """The messages with the schema in words, for a model that is not given it otherwise."""
    schema = json.dumps(request.schema["json_schema"]["schema"], separators=(",", ":"))
    told = f"Answer with one JSON object that keeps this JSON schema, and with nothing else:\n{schema}"
    first, *rest = request.messages
    if first["role"] != "system":
        return [{"role": "system", "content": told}, *request.messages]
    return [{"role": "system", "content": f"{first['content']}\n\n{told}"}, *rest]
