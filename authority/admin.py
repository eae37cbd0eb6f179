"""Django's administration: reference tables only, superusers only, and no spatial lookups (threats A4).

The list can be searched by name and code, and filtered by the declared fields; any other lookup in the address
(`?geom__bboverlaps=…`) is refused before it reaches the database.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from authority import audit, changes, clock
from authority.models import Custodian, Office, Place, User

PLACE_EDITED = audit.declare("authority.reference_edited", "Reference table edited")


def only_superusers(request: HttpRequest) -> bool:
    """Let only active superusers into the administration."""
    return bool(request.user.is_active and request.user.is_superuser)


@login_not_required
def our_door(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """Lead to the site's own sign-in page, where attempts are counted and the second factor is asked."""
    return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?next={quote(request.GET.get('next') or '/admin/')}")


def our_account(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """Lead to the page of the account, where a change of password is recorded and ends other sessions."""
    return HttpResponseRedirect(reverse("authority:account"))


admin.site.has_permission = only_superusers  # type: ignore[method-assign]
admin.site.login = our_door  # type: ignore[method-assign]
admin.site.password_change = our_account  # type: ignore[method-assign,assignment]
for device in (TOTPDevice, StaticDevice):  # a secret is nobody's to look at, and two people take one off
    admin.site.unregister(device)


class ReferenceAdmin(admin.ModelAdmin[Any]):
    """A reference table: found by text, never deleted, each change in the audit."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Permit only the declared filters, whatever else the address asks for."""
        return lookup.partition("__")[0] in self.list_filter and lookup.count("__") <= 1 and "geom" not in lookup

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: what the land book refers to is closed, not deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save with an audit event."""
        super().save_model(request, obj, form, change)
        changes.changed(obj._meta.model_name or "", [obj.pk])
        if isinstance(request.user, User):
            detail = {"fields": form.changed_data, "new": not change}
            audit.record(PLACE_EDITED, by=request.user, at=clock.now(), obj=obj, detail=detail)


@admin.register(Place)
class PlaceAdmin(ReferenceAdmin):
    """The tree of places; outlines are imported, not typed."""

    list_display = ("path", "kind", "name_ar", "name_en")
    list_filter = ("kind",)
    search_fields = ("=code", "name_ar", "name_en")
    exclude = ("geom",)
    raw_id_fields = ("parent",)


@admin.register(Custodian)
class CustodianAdmin(ReferenceAdmin):
    """The custodian authorities."""

    list_display = ("code", "name_ar", "name_en")
    search_fields = ("code", "name_ar", "name_en")


@admin.register(Office)
class OfficeAdmin(ReferenceAdmin):
    """The offices with their jurisdictions."""

    list_display = ("code", "name_ar", "place", "custodian")
    search_fields = ("code", "name_ar", "name_en")
    raw_id_fields = ("parent", "place")
