"""From stored labels to a training file: which documents a day learns from, in which form, at what price.

What makes an example is `tailoring.examples`'s business, how a file is written and checked that of
`tailoring.example_files`; a day's window and the choice between the forms are made here.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from resources.document_store import Document
from resume_assets.label_table import LabelTable
from resume_assets.settings import Training
from tailoring.example_files import AnExample, FileReport, check_file, short_enough, to_jsonl
from tailoring.example_lines import Form
from tailoring.examples import Examples, LabelledDocument
from tailoring.prices import PriceTable
from tailoring.prompts import Prompt, render_messages
from tailoring.resume import TailoredResume

AUTO = "auto"
# Preferences say more than imitation, but need two texts of a pair that differ clearly.
BEST_FIRST = (Form.DPO, Form.SFT)


@dataclass(frozen=True)
class TrainingSet:
    """One form's examples as a file, and what is in it."""

    form: Form
    content: bytes
    report: FileReport

    @property
    def enough(self) -> bool:
        return not self.report.problems


def window(day: str, days: int) -> tuple[str, str]:
    """The first and last of the `days` days that end with `day`."""
    first = dt.date.fromisoformat(day) - dt.timedelta(days=days - 1)
    return first.isoformat(), day


def labelled_documents(
    documents: Iterable[Document], table: LabelTable, prompt: Prompt, *, without: frozenset[str] = frozenset()
) -> Iterator[LabelledDocument]:
    """The labelled documents of a window, all labels of one taken together: their mean score, truthful if all say so.

    Every example speaks the prompt that is in use now: that is how the tuned model will be asked. Labels of the people
    in `without` do not count.
    """
    labels: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in table.good.iter_rows(named=True):
        if row["didBy"] not in without:
            labels[row["document_id"]].append(row)
    for document in documents:
        if not (given := labels.get(document["_id"])):
            continue
        messages = render_messages(
            prompt,
            document["resume_text"],
            document["job_title"],
            document["company_name"],
            document["job_descriptions"],
        )
        yield LabelledDocument(
            document_id=document["_id"],
            pair_id=document["id"],
            resume_id=given[0]["resume_id"],
            partition_date=document["partition_date"],
            arm=document["arm"],
            model=document["model"],
            messages=messages,
            completion=TailoredResume.model_validate_json(document["tailored"]).model_dump_json(),
            score=round(sum(row["score"] for row in given) / len(given)),
            truthful=document["truthful"] and all(row["truthfulness"] for row in given),
        )


def build_training_sets(examples: Examples, settings: Training, base: str, prices: PriceTable) -> list[TrainingSet]:
    """The three forms of the same labels, each as a file. KTO's is kept for whoever trains with it; OpenAI does not."""
    return [
        _as_set(Form.SFT, examples.sft, settings, base, prices),
        _as_set(Form.DPO, examples.dpo, settings, base, prices),
        _as_set(Form.KTO, examples.kto, settings, base, prices),
    ]


def chosen(sets: Iterable[TrainingSet], method: str) -> TrainingSet | None:
    """The set to train on: of the method that is set, or the best form that has enough. None: too few labels."""
    by_form = {each.form: each for each in sets}
    wanted = BEST_FIRST if method == AUTO else (Form(method),)
    return next((by_form[form] for form in wanted if by_form[form].enough), None)


def _as_set(
    form: Form, examples: Sequence[AnExample], settings: Training, base: str, prices: PriceTable
) -> TrainingSet:
    price = prices.of(base)
    usd = price.training if price else None
    epochs = settings.hyperparameters.get("n_epochs", 1 if usd == 0 else None)  # nothing times any number is nothing
    content = to_jsonl(short_enough(examples, form, model=base))
    report = check_file(
        content,
        form,
        model=base,
        epochs=int(epochs) if epochs else None,
        usd_per_million_tokens=usd,
        fewest_examples=settings.minimum_examples,
    )
    return TrainingSet(form, content, report)
