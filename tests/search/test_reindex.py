"""The index is made anew while others write it."""

from __future__ import annotations

import threading
import time

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from authority import clock
from parcels.services import number_property
from search.models import SearchEntry
from search.services import reindex
from tests.authority.builders import make_user
from tests.parcels import builders as land


def words_of(parcel_id: object) -> str:
    return SearchEntry.objects.get(kind="parcel", object_id=str(parcel_id)).words


@pytest.mark.django_db(transaction=True)
def test_who_writes_while_the_index_is_made_anew_has_the_last_word() -> None:
    officer, parcel = make_user("property_officer", place=land.a_governorate()), land.a_parcel(number="12/3")
    written, leave = threading.Event(), threading.Event()

    def writer() -> None:
        with transaction.atomic():
            number_property(by=officer, at=clock.now(), parcel=parcel, number="700700")
            written.set()
            leave.wait(10)
        connection.close()

    thread = threading.Thread(target=writer)
    thread.start()
    assert written.wait(10)
    anew = threading.Thread(target=lambda: (reindex("parcel"), connection.close()))
    anew.start()
    time.sleep(0.3)
    assert anew.is_alive()  # it waits for the writer, again and again, without standing in anybody's way
    assert "700700" not in words_of(parcel.pk)
    leave.set()
    thread.join(10)
    anew.join(10)
    assert "700700" in words_of(parcel.pk)


@pytest.mark.django_db
def test_what_is_gone_from_the_register_goes_from_the_index() -> None:
    parcel = land.a_parcel(number="77")
    SearchEntry.objects.create(kind="parcel", object_id="00000000-0000-0000-0000-000000000001", words="x")
    call_command("reindex", "parcel", verbosity=0)
    assert set(SearchEntry.objects.filter(kind="parcel").values_list("object_id", flat=True)) == {str(parcel.pk)}
