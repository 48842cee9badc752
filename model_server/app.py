"""The application: the gate, the errors and the routes put together. Nothing is decided here."""

from fastapi import FastAPI

from model_server import chat, errors, models
from model_server.fault_injector import FaultInjector
from model_server.gate import Gate
from model_server.registry import Registry


def create_app(registry: Registry, api_key: str | None = None, faults: FaultInjector | None = None) -> FastAPI:
    """The server's application; with `faults` it is a test server that misbehaves to order and counts requests."""
    app = FastAPI(title="model_server", openapi_url=None)
    app.add_middleware(Gate, api_key=api_key)
    errors.install(app)
    app.include_router(models.router(registry))
    app.include_router(chat.router(registry, faults))
    if faults is not None:
        app.include_router(faults.router())

    @app.get("/healthz")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    return app
