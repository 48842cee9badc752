"""Settings: every mistake is named at once, with where it stands and what is allowed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from resume_assets.settings import PROJECT_ROOT, ConfigError, Settings, load_settings

SHIPPED = PROJECT_ROOT / "config/pipeline.yaml"


def test_the_shipped_configuration_is_fine_in_an_empty_environment() -> None:
    settings = load_settings(SHIPPED, {})
    assert settings.embeds_documents
    assert settings.embeds_model
    assert settings.timezone == "US/Pacific"


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings(SHIPPED, {}).pairing.pairs_per_day = 3  # type: ignore[misc]


def test_several_mistakes_are_told_at_once_with_file_key_value_and_what_is_allowed(
    project: Callable[..., Settings],
) -> None:
    def spoil(config: dict[str, Any]) -> None:
        config["pairing"]["pairs_per_day"] = "many"
        config["generation"]["concurency"] = config["generation"].pop("concurrency")
        config["keywords"]["fields"] = ["titel"]
        config["calendar"]["timezone"] = "Mars/Olympus"
        del config["sampling"]["seed"]

    with pytest.raises(ConfigError) as caught:
        project(spoil)
    told = {mistake.key: str(mistake) for mistake in caught.value.mistakes}
    assert set(told) == {
        "pairing.pairs_per_day",
        "generation.concurency",
        "generation.concurrency",
        "keywords.fields.0",
        "calendar.timezone",
        "sampling.seed",
    }
    assert (
        "config/pipeline.yaml: pairing.pairs_per_day = 'many': input should be a valid integer"
        in told["pairing.pairs_per_day"]
    )
    assert "did you mean `concurrency`?" in told["generation.concurency"]
    assert "'title', 'description', 'skills_desc' or 'company_name'" in told["keywords.fields.0"]
    assert "US/Pacific" in told["calendar.timezone"]
    assert "required" in told["sampling.seed"]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda c: c["generation"]["arms"][0].update(prompt="missing"), "generation.arms.0.prompt"),
        (lambda c: c["generation"]["arms"][0].update(share=0.5), "generation.arms"),
        (lambda c: c["generation"]["arms"].append(c["generation"]["arms"][0] | {"share": 0.1}), "generation.arms"),
        (lambda c: c["services"].update(ui_port=8010), "services"),
        (lambda c: c["pairing"]["weights"].update(title=0, wording=0, skills=0), "pairing.weights"),
        (
            lambda c: c["judging"].update(warn_untruthful_share=0.5, block_untruthful_share=0.1),
            "judging.warn_untruthful_share",
        ),
    ],
)
def test_values_that_contradict_each_other_are_mistakes(
    project: Callable[..., Settings], change: Callable[[dict[str, Any]], None], key: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        project(change)
    assert [mistake.key for mistake in caught.value.mistakes] == [key]


def test_the_embedded_model_with_an_openai_key_is_a_mistake(project: Callable[..., Settings]) -> None:
    with pytest.raises(ConfigError, match="name one that your account may use"):
        project(OPENAI_API_KEY="sk-test")


@pytest.mark.parametrize("content", ["", "- a list", "a: [1", "\tx: 1"])
def test_a_file_that_is_not_a_mapping_is_told(tmp_path: Path, content: str) -> None:
    file = tmp_path / "config/pipeline.yaml"
    file.parent.mkdir()
    file.write_text(content)
    with pytest.raises(ConfigError, match=r"pipeline\.yaml"):
        load_settings(file, {})


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings(tmp_path / "config/none.yaml", {})


def test_the_environment_wins_over_the_dotenv_file(project: Callable[..., Settings]) -> None:
    settings = project()
    (settings.root / ".env").write_text("S3_BUCKET=from-file\nMONGO_DB_NAME=from-file\n")
    loaded = load_settings(settings.config_file, {"S3_BUCKET": "from-environment", "MONGO_DB_NAME": ""})
    assert loaded.environment.S3_BUCKET == "from-environment"
    assert loaded.environment.MONGO_DB_NAME == "from-file"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "mongodb://127.0.0.1:27027/?directConnection=true"),
        ({"MONGO_URI": "mongodb://host:1/"}, "mongodb://host:1/"),
        ({"MONGO_URI": "mongodb+srv://a.b/"}, "mongodb+srv://a.b/"),
        (
            {"MONGO_URI": "cluster.example.net", "MONGO_USERNAME": "an na", "MONGO_PASSWORD": "p@ss/"},
            "mongodb+srv://an+na:p%40ss%2F@cluster.example.net/?retryWrites=true&w=majority",
        ),
    ],
)
def test_the_database_address(environ: dict[str, str], expected: str) -> None:
    assert load_settings(SHIPPED, environ).mongo_uri.get_secret_value() == expected


def test_no_secret_is_shown() -> None:
    secrets = {
        "AWS_SECRET_ACCESS_KEY": "hush-aws",
        "MONGO_URI": "mongodb://u:hush-mongo@h/",
        "MONGO_PASSWORD": "hush-password",
        "OPENAI_API_KEY": "hush-openai",
        "OPENAI_BASE_URL": "http://127.0.0.1:1/v1",
        "SLACK_WEBHOOK": "hush-slack",
        "GITHUB_TOKEN": "hush-github",
    }
    settings = load_settings(SHIPPED, secrets)
    assert "hush" not in repr(settings) + str(settings) + settings.model_dump_json()


def test_every_setting_of_the_shipped_file_is_explained_or_grouped() -> None:
    assert set(yaml.safe_load(SHIPPED.read_text())) == set(Settings.model_fields) - {
        "root",
        "config_file",
        "environment",
    }
