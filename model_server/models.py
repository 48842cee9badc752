"""`/v1/models`: which models there are, and until when; those that were fine-tuned here can be deleted."""

from typing import Any

from fastapi import APIRouter

from model_server.errors import ApiError
from model_server.registry import Model, Registry
from model_server.tuned_models import TunedModels


def router(registry: Registry, tuned: TunedModels | None = None) -> APIRouter:
    routes = APIRouter()

    @routes.get("/v1/models")
    async def list_models() -> dict[str, Any]:
        return {"object": "list", "data": [_document(model) for model in registry.all()]}

    @routes.get("/v1/models/{model_id}")
    async def retrieve_model(model_id: str) -> dict[str, Any]:
        return _document(registry.find(model_id))

    @routes.delete("/v1/models/{model_id}")
    def delete_model(model_id: str) -> dict[str, Any]:
        if tuned is None or not tuned.delete(registry.find(model_id).id):
            raise ApiError(403, f"The model '{model_id}' is not a fine-tuned one and cannot be deleted.", param="model")
        return {"id": model_id, "object": "model", "deleted": True}

    return routes


def _document(model: Model) -> dict[str, Any]:
    return {
        "id": model.id,
        "object": "model",
        "created": model.created,
        "owned_by": model.owned_by,
        "shutdown_date": model.shutdown_date and model.shutdown_date.isoformat(),
    }
