"""The tailored resume and the response format that asks a model for one."""

from typing import Any

import pytest
from pydantic import ValidationError

from tailoring.resume import Contact, Education, Project, Role, Statement, TailoredResume, response_format

RESUME = TailoredResume(
    headline="Data Engineer",
    summary=[Statement(text="Builds pipelines.", source_lines=[2])],
    skills=["Python"],
    experience=[
        Role(
            title="Data Engineer",
            employer="Mercado Azul",
            location="Lisbon",
            dates="2019 – Present",
            bullets=[Statement(text="Moved 120 jobs to Airflow.", source_lines=[5, 6])],
        )
    ],
    education=[Education(degree="MSc", school="University of Porto", dates="2014", details="", source_lines=[9])],
    certifications=[],
    projects=[Project(name="Energy monitor", dates="", bullets=[])],
    languages=[Statement(text="Portuguese (native)", source_lines=[12])],
)
ADDED_LATER = {"languages"}


def test_a_resume_survives_its_json() -> None:
    assert TailoredResume.model_validate_json(RESUME.model_dump_json()) == RESUME


def test_a_resume_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        RESUME.headline = "Astronaut"  # type: ignore[misc]


@pytest.mark.parametrize("missing", sorted(TailoredResume.model_fields.keys() - ADDED_LATER))
def test_every_field_is_required(missing: str) -> None:
    fields = RESUME.model_dump()
    del fields[missing]
    with pytest.raises(ValidationError, match=missing):
        TailoredResume.model_validate(fields)


@pytest.mark.parametrize("missing", sorted(ADDED_LATER))
def test_a_document_from_before_a_field_was_added_is_read_as_without_it(missing: str) -> None:
    fields = RESUME.model_dump()
    del fields[missing]
    assert TailoredResume.model_validate(fields) == RESUME.model_copy(update={missing: []})


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError, match="salary"):
        TailoredResume.model_validate({**RESUME.model_dump(), "salary": "100k"})


def test_contact_data_is_no_part_of_what_a_model_writes() -> None:
    written = str(response_format())
    assert {"email", "phone", "links"} < set(Contact.model_fields)
    assert not any(f"'{field}'" in written for field in ("email", "phone", "links"))


def objects_of(schema: Any) -> list[dict[str, Any]]:
    """Every object schema inside a JSON schema."""
    if isinstance(schema, list):
        return [found for part in schema for found in objects_of(part)]
    if not isinstance(schema, dict):
        return []
    inner = [found for part in schema.values() for found in objects_of(part)]
    return [schema, *inner] if schema.get("type") == "object" else inner


def test_the_response_format_is_one_that_strict_structured_output_accepts() -> None:
    wanted = response_format()
    assert wanted["type"] == "json_schema"
    assert wanted["json_schema"]["name"] == "tailored_resume"
    assert wanted["json_schema"]["strict"] is True
    objects = objects_of(wanted["json_schema"]["schema"])
    assert len(objects) == 5
    for schema in objects:
        assert schema["additionalProperties"] is False
        assert sorted(schema["required"]) == sorted(schema["properties"])
    assert "default" not in str(wanted)
