"""Tells the team what happened: each event once, repeats together, and never in the way of what it is about."""

import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from resources.alert_log import AlertLog, Entry, FileLog, MongoLog, Pause
from resources.document_store import DocumentStore
from resources.errors import ServiceError
from resources.slack import Answer, Channel, OutboxFile, SlackWebhook
from resume_assets.settings import Settings
from tailoring.messages import Message, plain_text, redacted, slack_post

QUIET = dt.timedelta(hours=1)  # after a message of a group, others of it wait, and are told together
GIVEN_UP = dt.timedelta(days=7)  # what the channel has not taken by then is left in the outbox
REMEMBERED = dt.timedelta(days=90)
MOST_POSTS = 5  # at once; the rest follow with the next call
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 3600.0  # seconds, after failures

log = logging.getLogger(__name__)


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Notifier:
    """The way to the team.

    Attributes:
        channel: takes the posts.
        outbox: gets what the channel will never take.
        documents: the database that remembers what was told; while it is down, a file beside the outbox does.
        secrets: values that leave in no message.
    """

    channel: Channel
    outbox: OutboxFile
    documents: DocumentStore
    secrets: Collection[str] = field(default=(), repr=False)
    now: Callable[[], dt.datetime] = utc_now

    def tell(self, messages: Iterable[Message] = (), running: Callable[[str], bool] = lambda _: False) -> list[str]:
        """Keep the messages, unless their events are known, and send all that is due; returns what was sent.

        What is not taken is kept and sent by a later call. `running` says whether a backfill has not ended: its
        messages wait for the end, but no longer than QUIET.

        Raises:
            ServiceError: the database went away in between. Tell the same again: what was kept is not doubled.
            OSError: the database is down and the file cannot be written either.
        """
        alerts = self._log()
        for message in messages:
            alerts.add(Entry(message=message.mapped(self._redacted), at=self.now()))
        return self._send(alerts, running)

    def _log(self) -> AlertLog:
        meanwhile = FileLog(self.outbox.path.with_name("waiting.json"))
        try:
            self.documents.ping()
            stored = MongoLog(self.documents)
            meanwhile.move_to(stored)
        except ServiceError:
            return meanwhile
        return stored

    def _send(self, alerts: AlertLog, running: Callable[[str], bool]) -> list[str]:
        sent: list[str] = []
        now = self.now()
        with alerts.sending(now) as pause:
            if pause is None:
                return sent
            for entries in self._due(alerts, running, now)[:MOST_POSTS]:
                messages = [entry.message for entry in entries]
                post = slack_post(messages)
                answer = self.channel.post(post)
                if answer.taken:
                    pause.failures = 0
                    sent.append(plain_text(messages))
                elif answer.hopeless or entries[0].at < now - GIVEN_UP:
                    self.outbox.post(post)
                    self._warn(answer, f"It is left in {self.outbox.name}.")
                else:
                    _put_off(pause, answer, now)
                    self._warn(answer, "It is kept and sent later.")
                    break
                alerts.settle([message.key for message in messages], now)
            alerts.forget(now - REMEMBERED)
        return sent

    def _due(self, alerts: AlertLog, running: Callable[[str], bool], now: dt.datetime) -> list[list[Entry]]:
        """The entries to send now, those of a group together, the group that waits longest first."""
        groups: dict[str, list[Entry]] = {}
        for entry in alerts.waiting():
            groups.setdefault(entry.message.group, []).append(entry)

        def is_due(group: str, entries: list[Entry]) -> bool:
            backfill = entries[0].message.backfill
            if backfill and entries[0].at > now - QUIET and running(backfill):
                return False
            last = alerts.last_told(group)
            return last is None or last <= now - QUIET

        return [entries for group, entries in groups.items() if is_due(group, entries)]

    def _redacted(self, text: str) -> str:
        return redacted(text, self.secrets)

    def _warn(self, answer: Answer, what_now: str) -> None:
        log.warning("An alert was not taken by %s: %s. %s", self.channel.name, self._redacted(answer.why), what_now)


def open_notifier(settings: Settings, documents: DocumentStore) -> Notifier:
    """The notifier as the settings describe it: to Slack, or to the outbox where no webhook is set."""
    webhook = settings.environment.SLACK_WEBHOOK.get_secret_value()
    outbox = OutboxFile(settings.data_folder / "outbox" / "alerts.jsonl")
    return Notifier(
        channel=SlackWebhook(webhook) if webhook else outbox,
        outbox=outbox,
        documents=documents,
        secrets=settings.secrets,
    )


def _put_off(pause: Pause, answer: Answer, now: dt.datetime) -> None:
    """As long as the answer says; else twice as long after each failure in a row."""
    wait = FIRST_PAUSE * 2 ** min(pause.failures, 10) if answer.retry_after is None else answer.retry_after
    pause.failures += 1
    pause.until = now + dt.timedelta(seconds=min(wait, LONGEST_PAUSE))
