"""The whole day with S3 as production has it: two buckets on a server that speaks the protocol."""

from collections.abc import Callable
from typing import Any

import boto3
import dagster as dg
import pytest

from resume_assets.definitions import build_resources
from resume_assets.settings import PROJECT_ROOT, Settings
from schedules.sensors import raw_objects_changed
from tests.assets.conftest import DAY, PAIRS, Pipeline, figures, why

RAW, PROCESSED = "resume-raw", "resume-raw-processed"


@pytest.fixture
def in_s3(pipeline: Pipeline, project: Callable[..., Settings], s3: str) -> tuple[Pipeline, Any]:
    client = boto3.client(
        "s3", endpoint_url=s3, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    for bucket in (RAW, PROCESSED):
        client.create_bucket(Bucket=bucket)
    for name in ("resumes.csv", "postings.csv"):
        client.upload_file(str(PROJECT_ROOT / "config/sample_data" / name), RAW, name)

    def small(config: dict[str, Any]) -> None:
        config["pairing"]["pairs_per_day"] = PAIRS

    pipeline.settings = project(
        small,
        S3_BUCKET=RAW,
        AWS_ENDPOINT_URL=s3,
        AWS_REGION="us-east-1",
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
    )
    return pipeline, client


def keys(client: Any, bucket: str) -> set[str]:
    return {item["Key"] for item in client.list_objects_v2(Bucket=bucket).get("Contents", [])}


def test_a_day_from_bucket_to_bucket(in_s3: tuple[Pipeline, Any]) -> None:
    pipeline, client = in_s3
    result = pipeline.ingest()
    assert result.success, why(result)
    assert figures(result, "raw_resumes")["source"] == f"s3://{RAW}/resumes.csv"
    assert pipeline.generate().success
    assert {
        "processed/cleaned_resumes.csv",
        "processed/cleaned_job_postings.parquet",
        "processed/resume_job_pairs.csv",
        f"output/generated_resumes/{DAY}.csv",
        "output/resumes_post_edit.csv",
    } <= keys(client, PROCESSED)
    assert keys(client, RAW) == {"resumes.csv", "postings.csv"}, "the raw bucket is only read"


def test_an_unchanged_object_is_not_downloaded_again(in_s3: tuple[Pipeline, Any]) -> None:
    pipeline, _ = in_s3
    assert figures(pipeline.ingest(), "raw_postings")["downloaded"] is True
    assert figures(pipeline.ingest(), "raw_postings")["downloaded"] is False


@pytest.mark.parametrize(
    ("bucket", "key", "words"),
    [
        (RAW, "postings.csv", f"There is no object s3://{RAW}/postings.csv"),
        (PROCESSED, None, f"There is no bucket {PROCESSED}"),
    ],
)
def test_what_is_missing_in_s3_is_told(in_s3: tuple[Pipeline, Any], bucket: str, key: str | None, words: str) -> None:
    pipeline, client = in_s3
    if key:
        client.delete_object(Bucket=bucket, Key=key)
    else:
        client.delete_bucket(Bucket=bucket)
    result = pipeline.ingest()
    assert not result.success
    assert words in why(result)


def test_the_sensor_asks_for_a_run_once_for_each_change(in_s3: tuple[Pipeline, Any]) -> None:
    pipeline, client = in_s3
    everything = build_resources(pipeline.settings)
    cursor: str | None = None

    def tick() -> Any:
        resources = {name: everything[name] for name in ("settings", "raw_objects")}
        with dg.build_sensor_context(instance=pipeline.instance, cursor=cursor, resources=resources) as context:
            return raw_objects_changed.evaluate_tick(context)

    first = tick()
    assert first.run_requests
    cursor = first.cursor
    assert not tick().run_requests
    client.put_object(Bucket=RAW, Key="resumes.csv", Body=b"Text\nchanged\n")
    changed = tick()
    assert changed.run_requests
    assert changed.run_requests[0].run_key != first.run_requests[0].run_key
    cursor = changed.cursor
    client.delete_object(Bucket=RAW, Key="resumes.csv")
    gone = tick()
    assert not gone.run_requests
    assert "There is no object" in (gone.skip_message or "")
