"""The misbehaviour that tests can ask of fine-tuning jobs and batches, each as a whole. See `fault_injector`."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from model_server.faults import Empty, Fault, FinishReason, MalformedJson, RateLimit, Refusal, ServerError


class Lost(Fault):
    """The row is in neither the output nor the errors of its batch."""

    kind: Literal["lost"]


RowFault = Annotated[
    RateLimit | ServerError | MalformedJson | FinishReason | Refusal | Empty | Lost, Field(discriminator="kind")
]


class _Background(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class JobFault(_Background):
    """What befalls a fine-tuning job once it is running, in this order."""

    delay_seconds: float = Field(0.0, ge=0, description="it runs so much longer")
    hang: bool = Field(False, description="it runs until it is cancelled, also after a restart")
    fail: str | None = Field(None, description="it fails, in these words, instead of training")


class BatchFault(_Background):
    """What befalls a batch; rows are numbered from 1."""

    invalid: str | None = Field(None, description="it fails when it is validated, in these words")
    row_seconds: float = Field(0.0, ge=0, description="each row takes so much longer")
    rows: dict[PositiveInt, RowFault] = Field({}, description="what befalls single rows")
    expire_after: int | None = Field(None, ge=0, description="it expires once so many rows are done")
