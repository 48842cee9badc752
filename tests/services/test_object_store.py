"""Objects: the same behaviour from a real S3 protocol server and from a folder."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import boto3
import pytest

from resources.errors import ServiceError
from resources.files import atomic_path
from resources.object_store import FolderStore, ObjectStore, S3Store

BUCKET = "raw-bucket"


def s3_store(endpoint: str, bucket: str = BUCKET, **options: str) -> S3Store:
    return S3Store(
        bucket=bucket,
        region="us-east-1",
        endpoint_url=endpoint,
        **{"access_key_id": "test", "secret_access_key": "hush", **options},
    )


@pytest.fixture(params=["s3", "folder"])
def store(request: pytest.FixtureRequest, tmp_path: Path, s3: str) -> Iterator[ObjectStore]:
    if request.param == "folder":
        yield FolderStore(tmp_path / "bucket")
        return
    boto3.resource(
        "s3", endpoint_url=s3, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="hush"
    ).create_bucket(Bucket=BUCKET)
    yield s3_store(s3)


def test_what_is_uploaded_comes_back(store: ObjectStore, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"\x00\xffbytes\r\n" * 1000)
    store.upload(source, "input/rows.csv")
    store.download("input/rows.csv", tmp_path / "deep/target")
    assert (tmp_path / "deep/target").read_bytes() == source.read_bytes()


def test_the_etag_follows_the_content(store: ObjectStore, tmp_path: Path) -> None:
    source = tmp_path / "source"
    tags = []
    for content in ("one", "two", "one"):
        source.write_text(content)
        store.upload(source, "key")
        tags.append(store.version("key").etag)
    assert tags[0] == tags[2] != tags[1]
    assert store.version("key").size == 3


def test_a_pattern_finds_its_objects_in_order(store: ObjectStore, tmp_path: Path) -> None:
    source = tmp_path / "source"
    for key in ("in/b.csv", "in/a.csv", "in/c.csv.gz", "in/deep/d.csv", "other/a.csv", "in/a [1].csv", "a.csv"):
        source.write_text(key)
        store.upload(source, key)
    assert list(store.matching("in/*.csv")) == ["in/a [1].csv", "in/a.csv", "in/b.csv"]
    assert list(store.matching("*/?.csv")) == ["in/a.csv", "in/b.csv", "other/a.csv"]
    assert list(store.matching("in/*")) == ["in/a [1].csv", "in/a.csv", "in/b.csv", "in/c.csv.gz"]
    assert store.matching("in/b.csv") == {"in/b.csv": store.version("in/b.csv")}
    assert store.matching("nowhere/*.csv") == {}


def test_more_objects_than_a_page_are_found(s3: str, tmp_path: Path) -> None:
    boto3.resource(
        "s3", endpoint_url=s3, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="hush"
    ).create_bucket(Bucket=BUCKET)
    store = s3_store(s3)
    store._client.meta.events.register(
        "provide-client-params.s3.ListObjectsV2", lambda params, **_: params | {"MaxKeys": 2}
    )
    source = tmp_path / "source"
    source.write_text("x")
    for key in "edcba":
        store.upload(source, key)
    assert list(store.matching("*")) == list("abcde")


def test_a_removed_object_is_gone_and_may_be_removed_again(store: ObjectStore, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_text("x")
    store.upload(source, "in/a.csv")
    for _ in range(2):
        store.remove("in/a.csv")
        assert store.matching("in/*") == {}


def test_a_missing_object_is_told_and_leaves_no_file(store: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"There is no .*nothing\.csv") as caught:
        store.download("nothing.csv", tmp_path / "target")
    assert not caught.value.transient
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


def test_a_missing_bucket_is_told(s3: str) -> None:
    with pytest.raises(ServiceError, match="There is no bucket no-such-bucket"):
        s3_store(s3, "no-such-bucket").version("key")
    with pytest.raises(ServiceError, match="There is no bucket no-such-bucket"):
        s3_store(s3, "no-such-bucket").matching("*")


def test_missing_credentials_are_told(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    with pytest.raises(ServiceError, match=r"No credentials.*AWS_ACCESS_KEY_ID"):
        s3_store(s3, access_key_id="", secret_access_key="").version("key")


def test_an_s3_that_is_down_is_told_as_something_that_may_pass() -> None:
    with (
        patch("botocore.endpoint.Endpoint._get_response", side_effect=_refused),
        pytest.raises(ServiceError, match="S3 could not be reached") as caught,
    ):
        s3_store("http://127.0.0.1:9").version("key")
    assert caught.value.transient


def _refused(*_arguments: object) -> None:
    from botocore.exceptions import EndpointConnectionError

    raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")


def test_the_secret_does_not_show() -> None:
    assert "hush" not in repr(s3_store("http://127.0.0.1:9"))


def test_a_write_that_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "table.csv"
    target.write_text("old")

    def broken() -> None:
        with atomic_path(target) as part:
            part.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]
