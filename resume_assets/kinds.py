"""The two kinds of raw objects, resumes and postings: what differs between them, so that the rest is written once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import dagster as dg

from resume_assets.settings import Settings
from tailoring.cleaning import (
    POSTING_COLUMNS,
    POSTING_REQUIRED,
    RESUME_COLUMNS,
    RESUME_REQUIRED,
    Cleaned,
    prepare_postings,
    prepare_resumes,
)
from tailoring.deduplication import POSTING, RESUME, Identity


@dataclass(frozen=True)
class Kind:
    what: str
    """In names of assets."""
    files: dg.DynamicPartitionsDefinition
    """A partition for each object, by its key."""
    objects: Callable[[Settings], str]
    """The name or pattern of the objects."""
    columns: Sequence[str]
    required: Sequence[str]
    preparation: Callable[[Settings], partial[Iterator[Cleaned]]]
    """What is done to each object alone."""
    identity: Identity
    """What is the same in two objects."""


RESUMES = Kind(
    what="resumes",
    files=dg.DynamicPartitionsDefinition(name="resume_files"),
    objects=lambda settings: settings.data.resumes_object,
    columns=RESUME_COLUMNS,
    required=RESUME_REQUIRED,
    preparation=lambda settings: partial(
        prepare_resumes,
        min_chars=settings.data.min_resume_chars,
        sketch=settings.data.near_duplicate_similarity is not None,
    ),
    identity=RESUME,
)
POSTINGS = Kind(
    what="postings",
    files=dg.DynamicPartitionsDefinition(name="posting_files"),
    objects=lambda settings: settings.data.postings_object,
    columns=POSTING_COLUMNS,
    required=POSTING_REQUIRED,
    preparation=lambda settings: partial(
        prepare_postings,
        keywords=settings.keywords.words,
        keyword_fields=settings.keywords.fields,
        min_chars=settings.data.min_posting_chars,
        sketch=settings.data.near_duplicate_similarity is not None,
    ),
    identity=POSTING,
)
