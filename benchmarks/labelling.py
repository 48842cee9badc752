"""The label page under load: 50 volunteers at once over 1,000 waiting documents, on loopback.

    python -m benchmarks.labelling [--volunteers 50] [--documents 1000] [--seconds 60] [--reading 4]

Each volunteer claims, reads (the page, and on every fourth document the PDF), thinks for `reading` seconds on average,
renews, keeps a draft, and saves. The page runs as `make up` runs it: one process, beside the embedded database. Prints
the times that requests took, and checks that nothing was claimed twice and no label was lost.
"""

import argparse
import asyncio
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from labelling.app import utc_now
from resources.configured import document_store, volunteers
from resources.embedded import documents_service, label_service, running
from resume_assets.partitions import collection_name
from resume_assets.settings import PROJECT_ROOT, Settings, load_settings
from tests.conftest import free_port
from tests.label_page import document, publish

TOKEN = re.compile(r'name="form_token" value="(\w+)"')
GENERATION = re.compile(r'name="generation_id" value="([^"]+)"')
AT_MOST = {"claim": 300, "save": 300}  # milliseconds for 95 of 100
DISTINCT = 20  # texts; the rest of the documents repeat them


class Load:
    """What happened, as the volunteers saw it."""

    def __init__(self) -> None:
        self.took: dict[str, list[float]] = defaultdict(list)
        self.claimed: Counter[str] = Counter()
        self.saved: dict[str, tuple[str, int]] = {}
        self.faults: Counter[str] = Counter()

    async def timed(
        self, what: str, client: httpx.AsyncClient, method: str, path: str, **values: str
    ) -> httpx.Response:
        started = time.perf_counter()
        answer = await client.request(method, path, data=values or None)
        self.took[what].append(1000 * (time.perf_counter() - started))
        if answer.status_code >= 400:
            self.faults[f"{what}: {answer.status_code}"] += 1
        return answer

    async def volunteer(self, name: str, home: str, invitation: str, day: str, until: float, reading: float) -> None:
        """One person at work."""
        chance = random.Random(name)
        async with httpx.AsyncClient(base_url=home, timeout=30) as client:
            page = await client.get("/join")
            token = TOKEN.search(page.text)[1]  # type: ignore[index]
            await client.post("/join", data={"form_token": token, "invitation": invitation})
            token = TOKEN.search((await client.get("/")).text)[1]  # type: ignore[index]
            await asyncio.sleep(chance.uniform(0, reading))  # people do not start at the same instant
            while time.monotonic() < until:
                answer = await self.timed("claim", client, "POST", "/claim", form_token=token, day=day)
                path = answer.headers["location"]
                if not path.startswith("/documents/"):
                    return
                self.claimed[path] += 1
                shown = await self.timed("page", client, "GET", path)
                if not (generation := GENERATION.search(shown.text)):
                    continue
                if chance.random() < 0.25:
                    await self.timed("pdf", client, "GET", f"{path}/resume.pdf")
                score = str(chance.randrange(50, 100))
                await asyncio.sleep(chance.uniform(0.5, 1.5) * reading)
                await self.timed("renew", client, "POST", f"{path}/renew", form_token=token)
                await self.timed("draft", client, "POST", f"{path}/draft", form_token=token, score=score)
                answer = await self.timed(
                    "save", client, "POST", f"{path}/label",
                    form_token=token, generation_id=generation[1], score=score, truthfulness="yes",
                )  # fmt: skip
                if answer.status_code == 303:
                    self.saved[path.removeprefix("/documents/")] = (name, int(score))
                await self.timed("saved page", client, "GET", f"{path}/done")


def many_documents(count: int, day: str) -> list[dict[str, Any]]:
    """A day's documents; writing a thousand resumes takes longer than labelling them."""
    texts = [document(number, day, lie=not number % 7) for number in range(DISTINCT)]
    made = []
    for number in range(count):
        pair = f"{number:016x}-{number:016x}"
        made.append({**texts[number % DISTINCT], "_id": f"{day}/{pair}", "id": pair, "generation_id": f"g{number}"})
    return made


@contextmanager
def serving(documents: int) -> Iterator[Settings]:
    """The page and its database, with a day of documents."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(PROJECT_ROOT / "config", root / "config")
        file = root / "config/pipeline.yaml"
        config = yaml.safe_load(file.read_text())
        config["services"] = {name: free_port() for name in config["services"]}
        config["labelling"]["documents_overlap_share"] = 0.0
        file.write_text(yaml.safe_dump(config))
        settings = load_settings(file, {})
        services = settings.data_folder / "services"
        with running([documents_service(services, settings.services.documents_port)]):
            day = settings.today()
            publish(document_store(settings), many_documents(documents, day), day)
            with running([label_service(services, settings.services.label_port, settings.config_file)]):
                yield settings


async def work(settings: Settings, people: int, seconds: float, reading: float) -> Load:
    load = Load()
    store = document_store(settings)
    names = [f"Volunteer {number}" for number in range(people)]
    asked = {name: volunteers(settings, store).invite(name, utc_now()) for name in names}
    home = f"http://127.0.0.1:{settings.services.label_port}"
    until = time.monotonic() + seconds
    await asyncio.gather(
        *(
            load.volunteer(name, home, invitation, settings.today(), until, reading)
            for name, invitation in asked.items()
        )
    )
    return load


def lost_labels(settings: Settings, load: Load) -> list[str]:
    """The labels that a volunteer was told are saved and that the database does not hold as they were given."""
    found = document_store(settings).database[collection_name(settings.today())].find({"labelled_at": {"$ne": None}})
    stored = {each["_id"]: (each["didBy"], each["score"]) for each in found}
    return [document_id for document_id, label in load.saved.items() if stored.get(document_id) != label]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--volunteers", type=int, default=50)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--reading", type=float, default=4, help="seconds that a volunteer thinks, on average")
    options = parser.parse_args()
    with serving(options.documents) as settings:
        load = asyncio.run(work(settings, options.volunteers, options.seconds, options.reading))
        lost = lost_labels(settings, load)
    print(f"{options.volunteers} volunteers, {options.documents} documents, {options.seconds:.0f} s")
    print(f"{'':12}{'times':>7}{'p50':>8}{'p95':>8}{'max':>8}  ms")
    slow = []
    for what, took in load.took.items():
        p95 = statistics.quantiles(took, n=20)[-1]
        print(f"{what:12}{len(took):7}{statistics.median(took):8.0f}{p95:8.0f}{max(took):8.0f}")
        if p95 > AT_MOST.get(what, float("inf")):
            slow.append(what)
    twice = [path for path, times in load.claimed.items() if times > 1]
    print(f"labels saved {len(load.saved)}, lost {len(lost)}, documents claimed twice {len(twice)}")
    if load.faults or slow:
        print(f"faults {dict(load.faults)}, too slow {slow}")
    return int(bool(slow or lost or twice or load.faults))


if __name__ == "__main__":
    sys.exit(main())
