"""The label page over HTTP: what volunteers see and do, and what goes wrong."""

import re

import pytest
from fastapi.testclient import TestClient

from resources import configured
from resources.configured import labels
from tests.label_page import DAY, POSTING, RESUME, document
from tests.services.labelling.site import HERE, HOSTILE, MINUTE, MakeSite, Person, Site, label


def test_a_document_is_labelled_without_any_script(site: Site, ana: Person) -> None:
    site.now += MINUTE
    page = label(ana, site, note="clean\r\nand short")
    assert ana.path.endswith("/done")
    assert "Saved" in page.text
    stored = site.stored()
    assert (stored["score"], stored["truthfulness"], stored["didBy"]) == (88, True, "Ana")
    assert stored["note"] == "clean\nand short"
    assert stored["labels"][0]["seconds"] == 60.0
    latest = site.store.database["Resumes"].find_one({"_id": stored["id"]})
    assert latest
    assert latest["score"] == 88


def test_the_page_shows_what_is_unsupported_and_where_words_changed(ana: Person) -> None:
    text = ana.page.text
    assert "could not support" in text
    assert re.search(r'<mark class="claim" id="claim-1"[^>]*>40</mark>', text)
    assert "The source has no such number" in text
    assert '<mark class="changed">Led</mark>' in text


def test_automatic_scores_are_hidden_until_the_label_is_in(make_site: MakeSite) -> None:
    for hide in (True, False):
        site = make_site([document(0)], hide_automatic_scores=hide)
        person = site.volunteer("Ana")
        page = person.post("/claim", day=DAY)
        assert ("81.5" in page.text) is not hide
        assert "81.5" in label(person, site).text


@pytest.mark.parametrize("score", ["101", "-1", "7.5", "", "eighty", "1" * 5000, "8\x008"])
def test_a_bad_score_is_told_and_nothing_typed_is_lost(site: Site, ana: Person, score: str) -> None:
    page = label(ana, site, score=score, note="my note")
    assert page.status_code == 422
    assert "whole number from 0 to 100" in page.text
    assert "my note</textarea>" in page.text
    assert re.search(r'value="yes"[^>]*checked', page.text)
    assert site.stored()["labelled_at"] is None
    assert label(ana, site).status_code == 200


@pytest.mark.parametrize("values", [{"truthfulness": ""}, {"truthfulness": "maybe"}, {"note": "x" * 2001}])
def test_what_else_is_wrong_is_told(site: Site, ana: Person, values: dict[str, str]) -> None:
    assert label(ana, site, **values).status_code == 422
    assert site.stored()["labelled_at"] is None


def test_a_double_submit_is_one_label(site: Site, ana: Person) -> None:
    token = ana.token()
    for _ in range(2):
        form = {"form_token": token, "generation_id": "generation-0", "score": "88", "truthfulness": "yes"}
        answer = ana.client.post(f"/documents/{site.stored()['_id']}/label", data=form)
        assert answer.url.path.endswith("/done")
    assert len(site.stored()["labels"]) == 1


def test_a_second_tab_with_another_score_changes_nothing(site: Site, ana: Person) -> None:
    other = Person(ana.client)
    other.get(ana.path)
    label(ana, site)
    page = label(other, site, score="12")
    assert page.status_code == 409
    assert "You labelled this document already (88, truthful)" in page.text
    assert site.stored()["score"] == 88


def test_a_stale_page_saves_nothing_and_says_what_was_typed(site: Site, ana: Person) -> None:
    site.now += 31 * MINUTE
    for name in ("Chidi", "Ben"):
        site.volunteer(name).post("/claim", day=DAY)
    assert site.stored()["claimed_by"] == "Ben"
    page = label(ana, site, note="hours of work")
    assert page.status_code == 409
    assert "somebody else took it" in page.text
    assert "hours of work" in page.text
    assert site.stored()["labelled_at"] is None


def test_a_label_is_undone_and_its_page_comes_back_filled_in(site: Site, ana: Person) -> None:
    label(ana, site, note="hm")
    page = ana.post(f"/documents/{site.stored()['_id']}/undo")
    assert ana.path == f"/documents/{site.stored()['_id']}"
    assert 'value="88"' in page.text
    assert "hm</textarea>" in page.text
    assert site.stored()["label_history"][0]["score"] == 88
    label(ana, site)
    site.now += 11 * MINUTE
    assert "Undo" not in ana.get(ana.path).text
    assert "can be undone for 10 minutes" in ana.post(f"/documents/{site.stored()['_id']}/undo").text


def test_a_skipped_and_a_released_document_go_back(site: Site, ana: Person) -> None:
    path = ana.path
    ana.post(f"{path}/skip", reason="Not my language", other="")
    assert site.stored()["skips"][0]["reason"] == "Not my language"
    second = ana.post("/claim", day=DAY)
    assert str(second.url.path) != path
    ana.post(f"{second.url.path}/release")
    assert site.stored(1)["claimed_by"] is None
    ben = site.volunteer("Ben")
    assert ben.post("/claim", day=DAY).url.path.startswith("/documents/")


def test_a_skip_without_a_reason_is_told(ana: Person) -> None:
    assert ana.post(f"{ana.path}/skip", other="x" * 201).status_code == 422


def test_the_draft_survives(site: Site, ana: Person) -> None:
    answer = ana.client.post(
        f"{ana.path}/draft", data={"score": "7", "note": "half a th"}, headers={"X-Form-Token": ana.token()}
    )
    assert answer.json() == {"kept": True}
    page = ana.get(ana.path)
    assert 'value="7"' in page.text
    assert "half a th</textarea>" in page.text


def test_the_lease_of_an_open_page_goes_on(site: Site, ana: Person) -> None:
    site.now += 20 * MINUTE
    answer = ana.client.post(f"{ana.path}/renew", headers={"X-Form-Token": ana.token()})
    assert answer.status_code == 200
    assert site.stored()["claimed_until"] == site.now + 30 * MINUTE
    ana.post(f"{ana.path}/release")
    answer = ana.client.post(f"/documents/{site.stored()['_id']}/renew", headers={"X-Form-Token": ana.token()})
    assert answer.status_code == 409
    assert "no longer hold" in answer.json()["error"]


def test_two_people_do_not_see_each_others_label(make_site: MakeSite) -> None:
    site = make_site([document(0)], documents_overlap_share=1.0)
    ana, ben = site.volunteer("Ana"), site.volunteer("Ben")
    ana.post("/claim", day=DAY)
    label(ana, site, score="37", note="a secret opinion")
    page = ben.post("/claim", day=DAY)
    assert page.url.path == f"/documents/{site.stored()['_id']}"
    assert "a secret opinion" not in page.text
    assert not re.search(r"\b37\b", page.text)
    done = label(ben, site, score="64")
    assert "a secret opinion" not in done.text
    assert [each["score"] for each in site.stored()["labels"]] == [37, 64]


def test_progress_and_days(site: Site, ana: Person) -> None:
    label(ana, site)
    site.now += MINUTE
    page = ana.get("/")
    assert re.search(r"<span class=\"big\">1</span> of 2 labelled", page.text)
    assert "2026-07-22" in page.text
    assert ana.get("/?day=2025-01-02").status_code == 200
    ana.post("/claim", day=DAY)
    label(ana, site)
    ana.get("/")
    assert "Nothing waits for you" in ana.post("/claim", day="2026-07-22").text


def test_files_are_downloaded_with_the_name_on_top(ana: Person) -> None:
    pdf = ana.client.get(f"{ana.path}/resume.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["content-disposition"] == 'attachment; filename="resume-data-engineer-event-platform.pdf"'
    assert ana.client.get(f"{ana.path}/resume.docx").content.startswith(b"PK")
    assert ana.client.get(f"{ana.path}/resume.txt").text.startswith("Marta Oliveira\n")


def test_a_document_that_is_only_text_has_no_file_and_says_so(make_site: MakeSite) -> None:
    site = make_site([{**document(0), "tailored": "", "unsupported_claims": None}])
    ana = site.volunteer("Ana")
    ana.post("/claim", day=DAY)
    page = ana.get(f"{ana.path}/resume.pdf")
    assert page.status_code == 409
    assert "copy the text instead" in page.text


def test_the_dashboard_shows_numbers_and_charts(site: Site, ana: Person) -> None:
    assert "No labels yet" in ana.get("/dashboard").text
    ana.get(f"/documents/{site.stored()['_id']}")
    label(ana, site)
    page = ana.get("/dashboard?span=30")
    assert page.text.count("<svg") == 7
    assert "style=" not in page.text
    assert ana.get("/dashboard?span=0").status_code == 422


def test_a_long_resume_is_shown(make_site: MakeSite) -> None:
    long = RESUME + "".join(f"- Moved {n} meter readings from one table to another.\n" for n in range(4000))
    assert len(long) > 200_000
    site = make_site([document(0, resume=long)])
    page = site.volunteer("Ana").post("/claim", day=DAY)
    assert page.status_code == 200
    assert "Moved 3999 meter readings" in page.text


def test_markup_in_resume_and_posting_is_only_text(make_site: MakeSite) -> None:
    hostile = document(0, resume=RESUME.replace("Wrote data tests", HOSTILE), posting=POSTING + HOSTILE)
    hostile |= {"job_title": HOSTILE, "company_name": HOSTILE}
    site = make_site([hostile])
    ana = site.volunteer("Ana <b>bold</b>")
    for page in (ana.post("/claim", day=DAY), label(ana, site, note=HOSTILE), ana.get("/"), ana.get("/dashboard")):
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "<b>bold" not in page.text
        assert "49" not in re.findall(r"onerror[^<]*", page.text)
    assert site.stored()["note"] == HOSTILE


def test_when_the_database_goes_the_label_is_safe_on_the_page(
    make_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site([document(0)])
    ana = site.volunteer("Ana")
    ana.post("/claim", day=DAY)
    path, token = ana.path, ana.token()
    monkeypatch.setattr(configured, "NETWORK_TIMEOUT", 0.2)
    gone = make_site(uri="mongodb://127.0.0.1:9/?directConnection=true")  # the same folder, so the same key
    visitor = TestClient(gone.app, base_url=HERE, cookies=dict(ana.client.cookies))
    form = {"form_token": token, "score": "88", "truthfulness": "yes", "note": "keep <me>", "generation_id": "g"}
    page = visitor.post(f"{path}/label", data=form)
    assert page.status_code == 503
    assert "Not saved yet" in page.text
    assert "keep &lt;me&gt;" in page.text
    assert f'action="{path}/label"' in page.text
    assert 'name="score" value="88"' in page.text
    assert visitor.get("/").status_code == 503
    assert visitor.post(f"{path}/draft", data=form).json()["error"]
    assert visitor.get("/healthz").json() == {"status": "ok"}


def test_labels_of_the_page_are_those_of_the_store(site: Site, ana: Person) -> None:
    label(ana, site)
    assert labels(site.settings, site.store).progress(DAY).by_volunteer == {"Ana": 1}
