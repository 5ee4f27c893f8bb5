"""Encryption at rest. Three data keys live in the database, wrapped by the practice's Fernet keys (newest first).

`field` seals columns and event payloads, `lookup` makes keyed hashes for equality search, `audit` signs events.
Rotating wraps the data keys anew; the rows stay as they are.

Columns are sealed with AES-256-GCM, each token under a random nonce: safe for 2^32 tokens of one key (NIST SP
800-38D, 8.3), which is centuries of a practice. Before, they were Fernet tokens, which took at least three times as
long, a twelfth of a save; those are still opened.
"""

import base64
import hmac
import os
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pabot.domain.errors import Unavailable

NAMES = ("field", "lookup", "audit")
OPENED_LATELY = 8192  # tokens
MARK = "1:"  # of a token that is no Fernet token, which has no colon
NONCE = 12  # bytes


@dataclass(frozen=True, slots=True)
class Vault:
    """The three data keys, unwrapped."""

    field: AESGCM
    lookup_key: bytes
    audit_key: bytes
    opened: Callable[[str], str]

    def seal(self, words: str) -> str:
        """Empty stays empty: nothing to hide, and nothing to decrypt in a list."""
        if not words:
            return ""
        nonce = os.urandom(NONCE)
        return MARK + base64.b64encode(nonce + self.field.encrypt(nonce, words.encode(), None)).decode()

    def open(self, token: str) -> str:
        """A token never changes its meaning, so what was opened lately is not decrypted again.

        Raises InvalidToken for a token of another vault, and for one that was changed.
        """
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
    field = AESGCM(HKDF(SHA256(), 32, None, b"pabot field AES-256-GCM").derive(keys["field"]))
    earlier = Fernet(keys["field"])

    @lru_cache(OPENED_LATELY)
    def opened(token: str) -> str:
        sealed = token.removeprefix(MARK)
        return (earlier.decrypt(token) if not token.startswith(MARK) else _decrypted(field, sealed)).decode()

    return Vault(field, keys["lookup"], keys["audit"], opened)


def rewrap(wrapped: Mapping[str, str], master_keys: Iterable[str]) -> dict[str, str]:
    """The same data keys under the newest master key."""
    wrap = _master(master_keys)
    return {name: wrap.rotate(token).decode() for name, token in wrapped.items()}


def _decrypted(field: AESGCM, sealed: str) -> bytes:
    try:
        raw = base64.b64decode(sealed, validate=True)
        return field.decrypt(raw[:NONCE], raw[NONCE:], None)
    except (InvalidTag, ValueError) as wrong:
        raise InvalidToken from wrong


def _master(keys: Iterable[str]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as wrong:
        raise Unavailable("PABOT_SECRET_KEYS holds something that is not a Fernet key.") from wrong


def _mac(key: bytes, words: str) -> str:
    return hmac.digest(key, words.encode(), "sha256").hex()
