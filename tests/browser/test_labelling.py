"""The label page in a browser: one document from the invitation to the stored score, by mouse and by keys alone."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from resources.configured import document_store, volunteers
from resources.document_store import DocumentStore
from resume_assets.partitions import collection_name
from resume_assets.settings import Settings
from tests.label_page import document, publish, serving

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
SECONDS = 1000


@dataclass
class Site:
    settings: Settings
    store: DocumentStore
    home: str

    @property
    def day(self) -> str:
        return self.settings.today()

    def invitation(self) -> str:
        secret = volunteers(self.settings, self.store).invite("Ana", dt.datetime.now(dt.UTC))
        return f"{self.home}/join#{secret}"

    def labelled(self) -> list[tuple[int, bool, str, str]]:
        """Score, truthfulness, who and note of each labelled document."""
        found = self.store.database[collection_name(self.day)].find({"labelled_at": {"$ne": None}}).sort("labelled_at")
        return [(each["score"], each["truthfulness"], each["didBy"], each["note"]) for each in found]


@pytest.fixture
def site(project: Callable[..., Settings], mongo_uri: str) -> Iterator[Site]:
    def change(config: dict[str, Any]) -> None:
        config["labelling"]["documents_overlap_share"] = 0.0

    settings = project(change, MONGO_URI=mongo_uri, MONGO_DB_NAME=f"test_{uuid.uuid4().hex}")
    store = document_store(settings)
    today = settings.today()
    publish(store, [document(number, today, lie=True) for number in range(3)], today)
    with serving(settings) as home:
        yield Site(settings, store, home)
    store.database.client.drop_database(store.database_name)


@pytest.fixture
def faults() -> list[str]:
    """What browsers complained of."""
    return []


@pytest.fixture
def open_page(chromium: Browser, faults: list[str]) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []

    def opened(**options: Any) -> Page:
        contexts.append(chromium.new_context(**{"viewport": DESKTOP, **options}))
        page = contexts[-1].new_page()
        page.set_default_timeout(30 * SECONDS)
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults


def come_in(page: Page, site: Site) -> None:
    page.goto(site.invitation())
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("link", name="Later").click()
    expect(page.get_by_role("heading", name="of 3 labelled")).to_be_visible()


def claim(page: Page) -> None:
    page.keyboard.press("n")
    expect(page.locator("#score")).to_be_visible()


def require_accessible(page: Page) -> None:
    """No fault that axe calls serious or critical."""
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert not serious, [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in serious]


@pytest.mark.parametrize(("name", "viewport"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_a_document_is_labelled_by_mouse(
    site: Site, open_page: Callable[..., Page], artifacts: Path, name: str, viewport: dict[str, int]
) -> None:
    page = open_page(viewport=viewport)
    shots = iter(range(1, 20))

    def look(what: str) -> None:
        require_accessible(page)
        page.screenshot(path=artifacts / f"label-{name}-{next(shots)}-{what}.png")

    page.goto(site.home)
    look("sign-in")
    page.goto(site.invitation())
    look("join")
    page.get_by_role("button", name="Come in").click()
    look("password")
    page.get_by_label("Password, at least").fill("correct horse battery")
    page.get_by_label("Once more").fill("correct horse battery")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("heading", name="of 3 labelled")).to_be_visible()
    look("queue")
    page.get_by_role("button", name="Next document").click()
    expect(page.get_by_role("heading", name="Generated resume")).to_be_visible()
    look("document")
    if name == "phone":
        expect(page.get_by_role("heading", name="Source resume")).to_be_hidden()
        page.get_by_text("Source", exact=False).locator("visible=true").first.click()
        expect(page.get_by_role("heading", name="Source resume")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the phone"
        look("source")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename == "resume-data-engineer-event-platform.pdf"
    page.get_by_label("Score", exact=False).fill("88")
    page.get_by_role("radio", name="Yes").click()
    page.get_by_label("Note").fill("reads well")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Saved")).to_be_visible()
    look("saved")
    assert site.labelled() == [(88, True, "Ana", "reads well")]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Score", exact=False)).to_have_value("88")
    assert site.labelled() == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Saved")).to_be_visible()
    page.goto(f"{site.home}/dashboard")
    expect(page.get_by_text("documents labelled").first).to_be_visible()
    look("dashboard")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_a_document_is_labelled_by_keys_alone(
    site: Site, open_page: Callable[..., Page], viewport: dict[str, int]
) -> None:
    page = open_page(viewport=viewport)
    keys = page.keyboard

    def tab_to(name: str) -> None:
        for _ in range(60):
            keys.press("Tab")
            if name in (page.evaluate("document.activeElement.innerText || document.activeElement.name") or ""):
                return
        pytest.fail(f"no Tab leads to {name}")

    page.goto(site.invitation())
    tab_to("Come in")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()
    tab_to("Later")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="of 3 labelled")).to_be_visible()
    keys.press("n")
    expect(page.locator("#score")).to_be_visible()
    keys.press("1")
    expect(page.locator("#pane-source")).to_be_focused()
    keys.press("u")
    expect(page.locator("#claim-1")).to_be_focused()
    with page.expect_download():
        keys.press("p")
    keys.press("s")
    keys.type("74x")  # x is the answer no, also while the score has the focus
    expect(page.locator("#score")).to_have_value("74")
    expect(page.locator("input[value=no]")).to_be_checked()
    keys.press("t")
    keys.type("says 40 engineers")
    keys.press("Control+Enter")
    expect(page.get_by_role("heading", name="Saved")).to_be_visible()
    assert site.labelled() == [(74, False, "Ana", "says 40 engineers")]
    keys.press("z")
    expect(page.locator("#score")).to_have_value("74")
    keys.press("s")
    keys.type("75")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Saved")).to_be_visible()
    keys.press("n")
    expect(page.locator("#score")).to_have_value("")
    assert site.labelled() == [(75, False, "Ana", "says 40 engineers")]


def test_what_is_typed_survives_a_reload_and_a_refused_draft(
    site: Site, open_page: Callable[..., Page], faults: list[str]
) -> None:
    page = open_page()
    come_in(page, site)
    claim(page)
    page.locator("#score").fill("61")
    page.get_by_label("Note").fill("not done")
    expect(page.get_by_role("status")).to_contain_text("Draft kept at")
    page.reload()
    expect(page.locator("#score")).to_have_value("61")
    page.route("**/draft", lambda route: route.fulfill(status=409, body='{"error": "Somebody else."}'))
    page.get_by_label("Note").fill("not done, still")
    expect(page.get_by_role("status")).to_contain_text("kept in this browser")
    page.unroute("**/draft")
    assert [fault for fault in faults if "409" not in fault] == []
    faults.clear()
    page.reload()
    expect(page.get_by_label("Note")).to_have_value("not done, still")


def test_keys_can_be_switched_off_and_copying_tells(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    come_in(page, site)
    claim(page)
    page.keyboard.press("c")
    expect(page.get_by_role("status")).to_contain_text("The text is copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("Marta ")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    require_accessible(page)
    page.get_by_label("Single letters work as keys").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("x")
    expect(page.locator("input[value=no]")).not_to_be_checked()


def test_the_essentials_work_without_script(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(java_script_enabled=False)
    link = site.invitation()
    page.goto(link)
    page.get_by_label("Your invitation").fill(link)
    page.get_by_role("button", name="Come in").click()
    page.goto(site.home)
    page.get_by_role("button", name="Next document").click()
    page.get_by_label("Score", exact=False).fill("90")
    page.get_by_role("radio", name="Yes").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Saved")).to_be_visible()
    assert site.labelled() == [(90, True, "Ana", "")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_are_both_readable(
    site: Site, open_page: Callable[..., Page], artifacts: Path, scheme: str
) -> None:
    page = open_page(color_scheme=scheme)
    come_in(page, site)
    require_accessible(page)
    claim(page)
    page.keyboard.press("u")
    require_accessible(page)
    page.screenshot(path=artifacts / f"label-{scheme}.png")
