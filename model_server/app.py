"""The application: the gate, the errors and the routes put together. Nothing is decided here."""

from fastapi import FastAPI

from model_server import batches, chat, errors, files, fine_tuning, models
from model_server.batch_runner import BatchRunner
from model_server.fault_injector import FaultInjector
from model_server.gate import Gate
from model_server.registry import Registry
from model_server.state import State
from model_server.training import Training
from model_server.tuned_models import TunedModels


def create_app(
    registry: Registry, api_key: str | None = None, faults: FaultInjector | None = None, state: State | None = None
) -> FastAPI:
    """The server's application; with `faults` it is a test server that misbehaves to order and counts requests.

    With `state` it takes files, fine-tuning jobs and batches too, and goes on with those that it finds there.
    """
    app = FastAPI(title="model_server", openapi_url=None)
    app.add_middleware(Gate, api_key=api_key)
    errors.install(app)
    app.include_router(chat.router(registry, faults))
    if state is None:
        app.include_router(models.router(registry))
    else:
        tuned = TunedModels(state.models, registry)
        training = Training(state, registry, tuned)
        runner = BatchRunner(state, registry, faults)
        app.include_router(models.router(registry, tuned))
        app.include_router(files.router(state.files, faults))
        app.include_router(fine_tuning.router(state.jobs, state.files, registry, training, faults))
        app.include_router(batches.router(state.batches, state.files, runner, faults))
    if faults is not None:
        app.include_router(faults.router())

    @app.get("/healthz")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    return app
