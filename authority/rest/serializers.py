"""How places and people look in the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from authority.models import Place, User
from authority.policies import scope_of


class StrictSerializer(serializers.Serializer[Any]):
    """What a program may send: an unknown field is refused, so that nothing is set by surprise (threats B8)."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the fields; raises ValidationError, also for an unknown field."""
        if isinstance(data, Mapping):
            unknown = sorted(str(name) for name in set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError({name: [_("This field is not known here.")] for name in unknown})
        parsed: dict[str, Any] = super().to_internal_value(data)
        return parsed

    @classmethod
    def read(cls, request: Request) -> dict[str, Any]:
        """Return what the request sent; raises ValidationError."""
        form = cls(data=request.data)
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)


class PlaceSerializer(serializers.ModelSerializer[Place]):
    """A unit of the administrative or cadastral tree."""

    name = serializers.CharField(read_only=True, help_text="the name in the reader's language")
    parent = serializers.CharField(source="parent.code", default=None, read_only=True)  # type: ignore[assignment]  # a field, not the serializer this names
    governorate = serializers.CharField(source="governorate_code", read_only=True)

    class Meta:
        model = Place
        fields = (
            "code", "kind", "name", "name_ar", "name_en", "aliases", "hod_no", "hod_section", "parent", "path",
            "governorate",
        )  # fmt: skip
        read_only_fields = fields


class RoleSerializer(serializers.Serializer[Any]):
    """One role in one jurisdiction."""

    role = serializers.CharField()
    place = serializers.CharField(allow_null=True, help_text="path of the place with all below it; null = any")
    custodian = serializers.IntegerField(allow_null=True, help_text="null = any")


class MandateSerializer(serializers.Serializer[Any]):
    """A role that another officer lends the caller, for acts on files."""

    role = serializers.CharField()
    place = serializers.CharField(allow_null=True, help_text="path of the place with all below it; null = any")
    custodian = serializers.IntegerField(allow_null=True, help_text="null = any")
    on_behalf_of = serializers.CharField(help_text="name of the officer who lends it")
    decree = serializers.CharField()
    files = serializers.ListField(child=serializers.CharField(), help_text="kinds of file; none = all")


class MeSerializer(serializers.ModelSerializer[User]):
    """Who is asking and what is open to them."""

    roles = serializers.SerializerMethodField()
    mandates = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("username", "name_ar", "name_en", "language", "digits", "theme", "roles", "mandates")
        read_only_fields = fields

    @extend_schema_field(RoleSerializer(many=True))
    def get_roles(self, user: User) -> list[dict[str, Any]]:
        """Return the roles held today."""
        grants = sorted(scope_of(user).grants)
        return [{"role": g.role, "place": g.path or None, "custodian": g.custodian_id or None} for g in grants]

    @extend_schema_field(MandateSerializer(many=True))
    def get_mandates(self, user: User) -> list[dict[str, Any]]:
        """Return what others lend today."""
        return [
            {
                "role": one.grant.role, "place": one.grant.path or None, "custodian": one.grant.custodian_id or None,
                "on_behalf_of": one.giver, "decree": one.decree, "files": list(one.files),
            }
            for one in sorted(scope_of(user).mandates)
        ]  # fmt: skip


class NothingBody(StrictSerializer):
    """Nothing is sent with it: whatever is sent is refused."""
