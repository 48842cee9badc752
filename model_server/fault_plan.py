"""What a test asks a server to do wrong, and when; nothing of it happens here.

A plan is a JSON object; every field is optional:

    {"seed": 1,
     "latency": {"seconds": 0.5}                                   or {"median": 1, "sigma": 0.4, "cap": 3}
                                                                   or {"mean": 1, "sigma": 0.4, "cap": 3},
     "limits": {"requests_per_minute": 500, "tokens_per_minute": 200000, "minute_seconds": 60, "enforced": true},
     "script": [{"kind": "server_error"}, null, {"kind": "cut"}],  the n-th chat request of the server
     "each_pair": [{"kind": "rate_limit", "retry_after": 1}],      the n-th chat request of each pair
     "rates": [{"rate": 0.02, "fault": {"kind": "rate_limit"}}],   shares of all chat requests
     "submits": {"fine_tuning.jobs": [{"kind": "cut"}]},           the n-th POST; also "files" and "batches"
     "jobs": [{"delay_seconds": 1, "fail": "GPU on fire"}, {"hang": true}],               the n-th job made
     "batches": [{"rows": {"2": {"kind": "lost"}}, "expire_after": 5, "row_seconds": 0.1}]}  the n-th batch made

Kinds of faults: `faults` (with their parameters); of jobs and batches: `background_faults`; limits: `rate_limits`.
A `cut` submit is carried out, and its answer lost; `rate_limit` and `server_error` refuse it.
"""

import math
import random
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from model_server.background_faults import BatchFault, JobFault
from model_server.faults import AnyFault, SubmitFault
from model_server.rate_limits import RateLimits

Submitted = Literal["files", "fine_tuning.jobs", "batches"]


class _PlanPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FixedLatency(_PlanPart):
    """Each answer waits so many seconds."""

    seconds: float = Field(ge=0)

    def draw(self, _: random.Random) -> float:
        return self.seconds


class LogNormalLatency(_PlanPart):
    """Waits as real services have them: half below `median` seconds, with a long tail, which `cap` cuts off.

    `mean` (before the cap) may be given instead of the median.
    """

    median: float | None = Field(None, gt=0)
    mean: float | None = Field(None, gt=0)
    sigma: float = Field(ge=0)
    cap: float = Field(math.inf, gt=0)

    @model_validator(mode="after")
    def _one_middle(self) -> Self:
        if (self.median is None) == (self.mean is None):
            raise ValueError("give one of median and mean")
        return self

    def draw(self, randomness: random.Random) -> float:
        median = self.median or (self.mean or 0.0) / math.exp(self.sigma**2 / 2)
        return min(self.cap, median * randomness.lognormvariate(0, self.sigma))


class Rated(_PlanPart):
    """A fault and the share of requests that it strikes."""

    rate: float = Field(ge=0, le=1)
    fault: AnyFault


class FaultPlan(_PlanPart):
    """Which request meets which fault; null stands for none.

    `script`: the n-th chat request of the server takes the n-th entry. `each_pair`: the n-th request of each pair does.
    `rates`: drawn from seed, pair and attempt, so that the order in which requests arrive changes nothing. The first of
    the three that has an entry for a request decides. `latency` comes before every answer, spoilt or not; a request
    above a limit is refused at once and meets no other fault.
    """

    seed: int = 0
    latency: FixedLatency | LogNormalLatency | None = None
    limits: RateLimits | None = None
    script: list[AnyFault | None] = []
    each_pair: list[AnyFault | None] = []
    rates: list[Rated] = []
    submits: dict[Submitted, list[SubmitFault | None]] = {}
    jobs: list[JobFault | None] = []
    batches: list[BatchFault | None] = []

    @model_validator(mode="after")
    def _rates_are_shares(self) -> Self:
        if (total := sum(rated.rate for rated in self.rates)) > 1:
            raise ValueError(f"the rates add up to {total:g}; they are shares of all requests")
        return self
