"""Objects: an S3 bucket, or a folder that is laid out like one. Bytes only: what is in them is the assets' business."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from resources.errors import ServiceError
from resources.files import atomic_path

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class ObjectVersion(NamedTuple):
    """What an object is at the moment."""

    etag: str
    """Another content, another tag."""
    size: int
    """Bytes."""


class ObjectStore(Protocol):
    """Somewhere to read and write whole objects by key. Every method raises ServiceError."""

    def version(self, key: str) -> ObjectVersion:
        """Which version of the object is there."""

    def matching(self, pattern: str) -> dict[str, ObjectVersion]:
        """The objects whose keys match, in order of key. `*` is anything but a slash, `?` one character."""

    def download(self, key: str, target: Path) -> None:
        """Stream the object into `target`, which is replaced only when all of it has arrived."""

    def upload(self, source: Path, key: str) -> None:
        """Store the file under `key`, in place of what was there."""

    def remove(self, key: str) -> None:
        """Forget the object, if it is there."""

    def address(self, key: str) -> str:
        """Where a person finds the object."""


@dataclass(frozen=True)
class FolderStore:
    """A folder as an object store."""

    folder: Path

    def version(self, key: str) -> ObjectVersion:
        with self._existing(key).open("rb") as file:
            return ObjectVersion(hashlib.file_digest(file, "sha256").hexdigest(), file.tell())

    def matching(self, pattern: str) -> dict[str, ObjectVersion]:
        keys = [path.relative_to(self.folder).as_posix() for path in self.folder.glob(pattern) if path.is_file()]
        return {key: self.version(key) for key in sorted(keys)}

    def download(self, key: str, target: Path) -> None:
        with atomic_path(target) as temporary:
            shutil.copyfile(self._existing(key), temporary)

    def upload(self, source: Path, key: str) -> None:
        with atomic_path(self.folder / key) as temporary:
            shutil.copyfile(source, temporary)

    def remove(self, key: str) -> None:
        (self.folder / key).unlink(missing_ok=True)

    def address(self, key: str) -> str:
        return str(self.folder / key)

    def _existing(self, key: str) -> Path:
        path = self.folder / key
        if not path.is_file():
            raise ServiceError(
                f"There is no {path}.",
                "Put the file there, name another folder (data.raw_folder in config/pipeline.yaml), or set S3_BUCKET.",
            )
        return path


@dataclass(frozen=True)
class S3Store:
    """One S3 bucket, through dagster-aws. Empty credentials leave boto to its own chain (profiles, roles)."""

    bucket: str
    region: str = ""
    endpoint_url: str = ""
    access_key_id: str = ""
    secret_access_key: str = field(default="", repr=False)

    @cached_property
    def _client(self) -> "S3Client":
        from dagster_aws.s3 import S3Resource  # boto takes a second to import, and only S3 users need it

        client: S3Client = S3Resource(
            region_name=self.region or None,
            endpoint_url=self.endpoint_url or None,
            aws_access_key_id=self.access_key_id or None,
            aws_secret_access_key=self.secret_access_key or None,
            max_attempts=5,
        ).get_client()
        return client

    def version(self, key: str) -> ObjectVersion:
        with self._clear_errors(key):
            found = self._client.head_object(Bucket=self.bucket, Key=key)
        return ObjectVersion(found["ETag"].strip('"'), found["ContentLength"])

    def matching(self, pattern: str) -> dict[str, ObjectVersion]:
        prefix = re.split(r"[*?\[]", pattern)[0]
        with self._clear_errors(pattern):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
            found = [each for page in pages for each in page.get("Contents", [])]
        return {
            each["Key"]: ObjectVersion(each["ETag"].strip('"'), each["Size"])
            for each in sorted(found, key=lambda each: each["Key"])
            if each["Key"].count("/") == pattern.count("/") and PurePosixPath(each["Key"]).match(pattern)
        }

    def download(self, key: str, target: Path) -> None:
        with atomic_path(target) as temporary, self._clear_errors(key):
            self._client.download_file(self.bucket, key, str(temporary))

    def upload(self, source: Path, key: str) -> None:
        with self._clear_errors(key):
            self._client.upload_file(str(source), self.bucket, key)

    def remove(self, key: str) -> None:
        with self._clear_errors(key):
            self._client.delete_object(Bucket=self.bucket, Key=key)

    def address(self, key: str) -> str:
        return f"s3://{self.bucket}/{key}"

    @contextmanager
    def _clear_errors(self, key: str) -> Iterator[None]:
        from boto3.exceptions import S3UploadFailedError
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

        try:
            yield
        except (NoCredentialsError, PartialCredentialsError):
            raise ServiceError(
                f"No credentials for {self.address(key)}.", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            ) from None
        except ClientError as error:
            raise self._explained(error, key) from error
        except S3UploadFailedError as error:
            cause = error.__cause__ or error.__context__
            if isinstance(cause, ClientError):
                raise self._explained(cause, key) from error
            raise ServiceError(
                f"{self.address(key)} could not be written: {error}.", "Run it again.", transient=True
            ) from error
        except BotoCoreError as error:
            raise ServiceError(
                f"S3 could not be reached for {self.address(key)}: {error}.",
                "Check AWS_REGION, AWS_ENDPOINT_URL and the network, then run it again.",
                transient=True,
            ) from error

    def _explained(self, error: Any, key: str) -> ServiceError:
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        if code == "NoSuchBucket" or (status == 404 and not self._bucket_exists()):
            return ServiceError(
                f"There is no bucket {self.bucket}.",
                "Create it, or correct S3_BUCKET (data.processed_bucket for results).",
            )
        if status == 404:
            return ServiceError(
                f"There is no object {self.address(key)}.",
                "Upload it, or correct the object's name under `data` in config/pipeline.yaml.",
            )
        if status in (401, 403) or code in ("InvalidAccessKeyId", "SignatureDoesNotMatch"):
            return ServiceError(
                f"Access to {self.address(key)} was denied ({code}).",
                "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the bucket's policy.",
            )
        return ServiceError(
            f"S3 answered {code or status} for {self.address(key)}.",
            "Run it again; if it stays, look the code up.",
            transient=status >= 500 or status == 429,
        )

    def _bucket_exists(self) -> bool:
        from botocore.exceptions import ClientError

        try:
            self._client.head_bucket(Bucket=self.bucket)
        except ClientError as error:
            return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)) != 404
        return True
