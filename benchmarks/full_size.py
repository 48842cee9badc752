"""Makes raw files as large and as dirty as the real ones, from the sample data: 124,000 postings, 29,783 resumes.

    python -m benchmarks.full_size FOLDER [--postings N] [--resumes N] [--seed N] [--sound]

Lines of the sample's texts are mixed anew and grown with made-up names, so that a row is never quite like another,
except where it is meant to be: copies, copies but for case, spacing or a number. `--sound` leaves out what is not UTF-8
and the rows that break CSV itself, for readers that cannot take those. The same options make the same bytes.
"""

import argparse
import hashlib
import random
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from resources.files import atomic_path
from resume_assets.settings import PROJECT_ROOT, load_settings
from tailoring.cleaning import (
    POSTING_COLUMNS,
    POSTING_REQUIRED,
    RESUME_COLUMNS,
    RESUME_REQUIRED,
    clean_postings,
    clean_resumes,
)
from tailoring.tables import read_table

POSTINGS, RESUMES = 124_000, 29_783
SAMPLE = PROJECT_ROOT / "config/sample_data"
_POSTING_CHARS, _RESUME_CHARS = 2_700, 6_100
_SHARE_WITH_KEYWORD = 0.1
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_SYLLABLES = [
    "ba",
    "ce",
    "do",
    "fa",
    "gri",
    "hol",
    "ju",
    "ka",
    "lo",
    "mar",
    "nex",
    "or",
    "pi",
    "qua",
    "ri",
    "sol",
    "ta",
    "ur",
    "vel",
    "wy",
    "xa",
    "yo",
    "zen",
    "bru",
    "cla",
    "dre",
    "fle",
    "sta",
    "tro",
]
_TRADES = (
    "Registered Nurse",
    "Cashier",
    "Truck Driver",
    "Sales Associate",
    "Line Cook",
    "Accountant",
    "Electrician",
    "Teacher",
    "Physical Therapist",
    "Store Manager",
    "Warehouse Associate",
    "Paralegal",
    "Dental Hygienist",
    "Marketing Coordinator",
    "Receptionist",
    "Plumber",
    "Chef",
    "Financial Advisor",
    "Social Worker",
    "Pharmacist",
    "Mechanical Engineer",
    "Recruiter",
    "Security Guard",
    "Operations Manager",
    "Barista",
)
_LEVELS = ("", "", "", "Senior ", "Junior ", "Lead ", "Sr. ", "Assistant ")
_PLACES = ("Austin, TX", "Denver, CO", "Boise, ID", "Tulsa, OK", "Salem, OR", "Remote", "Reno, NV", "Akron, OH", "")
_SENTENCES = (
    "At {0} we serve {1} and {2} from {3} sites.",
    "You report to the head of {0} and work with {1} every week.",
    "Experience with {0} or {1} is a plus, and so are {3} years with {2}.",
    "{0}, our own product, runs at {3} customers such as {1} and {2}.",
    "Keep {0} running for {1}; take part in the move to {2} within {3} months.",
)


def posting_rows(rows: int, seed: int, *, sound: bool) -> Iterator[bytes]:
    """The header and `rows` records, dirty as the real ones; some more records that break CSV unless `sound`."""
    draw = random.Random(seed)
    keywords = load_settings(environ={}).keywords.words
    sample = read_table(SAMPLE / "postings.csv", POSTING_COLUMNS, POSTING_REQUIRED)
    named = clean_postings(sample, keywords=keywords).frame
    others = clean_postings(sample, keywords=[]).frame.join(named, on="posting_id", how="anti")
    jobs = [(row["title"], _lines(row["description"])) for row in named.to_dicts()]
    other_lines = [line for text in others["description"] for line in _lines(text)]
    header = _sample_header("postings.csv")
    blank = dict.fromkeys(header, "")

    def row(number: int) -> dict[str, str]:
        if draw.random() < _SHARE_WITH_KEYWORD:
            title, own = draw.choice(jobs)
            pool = draw.choice(jobs)[1]
        else:
            title, own, pool = draw.choice(_LEVELS) + draw.choice(_TRADES), other_lines, other_lines
        yearly = draw.random() < 0.7
        low = draw.randrange(40, 160) * 1000 if yearly else draw.randrange(14, 60)
        paid = draw.random() < 0.3
        in_thousands = yearly and draw.random() < 0.02
        unit = 1000 if in_thousands else 1
        return blank | {
            "job_id": str(900_000_000 + 37 * number),
            "company_name": ""
            if draw.random() < 0.02
            else f"{_name(draw)} {draw.choice(('Inc', 'Group', 'Labs', '& Co'))}",
            "title": title,
            "description": _text(draw, own, pool, int(draw.lognormvariate(0, 0.5) * _POSTING_CHARS * 0.9)),
            "min_salary": f"{low / unit:.1f}" if paid else "",
            "max_salary": f"{low * 1.3 / unit:.1f}" if paid else "",
            "pay_period": ("YEARLY" if yearly else "HOURLY") if paid else "",
            "currency": "USD" if paid else "",
            "location": draw.choice(_PLACES),
            "company_id": f"{draw.randrange(10**6)}.0",
            "views": f"{draw.randrange(200)}.0",
            "formatted_work_type": "Full-time",
            "work_type": "FULL_TIME",
            "original_listed_time": "1713400000000.0",
            "listed_time": "1713400000000.0",
            "expiry": "1715990000000.0",
            "remote_allowed": "1.0" if draw.random() < 0.1 else "",
            "job_posting_url": f"https://jobs.example.com/view/{number}",
            "application_type": "ComplexOnsiteApply",
            "formatted_experience_level": draw.choice(("", "Entry level", "Mid-Senior level", "Associate")),
            "sponsored": "0",
        }

    def dirty(row: dict[str, str]) -> dict[str, str]:
        return row | {"title": _dirty_title(draw, row["title"]), "description": _dirty(draw, row["description"])}

    yield from _file(draw, header, map(row, range(rows)), dirty, "description", sound=sound)


def resume_rows(rows: int, seed: int, *, sound: bool) -> Iterator[bytes]:
    """As `posting_rows`: a person's own beginning, then lines of this and of other resumes of the same label."""
    draw = random.Random(seed)
    people = clean_resumes(read_table(SAMPLE / "resumes.csv", RESUME_COLUMNS, RESUME_REQUIRED)).frame
    texts = [(row["roles"], _lines(row["resume_text"])) for row in people.to_dicts()]
    header = _sample_header("resumes.csv")
    blank = dict.fromkeys(header, "")
    alike: dict[str, list[str]] = {}
    for roles, lines in texts:
        alike.setdefault(roles.split("; ")[0], []).extend(lines[6:])

    def row(number: int) -> dict[str, str]:
        roles, lines = texts[number % len(texts)]
        name = f"{_name(draw)} {_name(draw)}"
        start = "\n".join([name, *lines[1:10]])
        length = max(400, int(draw.lognormvariate(0, 0.4) * _RESUME_CHARS * 0.93) - len(start))
        own = {label.replace(" ", "_"): "1" for label in roles.split("; ") if label.replace(" ", "_") in blank}
        flags = {
            column: own.get(column, "0") for column in header if column not in ("Text", "Labels") and "_" in column
        }
        flags.pop("Additional_Information", None)
        text = f"{start}\n{_text(draw, lines[10:] or lines, alike[roles.split('; ')[0]], length)}"
        return blank | {"Text": text, "Labels": roles.replace(" ", "_"), **flags}

    def dirty(row: dict[str, str]) -> dict[str, str]:
        return row | {"Text": _dirty(draw, row["Text"])}

    yield from _file(draw, header, map(row, range(rows)), dirty, "Text", sound=sound)


def _file(
    draw: random.Random,
    header: Sequence[str],
    rows: Iterable[dict[str, str]],
    dirty: Callable[[dict[str, str]], dict[str, str]],
    text: str,
    *,
    sound: bool,
) -> Iterator[bytes]:
    """Records as bytes: nine rows of a hundred repeat an earlier one, few have no text, now and then one is Latin-1."""
    yield _BYTE_ORDER_MARK + _record(header, b"\r\n")
    before: list[dict[str, str]] = []
    for number, fresh in enumerate(rows):
        kind = draw.random()
        row = fresh
        if before and kind < 0.09:
            earlier = draw.choice(before)
            row = earlier | {key: fresh[key] for key in ("job_id", "job_posting_url") if key in fresh}
            if kind < 0.02:
                row |= {text: re.sub(r"\d+", lambda found: str(int(found[0][:9]) + 1), row[text])}
            elif kind < 0.03:
                row |= {text: row[text].upper()}
            elif kind < 0.04:
                row |= {text: row[text].replace(" ", "  ")}
        elif kind < 0.095:
            row = fresh | {text: draw.choice(("", " \xa0 ", "See website"))}
        else:
            row = dirty(fresh)
        if len(before) < 5000:
            before.append(row)
        elif draw.random() < 0.05:
            before[draw.randrange(len(before))] = row
        encoding = "latin-1" if draw.random() < 0.0005 and not sound else "utf-8"
        record = _record(row.values(), b"\r\n" if draw.random() < 0.01 else b"\n", encoding)
        yield record
        if not sound and number % 9973 == 9972:
            yield from _broken(header, row, text)


def _broken(header: Sequence[str], row: dict[str, str], text: str) -> Iterator[bytes]:
    """One record of each fault that breaks CSV, and a blank line."""
    plain = row | {text: row[text].replace('"', "") + " ends"}
    record = _record(plain.values(), b"\n")
    yield record.replace(b" ends", b' "ends', 1)  # a stray quote
    yield record[:-1] + b",more\n"
    yield record.replace(b" ends", b" \0 ends", 1)
    yield _record(header, b"\n")
    yield b"\n"


def _record(values: Iterable[str], end: bytes, encoding: str = "utf-8") -> bytes:
    fields = [
        '"' + value.replace('"', '""') + '"'
        if '"' in value or "," in value or "\n" in value or "\r" in value
        else value
        for value in values
    ]
    return ",".join(fields).encode(encoding, "replace") + end


def _text(draw: random.Random, own: Sequence[str], pool: Sequence[str], characters: int) -> str:
    lines: list[str] = []
    size = 0
    while size < characters:
        kind = draw.random()
        if kind < 0.25:
            line = draw.choice(_SENTENCES).format(_name(draw), _name(draw), _name(draw), draw.randrange(2, 400))
        else:
            line = draw.choice(own if kind < 0.7 else pool)
        lines.append(line)
        size += len(line) + 1
    return "\n".join(lines)


def _dirty(draw: random.Random, text: str) -> str:
    """The text with some of the damage that real ones have; most have lost line ends."""
    for share, damage in _DAMAGES:
        if draw.random() < share:
            text = damage(text)
    return text


_DAMAGES: tuple[tuple[float, Callable[[str], str]], ...] = (
    (0.6, lambda text: re.sub(r"(?<=[a-z])\.\n", ".", text)),
    (0.03, lambda text: text.replace("\n", "\xa0\n")),
    (0.02, lambda text: text.replace(" ", "&nbsp;", 3).replace(" and ", " &amp; ")),
    (0.01, lambda text: text.replace(". ", ".\ufeff")),
    (0.01, lambda text: text.replace("e", "e\u200b", 5)),
    (0.01, lambda text: "\x07" + text),
    (0.03, lambda text: text.replace("•", "â?¢").replace("’", "â??")),
    (0.01, lambda text: text.replace("’", "â€™").replace("é", "Ã©")),
    (0.02, lambda text: f"<p>{text}</p>".replace("\n", "<br>", 4)),
    (0.05, lambda text: text.replace(" ", "  ", 20)),
    (0.02, lambda text: text.replace("\n", "\r\n")),
    (0.02, lambda text: text.replace("• ", "\uf0b7\t")),
)


def _dirty_title(draw: random.Random, title: str) -> str:
    kind = draw.random()
    return (
        f"🚀 {title} 🚀" if kind < 0.02 else title.upper() if kind < 0.05 else f" {title}\xa0" if kind < 0.08 else title
    )


def _name(draw: random.Random) -> str:
    return "".join(draw.choices(_SYLLABLES, k=draw.randrange(2, 4))).capitalize()


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _sample_header(name: str) -> list[str]:
    with (SAMPLE / name).open(encoding="utf-8-sig", errors="replace") as file:
        return file.readline().strip().split(",")


def full_size_file(name: str, rows: int, *, seed: int = 0, sound: bool = False) -> Path:
    """The generated `postings.csv` or `resumes.csv`, made once and kept in the system's temporary folder."""
    make = posting_rows if name == "postings.csv" else resume_rows
    made_by = hashlib.sha256(Path(__file__).read_bytes() + (SAMPLE / name).read_bytes()).hexdigest()[:8]
    kind = f"{rows}-{seed}-{'sound' if sound else 'broken'}-{made_by}"
    path = Path(tempfile.gettempdir()) / "resume-assets-full-size" / kind / name
    if not path.is_file():
        with atomic_path(path) as part, part.open("wb") as file:
            file.writelines(make(rows, seed, sound=sound))
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--postings", type=int, default=POSTINGS)
    parser.add_argument("--resumes", type=int, default=RESUMES)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sound", action="store_true", help="no rows that break CSV, no Latin-1")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("postings.csv", given.postings), ("resumes.csv", given.resumes)):
        made = full_size_file(name, rows, seed=given.seed, sound=given.sound)
        target = given.folder / name
        target.unlink(missing_ok=True)
        target.symlink_to(made)
        print(f"{target}: {rows:,} rows, {made.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
