"""`GET /v1/models` and `GET /v1/models/{id}`: which models there are, and until when."""

from typing import Any

from fastapi import APIRouter

from model_server.registry import Model, Registry


def router(registry: Registry) -> APIRouter:
    routes = APIRouter()

    @routes.get("/v1/models")
    async def list_models() -> dict[str, Any]:
        return {"object": "list", "data": [_document(model) for model in registry.all()]}

    @routes.get("/v1/models/{model_id}")
    async def retrieve_model(model_id: str) -> dict[str, Any]:
        return _document(registry.find(model_id))

    return routes


def _document(model: Model) -> dict[str, Any]:
    return {
        "id": model.id,
        "object": "model",
        "created": model.created,
        "owned_by": model.owned_by,
        "shutdown_date": model.shutdown_date and model.shutdown_date.isoformat(),
    }
