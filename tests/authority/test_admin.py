"""The administration: superusers, reference tables, no spatial lookups (threats A4)."""

import itertools

import pytest
from django.contrib import admin
from django.test import Client

from authority.models import AuditEvent, Custodian, Office, Place, Role, User
from tests.authority.builders import make_place, make_user

pytestmark = pytest.mark.django_db
LOOKUPS = (
    "geom",
    "geom__bboverlaps",
    "geom__intersects",
    "geom_3857__contains",
    "geom__isnull",
    "parent__geom__within",
)
VALUES = (
    "/vsicurl/http://127.0.0.1:9/x.tif",
    '{"driver": "GTiff", "name": "/tmp/amlak-a4.tif"}',
    "POINT(0 0)",
    "1",
    "\x00",
)


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_only_reference_tables_are_there() -> None:
    from django.contrib.auth.models import Group

    assert set(admin.site._registry) - {Group} >= {Place, Custodian, Office}
    assert all(
        model in {Place, Custodian, Office} for model in admin.site._registry if model._meta.app_label == "authority"
    )


def test_staff_and_officers_stay_out(client: Client) -> None:
    user = make_user(Role.GOVERNOR, Role.ADMIN)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client.force_login(user)
    assert client.get("/admin/authority/place/").status_code == 302


def test_a_superuser_finds_places_by_name(root: Client) -> None:
    make_place()
    assert "19" in root.get("/admin/authority/place/?q=19").content.decode()
    assert root.get("/admin/authority/place/?kind__exact=GOVERNORATE").status_code == 200


@pytest.mark.parametrize(("lookup", "value"), list(itertools.product(LOOKUPS, VALUES)))
def test_a_spatial_lookup_in_the_address_is_refused(root: Client, lookup: str, value: str) -> None:
    assert root.get("/admin/authority/place/", {lookup: value}).status_code == 400


def test_an_edit_is_in_the_audit_and_nothing_is_deleted(root: Client) -> None:
    custodian = Custodian.objects.create(code="reform", name_ar="الإصلاح")
    address = f"/admin/authority/custodian/{custodian.pk}"
    answer = root.post(f"{address}/change/", {"code": "reform", "name_ar": "الإصلاح الزراعي", "name_en": ""})
    assert answer.status_code == 302
    assert AuditEvent.objects.get().detail == {"fields": ["name_ar"], "new": False}
    assert root.post(f"{address}/delete/", {"post": "yes"}).status_code == 403


def test_the_administration_has_no_door_and_no_secrets_of_its_own(client: Client) -> None:
    from django_otp.plugins.otp_totp.models import TOTPDevice

    User.objects.create_superuser("root", "three green tramcars")
    sent = {"username": "root", "password": "three green tramcars"}
    assert client.post("/admin/login/?next=/admin/", sent)["Location"] == "/login/?next=/admin/"
    assert "_auth_user_id" not in client.session
    client.post("/login/", sent)
    assert client.get("/admin/").status_code == 200
    assert client.post("/admin/password_change/", {})["Location"] == "/account/"
    assert TOTPDevice not in admin.site._registry
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404
