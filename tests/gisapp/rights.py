"""What every address answers to whom: one row for each route and method. A route without a row fails the tests.

A person of each role holds it in governorate 19; things lie in 19 (own) and in 02 (other). Lines read: who may gets
`yes`; other staff gets `no`; who is no staff of the register (citizen, administrator, system) gets `outside`;
everybody gets `other` for what lies in the other governorate; nobody at all gets `stranger`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from authority.keeping.access import REVIEWERS
from authority.models import Role
from authority.policies import AUDIT_READ, STAFF_READ
from cases.api import etag as etag_of_case
from cases.models import Case
from correspondence.models import Letter, Memo
from correspondence.policies import DIRECTORS, WRITERS
from correspondence.policies import KEEPERS as REGISTRARS
from correspondence.policies import SIGNERS as HEADS
from leases.workflow import LEASE
from litigation.models import Suit
from litigation.policies import CONFIRMERS
from parcels.api.edits import etag as etag_of_edit
from parcels.api.points import etag as etag_of_point
from parcels.api.views import etag
from parcels.models import Asset, ControlPoint, EditProposal, Parcel
from parties.policies import MAY_ENTER, MAY_REVEAL
from surveys.policies import DECIDE, SUBMIT
from tests.authority.builders import make_custodian
from tests.gisapp.world import Things
from tests.surveys.builders import survey_zip

Body = Callable[[Things], Any]
EVERYBODY = frozenset(Role)
STAFF = STAFF_READ
LAWYERS = frozenset({Role.LEGAL_OFFICER})
OFFICERS = STAFF | {Role.ADMIN}
NONE: frozenset[str] = frozenset()
NOBODY: frozenset[str] = frozenset()
KEEPERS = frozenset({Role.GIS_OFFICER, Role.PROPERTY_OFFICER})
ISSUERS = KEEPERS | {Role.FRONT_DESK}
COUNTERS = KEEPERS | {Role.SURVEYOR, Role.INSPECTOR, Role.CUSTODIAN_OFFICER, Role.FIELD_TEAM}
SIGNERS = frozenset({Role.DISTRICT_HEAD, Role.SECRETARY_GENERAL, Role.PROPERTY_OFFICER})
MEASURERS = frozenset({Role.GIS_OFFICER, Role.SURVEYOR})
SCREENERS = KEEPERS | {Role.CUSTODIAN_OFFICER, Role.FILE_REVIEWER, Role.LEGAL_OFFICER}
PAPERS = [{"kind": "site_report", "text": "x", "number": "1", "dated_on": "2026-01-05"}]


@dataclass(frozen=True)
class Row:
    """One route by one method."""

    route: str
    method: str = "get"
    may: frozenset[str] = STAFF
    yes: int = 200
    no: int = 403
    outside: int = 404
    other: int | None = 404  # None: the address names no thing
    stranger: int = 401
    body: Body | None = None
    headers: Callable[[Things], dict[str, str]] | None = None
    form: bool = False
    query: str = ""
    plain: bool = False  # reads no query and no field beside its body: others are not tried one by one
    ids: tuple[tuple[str, Any], ...] = ()  # what the address names beside the things of a governorate

    def expected(self, role: str, own: bool) -> int:
        """Return the status for a person of this role, or for nobody ("")."""
        if not role:
            return self.stranger
        if not own and (self.other == 404 or role in self.may):
            return int(self.other or 0)
        if role in self.may:
            return self.yes
        return self.no if role in STAFF_READ else self.outside


def reads(route: str, **how: Any) -> Row:
    """One thing that the staff of its place may look at."""
    return Row(route, **how)


def lists(route: str, **how: Any) -> Row:
    """A list that everybody may ask for; it holds what he may see."""
    return Row(route, may=EVERYBODY, other=None, **how)


def writes(route: str, may: frozenset[str], body: Body | None = None, **how: Any) -> Row:
    """An act; its body is right, so that only rights decide."""
    return Row(route, **{"method": "post", "may": may, "body": body or (lambda things: {}), **how})


SUITS = ("suits/", "suits/calendar/", "suits/new/", "suits/report.xlsx")


def page(route: str, **how: Any) -> Row:
    """A page: nobody is led to the sign-in page."""
    return Row(route, **{"stranger": 302, **how})


def sent(route: str, may: frozenset[str], body: Body | None = None, **how: Any) -> Row:
    """A form of a page."""
    return writes(route, may, body, **{"stranger": 302, "yes": 302, "form": True, **how})


def version(model: Any, name: str) -> Callable[[Things], dict[str, str]]:
    """Return the If-Match header of a thing as it is now."""
    tag = etag_of_case if model is Case else etag
    return lambda things: {"If-Match": tag(model.objects.get(pk=things.ids[name]))}


def new_parcel(things: Things) -> dict[str, Any]:
    return {
        "place": things.ids["hod"],
        "custodian": things.ids["custodian"],
        "number": "777",
        "legal_from": "2024-01-01",
    }


def better_scan(_things: Things) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("better.txt", b"a better scan")}


def new_custody(_things: Things) -> dict[str, Any]:
    to = make_custodian("awqaf-new").code
    return {"custodian": to, "on": "2024-01-01", "decree_no": "44", "decree_on": "2024-01-01"}


def new_allocation(things: Things) -> dict[str, Any]:
    dates = {"decree_on": "2050-01-01", "starts_on": "2050-01-01"}
    return {"body": str(things.ids["body_id"]), "purpose": "مدرسة", "decree_no": "9"} | dates


def new_withdrawal(_things: Things) -> dict[str, Any]:
    return {"last_day": "2025-01-01", "decree_no": "9", "decree_on": "2025-01-01", "reason": "لم تستخدم"}


def new_control_point(things: Things) -> dict[str, Any]:
    return {"name": "ث-9", "place": things.ids["hod"], "east": "736000", "north": "876000", "crs": "EPSG:22992"}


def new_layer(things: Things) -> dict[str, Any]:
    line = {"type": "LineString", "coordinates": [[32.27, 30.59], [32.28, 30.59]]}
    said = {
        "code": "roads",
        "name_ar": "طريق",
        "source": "هيئة",
        "dated_on": "2026-01-01",
        "covers": things.ids["code"],
    }
    return said | {"features": [{"type": "Feature", "properties": {}, "geometry": line}]}


def new_rule(_things: Things) -> dict[str, Any]:
    params = {"bands": {"AREA": [[5, "PROHIBITED"]]}}
    return {"code": "protection.power", "params": params, "starts_on": "2030-01-01", "source": "قانون"}


def new_holiday(_things: Things) -> dict[str, Any]:
    return {"day": "2031-03-19", "name_ar": "عيد الفطر", "source": "قرار"}


def new_bulk_act(things: Things) -> dict[str, Any]:
    parcels = [str(things.ids["parcel_id"])]
    return {"act": "FACTS", "parcels": parcels, "said": {"shelf": "٧"}, "on": "2025-01-01", "basis": "x"}


def new_edit(things: Things) -> dict[str, Any]:
    return {"kind": "CUT", "parcels": [str(things.ids["apart_id"])], "on": "2025-01-01", "side": "E", "areas": ["100"]}


def proposed_edit(things: Things) -> dict[str, Any]:
    apart = Parcel.objects.get(pk=things.ids["apart_id"])
    return new_edit(things) | {"basis": "x", "versions": [{"parcel": str(apart.pk), "row_version": apart.row_version}]}


def traced(things: Things) -> dict[str, Any]:
    ends = {"start": things.ids["apart_corners"][0], "end": things.ids["apart_corners"][1], "crs": "EPSG:22992"}
    return ends | {"parcel": str(things.ids["apart_id"]), "on": "2025-01-01"}


def edit_version(things: Things) -> dict[str, str]:
    return {"If-Match": etag_of_edit(EditProposal.objects.get(pk=things.ids["edit_id"]))}


def new_filter(_things: Things) -> dict[str, Any]:
    return {"page": "parcels", "name": "خالية", "query": "status=FREE"}


def new_suit(things: Things) -> dict[str, Any]:
    facts = {"court_kind": "APPEAL", "court": "س", "number": "9", "year": 2025, "filed_on": "2025-01-01"}
    sides = {"subject": "RENT", "our_side": "DEFENDANT", "parties": [{"side": "CLAIMANT", "name": "س"}]}
    return facts | sides | {"lands": [{"parcel": str(things.ids["parcel_id"])}]}


def new_judgment(_things: Things) -> dict[str, Any]:
    return {"ruled_on": "2025-06-01", "ruling": "FOR_US", "words": "رفض"}


def suit_version(things: Things) -> dict[str, str]:
    return {"If-Match": f'"{Suit.objects.get(pk=things.ids["suit_id"]).row_version}"'}


def letter_version(things: Things) -> dict[str, str]:
    return {"If-Match": f'"{Letter.objects.get(pk=things.ids["letter_id"]).row_version}"'}


def memo_version(things: Things) -> dict[str, str]:
    return {"If-Match": f'"{Memo.objects.get(pk=things.ids["memo_id"]).row_version}"'}


def new_letter(things: Things) -> dict[str, Any]:
    return {"direction": "IN", "office": things.ids["office"], "correspondent": "هيئة", "subject": "طلب"}


def new_memo(_things: Things) -> dict[str, Any]:
    return {"addressee": "المحافظ", "subject": "طلب", "recommendation": "الموافقة"}


def new_asset(things: Things) -> dict[str, Any]:
    facts = {"kind": "KIOSK", "name_ar": "كشك", "registered_on": "2024-01-01"}
    return facts | {"place": things.ids["hod"], "custodian": things.ids["custodian"]}


def new_lease(things: Things) -> dict[str, Any]:
    dates = {"requested_from": "2040-01-01", "requested_to": "2041-12-31"}
    return (
        {"kind": "lease", "parcel": str(things.ids["parcel_id"]), "party_name": "شركة", "purpose": "مشتل"}
        | dates
        | {"tenure": "LEASE"}
    )


def new_party(things: Things) -> dict[str, Any]:
    return {"name_ar": "محمد", "governorate": things.ids["code"]}


def new_survey(things: Things) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("s.zip", survey_zip()), "place": things.ids["code"]}


def new_export(_things: Things) -> dict[str, Any]:
    return {"layers": ["parcels"], "format": "geojson"}


def to_return(things: Things) -> dict[str, str]:
    return {"act": "return", "comment": "x"}


V1 = "api/v1/"
EXPORT = f"{V1}exports/<uuid:export_id>/"
ADMINS = frozenset({Role.ADMIN})
NO_SESSION = (("session_id", "00000000-0000-0000-0000-000000000000"),)
NO_EXPORT = (("export_id", "00000000-0000-0000-0000-000000000000"),)
PARCEL, ASSET, CASE = f"{V1}parcels/<uuid:parcel_id>/", f"{V1}assets/<uuid:asset_id>/", f"{V1}cases/<uuid:case_id>/"
SURVEY, SURVEY_PAGE = f"{V1}submissions/<uuid:submission_id>/", "surveys/<uuid:submission_id>/"
LAYER, FAR = (("name", "parcels"),), (("z", 14), ("x", 1), ("y", 1))
AT_WORK = frozenset(role for act in (LEASE.opening, *LEASE.acts) for role in act.by) - {Role.SYSTEM}
ROWS: tuple[Row, ...] = (
    # the project
    lists("healthz", stranger=200),
    lists("readyz", yes=503, stranger=503),  # no worker runs beside these tests
    lists("api/schema/", stranger=200),
    # authority
    lists(f"{V1}audit/"),
    lists(f"{V1}me/"),
    lists(f"{V1}places/"),
    reads(f"{V1}places/<slug:code>/", may=EVERYBODY, other=200),
    lists("account/", stranger=302),
    sent("account/keys/", EVERYBODY, lambda t: {"name": "x", "scopes": ["read"], "days": "30"}, yes=200, other=None),
    sent("account/keys/<slug:prefix>/revoke/", EVERYBODY, yes=404, other=404),
    sent("account/password/", EVERYBODY, yes=400, other=None),
    sent("account/preferences/", EVERYBODY, yes=400, other=None),
    sent("language/", EVERYBODY, other=None),
    sent("preferences/", EVERYBODY, other=None),
    lists("login/", yes=302, stranger=200),
    sent("login/", EVERYBODY, other=None, stranger=200),
    sent("logout/", EVERYBODY, other=None),
    lists("login/second/", yes=302, stranger=302, plain=True),
    sent("login/second/", EVERYBODY, lambda t: {"code": "x"}, other=None, plain=True),
    *(lists(f"oidc/{part}/", yes=404, stranger=404, plain=True) for part in ("start", "callback")),  # none is set
    lists("recover/", stranger=200, plain=True),
    sent("recover/", EVERYBODY, lambda t: {"code": "x"}, other=None, plain=True),
    lists("recover/<slug:code>/", yes=404, stranger=404, ids=(("code", "x"),), plain=True),
    sent(
        "recover/<slug:code>/", EVERYBODY, lambda t: {"new": "x"}, yes=404, other=None, stranger=404,
        ids=(("code", "x"),), plain=True,
    ),
    lists("account/prove/", stranger=302, plain=True),
    sent("account/prove/", EVERYBODY, lambda t: {"proof": "x"}, yes=400, other=None, plain=True),
    lists("account/factor/", stranger=302, plain=True),
    *(
        sent(f"account/factor/{part}/", EVERYBODY, lambda t: {"code": "x"}, yes=400, other=None, plain=True)
        for part in ("enrol", "codes", "remove")
    ),
    lists("account/sessions/", stranger=302, plain=True),
    sent("account/sessions/others/", EVERYBODY, other=None, plain=True),
    sent("account/sessions/<uuid:session_id>/end/", EVERYBODY, yes=404, other=None, ids=NO_SESSION, plain=True),
    Row("account/delegations/", may=OFFICERS, other=None, outside=403, stranger=302, plain=True),
    sent("account/delegations/", OFFICERS, yes=400, outside=403, other=None, plain=True),
    sent(
        "account/delegations/<uuid:delegation_id>/", ADMINS | {Role.SECRETARY_GENERAL, Role.GOVERNOR},
        lambda t: {"act": "confirm"}, no=404, plain=True,
    ),
    sent("account/absences/", OFFICERS, yes=400, outside=403, other=None, plain=True),
    sent(
        "account/absences/<int:absence_id>/back/", ADMINS | {Role.SECRETARY_GENERAL, Role.GOVERNOR}, no=404, plain=True
    ),
    Row("account/interests/", may=OFFICERS, other=None, outside=403, stranger=302),
    sent("account/interests/", OFFICERS, yes=400, outside=403, other=None),
    sent(
        "account/interests/<uuid:interest_id>/end/", frozenset({Role.AUDITOR}), lambda t: {"reason": "بيعت"}, no=404
    ),
    Row("administration/access/", may=REVIEWERS, other=None, outside=403, stranger=302, plain=True),
    sent("administration/access/", REVIEWERS, yes=400, outside=403, other=None, plain=True),
    Row("administration/offices/", may=ADMINS, other=None, outside=403, stranger=302),
    sent("administration/offices/", ADMINS, yes=400, outside=403, other=None),
    Row("administration/", may=ADMINS, other=None, outside=403, stranger=302),
    sent("administration/", ADMINS, yes=400, outside=403, other=None),
    *(Row(f"administration/people/<int:account_id>/{part}", may=ADMINS, no=404, stranger=302, plain=True)
      for part in ("", "leaving/")),
    sent("administration/people/<int:account_id>/", ADMINS, yes=400, no=404, plain=True),
    sent("administration/people/<int:account_id>/leaving/", ADMINS, no=404, plain=True),
    Row("administration/changes/<uuid:change_id>/", may=ADMINS, no=404, stranger=302, plain=True),
    sent(
        "administration/changes/<uuid:change_id>/", ADMINS, lambda t: {"act": "carry_out"}, no=404, plain=True
    ),
    Row("accounts/recovery/", may=ADMINS, other=None, outside=403, stranger=302, plain=True),
    sent("accounts/recovery/", ADMINS, lambda t: {"username": "x"}, yes=400, outside=403, other=None, plain=True),
    sent("accounts/recovery/<uuid:recovery_id>/", ADMINS, lambda t: {"act": "withdraw"}, no=404, plain=True),
    Row("accounts/<int:account_id>/sessions/", may=ADMINS, no=404, stranger=302, plain=True),
    sent("accounts/<int:account_id>/sessions/", ADMINS, no=404, plain=True),
    # parties
    lists(f"{V1}parties/"),
    writes(f"{V1}parties/", MAY_ENTER, new_party, yes=201, outside=403, other=403),
    reads(f"{V1}parties/<uuid:party_id>/"),
    writes(f"{V1}parties/<uuid:party_id>/reveal/", MAY_REVEAL, lambda t: {"reason": "contract 7"}),
    writes(f"{V1}parties/lookup/", STAFF, lambda t: {"national_id": t.ids["national_id"]}),
    # jobs
    lists("jobs/", stranger=302),
    sent("jobs/<uuid:job_id>/rerun/", EVERYBODY & {Role.ADMIN}, yes=409, outside=403, other=None),
    *(Row(route, may=frozenset({Role.ADMIN}), other=None, outside=403, stranger=stranger)
      for route, stranger in (("operations/", 302), (f"{V1}operations/", 401))),
    sent(
        "operations/run/<str:name>/", frozenset({Role.ADMIN}), outside=403, other=None, ids=(("name", "documents.sweep"),)
    ),
    Row("operations/training/", may=frozenset({Role.ADMIN}), other=None, outside=403, stranger=302),
    sent("operations/training/", frozenset({Role.ADMIN}), yes=400, outside=403, other=None),
    # documents
    page("evidence/papers/<uuid:issued_id>/", may=AUDIT_READ, yes=409),  # no head is signed in these tests
    page(
        "evidence/records/<str:object_type>/<str:object_id>/", may=NOBODY, no=404, other=None,
        ids=(("object_type", "parcels.parcel"), ("object_id", "x")),
    ),
    lists("verify/key/", stranger=200),
    lists("verify/prove.py", stranger=200),
    page("documents/<uuid:document_id>/"),
    page("documents/<uuid:document_id>/original/"),
    page("documents/<uuid:document_id>/record/"),
    page("documents/<uuid:document_id>/replace/"),
    sent("documents/<uuid:document_id>/replace/", SCREENERS, better_scan),
    reads(f"{V1}documents/<uuid:document_id>/"),
    writes(f"{V1}documents/<uuid:document_id>/versions/", SCREENERS, better_scan, yes=201, form=True),
    lists("verify/", stranger=200),
    # tiles
    page("tiles/style.json", may=EVERYBODY, other=None, stranger=401),
    page("tiles/base/<str:z>/<str:x>/<str:y>", may=EVERYBODY, other=None, stranger=401, yes=404, ids=FAR),
    page("tiles/<slug:name>.json", stranger=401, other=None, ids=LAYER),
    page("tiles/<slug:name>/<str:z>/<str:x>/<str:y>.mvt", stranger=401, other=None, yes=204, ids=(*LAYER, *FAR)),
    page("tiles/ortho/<slug:name>/<str:z>/<str:x>/<str:y>.png", stranger=401, other=None, yes=204, ids=FAR),
    page("tiles/ortho/<slug:name>/value", stranger=401, other=None, query="?lon=32.2725&lat=30.5965"),
    # parcels
    lists(f"{V1}parcels/"),
    lists(f"{V1}parcels/changes/", query="?since=2020-01-01&place=19"),
    writes(f"{V1}parcels/", KEEPERS, new_parcel, yes=201, outside=403, other=403),
    reads(PARCEL),
    writes(
        PARCEL, KEEPERS, lambda t: {"on": "2024-01-01", "land_use": "VACANT"},
        method="patch", headers=version(Parcel, "parcel_id"),
    ),
    writes(f"{PARCEL}split/", STAFF, yes=428),  # without a version: who may is asked by the service
    writes(f"{V1}parcels/merge/", EVERYBODY, yes=400, other=None),
    reads(f"{PARCEL}history/"),
    reads(f"{PARCEL}timeline/"),
    reads(f"{PARCEL}holdings/"),
    reads(f"{PARCEL}neighbours/"),
    reads(f"{PARCEL}restrictions/"),
    writes(f"{PARCEL}restrictions/", SCREENERS, lambda t: {"text": "x"}, yes=201),
    writes(f"{PARCEL}screening/", SCREENERS),
    reads(f"{PARCEL}corners/"),
    writes(
        f"{PARCEL}corners/", KEEPERS | {Role.SURVEYOR}, lambda t: {"corners": []}, method="put",
        headers=version(Parcel, "parcel_id"),
    ),
    reads(f"{PARCEL}custody/"),
    writes(f"{PARCEL}custody/", KEEPERS, new_custody, headers=version(Parcel, "parcel_id")),
    writes(
        f"{PARCEL}unified-number/", KEEPERS, lambda t: {"number": f"EG-{t.ids['code']}"}, method="put",
        headers=version(Parcel, "parcel_id"),
    ),
    reads(f"{PARCEL}allocations/"),
    writes(
        f"{PARCEL}allocations/", KEEPERS, new_allocation, yes=201, headers=version(Parcel, "parcel_id"),
    ),
    reads(f"{PARCEL}papers/"),
    writes(f"{PARCEL}papers/", ISSUERS, lambda t: {"product": "extract"}, yes=201),
    reads(f"{PARCEL}drawing/"),
    writes(f"{V1}papers/<uuid:issued_id>/revoke/", ISSUERS, lambda t: {"reason": "خطأ"}),
    writes(f"{V1}allocations/<uuid:allocation_id>/use/", KEEPERS, lambda t: {"on": "2024-05-01"}),
    writes(f"{V1}allocations/<uuid:allocation_id>/withdraw/", KEEPERS, new_withdrawal),
    lists(f"{V1}control-points/"),
    writes(f"{V1}control-points/", MEASURERS, new_control_point, yes=201, outside=403, other=403),
    reads(f"{V1}control-points/<uuid:point_id>/"),
    writes(
        f"{V1}control-points/<uuid:point_id>/", MEASURERS, lambda t: {"condition": "LOST"}, method="patch",
        headers=lambda t: {"If-Match": etag_of_point(ControlPoint.objects.get(pk=t.ids["point_id"]))},
    ),
    Row(f"{V1}protection-layers/", other=None, outside=403),
    writes(
        f"{V1}protection-layers/", frozenset({Role.GIS_OFFICER}), new_layer, yes=201, outside=403, other=403,
    ),
    # law
    Row(f"{V1}rules/", may=STAFF | {Role.ADMIN}, other=None, outside=403),
    writes(
        f"{V1}rules/", frozenset({Role.LEGAL_OFFICER, Role.ADMIN}), new_rule, yes=201, outside=403, other=None,
    ),
    writes(
        f"{V1}rules/<int:rule_id>/<str:act>/", frozenset({Role.LEGAL_OFFICER, Role.SECRETARY_GENERAL}),
        outside=403, other=None, ids=(("act", "enforce"),),
    ),
    *(Row(f"{V1}{part}", may=STAFF | {Role.ADMIN}, other=None, outside=403) for part in ("holidays/", "calendar/")),
    writes(
        f"{V1}holidays/", frozenset({Role.LEGAL_OFFICER, Role.ADMIN}), new_holiday, yes=201, outside=403, other=None,
    ),
    writes(
        f"{V1}holidays/<int:holiday_id>/<str:act>/", frozenset({Role.LEGAL_OFFICER, Role.SECRETARY_GENERAL}),
        outside=403, other=None, ids=(("act", "enforce"),),
    ),
    writes(f"{V1}bulk-acts/", KEEPERS, new_bulk_act, yes=201, no=409, outside=404, other=404),
    reads(f"{V1}bulk-acts/<uuid:act_id>/"),
    writes(f"{V1}bulk-acts/<uuid:act_id>/carry-out/", KEEPERS, yes=202),
    writes(f"{V1}bulk-acts/<uuid:act_id>/withdraw/", KEEPERS, lambda t: {"reason": "x"}),
    writes(f"{V1}edits/preview/", KEEPERS, new_edit),
    writes(f"{V1}edits/trace/", STAFF, traced),
    lists(f"{V1}edits/"),
    writes(f"{V1}edits/", KEEPERS, proposed_edit, yes=201),
    reads(f"{V1}edits/<uuid:edit_id>/"),
    writes(f"{V1}edits/<uuid:edit_id>/accept/", KEEPERS, headers=edit_version),
    writes(f"{V1}edits/<uuid:edit_id>/refuse/", KEEPERS, lambda t: {"reason": "x"}, headers=edit_version),
    writes(f"{V1}edits/<uuid:edit_id>/withdraw/", NONE, lambda t: {"reason": "x"}, headers=edit_version),
    writes(f"{V1}edits/<uuid:edit_id>/undo/", KEEPERS, lambda t: {"reason": "x"}, yes=409, headers=edit_version),
    Row(f"{V1}saved-filters/", other=None, outside=403),
    writes(f"{V1}saved-filters/", STAFF, new_filter, yes=201, outside=403, other=None),
    writes(f"{V1}saved-filters/<uuid:saved_id>/", NONE, method="delete", no=404, outside=403, other=None),
    lists(f"{V1}assets/"),
    writes(f"{V1}assets/", KEEPERS, new_asset, yes=201, outside=403, other=403),
    reads(ASSET),
    writes(ASSET, KEEPERS, lambda t: {"closed_on": "2026-01-01"}, method="patch", headers=version(Asset, "asset_id")),
    reads(f"{PARCEL}sheet/"),
    # cases
    lists(f"{V1}cases/"),
    writes(f"{V1}cases/", frozenset({Role.PROPERTY_OFFICER, Role.FRONT_DESK}), new_lease, yes=201, outside=404),
    reads(CASE),
    reads(f"{CASE}acts/"),
    writes(
        f"{CASE}acts/", frozenset({Role.INSPECTOR, Role.SURVEYOR}), lambda t: {"act": "inspect", "papers": PAPERS},
        headers=version(Case, "case_id"),
    ),
    reads(f"{CASE}papers/"),
    writes(f"{CASE}papers/", AT_WORK, lambda t: PAPERS[0], yes=201),
    writes(f"{CASE}papers/<int:paper_id>/withdraw/", AT_WORK, lambda t: {"reason": "x"}),
    lists("cases/", stranger=302),
    lists("cases/parties/", stranger=302),
    page("cases/<uuid:case_id>/"),
    page("cases/<uuid:case_id>/sheet/"),
    page("cases/<uuid:case_id>/papers/new/"),  # the form; whoever sends it is asked again
    page("cases/<uuid:case_id>/papers/<int:paper_id>/withdraw/"),
    page("cases/<uuid:case_id>/acts/<slug:name>/", ids=(("name", "inspect"),)),
    lists("leases/", yes=302, stranger=302),
    lists("encroachments/", yes=302, stranger=302),
    lists("custody/", yes=302, stranger=302),
    page("custody/new/", other=None, outside=403),
    page("leases/new/", other=None, outside=403),
    page("encroachments/new/", other=None, outside=403),
    lists("encroachments/measured/", yes=405, stranger=302),
    # search
    Row(f"{V1}search/", other=None, query="?q=1", outside=403),
    # surveys
    lists(f"{V1}submissions/"),
    writes(f"{V1}submissions/", SUBMIT, new_survey, yes=202, outside=403, other=400, form=True),
    reads(SURVEY),
    reads(f"{SURVEY}features/"),
    reads(f"{SURVEY}faults/"),
    reads(f"{SURVEY}acts/"),
    writes(f"{SURVEY}acts/", DECIDE, to_return),
    lists("surveys/", stranger=302),
    lists("surveys/new/", stranger=302),
    sent("surveys/new/", SUBMIT, new_survey, outside=403, other=400),
    page(SURVEY_PAGE),
    page(f"{SURVEY_PAGE}progress/"),
    page(f"{SURVEY_PAGE}faults/<int:fault_id>/"),
    sent(f"{SURVEY_PAGE}answers/", STAFF),
    sent(f"{SURVEY_PAGE}acts/", DECIDE, to_return),
    # exports: everybody's own requests only
    lists(f"{V1}exports/"),
    writes(f"{V1}exports/", STAFF, new_export, yes=202, outside=403, other=None),
    reads(EXPORT, yes=404, other=None, ids=NO_EXPORT),
    reads(f"{EXPORT}file/", yes=404, other=None, ids=NO_EXPORT),
    lists("exports/", stranger=302),
    sent("exports/", STAFF, new_export, outside=403, other=None),
    lists("exports/mine/", stranger=302),
    page("exports/<uuid:export_id>/file/", yes=404, other=None, ids=NO_EXPORT),
    # litigation
    lists(f"{V1}suits/"),
    writes(f"{V1}suits/", LAWYERS, new_suit, yes=201, other=404, outside=404),
    reads(f"{V1}suits/<uuid:suit_id>/"),
    writes(f"{V1}suits/<uuid:suit_id>/hearings/", LAWYERS, lambda t: {"held_on": "2026-01-05"}, yes=201, headers=suit_version),
    writes(f"{V1}suits/<uuid:suit_id>/hearings/<int:hearing_id>/", LAWYERS, lambda t: {"outcome": "تأجيل"}, headers=suit_version),
    writes(f"{V1}suits/<uuid:suit_id>/judgments/", LAWYERS, new_judgment, yes=201, headers=suit_version),
    writes(f"{V1}suits/<uuid:suit_id>/judgments/<int:judgment_id>/confirm/", CONFIRMERS, headers=suit_version),
    *(page(part, other=None, outside=403) for part in SUITS),
    sent("suits/new/", STAFF, yes=400, outside=403, other=None),
    page("suits/<uuid:suit_id>/"),
    page("suits/<uuid:suit_id>/acts/<slug:name>/", ids=(("name", "hearing"),)),
    sent(
        "suits/<uuid:suit_id>/acts/<slug:name>/", LAWYERS,
        lambda t: {"held_on": "2026-01-06", "row_version": suit_version(t)["If-Match"].strip('"')}, ids=(("name", "hearing"),),
    ),
    # correspondence
    lists(f"{V1}letters/"),
    writes(f"{V1}letters/", REGISTRARS, new_letter, yes=201, outside=404),
    reads(f"{V1}letters/<uuid:letter_id>/"),
    writes(f"{V1}letters/<uuid:letter_id>/acts/", DIRECTORS, lambda t: {"act": "file"}, headers=letter_version),
    writes(
        f"{V1}letters/<uuid:letter_id>/enclosures/", DIRECTORS, yes=201, headers=letter_version, form=True,
        body=lambda t: {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.4 x")},
    ),
    lists(f"{V1}memos/"),
    writes(f"{V1}memos/", WRITERS, lambda t: new_memo(t) | {"case": str(t.ids["case_id"])}, yes=201),
    reads(f"{V1}memos/<uuid:memo_id>/"),
    writes(f"{V1}memos/<uuid:memo_id>/versions/", WRITERS, new_memo, yes=201, headers=memo_version),
    writes(f"{V1}memos/<uuid:memo_id>/issue/", HEADS, headers=memo_version),
    writes(f"{V1}memos/<uuid:memo_id>/withdraw/", WRITERS, lambda t: {"reason": "خطأ"}, headers=memo_version),
    *(page(part, other=None, outside=403) for part in (
        "letters/", "letters/register/", "letters/register.xlsx", "letters/incoming/new/", "letters/outgoing/new/",
    )),
    sent("letters/incoming/new/", STAFF, yes=400, outside=403, other=None),
    sent("letters/outgoing/new/", STAFF, yes=400, outside=403, other=None),
    page("letters/<uuid:letter_id>/"),
    page("letters/<uuid:letter_id>/acts/<slug:name>/", ids=(("name", "file"),)),
    sent(
        "letters/<uuid:letter_id>/acts/<slug:name>/", DIRECTORS,
        lambda t: {"row_version": letter_version(t)["If-Match"].strip('"')}, ids=(("name", "file"),),
    ),
    page("cases/<uuid:case_id>/memos/new/"),
    sent("cases/<uuid:case_id>/memos/new/", WRITERS, new_memo),
    page("memos/<uuid:memo_id>/"),
    page("memos/<uuid:memo_id>/acts/<slug:name>/", ids=(("name", "withdraw"),)),
    sent(
        "memos/<uuid:memo_id>/acts/<slug:name>/", WRITERS,
        lambda t: {"reason": "خطأ", "row_version": memo_version(t)["If-Match"].strip('"')}, ids=(("name", "withdraw"),),
    ),
    # workspace: acts on many parcels, kept filters
    page("parcels/changes/", other=None, outside=403, query="?since=2020-01-01&place=19"),
    *(page(part, other=None, outside=403) for part in ("parcels/bulk/", "parcels/bulk/new/")),
    sent("parcels/bulk/new/", STAFF, yes=400, outside=403, other=None),
    page("parcels/bulk/<uuid:act_id>/"),
    sent("parcels/bulk/<uuid:act_id>/decide/", KEEPERS),
    page("edits/", other=None, outside=403),
    page("edits/<uuid:edit_id>/"),
    sent("edits/<uuid:edit_id>/decide/", KEEPERS, lambda t: {"decision": "refuse", "reason": "x", "row_version": 1}),
    sent("saved-filters/", STAFF, lambda t: new_filter(t), outside=403, other=None),
    sent("saved-filters/<uuid:saved_id>/close/", NONE, no=404, outside=403, other=None),
    # workspace: assets
    page("assets/new/", other=None, outside=403),
    sent("assets/new/", STAFF, yes=400, outside=403, other=None),
    page("assets/<uuid:asset_id>/"),
    page("assets/<uuid:asset_id>/acts/<slug:name>/", ids=(("name", "change"),)),
    sent(
        "assets/<uuid:asset_id>/acts/<slug:name>/", KEEPERS,
        lambda t: {"name_ar": "كشك", "row_version": Asset.objects.get(pk=t.ids["asset_id"]).row_version},
        ids=(("name", "change"),),
    ),
    # workspace: the book of persons
    *(Row(part, other=None, outside=403, stranger=302) for part in ("parties/", "parties/new/", "parties/pick/")),
    Row("parties/reveals/", other=None, outside=403, stranger=302),
    sent("parties/reveals/", STAFF, yes=200, outside=403, other=None),
    sent("parties/new/", STAFF, yes=400, outside=403, other=None),
    page("parties/<uuid:party_id>/"),
    page("parties/<uuid:party_id>/acts/<slug:name>/", ids=(("name", "contact"),)),
    sent("parties/<uuid:party_id>/acts/<slug:name>/", MAY_ENTER, lambda t: {"phone": ""}, ids=(("name", "contact"),)),
    # workspace: keeping the book sound
    *(Row(part, other=None, outside=403, stranger=302) for part in ("work/", "inventory/")),
    sent("work/", STAFF, yes=400, outside=403, other=None),
    sent("inventory/", STAFF, yes=400, outside=403, other=None),
    page("inventory/<uuid:inventory_id>/"),
    page("inventory/<uuid:inventory_id>/differences/"),
    page("inventory/<uuid:inventory_id>/lines/<int:line_id>/"),
    sent("inventory/<uuid:inventory_id>/lines/<int:line_id>/", COUNTERS, lambda t: {"finding": "AGREES"}),
    sent("inventory/<uuid:inventory_id>/sign/", SIGNERS),
    # workspace: the reference
    *(Row(f"reference/{part}", may=STAFF | {Role.ADMIN}, other=None, outside=403, stranger=302)
      for part in ("", "rules/", "places/", "calendar/")),
    sent(
        "reference/calendar/", frozenset({Role.LEGAL_OFFICER, Role.ADMIN}),
        lambda t: {"day": "01/02/2031", "name_ar": "عطلة", "source": "قرار"}, outside=403, other=None,
    ),
    sent(
        "reference/calendar/<int:holiday_id>/decide/", frozenset({Role.LEGAL_OFFICER, Role.SECRETARY_GENERAL}),
        lambda t: {"act": "enforce"}, outside=403, other=None,
    ),
    *(Row(f"reference/{part}", other=None, outside=403, stranger=302) for part in ("protection/", "control-points/")),
    page("reference/control-points/<uuid:point_id>/"),
    sent(
        "reference/control-points/<uuid:point_id>/", MEASURERS, lambda t: {"condition": "LOST", "visited_on": "01/02/2026"}
    ),
    sent("reference/protection/", STAFF, yes=400, outside=403, other=None),
    sent("reference/control-points/", STAFF, yes=400, outside=403, other=None),
    Row("reference/places/<slug:code>/", may=STAFF | {Role.ADMIN}, other=200, outside=403, stranger=302),
    sent("reference/places/<slug:code>/", KEEPERS | {Role.ADMIN}, lambda t: {"aliases": "اسم"}, outside=403, other=403),
    Row(
        "reference/rules/propose/<str:rule_code>/", may=STAFF | {Role.ADMIN}, other=None, outside=403, stranger=302,
        ids=(("rule_code", "protection.roads"),),
    ),
    sent(
        "reference/rules/<int:rule_id>/decide/", frozenset({Role.LEGAL_OFFICER, Role.SECRETARY_GENERAL}),
        lambda t: {"act": "enforce"}, outside=403, other=None,
    ),
    # workspace
    page("", other=None, outside=403),
    page("map/", other=None, outside=403),
    page("map/results/", other=None, outside=403),
    lists("inbox/", stranger=302),
    lists("search/", stranger=302),
    lists("parcels/", stranger=302),
    page("parcels/<uuid:parcel_id>/"),
    page("parcels/<uuid:parcel_id>/card/"),
    page("parcels/<uuid:parcel_id>/sheet/"),
    sent("parcels/<uuid:parcel_id>/papers/<slug:product>/", ISSUERS, ids=(("product", "extract"),)),
    page("parcels/<uuid:parcel_id>/drawing/"),
    page("papers/<uuid:issued_id>/revoke/"),
    sent("papers/<uuid:issued_id>/revoke/", ISSUERS, lambda t: {"reason": "خطأ"}),
    page("parcels/new/", other=None, outside=403),
    sent("parcels/new/", STAFF, yes=400, outside=403, other=None),
    page("parcels/pick/places/", other=None, outside=403),
    page("parcels/pick/bodies/", other=None, outside=403),
    page("parcels/<uuid:parcel_id>/acts/<slug:name>/", ids=(("name", "change"),)),
    sent(
        "parcels/<uuid:parcel_id>/acts/<slug:name>/", SCREENERS,
        lambda t: {"text": "x", "row_version": Parcel.objects.get(pk=t.ids["parcel_id"]).row_version},
        ids=(("name", "restrict"),),
    ),
)  # fmt: skip
