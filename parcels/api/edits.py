"""`/api/v1/edits/`: boundaries edited on the map; previewed, proposed by one, accepted by another, undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.asking import asker
from authority.rest.etags import IF_MATCH, check_if_match, etag_of
from authority.rest.paging import CursorPaging
from authority.rest.queries import parameters
from authority.rest.serializers import NothingBody, StrictSerializer
from parcels import services
from parcels.api import asked as queries
from parcels.edit_asked import Asked
from parcels.models import EditProposal
from parcels.selectors.edits import edit_by_id, edits
from parcels.services.edit_plan import MOST_PARCELS, plan_edit, trace_along
from parcels.showing import shapes_of, shapes_planned

MOST_PIECES = 48  # heirs of one estate


class PointField(serializers.ListField):
    """Two numbers: east and north, or longitude and latitude."""

    def __init__(self, **how: Any) -> None:
        super().__init__(child=serializers.FloatField(), min_length=2, max_length=2, **how)


class EditBody(StrictSerializer):
    """One edit. `points` are the line, the outline or the one corner, in `crs`."""

    kind = serializers.ChoiceField(EditProposal.Kind.choices)
    parcels = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST_PARCELS)
    on = serializers.DateField(help_text="day of law from which it is true")
    points = serializers.ListField(child=PointField(), max_length=settings.EDIT_VERTICES, required=False)
    crs = serializers.CharField(max_length=64, required=False, help_text="EPSG:22992 …; EPSG:4326 when missing")
    snap = serializers.BooleanField(required=False, help_text="points take the neighbours' corners and edges; true")
    side = serializers.ChoiceField(["E", "W", "N", "S"], required=False, help_text="CUT: from which side")
    edge = serializers.IntegerField(min_value=0, required=False, help_text="CUT: from this edge, parallel to it")
    bearing = serializers.FloatField(required=False, help_text="degrees clockwise from north of the working grid")
    areas = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=MOST_PIECES, required=False,
        help_text="CUT: 2ف 4ط, 2-4-0 or m², one after the other",
    )  # fmt: skip
    shares = serializers.ListField(
        child=serializers.CharField(max_length=15), max_length=MOST_PIECES, required=False,
        help_text="CUT: fractions of the whole, 1/8; they add up to 1",
    )  # fmt: skip
    to = PointField(required=False, help_text="CORNER: where it goes, in `to_crs`")
    to_crs = serializers.CharField(max_length=64, required=False)
    distance = serializers.FloatField(required=False, help_text="CORNER: metres along `bearing`")
    holes = serializers.BooleanField(required=False, help_text="MERGE: a hole it encloses is meant")


ASKED = ("kind", "parcels", "points", "crs", "snap", "side", "edge", "bearing", "areas", "shares", "to", "to_crs",
         "distance", "holes")  # fmt: skip


def asked_of(said: dict[str, Any]) -> Asked:
    """Return what a body asks."""
    return Asked.of(**{name: said[name] for name in ASKED if name in said})


class ReadVersion(StrictSerializer):
    """A parcel as it was read."""

    parcel = serializers.UUIDField()
    row_version = serializers.IntegerField()


class ProposalBody(EditBody):
    """An edit to propose."""

    basis = serializers.CharField(max_length=200, help_text="the paper it rests on")
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    numbers = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=MOST_PIECES + 1, required=False,
        help_text="of the parcels that come to be, in the preview's order",
    )  # fmt: skip
    versions = ReadVersion(many=True, help_text="row versions of the preview: refused with 412 if one moved on since")


class ReasonBody(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=300)


class TraceBody(StrictSerializer):
    """A way along a parcel's outline between two points near it."""

    parcel = serializers.UUIDField()
    on = serializers.DateField()
    start = PointField()
    end = PointField()
    crs = serializers.CharField(max_length=64, required=False)
    longer = serializers.BooleanField(required=False)


class TraceSerializer(serializers.Serializer[Any]):
    """The way, in degrees."""

    points = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))


class FqsSerializer(serializers.Serializer[Any]):
    """An area in feddan, qirat and sahm."""

    feddan = serializers.IntegerField()
    qirat = serializers.IntegerField()
    sahm = serializers.DecimalField(6, 2)


class ShapeSerializer(serializers.Serializer[Any]):
    """A parcel before and after; one of both is null where it comes to be or ends."""

    parcel = serializers.UUIDField(allow_null=True)
    parcel_code = serializers.CharField()
    number = serializers.CharField()
    row_version = serializers.IntegerField(allow_null=True)
    before = serializers.JSONField(help_text="GeoJSON Polygon, EPSG:4326")
    after = serializers.JSONField(help_text="GeoJSON Polygon, EPSG:4326")
    area_before_m2 = serializers.DecimalField(14, 4, allow_null=True)
    area_after_m2 = serializers.DecimalField(14, 4, allow_null=True)
    fqs_before = FqsSerializer(allow_null=True)
    fqs_after = FqsSerializer(allow_null=True)
    made = serializers.UUIDField(allow_null=True, help_text="the parcel that bears it now")


class PreviewSerializer(serializers.Serializer[Any]):
    """What an edit would do."""

    kind = serializers.ChoiceField(EditProposal.Kind.choices)
    working_crs = serializers.CharField()
    shapes = ShapeSerializer(many=True)
    told = serializers.JSONField(help_text="neighbours touched, holdings, gaps closed: each with a code")


class EditSerializer(serializers.ModelSerializer[EditProposal]):
    """An edit that was proposed."""

    place = serializers.CharField(source="place.code")
    proposed_by = serializers.CharField(source="proposed_by.username")
    decided_by = serializers.CharField(source="decided_by.username", default=None)
    undone_by = serializers.CharField(source="undone_by.username", default=None)

    class Meta:
        model = EditProposal
        fields: tuple[str, ...] = (
            "id", "kind", "on", "basis", "reason", "place", "state", "proposed_by", "proposed_at", "decided_by",
            "decided_at", "decision", "undone_by", "undone_at", "undone_why", "told",
        )  # fmt: skip
        read_only_fields = fields


class EditDetail(EditSerializer):
    """An edit with its shapes."""

    shapes = serializers.SerializerMethodField()

    class Meta(EditSerializer.Meta):
        fields = (*EditSerializer.Meta.fields, "shapes")
        read_only_fields = fields

    @extend_schema_field(ShapeSerializer(many=True))
    def get_shapes(self, edit: EditProposal) -> list[dict[str, Any]]:
        """Each parcel before and after."""
        return [dict(ShapeSerializer(one).data) for one in shapes_of(edit)]


def etag(edit: EditProposal) -> str:
    """Return the strong ETag of an edit's state."""
    return etag_of(edit._meta.label_lower, edit.pk, edit.row_version)


def shown(edit: EditProposal, status: int = 200) -> Response:
    """Return an edit with its ETag."""
    headers = {"ETag": etag(edit)} | ({"Location": f"/api/v1/edits/{edit.pk}/"} if status == 201 else {})
    return Response(EditDetail(edit).data, status=status, headers=headers)


class EditPreview(APIView):
    """Working an edit out."""

    @extend_schema(operation_id="preview_edit", request=EditBody, responses=PreviewSerializer)
    def post(self, request: Request) -> Response:
        """Show what an edit would do, with areas; nothing is written."""
        said = EditBody.read(request)
        plan = plan_edit(by=asker(request), asked=asked_of(said), on=said["on"])
        found = {
            "kind": plan.asked.kind,
            "working_crs": f"EPSG:{plan.srid}",
            "shapes": shapes_planned(plan),
            "told": plan.told,
        }
        return Response(PreviewSerializer(found).data)


class Trace(APIView):
    """Walking along a neighbour."""

    @extend_schema(operation_id="trace_outline", request=TraceBody, responses=TraceSerializer)
    def post(self, request: Request) -> Response:
        """Return the way along a parcel's outline, with every corner it passes; nothing is written."""
        points = trace_along(by=asker(request), **TraceBody.read(request))
        return Response({"points": points})


class Edits(generics.ListAPIView[EditProposal]):
    """Edits of boundaries."""

    queryset = EditProposal.objects.none()
    serializer_class = EditSerializer
    pagination_class = CursorPaging
    cursor_ordering = "-proposed_at"

    def get_queryset(self) -> QuerySet[EditProposal]:
        """Return the edits in the reader's sight."""
        given = parameters(self.request, ("state",))
        values = queries.read(given, {"state": lambda text: EditProposal.State(text).value})
        return edits(asker(self.request), values.get("state", ""))

    @extend_schema(
        operation_id="edits_list", parameters=[OpenApiParameter("state", str)], responses=EditSerializer(many=True)
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the edits, the newest first."""
        return self.list(request, *args, **kwargs)

    @extend_schema(operation_id="propose_edit", request=ProposalBody, responses={201: EditDetail})
    def post(self, request: Request) -> Response:
        """Propose an edit: it waits for a second officer."""
        said = ProposalBody.read(request)
        versions = {one["parcel"]: one["row_version"] for one in said["versions"]}
        made = services.propose_edit(
            by=asker(request), at=clock.now(), asked=asked_of(said), on=said["on"], basis=said["basis"],
            reason=said.get("reason", ""), names=said.get("numbers", ()), versions=versions,
        )  # fmt: skip
        return shown(made, status=201)


class EditOne(APIView):
    """One of them."""

    @extend_schema(operation_id="edit", responses=EditDetail)
    def get(self, request: Request, edit_id: UUID) -> Response:
        """Show it with its shapes and its ETag."""
        parameters(request, ())
        return shown(edit_by_id(edit_id, asker(request)))


Act = Callable[..., EditProposal]


def done(request: Request, edit_id: UUID, act: Act, body: type[StrictSerializer]) -> Response:
    """Do what was asked with an edit as it was read; needs If-Match."""
    user = asker(request)
    edit = edit_by_id(edit_id, user)
    check_if_match(request, etag(edit))
    said = body.read(request)
    return shown(act(by=user, at=clock.now(), proposal=edit, expected=edit.row_version, **said))


class EditAcceptance(APIView):
    """The second officer's word."""

    @extend_schema(operation_id="accept_edit", parameters=[IF_MATCH], request=None, responses=EditDetail)
    def post(self, request: Request, edit_id: UUID) -> Response:
        """Write it into the book, as another officer than who proposed it; needs If-Match."""
        return done(request, edit_id, services.accept_edit, NothingBody)


class EditRefusal(APIView):
    """The second officer's no."""

    @extend_schema(operation_id="refuse_edit", parameters=[IF_MATCH], request=ReasonBody, responses=EditDetail)
    def post(self, request: Request, edit_id: UUID) -> Response:
        """Refuse it with the reason; needs If-Match."""
        return done(request, edit_id, services.refuse_edit, ReasonBody)


class EditWithdrawal(APIView):
    """Taking it back."""

    @extend_schema(operation_id="withdraw_edit", parameters=[IF_MATCH], request=ReasonBody, responses=EditDetail)
    def post(self, request: Request, edit_id: UUID) -> Response:
        """Take back one's own proposal; needs If-Match."""
        return done(request, edit_id, services.withdraw_edit, ReasonBody)


class EditUndoing(APIView):
    """Undoing it."""

    @extend_schema(operation_id="undo_edit", parameters=[IF_MATCH], request=ReasonBody, responses=EditDetail)
    def post(self, request: Request, edit_id: UUID) -> Response:
        """Restore the former boundaries by new versions, unless something was built on them; needs If-Match."""
        return done(request, edit_id, services.undo_edit, ReasonBody)
