"""The tailored resume: the one document that a model writes and everything after it reads.

Every field is required of a model (empty means absent), so that the JSON schema satisfies strict structured output.
Contact data is kept apart: it is read from the source and put on top by rendering, never written by a model.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class Statement(_Document):
    """One claim, and the 1-based numbers of the source lines that it rests on."""

    text: str
    source_lines: list[int]


class Role(_Document):
    """One position held; `dates` as written in the source."""

    title: str
    employer: str
    location: str
    dates: str
    bullets: list[Statement]


class Education(_Document):
    """One degree or course of study."""

    degree: str
    school: str
    dates: str
    details: str
    source_lines: list[int]


class Project(_Document):
    """One project, told apart from the role it was done in."""

    name: str
    dates: str
    bullets: list[Statement]


class TailoredResume(_Document):
    """A resume written for one posting, each claim citing its source; all but the contact data."""

    headline: str
    summary: list[Statement]
    skills: list[str]
    experience: list[Role]
    education: list[Education]
    certifications: list[Statement]
    projects: list[Project]
    languages: list[Statement] = Field(default_factory=list)  # documents from before this field have none

    def statements(self) -> Iterator[Statement]:
        """Everything that cites source lines of its own, but for education."""
        yield from self.summary
        for role in self.experience:
            yield from role.bullets
        for project in self.projects:
            yield from project.bullets
        yield from self.certifications
        yield from self.languages


class Contact(_Document):
    """Who the resume is about, read from the source."""

    name: str
    email: str
    phone: str
    location: str
    links: list[str]


def response_format() -> dict[str, Any]:
    """The `response_format` of a chat completion that answers with a `TailoredResume`."""
    schema = TailoredResume.model_json_schema(mode="serialization")  # as it is written: with every field there is
    return {"type": "json_schema", "json_schema": {"name": "tailored_resume", "strict": True, "schema": schema}}
