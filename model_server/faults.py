"""The kinds of misbehaviour that tests can ask for, and what each does to one answer.

When a fault strikes is decided in `fault_injector`; nothing here happens unless the server was started with a plan.
"""

from dataclasses import replace
from typing import Annotated, Literal

from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Receive, Scope, Send

from model_server.completion import Completion
from model_server.errors import ApiError, internal_error


class Fault(BaseModel):
    """Changes nothing by itself; each kind overrides the step at which it strikes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def refuse(self) -> None:
        """Raise ApiError instead of answering."""

    def alter(self, completion: Completion) -> Completion:
        """Spoil what the answer says."""
        return completion

    def deliver(self, response: Response) -> Response:
        """Spoil how the answer is sent."""
        return response


NO_FAULT = Fault()

_TOO_MANY = {
    "rate_limit_exceeded": ("Rate limit reached. Please try again in {}s.", "requests"),
    "insufficient_quota": ("You exceeded your current quota, please check your plan.", "insufficient_quota"),
}


class RateLimit(Fault):
    """429 with Retry-After in seconds. `insufficient_quota` is OpenAI's 429 that no waiting cures."""

    kind: Literal["rate_limit"]
    retry_after: float = Field(1.0, ge=0)
    code: Literal["rate_limit_exceeded", "insufficient_quota"] = "rate_limit_exceeded"

    def refuse(self) -> None:
        wait = f"{self.retry_after:g}"
        message, kind = _TOO_MANY[self.code]
        raise ApiError(429, message.format(wait), code=self.code, kind=kind, headers={"Retry-After": wait})


class ServerError(Fault):
    """500, or another status of the server's own failure."""

    kind: Literal["server_error"]
    status: int = Field(500, ge=500, le=599)

    def refuse(self) -> None:
        raise internal_error(self.status)


class Cut(Fault):
    """The connection ends after the given share of the answer's body; with 0, before its first byte."""

    kind: Literal["cut"]
    after: float = Field(0.0, ge=0, lt=1)

    def deliver(self, response: Response) -> Response:
        return _CutConnection(response, self.after)


class Hang(Fault):
    """No answer, ever: the request waits until the server stops (see `FaultInjector`), which cuts the connection."""

    kind: Literal["hang"]

    def deliver(self, response: Response) -> Response:
        return _CutConnection(response, 0)


class MalformedJson(Fault):
    """The content stops in the middle, though the model says that it is complete."""

    kind: Literal["malformed_json"]

    def alter(self, completion: Completion) -> Completion:
        return replace(completion, content=_first_half(completion))


class FinishReason(Fault):
    """The content is incomplete, and the finish reason says why."""

    kind: Literal["finish_reason"]
    reason: Literal["length", "content_filter"]

    def alter(self, completion: Completion) -> Completion:
        return replace(completion, content=_first_half(completion), finish_reason=self.reason)


class Refusal(Fault):
    """The model declines to answer."""

    kind: Literal["refusal"]

    def alter(self, completion: Completion) -> Completion:
        return replace(completion, content=None, refusal="I'm sorry, but I can't help with that.")


class Empty(Fault):
    """The content is an empty string."""

    kind: Literal["empty"]

    def alter(self, completion: Completion) -> Completion:
        return replace(completion, content="")


AnyFault = Annotated[
    RateLimit | ServerError | Cut | Hang | MalformedJson | FinishReason | Refusal | Empty, Field(discriminator="kind")
]

SubmitFault = Annotated[RateLimit | ServerError | Cut, Field(discriminator="kind")]


def _first_half(completion: Completion) -> str:
    content = completion.content or ""
    return content[: len(content) // 2]


class _CutConnection(Response):
    """Sends the first `share` of a response's body, its headers before it, and ends the connection."""

    def __init__(self, whole: Response, share: float) -> None:
        super().__init__()
        self._whole = whole
        self._part = bytes(whole.body)[: int(len(whole.body) * share)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._part:
            headers = self._whole.raw_headers
            await send({"type": "http.response.start", "status": self._whole.status_code, "headers": headers})
            await send({"type": "http.response.body", "body": self._part, "more_body": True})
        # ASGI has no way to hang up; the server lends its connections for this.
        for connection in scope["app"].state.connections:
            if connection.client == scope["client"]:
                connection.transport.close()
        while (await receive())["type"] != "http.disconnect":
            pass
