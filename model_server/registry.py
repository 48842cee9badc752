"""The models that this server offers, by id."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from model_server.chat_request import ChatRequest
from model_server.errors import ApiError
from tailoring.relevance import Weights

ORGANISATION = "resume-assets"


@dataclass(frozen=True)
class Model:
    """A model; `answer` writes the text of a reply, or raises ApiError where the request is not one that it can do.

    Fine-tuning starts from its `weights`; without any it cannot be fine-tuned. `fingerprint` changes with what it would
    answer.
    """

    id: str
    created: int  # Unix time, seconds
    owned_by: str
    answer: Callable[[ChatRequest], str]
    shutdown_date: date | None = None
    weights: Weights | None = None
    fingerprint: str | None = None


class Registry:
    def __init__(self, models: Iterable[Model]) -> None:
        self._models = {model.id: model for model in models}

    def all(self) -> list[Model]:
        return list(self._models.values())

    def add(self, model: Model) -> None:
        self._models[model.id] = model

    def remove(self, model_id: str) -> None:
        self._models.pop(model_id, None)

    def find(self, model_id: str) -> Model:
        """Raises ApiError (404, model_not_found) where there is none of that id."""
        try:
            return self._models[model_id]
        except KeyError:
            message = f"The model `{model_id}` does not exist here. `GET /v1/models` lists those that do."
            raise ApiError(404, message, code="model_not_found", param="model") from None

    def weights(self, model_id: str) -> Weights:
        """What a fine-tuning of this model starts from. Raises ApiError where there is no such model, or no weights."""
        weights = self.find(model_id).weights
        if weights is None:
            message = f"The model `{model_id}` is not available for fine-tuning."
            raise ApiError(400, message, code="model_not_available", param="model")
        return weights
