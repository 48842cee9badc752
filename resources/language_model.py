"""Chat completions through the openai SDK, from OpenAI or any server that speaks its protocol.

What is asked and what is made of the answer belongs to the caller.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any, TypeAlias

from resources.errors import ServiceError

if TYPE_CHECKING:
    from openai import AsyncOpenAI

Message: TypeAlias = dict[str, str]

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


@dataclass(frozen=True)
class LanguageModel:
    """A model provider. The key never shows in a repr.

    `timeout` is in seconds for one request; `max_retries` counts the SDK's own retries of failures that may pass
    (429, 5xx, lost connections), with backoff, jitter and `Retry-After`.
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
        """One connection pool for many requests."""
        from openai import AsyncOpenAI  # half a second to import: only runs that generate pay for it

        async with AsyncOpenAI(
            base_url=self.base_url,
            api_key=self.api_key or NO_KEY,
            organization=self.organization or None,
            timeout=self.timeout,
            max_retries=self.max_retries,
        ) as client:
            yield Session(client, self.address)


@dataclass(frozen=True)
class Session:
    """An open connection to the provider. Every method raises ServiceError."""

    client: "AsyncOpenAI"
    address: str

    async def check_model(self, model: str) -> None:
        """Make sure that the provider answers, takes the key and has the model, before anything is paid for."""
        with self._clear_errors():
            listed = {entry.id async for entry in self.client.models.list()}
        if model not in listed:
            some = ", ".join(sorted(listed)[:8]) or "none"
            raise ServiceError(
                f"{self.address} has no model {model!r} for this key.",
                f"Set generation.model to one it has ({some}, ...).",
            )

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        model: str,
        response_format: dict[str, Any],
        temperature: float,
        seed: int,
        max_output_tokens: int,
    ) -> Answer:
        """Ask once; the SDK retries failures that may pass."""
        with self._clear_errors():
            create: Any = self.client.chat.completions.create  # typed for its own TypedDicts; plain dicts do as well
            completion = await create(
                messages=list(messages),
                model=model,
                response_format=response_format,
                temperature=temperature,
                seed=seed,
                max_completion_tokens=max_output_tokens,
            )
        choice = completion.choices[0]
        usage = completion.usage
        return Answer(
            text=choice.message.content or "",
            finish_reason=choice.finish_reason or "",
            refusal=choice.message.refusal or "",
            model=completion.model,
            prompt_tokens=usage.prompt_tokens if usage else 0,
            completion_tokens=usage.completion_tokens if usage else 0,
        )

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        import openai

        try:
            yield
        except openai.AuthenticationError as error:
            raise ServiceError(f"{self.address} refused the key.", "Set a valid OPENAI_API_KEY.") from error
        except openai.PermissionDeniedError as error:
            raise ServiceError(
                f"{self.address} denied access: {error.message}.", "Check OPENAI_API_KEY and OPENAI_ORG."
            ) from error
        except openai.RateLimitError as error:
            spent = error.code == "insufficient_quota"
            advice = "Add credit to the account." if spent else "Lower generation.concurrency, or run it again later."
            raise ServiceError(
                f"{self.address} limits requests: {error.message}.", advice, transient=not spent
            ) from error
        except openai.APITimeoutError as error:
            raise ServiceError(
                f"{self.address} did not answer in time.",
                "Run it again, or raise generation.timeout_seconds.",
                transient=True,
            ) from error
        except openai.APIConnectionError as error:
            raise ServiceError(
                f"No connection to the model at {self.address}.",
                "Start it (`make up` starts the embedded one), or correct OPENAI_BASE_URL.",
                transient=True,
            ) from error
        except openai.InternalServerError as error:
            raise ServiceError(
                f"{self.address} failed ({error.status_code}).", "Run it again later.", transient=True
            ) from error
        except openai.APIStatusError as error:
            raise ServiceError(
                f"{self.address} rejected the request ({error.status_code}): {error.message}.",
                "Correct the settings under `generation`.",
            ) from error
        except (openai.APIResponseValidationError, JSONDecodeError) as error:
            raise ServiceError(
                f"{self.address} answered with something that is not the OpenAI protocol.",
                "Check that OPENAI_BASE_URL ends in the API's path, usually /v1.",
            ) from error
