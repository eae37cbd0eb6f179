"""`/api/v1/protection-layers/`: what parcels are screened against, loaded whole, dated, with its source."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.asking import asker
from authority.policies import STAFF_READ, require
from authority.rest.queries import parameters
from parcels import services
from parcels.api import asked
from parcels.api.asked import Body
from parcels.models import ProtectionLayer, ProtectionZone
from parcels.selectors.protection import layers_seen

MOST_ZONES = 20_000


class LayerSerializer(serializers.ModelSerializer[ProtectionLayer]):
    """A layer, whom it covers, its source and date."""

    covers = serializers.CharField(source="covers.code", default=None, read_only=True, help_text="null: the country")
    zones = serializers.IntegerField(source="zone_count", read_only=True)

    class Meta:
        model = ProtectionLayer
        fields = ("code", "name_ar", "name_en", "covers", "source", "dated_on", "loaded_at", "zones")
        read_only_fields = fields


class LayerBody(serializers.Serializer[Any]):
    """A layer to load in place of the one with this code."""

    code = serializers.SlugField(max_length=40)
    name_ar = serializers.CharField(max_length=160)
    name_en = serializers.CharField(required=False)
    covers = serializers.CharField(required=False, help_text="code of the governorate; the country when missing")
    source = serializers.CharField(max_length=200)  # type: ignore[assignment]  # a field, not what this names
    dated_on = serializers.DateField()
    crs = serializers.CharField(required=False, help_text="EPSG:4326 when missing")
    features = serializers.ListField(help_text="GeoJSON features; properties `name`, `feature` (TRAINING_LINE …)")


class ProtectionLayers(APIView):
    """The layers parcels are screened against."""

    @extend_schema(operation_id="protection_layers_list", responses=LayerSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the layers with their dates."""
        require(asker(request), STAFF_READ)
        parameters(request, ())
        return Response(LayerSerializer(layers_seen(asker(request)), many=True).data)

    @extend_schema(operation_id="protection_layers_load", request=LayerBody, responses={201: LayerSerializer})
    def post(self, request: Request) -> Response:
        """Load a layer whole; what was screened against it before is not checked any more."""
        body = Body(request.data)
        given: dict[str, Any] = {
            "code": body.need("code", asked.text),
            "name_ar": body.need("name_ar", asked.text),
            "name_en": body.take("name_en", asked.text, "") or "",
            "covers": body.take("covers", asked.place),
            "source": body.need("source", asked.text),
            "dated_on": body.need("dated_on", asked.date),
            "crs": body.take("crs", asked.text, "EPSG:4326") or "EPSG:4326",
            "zones": [zone(one) for one in body.need("features", features)],
        }
        body.end()
        made = services.load_layer(by=asker(request), at=clock.now(), **given)
        (row,) = layers_seen(asker(request)).filter(pk=made.pk)
        return Response(LayerSerializer(row).data, status=201)


def features(value: Any) -> list[Any]:
    """Take a list of GeoJSON features, each with a readable shape."""
    if not isinstance(value, list) or len(value) > MOST_ZONES:
        raise TypeError(value)
    for one in value:
        zone(one)
    return value


def zone(one: Any) -> services.Zone:
    """Read one feature."""
    said = one.get("properties") or {}
    kind = ProtectionZone.Feature(said.get("feature") or "AREA")
    name = said.get("name") or ""
    return services.Zone(asked.as_wkb(one["geometry"]), str(name)[:160], kind)
