"""Chat completions through the openai SDK, from OpenAI or any server that speaks its protocol.

What is asked, when, how often, and what is made of the answer belongs to the caller: each call here is one request.
"""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from resources.dialect import ChatRequest, Dialect
from resources.errors import ServiceError
from resources.openai_errors import clear_errors
from resources.rate_limits import RateLimits, read_rate_limits

if TYPE_CHECKING:
    from openai import AsyncOpenAI

# The SDK refuses an empty key; servers that want none ignore this one.
NO_KEY = "none"


@dataclass(frozen=True)
class Answer:
    """What a model answered to one request; `refusal` and `finish_reason` are the provider's words."""

    text: str
    finish_reason: str
    refusal: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0  # of the prompt's


@dataclass(frozen=True)
class ListedModel:
    """One model that the provider offers; `shutdown` is the day from which on it does not."""

    name: str
    shutdown: dt.date | None


@dataclass(frozen=True)
class LanguageModel:
    """A model provider. The key never shows in a repr.

    `timeout` is in seconds for one request; `max_retries` is how often a caller should repeat one that may still work.
    """

    base_url: str | None
    api_key: str = field(default="", repr=False)
    organization: str = ""
    timeout: float = 120.0
    max_retries: int = 4

    @property
    def address(self) -> str:
        return self.base_url or "OpenAI"

    @asynccontextmanager
    async def session(self) -> AsyncIterator["Session"]:
        """One connection pool for many requests. Retries are left to the caller, who counts and paces them."""
        from openai import AsyncOpenAI, DefaultAioHttpClient  # half a second: only runs that generate pay for it

        async with AsyncOpenAI(
            base_url=self.base_url,
            api_key=self.api_key or NO_KEY,
            organization=self.organization or None,
            timeout=self.timeout,
            max_retries=0,
            http_client=DefaultAioHttpClient(timeout=self.timeout),
        ) as client:
            yield Session(client, self.address)


@dataclass
class Session:
    """An open connection to the provider, and what it has taught us. Every method raises ServiceError.

    `rate_limits` is what the newest answer's headers said of them.
    """

    client: "AsyncOpenAI"
    address: str
    rate_limits: RateLimits = field(default_factory=RateLimits)
    dialects: dict[str, Dialect] = field(default_factory=dict)

    def dialect(self, model: str) -> Dialect:
        """How the model wants to be asked, as far as it is known."""
        return self.dialects.setdefault(model, Dialect())

    async def models(self) -> list[ListedModel]:
        """The models that the key may use."""
        with clear_errors(self.address):
            return [
                ListedModel(entry.id, _day(getattr(entry, "shutdown_date", None)))
                async for entry in self.client.models.list()
            ]

    async def complete(self, request: ChatRequest) -> Answer:
        """Ask once. Where the model does not take a parameter, it is asked again without, and so from then on."""
        import httpx2
        import openai

        dialect = self.dialect(request.model)
        while True:
            version = dialect.version
            try:
                with clear_errors(self.address):
                    # As `chat.completions.create`, less its walk through every nested dict of the request.
                    response = await self.client.post(
                        "/chat/completions", cast_to=httpx2.Response, body=dialect.body(request)
                    )
                    completion = response.json()
            except ServiceError as error:
                rejected = error.__cause__
                if not isinstance(rejected, openai.APIStatusError):
                    raise
                # Requests that were on their way together are turned down together: only the first one teaches.
                taught = dialect.version > version or dialect.learn(
                    rejected.status_code, rejected.code, rejected.param, rejected.message
                )
                if not taught:
                    raise
                continue
            self.rate_limits = read_rate_limits(response.headers)
            return read_completion(completion, self.address)


def read_completion(completion: Any, address: str) -> Answer:
    """The answer in the body of a chat completion.

    Raises:
        ServiceError: it holds none.
    """
    try:
        choice = completion["choices"][0]
        message = choice["message"] or {}
    except (KeyError, IndexError, TypeError) as error:
        raise ServiceError(  # some providers say so when a machine of theirs fails
            f"{address} answered without a choice.",
            "Run it again, or check that OPENAI_BASE_URL is a chat completions API.",
            transient=True,
        ) from error
    usage = completion.get("usage") or {}
    return Answer(
        text=_text(message.get("content")),
        finish_reason=choice.get("finish_reason") or "",
        refusal=message.get("refusal") or "",
        model=completion.get("model") or "",
        prompt_tokens=usage.get("prompt_tokens") or 0,
        completion_tokens=usage.get("completion_tokens") or 0,
        cached_tokens=(usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0,
    )


def _text(content: object) -> str:
    """The text of a message, which may come in parts."""
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    return str(content or "")


def retry_after(error: ServiceError) -> float | None:
    """The seconds that a provider's refusal asks to wait; None where it names none."""
    response = getattr(error.__cause__, "response", None)
    return read_rate_limits(response.headers).retry_after if response is not None else None


def is_rate_limited(error: ServiceError) -> bool:
    """Whether a provider refused for being asked too often (429), and will not for ever."""
    return error.transient and getattr(error.__cause__, "status_code", None) == 429


def _day(value: object) -> dt.date | None:
    """A shutdown date as providers write it: ISO, or seconds since 1970; None for what is neither."""
    try:
        if isinstance(value, int | float) and value:
            return dt.datetime.fromtimestamp(value, dt.UTC).date()
        return dt.date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None
