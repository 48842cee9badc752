"""What the server and the trainer, which run apart, tell each other: a task, and what came of it."""

from pathlib import Path

from pydantic import BaseModel

from model_server.training_file import Method
from tailoring.relevance import Weights


class Task(BaseModel):
    """What to do: `weights` are those to start from; without `epochs` or `beta` the choice is the fitting's own."""

    method: Method
    file: Path
    weights: Weights
    epochs: int | None = None
    beta: float | None = None


class Outcome(BaseModel):
    """The weights and the losses, before the first epoch and after each; or why the file is of no use."""

    weights: Weights | None = None
    losses: list[float] = []
    problem: str | None = None
