"""Errors in OpenAI's JSON shape and status, so that the SDK raises its own typed errors.

Only the shape and the translation of framework errors live here; who raises what is said where it is raised.
"""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from model_server.fields import dotted

_log = logging.getLogger(__name__)


class ApiError(HTTPException):
    """A failure told to the client; `param` names the request field at fault, `code` is for programs."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, message, headers)
        self.code = code
        self.param = param
        self.kind = kind

    def body(self) -> dict[str, Any]:
        return {"error": {"message": self.detail, "type": self.kind, "param": self.param, "code": self.code}}

    def response(self) -> JSONResponse:
        return JSONResponse(self.body(), self.status_code, self.headers)


def internal_error(status: int = 500) -> ApiError:
    """What the client is told of a failure of ours; the reason goes to the server's own log only."""
    return ApiError(status, "The server had an error while processing your request.", kind="server_error")


def install(app: FastAPI) -> None:
    """Have `app` answer every failure, also those found by the framework, in OpenAI's shape."""

    @app.exception_handler(ApiError)
    async def api_error(_: Request, error: ApiError) -> JSONResponse:
        return error.response()

    @app.exception_handler(RequestValidationError)
    async def invalid_request(_: Request, error: RequestValidationError) -> JSONResponse:
        return explained(error.errors()[0]).response()

    @app.exception_handler(HTTPException)
    async def framework_error(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code in (404, 405):
            return ApiError(404, f"Invalid URL ({request.method} {request.url.path})").response()
        return ApiError(error.status_code, error.detail).response()

    app.add_middleware(_LastResort)


class _LastResort:
    """ASGI middleware: logs what nobody foresaw and answers 500.

    Starlette's own handler raises the error again, upon which uvicorn closes a connection that the client still uses.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except Exception:
            if started:
                raise
            _log.exception("%s %s failed", scope["method"], scope["path"])
            await internal_error().response()(scope, receive, send)


def explained(error: Mapping[str, Any]) -> ApiError:
    """The API's error for one pydantic error, whose location starts with the part of the request.

    Values sent are not echoed: they may be somebody's resume.
    """
    if error["type"] == "json_invalid":
        reason = error["ctx"]["error"]
        return ApiError(
            400, f"We could not parse the JSON body of your request: {reason} at character {error['loc'][-1]}."
        )
    param = dotted(error["loc"][1:])
    reason = error["msg"].removeprefix("Value error, ")
    if not param and error["type"] != "value_error":
        return ApiError(400, "Send the request as a JSON object with the header Content-Type: application/json.")
    if not param:
        return ApiError(400, reason, code="invalid_value")
    if error["type"] == "missing":
        return ApiError(400, f"Missing required parameter: '{param}'.", code="missing_required_parameter", param=param)
    return ApiError(400, f"Invalid value for '{param}': {reason}.", code="invalid_value", param=param)
