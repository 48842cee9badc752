"""The labels of a day, as the Dagster UI shows them."""

import datetime as dt

import dagster as dg

from resources.labels import Label, Labels
from schedules.observations import label_progress
from tests.assets.conftest import Pipeline


def test_new_labels_are_observed_on_the_days_collection_once(pipeline: Pipeline) -> None:
    pipeline.ingest()
    today = pipeline.settings.today()
    assert pipeline.generate(today).success
    labels = Labels(pipeline.documents)

    def seen(cursor: str | None = None) -> tuple[list[dict[str, object]], str | None]:
        context = dg.build_sensor_context(
            cursor=cursor, resources={"settings": pipeline.settings, "labels": labels, "documents": pipeline.documents}
        )
        result = label_progress(context)
        if isinstance(result, dg.SkipReason):
            return [], cursor
        assert isinstance(result, dg.SensorResult)
        shown = [
            {"day": event.partition, **{name: value.value for name, value in event.metadata.items()}}
            for event in result.asset_events
        ]
        return shown, result.cursor

    assert seen() == ([], None)
    (name,) = [each for each in pipeline.documents.database.list_collection_names() if each.endswith("-resumes")]
    for document in pipeline.collection(name)[:2]:
        labels.record(document["_id"], Label("ann", 80, True, dt.datetime.now(dt.UTC)))
    (observed,), cursor = seen()
    assert (observed["day"], observed["labelled"], observed["documents"]) == (today, 2, 10)
    assert observed["by_volunteer"] == {"ann": 2}
    assert seen(cursor) == ([], cursor)
