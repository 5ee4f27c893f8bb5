"""Encryption at rest. Three data keys live in the database, wrapped by the practice's Fernet keys (newest first).

`field` seals columns and event payloads, `lookup` makes keyed hashes for equality search, `audit` signs events.
Rotating wraps the data keys anew; the rows stay as they are.
"""

import base64
import hmac
import os
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from pabot.domain.errors import Unavailable

NAMES = ("field", "lookup", "audit")
OPENED_LATELY = 8192  # tokens


@dataclass(frozen=True, slots=True)
class Vault:
    """The three data keys, unwrapped."""

    field: Fernet
    lookup_key: bytes
    audit_key: bytes
    opened: Callable[[str], str]

    def seal(self, words: str) -> str:
        """Empty stays empty: nothing to hide, and nothing to decrypt in a list."""
        return self.field.encrypt(words.encode()).decode() if words else ""

    def open(self, token: str) -> str:
        """A token never changes its meaning, so what was opened lately is not decrypted again."""
        return self.opened(token) if token else ""

    def lookup(self, kind: str, *words: str) -> str:
        """The keyed hash of normalised whole words; `kind` keeps a surname from matching a chart number."""
        return _mac(self.lookup_key, "\x1f".join((kind, *map(normal, words))))

    def digest(self, payload: str) -> str:
        """Keyed, so that the digest of a short payload tells nothing."""
        return _mac(self.audit_key, payload)

    def sign(self, *parts: str) -> str:
        return _mac(self.audit_key, "\x1f".join(parts))


def normal(words: str) -> str:
    """Case, accents' encoding and blanks do not matter to a search."""
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def new_master_key() -> str:
    return Fernet.generate_key().decode()


def new_wrapped_keys(master_keys: Iterable[str]) -> dict[str, str]:
    """Fresh data keys, wrapped."""
    wrap = _master(master_keys)
    return {name: wrap.encrypt(base64.urlsafe_b64encode(os.urandom(32))).decode() for name in NAMES}


def unlock(wrapped: Mapping[str, str], master_keys: Iterable[str]) -> Vault:
    """Raises Unavailable when none of the master keys fits."""
    wrap = _master(master_keys)
    try:
        keys = {name: wrap.decrypt(wrapped[name]) for name in NAMES}
    except InvalidToken as wrong:
        raise Unavailable("None of PABOT_SECRET_KEYS opens this database. Add the key it was made with.") from wrong
    field = Fernet(keys["field"])

    @lru_cache(OPENED_LATELY)
    def opened(token: str) -> str:
        return field.decrypt(token).decode()

    return Vault(field, keys["lookup"], keys["audit"], opened)


def rewrap(wrapped: Mapping[str, str], master_keys: Iterable[str]) -> dict[str, str]:
    """The same data keys under the newest master key."""
    wrap = _master(master_keys)
    return {name: wrap.rotate(token).decode() for name, token in wrapped.items()}


def _master(keys: Iterable[str]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as wrong:
        raise Unavailable("PABOT_SECRET_KEYS holds something that is not a Fernet key.") from wrong


def _mac(key: bytes, words: str) -> str:
    return hmac.digest(key, words.encode(), "sha256").hex()
