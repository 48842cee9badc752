"""The page's own secret: signed cookies, and the token that every form has to bring back."""

import hashlib
import hmac
import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from itsdangerous import BadSignature, Signer

KEY_BYTES = 32


def secret_key(file: Path) -> bytes:
    """The key in this file, made at the first time and readable by its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        # Whole from its first moment: an empty key, left by a crash or read too early, would let anybody sign.
        with tempfile.NamedTemporaryFile(dir=file.parent) as new, suppress(FileExistsError):
            new.write(secrets.token_bytes(KEY_BYTES))
            new.flush()
            os.link(new.name, file)
    return file.read_bytes()


@dataclass(frozen=True)
class Signing:
    """Signs what browsers keep for us."""

    key: bytes = field(repr=False)

    def cookie(self, secret: str) -> str:
        """The cookie that holds this secret."""
        return Signer(self.key, salt="cookie", digest_method=hashlib.sha256).sign(secret).decode()

    def secret(self, cookie: str) -> str | None:
        """The secret of a cookie that we signed."""
        try:
            return Signer(self.key, salt="cookie", digest_method=hashlib.sha256).unsign(cookie).decode()
        except (BadSignature, UnicodeError):
            return None

    def form_token(self, secret: str) -> str:
        """The token of all forms that are shown to whoever has this secret in a cookie (against forged requests)."""
        return hmac.new(self.key, f"form/{secret}".encode(), hashlib.sha256).hexdigest()

    def is_form_token(self, token: str, secret: str) -> bool:
        """Whether the form was ours, shown to the same browser."""
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.form_token(secret).encode())
