"""Letters and memos of the sample, written by the sample's people: one answered, one late, one cancelled, drafts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from authority.clock import CAIRO
from authority.models import Office, Role, User
from cases.models import Case
from correspondence import services
from correspondence.models import Letter
from documents import pdf
from parcels.models import Parcel

GOVERNORATES = ("19", "02")


@dataclass(frozen=True)
class Desk:
    """An office with its people on a day."""

    office: Office
    on: dt.date

    def at(self, days: int, hour: int = 10) -> dt.datetime:
        """Return a moment so many days before the sample's day."""
        return dt.datetime.combine(self.on - dt.timedelta(days=days), dt.time(hour), tzinfo=CAIRO)

    def day(self, days: int) -> dt.date:
        """Return a day so many days before the sample's day."""
        return self.on - dt.timedelta(days=days)


def make_letters(on: dt.date) -> int:
    """Write a few letters and memos in each governorate; return how many letters."""
    people = {user.username: user for user in User.objects.filter(username__in=[str(role) for role in Role])}
    for code in GOVERNORATES:
        office = Office.objects.filter(code=f"property-{code}").first()
        parcels = list(Parcel.objects.filter(place__path__startswith=f"{code}.", closed_on=None).order_by("pk")[:3])
        if office is not None and len(parcels) == 3:
            _letters(Desk(office, on), people, parcels)
            _memos(Desk(office, on), people, code)
    return Letter.objects.count()


def _letters(desk: Desk, people: dict[str, User], parcels: list[Parcel]) -> None:
    clerk, writer = people[Role.FRONT_DESK], people[Role.PROPERTY_OFFICER]
    first = services.register_incoming(
        by=clerk, at=desk.at(20), office=desk.office, correspondent="مديرية الري",
        subject="طلب بيان بحدود قطعة متاخمة لمجرى مائي", sender_no="1182/ص", sender_on=desk.day(23), enclosures=2,
        due_on=desk.day(6), parcels=parcels[:1],
    )  # fmt: skip
    services.assign(by=writer, at=desk.at(19), letter=first, to=writer, note="للدراسة والرد قبل الميعاد")
    late = services.register_incoming(
        by=clerk, at=desk.at(15), office=desk.office, correspondent="هيئة قضايا الدولة",
        subject="طلب مستندات ملكية الدولة لتقديمها بجلسة", sender_no="5521", sender_on=desk.day(17), due_on=desk.day(2),
        parcels=parcels[1:2],
    )  # fmt: skip
    services.assign(by=writer, at=desk.at(14), letter=late, to=people[Role.LEGAL_OFFICER])
    twice = services.register_incoming(
        by=clerk, at=desk.at(12), office=desk.office, correspondent="مجلس المدينة", subject="طلب تخصيص موقع مدرسة",
        parcels=parcels[2:],
    )  # fmt: skip
    services.cancel(by=writer, at=desk.at(11), letter=twice, reason="قيد مكرر لكتاب سبق قيده")
    services.correct(
        by=clerk, at=desk.at(10), letter=late, field="enclosures", value="3", reason="وردت المرفقات ببريد لاحق"
    )
    answer = services.draft_outgoing(
        by=writer, at=desk.at(9), office=desk.office, correspondent="السيد المهندس/ مدير عام مديرية الري",
        subject="بيان بحدود القطعة محل كتابكم", body=ANSWER, enclosures=1, answers=first, parcels=parcels[:1],
    )  # fmt: skip
    _signed(answer, people[Role.SECRETARY_GENERAL], desk.at(8))
    services.draft_outgoing(
        by=writer, at=desk.at(1), office=desk.office, correspondent="السيد المستشار/ رئيس هيئة قضايا الدولة بالمحافظة",
        subject="مستندات ملكية الدولة", body="نرسل لسيادتكم المستندات المطلوبة للتفضل بتقديمها بالجلسة المحددة.",
        enclosures=3, answers=late, parcels=parcels[1:2],
    )  # fmt: skip


def _signed(letter: Letter, by: User, at: dt.datetime) -> None:
    """Sign a letter, where the machine can lay out pages; else it stays a draft."""
    try:
        pdf.library()
    except pdf.PdfUnavailable:
        return
    services.sign(by=by, at=at, letter=letter)


def _memos(desk: Desk, people: dict[str, User], code: str) -> None:
    """Draft a memo on an open file of each kind."""
    for kind in ("encroachment", "lease"):
        case = Case.objects.filter(kind=kind, governorate=code, closed_at=None).order_by("opened_at", "pk").first()
        if case is not None:
            services.draft_memo(
                by=people[Role.LEGAL_OFFICER], at=desk.at(1), case=case, addressee="السيد اللواء/ محافظ الإقليم",
                subject=SUBJECTS[kind], opinion=OPINION, options=OPTIONS[kind], recommendation=ADVICE[kind],
            )  # fmt: skip


ANSWER = (
    "نتشرف بإحاطة سيادتكم بأن القطعة المشار إليها مقيدة بسجل أملاك الدولة، وحدودها وأطوالها على النحو الوارد "
    "بالمستخرج المرفق.\n\nونأمل موافاتنا بخط التهذيب المعتمد للمجرى المائي لإثباته بملف القطعة."
)
OPINION = "بالاطلاع على أوراق الملف ومعاينة الموقع تبين أن الأرض من أملاك الدولة الخاصة، وأن الإجراءات المتخذة صحيحة."
SUBJECTS = {"encroachment": "إزالة تعدٍّ على أملاك الدولة", "lease": "طلب تأجير قطعة من أملاك الدولة الخاصة"}
OPTIONS = {
    "encroachment": (
        "إصدار قرار الإزالة وتنفيذه في المهلة المقررة\nقبول طلب تقنين إذا توافرت شروطه\n"
        "إرجاء القرار لحين البت في سند واضع اليد"
    ),
    "lease": "الموافقة على التأجير بالقيمة المقدرة\nالطرح بالمزاد العلني\nرفض الطلب",
}
ADVICE = {
    "encroachment": "نرى الموافقة على إصدار قرار الإزالة بالطريق الإداري، والأمر مفوض لسيادتكم.",
    "lease": "نرى الموافقة على التأجير بالقيمة التي تقدرها لجنة التثمين، والأمر مفوض لسيادتكم.",
}
