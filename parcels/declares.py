"""What the register declares to the engines below it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.grants import append_only, closed_once
from parcels.findable import declare_findable
from parcels.layers import declare_layers
from parcels.tasks import declare_daily


def declare() -> None:
    """Declare audit actions, layers, the daily job, and the tables that only grow."""
    declare_actions()
    declare_layers()
    declare_findable()
    declare_daily()
    append_only("parcels_lineage")
    closed_once("parcels_parcelversion", "recorded_range")
    closed_once("parcels_holding", "recorded_range")


def declare_actions() -> None:
    """Name every act on the land book."""
    audit.declare("parcels.registered", _("Parcel registered"))
    audit.declare("parcels.law_version", _("Change of the parcel recorded"))
    audit.declare("parcels.correction_version", _("Parcel's record corrected"))
    audit.declare("parcels.split", _("Parcel split"))
    audit.declare("parcels.merged", _("Parcels merged"))
    audit.declare("parcels.survey_applied", _("Survey entered in the register"))
    audit.declare("parcels.holding_placed", _("Holding recorded"))
    audit.declare("parcels.holding_ended", _("Holding ended"))
    audit.declare("parcels.asset_registered", _("Asset registered"))
    audit.declare("parcels.asset_closed", _("Asset closed"))
    audit.declare("parcels.document_attached", _("Document added to the parcel's file"))
    audit.declare("parcels.restricted", _("Restriction recorded"))
    audit.declare("parcels.restriction_ended", _("Restriction ended"))
    audit.declare("parcels.layer_loaded", _("Protection layer loaded"))
    audit.declare("parcels.screened", _("Parcel screened against protected zones"))
