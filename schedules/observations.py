"""What people do, shown on the graph: how far a day's labels are, as observations of its collection."""

import json

import dagster as dg

from resources.errors import ServiceError
from resources.labels import Labels
from resume_assets.partitions import collection_name
from resume_assets.settings import Settings


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Shows on `daily_collection` how many of a day's documents are labelled, whenever that has changed.",
)
def label_progress(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings], labels: dg.ResourceParam[Labels]
) -> dg.SensorResult | dg.SkipReason:
    """The cursor holds the labels that were last shown, by day."""
    days = [settings.yesterday(), settings.today()]  # people label today's, and what is left of yesterday's
    try:
        progress = {day: labels.progress(day) for day in days}
    except ServiceError as error:
        return dg.SkipReason(str(error))
    given = {day: sum(each.by_volunteer.values()) for day, each in progress.items()}
    shown = json.loads(context.cursor) if context.cursor else {}
    changed = [day for day in days if progress[day].documents and given[day] != shown.get(day, 0)]
    if not changed:
        return dg.SkipReason("No label has come.")
    observations = [
        dg.AssetObservation(
            "daily_collection",
            partition=day,
            metadata={
                "collection": collection_name(day),
                "documents": progress[day].documents,
                "labelled": progress[day].labelled,
                "labelled_share": round(progress[day].labelled / progress[day].documents, 4),
                "second_labels": progress[day].second_labels,
                "by_volunteer": dg.MetadataValue.json(dict(progress[day].by_volunteer)),
            },
        )
        for day in changed
    ]
    return dg.SensorResult(asset_events=observations, cursor=json.dumps(given, sort_keys=True))
