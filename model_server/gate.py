"""What every request must pass before anything reads it: the API key, and the limit on its size."""

import secrets

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from model_server.errors import ApiError

OPEN_PATHS = frozenset({"/healthz"})

# Many times any real resume and posting; the largest body takes `extractive-1` some three seconds.
MAX_BODY_BYTES = 1024 * 1024

# Of uploads, which are written to disk as they come in. OpenAI's own limit on a file.
MAX_FILE_BYTES = 512 * 1024 * 1024
UPLOADS = "/v1/files"


class Gate:
    """ASGI middleware: 401 without the right key (where one is set), 413 for a body above the limit of its path."""

    def __init__(self, app: ASGIApp, api_key: str | None) -> None:
        self._app = app
        self._expected = f"Bearer {api_key}".encode() if api_key else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        limit = MAX_FILE_BYTES if scope["path"] == UPLOADS else MAX_BODY_BYTES
        try:
            if scope["path"] not in OPEN_PATHS:
                self._check_key(headers)
            _check_size(int(headers.get("content-length", 0)), limit)
        except ApiError as error:
            await error.response()(scope, receive, send)
            return
        await self._app(scope, _counted(receive, limit), send)

    def _check_key(self, headers: Headers) -> None:
        if self._expected is None:
            return
        given = headers.get("authorization", "").encode()
        if not secrets.compare_digest(given, self._expected):
            problem = "Incorrect API key provided." if given else "No API key provided."
            message = f"{problem} Send the key of this server as `Authorization: Bearer KEY`."
            raise ApiError(401, message, code="invalid_api_key")


def _counted(receive: Receive, limit: int) -> Receive:
    """`receive`, checking the size as the body comes in: a chunked body does not say its length beforehand."""
    received = 0

    async def receive_some() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        _check_size(received, limit)
        return message

    return receive_some


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise ApiError(413, f"The request is too large: the limit is {limit:,} bytes.", code="request_too_large")
