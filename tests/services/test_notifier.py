"""Telling the team over a real webhook and a real database: once, together, later where it must be, and harmless."""

import datetime as dt
import json
import logging
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from resources.alert_log import LEASE, MongoLog
from resources.document_store import DocumentStore
from resources.notifier import GIVEN_UP, QUIET, Notifier, open_notifier
from resources.slack import DEADLINE, OutboxFile, SlackWebhook
from resume_assets.cli import app
from resume_assets.settings import Settings
from tailoring.messages import Message
from tests.conftest import free_port
from tests.webhook import Webhook, listening_webhook, require_valid

MINUTE = dt.timedelta(minutes=1)


@dataclass
class Clock:
    time: dt.datetime = field(default_factory=lambda: dt.datetime(2026, 7, 23, 19, tzinfo=dt.UTC))

    def __call__(self) -> dt.datetime:
        return self.time


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with listening_webhook() as listening:
        yield listening


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def notifier(webhook: Webhook, documents: DocumentStore, tmp_path: Path, clock: Clock) -> Notifier:
    return Notifier(
        SlackWebhook(webhook.url), OutboxFile(tmp_path / "outbox/alerts.jsonl"), documents, ("hush",), clock
    )


def message(key: str, group: str = "failure/job/step", **details: str) -> Message:
    return Message(key=key, group=group, title="job failed", subject=key, text="It broke.", **details)


def without_database(notifier: Notifier) -> Notifier:
    gone = f"mongodb://127.0.0.1:{free_port()}/?directConnection=true"
    return replace(notifier, documents=DocumentStore(gone, "test", timeout_seconds=0.1))


def outbox(notifier: Notifier) -> list[dict[str, object]]:
    path = notifier.outbox.path
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_an_event_is_told_once_also_by_another_daemon_or_after_a_restart(notifier: Notifier, webhook: Webhook) -> None:
    assert len(notifier.tell([message("1")])) == 1
    assert notifier.tell([message("1")]) == []
    assert replace(notifier).tell([message("1")]) == []
    require_valid(webhook.posts[0])
    assert len(webhook.posts) == 1


def test_many_at_once_tell_once(notifier: Notifier, webhook: Webhook) -> None:
    daemons = [replace(notifier) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda each: each.tell([message("1"), message("2", "other")]), daemons))
    notifier.tell()
    assert len(webhook.posts) == 2


def test_what_happens_again_within_the_hour_is_one_message_with_a_count(
    notifier: Notifier, webhook: Webhook, clock: Clock
) -> None:
    notifier.tell([message("day 1")])
    for number in range(2, 15):
        clock.time += MINUTE
        notifier.tell([message(f"day {number}")])
    assert len(webhook.posts) == 1
    clock.time += QUIET
    notifier.tell()
    notifier.tell()
    assert len(webhook.posts) == 2
    assert "(13 times)" in webhook.texts[1]
    assert "day 2" in webhook.texts[1]
    assert "day 14" in webhook.texts[1]


def test_other_things_do_not_wait_for_each_other(notifier: Notifier, webhook: Webhook) -> None:
    notifier.tell([message("1")])
    notifier.tell([message("2", "another group")])
    assert len(webhook.posts) == 2


def test_a_backfill_is_told_when_it_has_ended(notifier: Notifier, webhook: Webhook, clock: Clock) -> None:
    for number in range(14):
        clock.time += MINUTE
        notifier.tell([message(f"{number}", backfill="abc")], running=lambda _: True)
    assert webhook.posts == []
    notifier.tell(running=lambda _: False)
    assert ["(14 times)" in text for text in webhook.texts] == [True]


def test_a_backfill_without_an_end_is_told_after_an_hour(notifier: Notifier, webhook: Webhook, clock: Clock) -> None:
    notifier.tell([message("1", backfill="abc")], running=lambda _: True)
    clock.time += QUIET
    notifier.tell(running=lambda _: True)
    assert len(webhook.posts) == 1


@pytest.mark.parametrize("answer", [500, 404, 403])
def test_what_is_not_taken_is_sent_later(
    notifier: Notifier, webhook: Webhook, clock: Clock, answer: int, caplog: pytest.LogCaptureFixture
) -> None:
    webhook.answers.append(answer)
    assert notifier.tell([message("1")]) == []
    assert f"status {answer}" in caplog.text
    assert notifier.tell() == [], "it tries again at once"
    clock.time += MINUTE
    assert len(notifier.tell()) == 1
    assert len(webhook.posts) == 2


def test_pauses_grow_while_nothing_is_taken(notifier: Notifier, webhook: Webhook, clock: Clock) -> None:
    webhook.answers.extend([500] * 1000)
    notifier.tell([message("1")])
    for _ in range(24 * 6):
        clock.time += 10 * MINUTE
        notifier.tell()
    assert len(webhook.posts) < 24 + 10


def test_retry_after_is_kept_to(notifier: Notifier, webhook: Webhook, clock: Clock) -> None:
    webhook.answers.append((429, "600"))
    notifier.tell([message("1"), message("2", "another group")])
    clock.time += 9 * MINUTE
    replace(notifier).tell()
    assert len(webhook.posts) == 1, "it asked again before the time that it was given"
    clock.time += MINUTE
    notifier.tell()
    assert len(webhook.posts) == 3


def test_a_message_that_slack_cannot_read_does_not_stop_the_others(notifier: Notifier, webhook: Webhook) -> None:
    webhook.answers.append(400)
    notifier.tell([message("1"), message("2", "another group")])
    notifier.tell()
    assert len(webhook.posts) == 2
    assert outbox(notifier) == webhook.posts[:1]


def test_what_nobody_takes_for_a_week_ends_in_the_outbox(notifier: Notifier, webhook: Webhook, clock: Clock) -> None:
    webhook.answers.extend([500, 500])
    notifier.tell([message("1")])
    clock.time += GIVEN_UP + MINUTE
    notifier.tell()
    notifier.tell()
    assert len(webhook.posts) == 2
    assert outbox(notifier) == webhook.posts[:1]


def test_a_webhook_that_hangs_costs_seconds(notifier: Notifier, webhook: Webhook) -> None:
    webhook.answers.append(None)
    started = time.monotonic()
    assert notifier.tell([message("1"), message("2", "another group")]) == []
    assert time.monotonic() - started < DEADLINE + 2
    assert len(webhook.posts) == 1, "it went on although nobody answers"


def test_a_webhook_that_is_not_there_is_harmless(notifier: Notifier, caplog: pytest.LogCaptureFixture) -> None:
    gone = replace(notifier, channel=SlackWebhook(f"http://127.0.0.1:{free_port()}/hush"))
    with caplog.at_level(logging.DEBUG):
        assert gone.tell([message("1")]) == []
    assert "ConnectionRefusedError" in caplog.text
    assert "hush" not in caplog.text
    assert len(replace(gone, channel=notifier.channel, now=lambda: notifier.now() + MINUTE).tell()) == 1


def test_the_address_of_the_webhook_is_never_shown(
    notifier: Notifier, webhook: Webhook, caplog: pytest.LogCaptureFixture
) -> None:
    webhook.answers.append(500)
    with caplog.at_level(logging.DEBUG):
        notifier.tell([message("1")])
    assert "hush" not in caplog.text
    assert "hush" not in repr(notifier)


def test_secrets_leave_in_no_message_and_are_not_stored(notifier: Notifier, webhook: Webhook) -> None:
    told = Message(
        key="1", group="g", title="hush", text="pw=hush", facts={"hush": "hush"}, links={"hush": "http://h/?hush"}
    )
    notifier.tell([told])
    assert "hush" not in json.dumps(webhook.posts)
    assert "[secret]" in webhook.texts[0]
    assert "hush" not in str(list(notifier.documents.database["alerts"].find()))


def test_while_the_database_is_down_events_are_told_once_all_the_same(
    notifier: Notifier, webhook: Webhook, clock: Clock
) -> None:
    down = without_database(notifier)
    down.tell([message("1")])
    down.tell([message("1")])
    down.tell([message("2")])
    assert len(webhook.posts) == 1
    notifier.tell([message("1")])  # the database is back
    clock.time += QUIET
    notifier.tell()
    assert len(webhook.posts) == 2
    assert "job failed: 2" in webhook.texts[1]
    assert not notifier.outbox.path.with_name("waiting.json").exists()


def test_with_neither_database_nor_webhook_nothing_is_lost(notifier: Notifier, webhook: Webhook, clock: Clock) -> None:
    webhook.answers.append(500)
    down = without_database(notifier)
    down.tell([message("1")])
    clock.time += MINUTE
    assert len(down.tell()) == 1
    assert down.tell() == []


def test_a_sender_that_was_killed_holds_up_nobody_for_long(notifier: Notifier, webhook: Webhook, clock: Clock) -> None:
    killed = MongoLog(notifier.documents).sending(clock())
    killed.__enter__()  # and it never leaves
    assert notifier.tell([message("1")]) == []
    clock.time += LEASE
    assert len(notifier.tell()) == 1


def test_without_a_webhook_messages_go_to_the_outbox(project: Callable[..., Settings], mongo_uri: str) -> None:
    settings = project(MONGO_URI=mongo_uri, MONGO_DB_NAME=f"test_{uuid.uuid4().hex}")
    notifier = open_notifier(settings, DocumentStore(mongo_uri, settings.environment.MONGO_DB_NAME))
    assert len(notifier.tell([message("1")])) == 1
    assert notifier.tell([message("1")]) == []
    assert [post["text"] for post in outbox(notifier)] == ["job failed: 1 | It broke."]
    notifier.documents.database.client.drop_database(settings.environment.MONGO_DB_NAME)


def test_every_secret_of_the_settings_is_kept_back(project: Callable[..., Settings]) -> None:
    secrets = {
        "MONGO_URI": "mongodb://user:p%40ss@127.0.0.1:9/",
        "OPENAI_API_KEY": "sk-123",
        "AWS_SECRET_ACCESS_KEY": "aws+456/",
        "GITHUB_TOKEN": "ghp_789",
    }
    settings = project(**secrets, OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    notifier = open_notifier(settings, DocumentStore("mongodb://127.0.0.1:9/", "test", timeout_seconds=0.1))
    leaks = [*secrets.values(), "p%40ss", "p@ss", "aws%2B456%2F"]
    notifier.tell([message("1").model_copy(update={"text": f"Failed with {' and '.join(leaks)}."})])
    kept = "".join(file.read_text() for file in notifier.outbox.path.parent.iterdir())
    assert "Failed with [secret]" in kept
    assert not [leak for leak in leaks if leak in kept]


def alerts_test(settings: Settings, monkeypatch: pytest.MonkeyPatch, webhook: str = "") -> tuple[int, str]:
    monkeypatch.setenv("SLACK_WEBHOOK", webhook)
    result = CliRunner().invoke(app, ["alerts", "test", "--config", str(settings.config_file)])
    return result.exit_code, result.output


def test_the_command_says_where_its_message_went(
    project: Callable[..., Settings], webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = project()
    assert alerts_test(settings, monkeypatch, webhook.url) == (0, "Sent to Slack.\n")
    require_valid(webhook.posts[0])
    code, said = alerts_test(settings, monkeypatch)
    assert code == 0
    assert "alerts.jsonl" in said
    assert (settings.data_folder / "outbox/alerts.jsonl").read_text().count("\n") == 1


def test_the_command_fails_where_the_webhook_does(
    project: Callable[..., Settings], webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook.answers.append(404)
    code, said = alerts_test(project(), monkeypatch, webhook.url)
    assert code == 1
    assert "status 404" in said
    assert "hush" not in said
