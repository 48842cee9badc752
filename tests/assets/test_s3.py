"""The whole day with S3 as production has it: two buckets on a server that speaks the protocol."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from resume_assets.settings import PROJECT_ROOT, Settings
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
