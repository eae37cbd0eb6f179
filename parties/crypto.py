"""National numbers at rest: AES-256-GCM bound to the party's row, and a keyed hash by which the number is found.

Both keys come from AMLAK_ID_KEY by HKDF, so neither gives the other away. The first byte names the scheme.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import uuid
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

SCHEME = b"\x01"
NONCE = 12


class UnreadableError(RuntimeError):
    """The number was encrypted with another key, or belongs to another row."""


@lru_cache(maxsize=8)
def _key(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"amlak.parties", info=purpose).derive(secret.encode())


def encrypt(number: str, *, owner: uuid.UUID) -> bytes:
    """Return the number as it is stored."""
    nonce = os.urandom(NONCE)
    return SCHEME + nonce + AESGCM(_key(settings.ID_KEY, b"encrypt")).encrypt(nonce, number.encode(), owner.bytes)


def decrypt(stored: bytes, *, owner: uuid.UUID) -> str:
    """Return the number; raises UnreadableError."""
    data = bytes(stored)
    if data[:1] != SCHEME:
        raise UnreadableError
    nonce, sealed = data[1 : 1 + NONCE], data[1 + NONCE :]
    try:
        return AESGCM(_key(settings.ID_KEY, b"encrypt")).decrypt(nonce, sealed, owner.bytes).decode()
    except InvalidTag as error:
        raise UnreadableError from error


def hashed(number: str) -> str:
    """Return the hash by which a number is found without being kept."""
    return hmac.new(_key(settings.ID_KEY, b"find"), number.encode(), hashlib.sha256).hexdigest()
