"""Measures matching and job fit: title hits against simpler ways, fair use of postings, time and memory at full size.

    python benchmarks/matching.py DATA_FOLDER [--meaning 0.1] [--full [--share 1.0]]

DATA_FOLDER holds `resumes.csv` and `postings.csv`. Hits are counted on resumes with a role label: the share whose first
posting (or one of the first five) has a right title, see `matching_titles`. Behind the shares of the same trade are the
95% interval (bootstrap over resumes) of @1, and @1 in two random halves of the resumes. "labels seen" tells whether the
matcher was shown the labels. `--meaning` adds the matcher with that weight for MiniLM. `--full` ranks 29,783 resumes
against 12,000 postings, grown from the data by mixing their lines.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.matching_titles import right_by_name, right_by_trade
from resources.embeddings import load_minilm
from resume_assets.settings import load_settings
from tailoring.cleaning import (
    POSTING_COLUMNS,
    POSTING_REQUIRED,
    RESUME_COLUMNS,
    RESUME_REQUIRED,
    clean_postings,
    clean_resumes,
)
from tailoring.fit import fit
from tailoring.matching import MatchWeights, match
from tailoring.parsing import parse_resume
from tailoring.postings import parse_posting
from tailoring.ranking import PostingIndex
from tailoring.skills import find_skills
from tailoring.tables import read_table

SHOWN = 5
TOP = 10
Scores = npt.NDArray[np.float64]


def read(data: Path, *, keywords: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The cleaned resumes, and the cleaned postings that hold a keyword in their title (all without keywords)."""
    resumes = clean_resumes(read_table(data / "resumes.csv", RESUME_COLUMNS, RESUME_REQUIRED))
    postings = clean_postings(read_table(data / "postings.csv", POSTING_COLUMNS, POSTING_REQUIRED), keywords=keywords)
    return resumes.frame, postings.frame


def texts_of(postings: pl.DataFrame) -> list[str]:
    return postings.select(pl.concat_str("title", "description", separator="\n")).to_series().to_list()


def by_position(resumes: Sequence[str], postings: Sequence[str]) -> Scores:
    scores = np.zeros((len(resumes), len(postings)))
    for place in range(len(resumes)):
        for step in range(SHOWN):
            scores[place, (place + step) % len(postings)] = SHOWN - step
    return scores


def by_tfidf(resumes: Sequence[str], postings: Sequence[str]) -> Scores:
    from sklearn.feature_extraction.text import TfidfVectorizer  # here: it would count in the memory of matching

    vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english", ngram_range=(1, 2))
    known = vectorizer.fit_transform(postings)
    scores: Scores = (vectorizer.transform(resumes) @ known.T).toarray()
    return scores


def by_bm25(resumes: Sequence[str], postings: Sequence[str], k1: float = 1.5, b: float = 0.75) -> Scores:
    """Okapi BM25, the resume being the query: each of its words once."""
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(stop_words="english")
    counts = counter.fit_transform(postings).toarray().astype(float)
    having = (counts > 0).sum(axis=0)
    idf = np.log(1 + (len(postings) - having + 0.5) / (having + 0.5))
    length = counts.sum(axis=1, keepdims=True)
    weights = idf * counts * (k1 + 1) / (counts + k1 * (1 - b + b * length / length.mean()))
    scores: Scores = (counter.transform(resumes) > 0).astype(float) @ weights.T
    return scores


BASELINES: dict[str, Callable[[Sequence[str], Sequence[str]], Scores]] = {
    "position": by_position,
    "TF-IDF": by_tfidf,
    "BM25": by_bm25,
}


def told(
    name: str,
    labels: Sequence[Sequence[str]],
    chosen: Sequence[Sequence[int]],
    postings: pl.DataFrame,
    shown: tuple[int | None, int | None] = (1, SHOWN),
) -> None:
    """Print hits of the labelled resumes (any label counts) and the largest share of first places of one posting."""
    titles = postings["title"].to_list()

    def hits(right: Callable[[str, str], bool], many: int | None) -> npt.NDArray[np.bool_]:
        return np.array(
            [
                any(right(label, titles[posting]) for label in own for posting in best[:many])
                for own, best in zip(labels, chosen, strict=True)
                if own
            ]
        )

    shares = "".join(f"{hits(right, many).mean():6.2f}" for right in (right_by_name, right_by_trade) for many in shown)
    first = Counter(best[0] for best in chosen if best)
    top = max(first.values())
    sure = certainty(hits(right_by_trade, shown[0]))
    print(f"  {name:40}{shares}   {sure}  {top / sum(first.values()):6.1%} ({top} of {sum(first.values())})")


def certainty(hits: npt.NDArray[np.bool_]) -> str:
    """The 95% interval of the share of hits by bootstrap, and the shares of two random halves."""
    draw = np.random.default_rng(0)
    low, high = np.quantile(draw.choice(hits, (2000, len(hits))).mean(axis=1), (0.025, 0.975))
    one, other = np.array_split(draw.permutation(hits), 2)
    return f"{low:.2f}-{high:.2f}  {one.mean():.2f} {other.mean():.2f}"


def measure_hits(name: str, resumes: pl.DataFrame, postings: pl.DataFrame, meaning: float) -> None:
    labels = [roles.split("; ") if roles else [] for roles in resumes["roles"]]
    print(f"\n{name}: {resumes.height} resumes ({sum(map(bool, labels))} labelled), {postings.height} postings")
    print(f"  {'':40}{'named role':>12}{'same trade':>12}")
    print(f"  {'':40}{'@1':>6}{'@5':>6}{'@1':>6}{'@5':>6}   95% of @1  halves     top posting's share of first places")
    anything = list(range(postings.height))
    told("any posting (the most there is)", labels, [anything] * len(labels), postings, shown=(None, None))
    for way, rank in BASELINES.items():
        scores = rank(resumes["resume_text"].to_list(), texts_of(postings))
        told(way, labels, [order[:SHOWN].tolist() for order in np.argsort(-scores, axis=1, kind="stable")], postings)
    place = {identity: number for number, identity in enumerate(postings["posting_id"])}
    for seen, share, weight in product((True, False), (1.0, 0.05), sorted({0.0, meaning})):
        shown = resumes if seen else resumes.with_columns(roles=pl.lit(""))
        pairs = match(
            shown,
            postings,
            pairs=SHOWN * resumes.height,
            max_posting_share=share,
            weights=MatchWeights(meaning=weight),
            embed=load_minilm() if weight else None,
        )
        best: dict[str, list[int]] = {}
        for resume, posting in pairs.sort("resume_id", "rank").select("resume_id", "posting_id").iter_rows():
            best.setdefault(resume, []).append(place[posting])
        way = f"match, labels {'seen' if seen else 'hidden'}, cap {share:.0%}{', MiniLM' if weight else ''}"
        told(way, labels, [best.get(identity, []) for identity in resumes["resume_id"]], postings)


def measure_fit(resumes: pl.DataFrame, postings: pl.DataFrame) -> None:
    """For each posting, how often a resume of a right label scores above one of a wrong label (AUC), on average."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    labelled = resumes.filter(pl.col("roles") != "")
    labels = [roles.split("; ") for roles in labelled["roles"]]
    texts = labelled["resume_text"].to_list()
    parsed = list(map(parse_resume, texts))
    skills = [{each.canonical for each in find_skills(text)} for text in texts]
    areas: dict[str, list[float]] = {"job_fit": [], "TF-IDF of the two": [], "keyword coverage": []}
    for title, description in postings.select("title", "description").iter_rows():
        right = np.array([any(right_by_trade(label, title) for label in own) for own in labels])
        if right.all() or not right.any():
            continue
        posting = parse_posting(title, description)
        whole = f"{title}\n{description}"
        asked = {each.canonical for each in find_skills(whole)}
        areas["job_fit"].append(auc(right, [fit(resume, posting).score for resume in parsed]))
        pairs = [TfidfVectorizer().fit_transform([text, whole]) for text in texts]
        areas["TF-IDF of the two"].append(auc(right, [float((pair[0] @ pair[1].T).toarray()[0, 0]) for pair in pairs]))
        areas["keyword coverage"].append(auc(right, [len(asked & has) / max(1, len(asked)) for has in skills]))
    print(f"\nJob fit: right above wrong labels within one posting (AUC, mean of {len(areas['job_fit'])} postings)")
    for way, found in areas.items():
        print(f"  {way:32}{np.mean(found):6.2f}")


def auc(right: npt.NDArray[np.bool_], scores: Sequence[float]) -> float:
    values = np.array(scores)
    above = values[right][:, None] - values[~right][None, :]
    return float(((above > 0) + 0.5 * (above == 0)).mean())


def mixed(texts: Sequence[str], rows: int, characters: int, seed: int) -> Iterator[str]:
    """Texts of about so many characters: the beginning of one of `texts`, then lines of it and of others."""
    draw = random.Random(seed)
    split = [[line for line in text.splitlines() if line.strip()] for text in texts]
    every = [line for lines in split for line in lines]
    for row in range(rows):
        own = split[row % len(split)]
        lines = own[:12]
        size = sum(map(len, lines))
        while size < characters:
            lines.append(draw.choice(own if draw.random() < 0.5 else every))
            size += len(lines[-1]) + 1
        yield "\n".join(lines)


def measure_full_size(resumes: pl.DataFrame, postings: pl.DataFrame, share: float) -> None:
    people, jobs = int(29_783 * share), int(12_000 * share)
    many = pl.DataFrame(
        {
            "resume_id": [f"r{number:06}" for number in range(people)],
            "resume_text": mixed(resumes["resume_text"].to_list(), people, 6_300, seed=0),
            "roles": [resumes["roles"][number % resumes.height] for number in range(people)],
        }
    )
    offers = postings[[number % postings.height for number in range(jobs)]].with_columns(
        posting_id=pl.Series([f"p{number:06}" for number in range(jobs)]),
        description=pl.Series(list(mixed(postings["description"].to_list(), jobs, 3_000, seed=1))),
    )
    megabytes = sum(len(text) for text in (*many["resume_text"], *offers["description"])) / 1e6
    print(f"\nFull size x {share:g}: {people:,} resumes x {jobs:,} postings, {megabytes:.0f} MB of text")
    with tempfile.TemporaryDirectory() as name:
        files = Path(name, "resumes.parquet"), Path(name, "postings.parquet")
        for frame, file in zip((many, offers), files, strict=True):
            frame.write_parquet(file, row_group_size=2048)
        for part in (0.25, 1.0):
            found, *spent = alone(timed_ranking, *files, int(people * part))
            told_spent(f"the best {TOP} for {found:,} resumes", *spent)
        for pairs in (219, people, 10 * people):
            found, *spent = alone(timed_match, *files, pairs)
            told_spent(f"{found:,} pairs, shared out", *spent)


def alone(work: Callable[..., tuple[int, float, float, float]], *arguments: Any) -> tuple[int, float, float, float]:
    """The call in a process of its own: its memory is what the work takes, the tables included."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *arguments).result()


def told_spent(what: str, seconds: float, used: float, memory: float) -> None:
    print(f"  {what:32}{seconds:6.1f} s ({used:.1f} s of processor), {memory:.0f} MB at most")


def timed_ranking(resumes: Path, postings: Path, people: int) -> tuple[int, float, float, float]:
    """The best postings of so many resumes, which are read in parts: resumes, seconds, of processor, the most MB."""
    start, processor = time.perf_counter(), time.process_time()
    columns = ("title", "description", "skills_desc", "experience_level")
    index = PostingIndex(
        pl.read_parquet(postings, columns=columns).with_columns(pl.all().fill_null("")), MatchWeights()
    )
    ranked = 0
    for batch in pq.ParquetFile(resumes).iter_batches(2048):
        part = pl.DataFrame(batch).head(people - ranked)
        ranked += sum(1 for _ in index.rank(part["resume_text"], part["roles"], TOP))
    return ranked, time.perf_counter() - start, time.process_time() - processor, peak_memory()


def timed_match(resumes: Path, postings: Path, pairs: int) -> tuple[int, float, float, float]:
    """Pairs found, seconds, seconds of processor, and the most memory in MB."""
    people, jobs = pl.read_parquet(resumes), pl.read_parquet(postings)
    start, processor = time.perf_counter(), time.process_time()
    found = match(people, jobs, pairs=pairs).height
    seconds, used = time.perf_counter() - start, time.process_time() - processor
    return found, seconds, used, peak_memory()


def peak_memory() -> float:
    """The most memory that this program has held, in MB (Linux; getrusage would count what its parent held before)."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--meaning", type=float, default=0.0, help="weight of MiniLM, measured beside none")
    parser.add_argument("--full", action="store_true", help="measure time and memory at full size only")
    parser.add_argument("--share", type=float, default=1.0, help="of the full size")
    arguments = parser.parse_args()
    keywords = load_settings(environ={}).keywords.words
    resumes, every = read(arguments.data, keywords=[])
    if arguments.full:
        measure_full_size(resumes, every, arguments.share)
        return
    measure_hits("All postings", resumes, every, arguments.meaning)
    _, kept = read(arguments.data, keywords=keywords)
    measure_hits("Postings that hold a keyword", resumes, kept, arguments.meaning)
    measure_hits("The same, labelled resumes alone", resumes.filter(pl.col("roles") != ""), kept, arguments.meaning)
    measure_fit(resumes, kept)


if __name__ == "__main__":
    main()
