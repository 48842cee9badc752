"""Settings: `config/pipeline.yaml` and the environment (or `.env`), read once into frozen pydantic models.

The only module that reads the environment. Holds values and where they come from; no client is made here.
"""

import datetime as dt
import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import quote_plus, unquote_plus
from zoneinfo import ZoneInfo, available_timezones

import yaml
from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

PROJECT_ROOT = Path(__file__).resolve().parent.parent
CONFIG_VARIABLE = "RESUME_ASSETS_CONFIG"
EMBEDDED_MODEL = "extractive-1"
CHAMPION = "champion"  # as an arm's model: the best so far, `generation.model` before there is one
SHARES_SUM_WITHIN = 1e-6

Share = Annotated[float, Field(ge=0, le=1)]
Port = Annotated[int, Field(ge=1, le=65535)]
PostingField = Literal["title", "description", "skills_desc", "company_name"]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Data(Frozen):
    folder: Path
    raw_folder: Path
    resumes_object: str = Field(min_length=1)
    postings_object: str = Field(min_length=1)
    objects_in_one_run: int | None = Field(ge=0)
    processed_bucket: str
    min_resume_chars: int = Field(ge=1)
    min_posting_chars: int = Field(ge=1)
    near_duplicate_similarity: float | None = Field(ge=0.8, le=1)

    @field_validator("resumes_object", "postings_object")
    @classmethod
    def _below_the_folder(cls, pattern: str) -> str:
        if "*" in pattern and ("**" in pattern or pattern.startswith("/") or ".." in pattern.split("/")):
            raise ValueError("a pattern such as resumes/*.csv is relative, and each * stays within one folder")
        return pattern


class Keywords(Frozen):
    fields: list[PostingField] = Field(min_length=1)
    words: list[Annotated[str, Field(min_length=1)]]


class Sampling(Frozen):
    seed: int = Field(ge=0)


class PairingWeights(Frozen):
    title: float = Field(ge=0)
    wording: float = Field(ge=0)
    skills: float = Field(ge=0)
    seniority: float = Field(ge=0)
    meaning: float = Field(ge=0)
    role_labels: Share
    least: Share


class Pairing(Frozen):
    pairs_per_day: int = Field(ge=1)
    max_posting_share: float = Field(gt=0, le=1)
    candidates: int = Field(ge=1)
    weights: PairingWeights


class Arm(Frozen):
    """One variant of the experiment: a prompt, a model and the share of the pairs that they write."""

    name: str = Field(min_length=1)
    model: str = Field(min_length=1)
    prompt: str = Field(min_length=1)
    share: float = Field(gt=0, le=1)


class Generation(Frozen):
    model: str = Field(min_length=1)
    arms: list[Arm] = Field(min_length=1)
    temperature: float = Field(ge=0, le=2)
    max_output_tokens: int = Field(ge=1)
    concurrency: int = Field(ge=1, le=1000)
    requests_per_minute: int = Field(ge=0)
    tokens_per_minute: int = Field(ge=0)
    max_retries: int = Field(ge=0, le=20)
    timeout_seconds: float = Field(gt=0)
    max_failed_share: Share
    mode: Literal["direct", "batch"]
    batch_rows: int = Field(ge=1, le=50_000)
    batch_poll_seconds: float = Field(gt=0)
    batch_wait_hours: float = Field(gt=0)
    require_listed_models: bool
    shutdown_warning_days: int = Field(ge=0)
    replacements: list[Annotated[str, Field(min_length=1)]]

    @field_validator("arms")
    @classmethod
    def _one_whole(cls, arms: list[Arm]) -> list[Arm]:
        if len({arm.name for arm in arms}) < len(arms):
            raise ValueError("every arm needs a name of its own")
        if abs(sum(arm.share for arm in arms) - 1) > SHARES_SUM_WITHIN:
            raise ValueError(f"the shares add up to {sum(arm.share for arm in arms):g}; they must add up to 1")
        return arms


class Spending(Frozen):
    max_usd_per_run: float = Field(ge=0)
    max_usd_per_day: float = Field(ge=0)
    prices: Path
    allow_unknown_prices: bool


class Prompts(Frozen):
    folder: Path


class Labelling(Frozen):
    documents_overlap_share: Share
    lease_minutes: int = Field(ge=1)
    undo_minutes: int = Field(ge=0)
    hide_automatic_scores: bool
    host: str = Field(min_length=1)
    public_url: str = Field(pattern=r"^(https?://[^/?#\s]+)?$")
    session_hours: int = Field(ge=1)
    invite_days: int = Field(ge=1)
    sign_in_attempts: int = Field(ge=1)


class Judging(Frozen):
    warn_untruthful_share: Share
    block_untruthful_share: Share


class Training(Frozen):
    window_days: int = Field(ge=1)
    held_out_share: float = Field(gt=0, lt=1)
    minimum_examples: int = Field(ge=10)
    method: Literal["auto", "supervised", "dpo"]
    sft_quantile: Share
    preference_margin: float = Field(ge=0)
    hyperparameters: dict[str, float | int]
    max_usd_per_job: float = Field(ge=0)
    poll_seconds: float = Field(gt=0)
    timeout_hours: float = Field(gt=0)


class Promotion(Frozen):
    confidence: float = Field(gt=0.5, lt=1)
    max_pairs: int = Field(ge=1)


class Calendar(Frozen):
    timezone: str
    start_date: dt.date
    catch_up_days: int = Field(ge=1)

    @field_validator("timezone")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("not a known time zone; allowed are names such as US/Pacific or Europe/Paris")
        return name


class Reports(Frozen):
    window_days: int = Field(ge=1, le=366)


class Alerts(Frozen):
    label_deadline_hour: int = Field(ge=0, le=23)
    label_target_share: Share
    ui_url: str = Field(pattern=r"^(https?://[^?#\s]+)?$")


class Retries(Frozen):
    of_a_step: int = Field(ge=0, le=20)
    wait_seconds: int = Field(ge=0)


class Services(Frozen):
    ui_port: Port
    documents_port: Port
    model_port: Port
    label_port: Port


class Environment(BaseModel):
    """What comes from outside, under the owner's names. An empty value counts as not set."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    AWS_ACCESS_KEY_ID: str = ""
    AWS_SECRET_ACCESS_KEY: SecretStr = SecretStr("")
    AWS_REGION: str = ""
    AWS_ENDPOINT_URL: str = ""
    S3_BUCKET: str = ""
    MONGO_URI: SecretStr = SecretStr("")  # a full address may hold a password
    MONGO_USERNAME: str = ""
    MONGO_PASSWORD: SecretStr = SecretStr("")
    MONGO_DB_NAME: str = "resume_assets"
    MONGO_COLLECTION_NAME: str = "Resumes"
    MONGO_COLLECTION_EDITED_NAME: str = "resumes_post_edit"
    OPENAI_API_KEY: SecretStr = SecretStr("")
    OPENAI_ORG: str = ""
    OPENAI_BASE_URL: str = ""
    GITHUB_TOKEN: SecretStr = SecretStr("")
    SLACK_WEBHOOK: SecretStr = SecretStr("")
    PYTZ_TIMEZONE: str = ""


class Settings(Frozen):
    """All settings. `root` is the folder that relative paths start from; `config_file` is what was read."""

    root: Path
    config_file: Path
    environment: Environment
    data: Data
    keywords: Keywords
    sampling: Sampling
    pairing: Pairing
    generation: Generation
    spending: Spending
    prompts: Prompts
    labelling: Labelling
    judging: Judging
    training: Training
    promotion: Promotion
    calendar: Calendar
    reports: Reports
    alerts: Alerts
    retries: Retries
    services: Services

    @property
    def data_folder(self) -> Path:
        return self.root / self.data.folder

    @property
    def dagster_home(self) -> Path:
        return self.data_folder / "dagster"

    def prompt_file(self, name: str) -> Path:
        return self.root / self.prompts.folder / f"{name}.md"

    @property
    def embeds_documents(self) -> bool:
        """Whether documents go to the database that runs on this machine."""
        return not self.environment.MONGO_URI.get_secret_value()

    @property
    def embeds_model(self) -> bool:
        """Whether the model is served by this machine: no address and no key point elsewhere."""
        return not (self.environment.OPENAI_BASE_URL or self.environment.OPENAI_API_KEY.get_secret_value())

    @property
    def mongo_uri(self) -> SecretStr:
        """The full address of MongoDB; a bare host is taken for Atlas's, with the credentials that are given apart."""
        given = self.environment.MONGO_URI.get_secret_value()
        if not given:
            return SecretStr(f"mongodb://127.0.0.1:{self.services.documents_port}/?directConnection=true")
        if given.startswith(("mongodb://", "mongodb+srv://")):
            return SecretStr(given)
        user = quote_plus(self.environment.MONGO_USERNAME)
        password = quote_plus(self.environment.MONGO_PASSWORD.get_secret_value())
        login = f"{user}:{password}@" if user else ""
        return SecretStr(f"mongodb+srv://{login}{given}/?retryWrites=true&w=majority")

    @property
    def openai_base_url(self) -> str | None:
        """The model's address; None leaves the SDK at OpenAI's own."""
        if self.embeds_model:
            return f"http://127.0.0.1:{self.services.model_port}/v1"
        return self.environment.OPENAI_BASE_URL or None

    @property
    def processed_bucket(self) -> str:
        return self.data.processed_bucket or f"{self.environment.S3_BUCKET}-processed"

    @property
    def timezone(self) -> str:
        return self.environment.PYTZ_TIMEZONE or self.calendar.timezone

    @property
    def ui_url(self) -> str:
        """The address of Dagster's UI as people see it, without a slash at its end."""
        return self.alerts.ui_url.rstrip("/") or f"http://127.0.0.1:{self.services.ui_port}"

    @property
    def label_page_url(self) -> str:
        """The address of the label page as volunteers see it."""
        return self.labelling.public_url or f"http://127.0.0.1:{self.services.label_port}"

    @property
    def secrets(self) -> list[str]:
        """Every secret value that is set, also as it stands in an address; for taking them out of texts."""
        values = (value for _, value in self.environment if isinstance(value, SecretStr))
        password = re.findall(r"://[^:/]*:(.*)@", self.mongo_uri.get_secret_value())
        found = [*(value.get_secret_value() for value in values), *password]
        return sorted({form for value in found if value for form in (value, quote_plus(value), unquote_plus(value))})

    def today(self) -> str:
        """The partition key of the day that it is now, in the calendar's time zone."""
        return dt.datetime.now(ZoneInfo(self.timezone)).date().isoformat()

    def yesterday(self) -> str:
        """The partition key of the day that ended last."""
        return (dt.date.fromisoformat(self.today()) - dt.timedelta(days=1)).isoformat()


class Mistake(Frozen):
    """One thing that is wrong in a configuration file: where, what stands there, and what is allowed."""

    file: str
    key: str
    value: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key} = {self.value}: {self.problem}"


class ConfigError(Exception):
    """The configuration cannot be used; `mistakes` holds every reason found."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(map(str, mistakes)))


def load_settings(config_file: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Args:
        config_file: the YAML file; by default the one that RESUME_ASSETS_CONFIG names, or the project's own.
            The folder above its folder is the root that relative paths start from, and may hold a `.env`.
        environ: the environment; by default the process's. It wins over `.env`.

    Raises:
        ConfigError: the file is missing or not YAML, or values are wrong; it lists all of them.
    """
    environ = os.environ if environ is None else environ
    file = (config_file or Path(environ.get(CONFIG_VARIABLE) or PROJECT_ROOT / "config/pipeline.yaml")).resolve()
    root = file.parent.parent
    dotenv = {name: value for name, value in dotenv_values(root / ".env").items() if value}
    outside = dotenv | {name: value for name, value in environ.items() if value}
    environment = Environment.model_validate(
        {name: outside[name] for name in Environment.model_fields if name in outside}
    )
    try:
        settings = Settings.model_validate(
            _read_yaml(file) | {"root": root, "config_file": file, "environment": environment}
        )
    except ValidationError as error:
        raise ConfigError(_mistakes(error, _shown(file, root))) from None
    if mistakes := list(_contradictions(settings, _shown(file, root))):
        raise ConfigError(mistakes)
    return settings


def _read_yaml(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            [Mistake(file=str(file), key="-", value="-", problem=f"cannot be read: {error.strerror}")]
        ) from None
    except yaml.YAMLError as error:
        raise ConfigError([Mistake(file=str(file), key="-", value="-", problem=f"is not YAML: {error}")]) from None
    if not isinstance(content, dict):
        raise ConfigError([Mistake(file=str(file), key="-", value="-", problem="must hold sections, such as `data:`")])
    return content


def _mistakes(error: ValidationError, file: str) -> list[Mistake]:
    return [
        Mistake(
            file=file,
            key=".".join(map(str, fault["loc"])),
            value="(missing)" if fault["type"] == "missing" else repr(fault["input"]),
            problem=_explain(fault["type"], fault["loc"], fault["msg"]),
        )
        for fault in error.errors()
    ]


def _explain(kind: str, loc: tuple[int | str, ...], message: str) -> str:
    if kind == "missing":
        return "this key is required"
    if kind != "extra_forbidden":
        return message[:1].lower() + message[1:]
    allowed = _keys_at(loc[:-1])
    close = difflib.get_close_matches(str(loc[-1]), allowed, n=1)
    hint = f"did you mean `{close[0]}`? " if close else ""
    return f"unknown key; {hint}allowed here: {', '.join(allowed)}"


def _keys_at(loc: tuple[int | str, ...]) -> list[str]:
    """The keys that may stand below `loc`."""
    model: Any = Settings
    for step in loc:
        annotation = model.model_fields[step].annotation
        model = next((part for part in (annotation, *get_args(annotation)) if hasattr(part, "model_fields")), None)
    return [name for name in model.model_fields if name not in ("root", "config_file", "environment")]


def _contradictions(settings: Settings, file: str) -> list[Mistake]:
    """Values that are fine alone and wrong together."""
    found = []

    def wrong(key: str, value: object, problem: str, where: str = file) -> None:
        found.append(Mistake(file=where, key=key, value=repr(value), problem=problem))

    if settings.environment.PYTZ_TIMEZONE and settings.environment.PYTZ_TIMEZONE not in available_timezones():
        wrong(
            "PYTZ_TIMEZONE",
            settings.environment.PYTZ_TIMEZONE,
            "not a known time zone, such as US/Pacific",
            "environment",
        )
    for number, arm in enumerate(settings.generation.arms):
        if not (prompt := settings.prompt_file(arm.prompt)).is_file():
            wrong(f"generation.arms.{number}.prompt", arm.prompt, f"there is no {_shown(prompt, settings.root)}")
    if settings.generation.model == EMBEDDED_MODEL and settings.openai_base_url is None:
        wrong(
            "generation.model",
            EMBEDDED_MODEL,
            "OpenAI has no such model; with OPENAI_API_KEY set, name one that your account may use",
        )
    weights = settings.pairing.weights
    if not weights.title + weights.wording + weights.skills > 0:
        wrong("pairing.weights", weights.model_dump(), "one of title, wording and skills must be above 0")
    if settings.judging.warn_untruthful_share > settings.judging.block_untruthful_share:
        wrong(
            "judging.warn_untruthful_share",
            settings.judging.warn_untruthful_share,
            "must not be above block_untruthful_share",
        )
    services = settings.services
    if len({services.ui_port, services.documents_port, services.model_port, services.label_port}) < 4:
        wrong("services", services.model_dump(), "every service needs a port of its own")
    return found


def _shown(file: Path, root: Path) -> str:
    return str(file.relative_to(root)) if file.is_relative_to(root) else str(file)
