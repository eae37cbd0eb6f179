"""Pages of acts on many parcels."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from authority import clock
from authority.models import User
from authority.policies import STAFF_READ, require, scope_of
from authority.refusal import Invalid, Refusal
from cases.policies import role_titles
from parcels.models import BulkAct, ParcelVersion
from parcels.policies import KEEPERS
from parcels.selectors.work import bulk_act_by_id, bulk_acts_visible_to
from parcels.services import carry_out, prepare_bulk_act, withdraw_bulk_act
from parcels.services.many import MOST
from ui.rail import stand_under
from workspace.bulk.choosing import chosen
from workspace.bulk.forms import FORMS, BulkForm
from workspace.bulk.telling import said_in_words
from workspace.people import me
from workspace.reference.views import attempt

LIST = "/parcels/"
PAGE = 50


@require_safe
def acts(request: HttpRequest) -> HttpResponse:
    """List the acts on many parcels, those that wait first."""
    user = me(request)
    require(user, STAFF_READ)
    stand_under(request, LIST)
    rows = bulk_acts_visible_to(user, BulkAct.objects.all()).select_related("place", "prepared_by", "decided_by")
    counted = rows.annotate(parcels=Count("rows", filter=Q(rows__left_out="")))
    page = Paginator(counted.order_by("-prepared_at", "pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "workspace/bulk/acts.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Say what shall be done with the parcels chosen on a list."""
    user = me(request)
    require(user, STAFF_READ)
    stand_under(request, LIST)
    given = request.POST if request.method == "POST" else request.GET
    act = given.get("act", "")
    kind = FORMS.get(act, FORMS[BulkAct.Act.FACTS])
    sent = request.method == "POST"
    form = kind(request.POST) if sent else kind(initial={"on": clock.today()})
    made: list[BulkAct] = []

    def prepare() -> None:
        made.append(prepared(user, act, form, chosen(user, request.POST)))

    refusal = attempt(form, prepare) if sent else None
    if made:
        messages.success(request, _("Prepared. Look it through; another officer carries it out."))
        return redirect("workspace:bulk_act", made[0].pk)
    count, refusal = counted_or_refused(request, refusal)
    context = {
        "form": form,
        "act": act if act in FORMS else BulkAct.Act.FACTS,
        "acts": [(code, label, switched(request, code)) for code, label in BulkAct.Act.choices],
        "items": given.getlist("item")[: MOST + 1],
        "everything": given.get("all", ""),
        "query": given.get("query", "")[:4000],
        "count": count,
        "most": MOST,
        "refusal": refusal,
        "lacking": "" if scope_of(user).holds(KEEPERS) else role_titles(sorted(KEEPERS)),
    }
    return render(request, "workspace/bulk/new.html", context, status=refusal.status if refusal else 200)


def counted_or_refused(request: HttpRequest, refusal: Refusal | None) -> tuple[int, Refusal | None]:
    """Count what is chosen; a choice that cannot be is said on the page, too."""
    try:
        return len(chosen(me(request), request.POST if request.method == "POST" else request.GET)), refusal
    except Invalid as fault:
        return 0, refusal or fault


def switched(request: HttpRequest, act: str) -> str:
    """Return the address of the same choice with another act."""
    query = (request.POST if request.method == "POST" else request.GET).copy()
    kept = {name: query.getlist(name) for name in ("item", "all", "query")}
    query.clear()
    for name, values in kept.items():
        query.setlist(name, values)
    query["act"] = act
    return f"?{query.urlencode()}"


def prepared(user: User, act: str, form: BulkForm, parcels: list[uuid.UUID]) -> BulkAct:
    """Prepare it."""
    said = form.cleaned_data
    return prepare_bulk_act(
        by=user, at=clock.now(), act=act, parcels=parcels, said=form.said(), on=said["on"], basis=said["basis"]
    )


@require_safe
def one(request: HttpRequest, act_id: uuid.UUID) -> HttpResponse:
    """Show what is said of which parcels, and which are left out with their reasons."""
    return shown(request, bulk_act_by_id(act_id, me(request)))


def shown(request: HttpRequest, act: BulkAct, refusal: Refusal | None = None) -> HttpResponse:
    """Return the page of an act."""
    user = me(request)
    stand_under(request, LIST)
    apart = request.GET.get("rows") == "left_out"
    rows = act.rows.exclude(left_out="") if apart else act.rows.filter(left_out="")
    light = rows.select_related("parcel__place", "parcel__custodian").order_by("parcel__place__path", "pk")
    page = Paginator(light.defer("parcel__place__geom", "parcel__place__geom_3857"), PAGE).get_page(
        request.GET.get("page")
    )
    numbers = ParcelVersion.objects.filter(parcel__in=[row.parcel_id for row in page.object_list], in_book=True)
    numbered = dict(numbers.order_by("legal_range").values_list("parcel_id", "parcel_no_raw"))
    context = {
        "act": act,
        "words": said_in_words(act),
        "page": page,
        "rows": [(row, numbered.get(row.parcel_id, "")) for row in page.object_list],
        "apart": apart,
        "kept": act.rows.filter(left_out="").count(),
        "left_out": act.rows.exclude(left_out="").count(),
        "own": act.prepared_by_id == user.pk,
        "may": scope_of(user).allows(KEEPERS, act.place) or act.prepared_by_id == user.pk,
        "refusal": refusal,
    }
    return render(request, "workspace/bulk/act.html", context, status=refusal.status if refusal else 200)


@require_POST
def decide(request: HttpRequest, act_id: uuid.UUID) -> HttpResponse:
    """Have it carried out, or put it away with a reason."""
    user = me(request)
    act = bulk_act_by_id(act_id, user)
    try:
        if request.POST.get("decision") == "withdraw":
            withdraw_bulk_act(by=user, at=clock.now(), act=act, reason=request.POST.get("reason", ""))
            messages.success(request, _("Withdrawn; nothing was changed."))
        else:
            carry_out(by=user, at=clock.now(), act=act)
            messages.success(request, _("It is being carried out; this page says when it is done."))
    except Refusal as fault:
        if fault.status == 404:
            raise
        act.refresh_from_db()
        return shown(request, act, fault)
    return redirect("workspace:bulk_act", act.pk)
