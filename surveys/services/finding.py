"""A survey handed in without a place: it lies where its land lies, within what its surveyor may hand in."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from authority.models import Place, User
from authority.refusal import Invalid, NotAllowed
from surveys import policies
from surveys.models import Submission
from surveys.services.numbering import number_for

WHERE = """
    SELECT p.id, count(*) FROM surveys_stagedfeature s
      JOIN authority_place p ON p.kind = 'GOVERNORATE' AND p.geom IS NOT NULL
       AND ST_Intersects(p.geom, ST_PointOnSurface(ST_Envelope(s.geom)))
     WHERE s.submission_id = %s AND s.geom IS NOT NULL
     GROUP BY p.id ORDER BY 2 DESC, 1 LIMIT 1
"""


def first_place(user: User) -> Place:
    """Return the first place for which the user may hand in surveys; raises NotAllowed where there is none."""
    place = policies.submit_places(user).order_by("path").first()
    if place is None:
        raise NotAllowed("may_not_submit", _("Your roles do not let you hand in a survey."))
    return place


def move_to_where_it_lies(held: Submission, *, at: datetime) -> None:
    """Set place, governorate and number of a locked survey by where most of its features lie.

    Raises Invalid (place_missing) where that is outside what its surveyor may hand in.
    """
    with connection.cursor() as cursor:
        cursor.execute(WHERE, [held.pk])
        found = cursor.fetchone()
    if found is None or found[0] == held.place_id:
        return
    place = Place.objects.get(pk=found[0])
    if not policies.may_submit(held.submitted_by, place, held.custodian):
        raise Invalid("place_missing", _("The land lies in %(place)s, outside your jurisdiction."), place=str(place))
    if place.governorate_code != held.governorate:
        held.governorate = place.governorate_code
        held.number = number_for(held.governorate, at)
    held.place = place
