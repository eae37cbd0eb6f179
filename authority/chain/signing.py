"""Keys and daily heads: Ed25519 over the text that says where each chain stands."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.chain.form import shown
from authority.clock import day_of
from authority.models import SignedHead, SigningKey, User
from authority.refusal import Conflict, Unavailable
from ui import training

HEAD_FORM = "amlak-head-1"
KEY_MADE, HEAD_SIGNED = "authority.key_made", "authority.head_signed"
HEADS = """
    SELECT DISTINCT ON (chain) chain, seq, encode(hash, 'hex') FROM authority_auditlink ORDER BY chain, seq DESC
"""


def public_of(key: Ed25519PrivateKey) -> bytes:
    """Return the 32 bytes of the public half."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id_of(public: bytes) -> str:
    """Return the short name of a public key."""
    return hashlib.sha256(public).hexdigest()[:16]


@transaction.atomic
def make_key(*, path: Path, by: User, at: dt.datetime) -> SigningKey:
    """Make a key pair: the private half into a new file (0600), the public half into the list; it takes over now.

    Raises Conflict `key_file_exists`.
    """
    key = Ed25519PrivateKey.generate()
    public = public_of(key)
    SigningKey.objects.filter(valid_until=None).update(valid_until=at)
    made = SigningKey.objects.create(key_id=key_id_of(public), public_key=public.hex(), valid_from=at)
    audit.record(KEY_MADE, by=by, at=at, obj=made, governorate="", detail={"key_id": made.key_id})
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(
            "key_file_exists", _("There is a file of this name already; keys are never overwritten.")
        ) from None
    with os.fdopen(handle, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return made


def private_key() -> Ed25519PrivateKey:
    """Return the private key of the setting; raises Unavailable `head_key_missing`."""
    try:
        key = load_pem_private_key(Path(settings.HEAD_KEY_FILE).read_bytes(), None) if settings.HEAD_KEY_FILE else None
    except (OSError, ValueError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise Unavailable("head_key_missing", _("The key that signs the audit's heads is missing or cannot be read."))
    return key


def known_key(key: Ed25519PrivateKey, at: dt.datetime) -> SigningKey:
    """Return the listed public half, valid at the time; raises Unavailable `head_key_unknown`."""
    listed = SigningKey.objects.filter(key_id=key_id_of(public_of(key)), valid_from__lte=at).first()
    if listed is None or (listed.valid_until is not None and listed.valid_until <= at):
        raise Unavailable("head_key_unknown", _("The key that signs the audit's heads is not listed or has run out."))
    return listed


@transaction.atomic
def sign_head(*, by: User, at: dt.datetime) -> SignedHead:
    """Sign where every chain stands, once a day; the day's head is returned where it is there already."""
    day = day_of(at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('audit head', 0))")
    there = SignedHead.objects.filter(day=day).first()
    if there is not None:
        return there
    key = private_key()
    listed = known_key(key, at)
    text = text_of(day, at, listed.key_id)
    head = SignedHead.objects.create(
        day=day, made_at=at, text=text, signature=key.sign(text.encode()).hex(), key=listed
    )
    detail = {"day": str(day), "sha256": hashlib.sha256(text.encode()).hexdigest(), "key_id": listed.key_id}
    audit.record(HEAD_SIGNED, by=by, at=at, obj=head, governorate="", detail=detail)
    return head


def text_of(day: dt.date, at: dt.datetime, key_id: str) -> str:
    """Return what is signed: site, day, each chain's last link, and the hash of the head before."""
    before = SignedHead.objects.filter(day__lt=day).order_by("-day").first()
    with connection.cursor() as cursor:
        cursor.execute(HEADS)
        chains = [{"chain": shown(chain), "seq": seq, "hash": found} for chain, seq, found in cursor.fetchall()]
    said = {
        "form": HEAD_FORM,
        "site": settings.PUBLIC_URL,
        "training": training.on(),
        "day": str(day),
        "made_at": at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "key_id": key_id,
        "previous": hashlib.sha256(before.text.encode()).hexdigest() if before else "",
        "chains": chains,
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


def file_of(head: SignedHead) -> dict[str, str]:
    """Return a head as the file that is given away holds it."""
    return {
        "text": head.text,
        "signature": head.signature,
        "key_id": head.key_id,
        "public_key": head.key.public_key,
    }


def missing_days(*, today: dt.date, back: int = 30) -> list[dt.date]:
    """Return the days of the last weeks, today excluded, on which no head was signed; none before the first head."""
    first = SignedHead.objects.order_by("day").values_list("day", flat=True).first()
    if first is None:
        return []
    start = max(first, today - dt.timedelta(days=back))
    days = [start + dt.timedelta(days=n) for n in range((today - start).days)]
    there = set(SignedHead.objects.filter(day__gte=start).values_list("day", flat=True))
    return [day for day in days if day not in there]
