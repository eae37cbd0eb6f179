#!/usr/bin/env python3
"""Prove a record of Amlak's audit trail without Amlak: needs Python 3.8 or newer and nothing else, no network.

    python3 prove.py BUNDLE.zip [PAPER.pdf] [--head HEAD.json] [--key PUBLIC_KEY_HEX]

BUNDLE.zip  the evidence bundle the office handed out        حافظة الدليل
PAPER.pdf   the paper in hand, as a file                     الملف محل الفحص
--head      a signed head that was kept elsewhere            رأس موقّع محفوظ خارج النظام
--key       the public key from /verify/key/ or a print      المفتاح العام المنشور

Each step is told in Arabic and English; it ends with 0 when everything is proved and with 1 at the first thing that is
not. docs/howto/prove-a-record.md walks through it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from typing import Any, Dict, List, NoReturn, Optional, Tuple  # noqa: UP035 - runs on an expert's older Python

MOST_BYTES = 256 * 1024 * 1024
Json = Dict[str, Any]  # noqa: UP006
Point = Tuple[int, int, int, int]  # noqa: UP006


class NotProvedError(Exception):
    """The first thing that is not proved, in Arabic and English."""

    def __init__(self, arabic: str, english: str) -> None:
        super().__init__(english)
        self.arabic, self.english = arabic, english


def fail(arabic: str, english: str) -> NoReturn:
    """Stop here."""
    raise NotProvedError(arabic, english)


def tell(mark: str, arabic: str, english: str) -> None:
    """Say one thing in both languages."""
    sys.stdout.write(f"{mark} {arabic}\n  {english}\n")


# ---- Ed25519 (RFC 8032), verification only -----------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def x_of(y: int, sign: int) -> Optional[int]:  # noqa: UP045
    """Return the x of a point by its y and sign; None where there is none."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def added(p: Point, q: Point) -> Point:
    """Return the sum of two points in extended coordinates."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    """Return the multiple of a point."""
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = added(total, point)
        point, number = added(point, point), number >> 1
    return total


def point_of(packed: bytes) -> Optional[Point]:  # noqa: UP045
    """Return the point that 32 bytes name."""
    y = int.from_bytes(packed, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = x_of(BASE_Y, 0) or 0
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def signed(public: bytes, text: bytes, signature: bytes) -> bool:
    """Say whether the signature of the text was made with the private half of this key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, r, s = point_of(public), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % ORDER
    left, right = times(s, BASE), added(r, times(h, key))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


# ---- the steps ---------------------------------------------------------------------------------------------------


def sha256(data: bytes) -> str:
    """Return SHA-256 as hex."""
    return hashlib.sha256(data).hexdigest()


def read_bundle(path: str) -> Json:
    """Return what the bundle holds."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo("bundle.json").file_size > MOST_BYTES:
                fail("الحافظة أكبر من المعقول", "the bundle is larger than any bundle is")
            return dict(json.loads(archive.read("bundle.json").decode("utf-8")))
    except NotProvedError:
        raise
    except Exception:
        fail("تعذرت قراءة الحافظة: ليست حافظة دليل أو تالفة", "the bundle cannot be read: it is none, or damaged")


def check_heads(bundle: Json, key: Optional[str]) -> Dict[str, Json]:  # noqa: UP006, UP045
    """Prove each head by its signature; return them by day."""
    heads: Dict[str, Json] = {}  # noqa: UP006
    for file in bundle["heads"]:
        head = json.loads(file["text"])
        day, public = head["day"], file["public_key"].lower()
        if key and public != key.strip().lower():
            fail(f"رأس يوم {day} موقّع بمفتاح غير المفتاح المعطى", f"the head of {day} is signed by another key")
        if sha256(bytes.fromhex(public))[:16] != head["key_id"]:
            fail(f"المفتاح لا يطابق رقمه في رأس يوم {day}", f"the key is not the one the head of {day} names")
        if not signed(bytes.fromhex(public), file["text"].encode("utf-8"), bytes.fromhex(file["signature"])):
            fail(f"توقيع رأس يوم {day} غير صحيح", f"the signature of the head of {day} is wrong")
        if head["training"]:
            fail("هذه بيانات تدريب لا يُعتد بها", "this comes from a training site and proves nothing")
        tell("✓", f"رأس يوم {day} موقّع توقيعًا صحيحًا، مفتاح {head['key_id']}", f"head of {day}: the signature is right")
        heads[day] = head
    return heads


def check_kept(bundle: Json, path: str) -> None:
    """Prove that the head kept elsewhere is one of the bundle's."""
    with open(path, encoding="utf-8") as file:
        kept = json.load(file)
    if kept.get("text") not in [head["text"] for head in bundle["heads"]]:
        fail("الرأس المحفوظ خارج النظام ليس ضمن الحافظة", "the head that was kept elsewhere is none of the bundle's")
    tell("✓", "الرأس المحفوظ خارج النظام مطابق", "the head that was kept elsewhere is the same")


def check_segments(bundle: Json, heads: Dict[str, Json]) -> Dict[Tuple[str, int], Tuple[str, str]]:  # noqa: UP006
    """Follow each run of links up to its head; return the digest and the day of every link."""
    proved: Dict[Tuple[str, int], Tuple[str, str]] = {}  # noqa: UP006
    for part in bundle["segments"]:
        chain, first, day = part["chain"], int(part["first_seq"]), part["day"]
        reached = bytes.fromhex(part["prev_hash"])
        for place, digest in enumerate(part["digests"]):
            reached = hashlib.sha256(reached + bytes.fromhex(digest)).digest()
            proved[chain, first + place] = (digest, day)
        last = first + len(part["digests"]) - 1
        ends = [one for one in heads[day]["chains"] if one["chain"] == chain]
        if not ends or ends[0]["seq"] != last or ends[0]["hash"] != reached.hex():
            fail(
                f"سلسلة {chain} لا تصل إلى رأس يوم {day}: سجل عُدّل أو حُذف أو أُضيف",
                f"chain {chain} does not lead to the head of {day}: a record was altered, removed or put in",
            )
        tell(
            "✓",
            f"سلسلة {chain}: الحلقات {first}–{last} تصل إلى الرأس",
            f"chain {chain}: links {first}–{last} lead to it",
        )
    return proved


def check_event(event: Json, proved: Dict[Tuple[str, int], Tuple[str, str]]) -> Json:  # noqa: UP006
    """Prove one event by its link; return what it says."""
    said = json.loads(event["canonical"])
    chain, seq = said[1] or "-", int(said[2])
    if said[0] != "amlak-audit-1":
        fail(f"صيغة السجل {seq} غير معروفة", f"the form of record {seq} is unknown")
    if (chain, seq) not in proved or sha256(event["canonical"].encode("utf-8")) != proved[chain, seq][0]:
        fail(f"السجل {seq} في سلسلة {chain} معدّل", f"record {seq} of chain {chain} was altered")
    if event["salt"] is None:
        detail: Json = {}
        tell("!", f"تفاصيل السجل {seq} محجوبة بإجراء مسجّل", f"record {seq}: its detail was redacted by a recorded act")
    else:
        if sha256((event["salt"] + "\n" + event["detail"]).encode("utf-8")) != said[11]:
            fail(f"تفاصيل السجل {seq} معدّلة", f"the detail of record {seq} was altered")
        detail = json.loads(event["detail"])
    tell(
        "✓",
        f"السجل {seq}: {said[7]} بتاريخ {said[4]} (UTC)، مستخدم رقم {said[6]}",
        f"record {seq}: {said[7]} at {said[4]}, user number {said[6]}, before the head of {proved[chain, seq][1]}",
    )
    return {"action": said[7], "detail": detail}


def check_paper(path: str, events: List[Json]) -> None:  # noqa: UP006
    """Prove that the file in hand is the one whose issuing was recorded."""
    with open(path, "rb") as file:
        found = sha256(file.read())
    for event in events:
        if event["action"] == "documents.issued" and event["detail"].get("sha256") == found:
            number = event["detail"].get("number", "")
            tell("✓", f"الملف هو المستند الصادر برقم {number}", f"the file is the paper issued under number {number}")
            return
    fail("الملف ليس هو المستند الذي سُجّل إصداره", "the file is not the paper whose issuing was recorded")


def prove(arguments: argparse.Namespace) -> None:
    """Take all steps."""
    bundle = read_bundle(arguments.bundle)
    try:
        heads = check_heads(bundle, arguments.key)
        if arguments.head:
            check_kept(bundle, arguments.head)
        proved = check_segments(bundle, heads)
        events = [check_event(event, proved) for event in bundle["events"]]
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, OSError):
        fail("الحافظة ناقصة أو تالفة", "the bundle is incomplete or damaged")
    if not events:
        fail("لا سجلات في الحافظة", "the bundle holds no records")
    if arguments.paper:
        check_paper(arguments.paper, events)
    revoked = [event for event in events if event["action"] == "documents.revoked"]
    if revoked:
        tell("!", "المستند أُلغي بعد إصداره", "the paper was revoked after it was issued")
    if not arguments.key:
        keys = ", ".join(sorted({head["public_key"] for head in bundle["heads"]}))
        tell("!", f"قارن المفتاح بالمنشور في /verify/key/: {keys}", "compare this key with the one published there")


def main() -> int:
    """Return 0 when everything is proved."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle")
    parser.add_argument("paper", nargs="?")
    parser.add_argument("--head")
    parser.add_argument("--key")
    try:
        prove(parser.parse_args())
    except NotProvedError as wrong:
        tell("✗", f"لم يثبت: {wrong.arabic}", f"NOT PROVED: {wrong.english}")
        return 1
    except OSError as wrong:
        tell("✗", f"تعذرت قراءة الملف: {wrong.filename}", f"cannot read {wrong.filename}")
        return 1
    tell("✓", "ثبت كل ما سبق", "PROVED: everything above")
    return 0


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(main())
