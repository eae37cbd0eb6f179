"""What the register declares to the engines below it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.grants import append_only, closed_once
from documents.policies import register_keeper, register_owner
from parcels import handover, protection_rules, worklist
from parcels.differences import declare_differences
from parcels.findable import declare_findable
from parcels.layers import declare_layers
from parcels.policies import files_document, reads_document
from parcels.products import papers
from parcels.tasks import declare_daily


def declare() -> None:
    """Declare audit actions, layers, the daily job, and the tables that only grow."""
    declare_actions()
    declare_layers()
    declare_differences()
    declare_findable()
    declare_daily()
    protection_rules.declare()
    papers.declare()
    worklist.declare()
    handover.declare()
    register_owner(reads_document)
    register_keeper(files_document)
    append_only("parcels_lineage")
    closed_once("parcels_parcelversion", "recorded_range")
    closed_once("parcels_holding", "recorded_range")
    closed_once("parcels_corner", "recorded_range")


def declare_actions() -> None:
    """Name every act on the land book."""
    audit.declare("parcels.registered", _("Parcel registered"))
    audit.declare("parcels.law_version", _("Change of the parcel recorded"))
    audit.declare("parcels.correction_version", _("Parcel's record corrected"))
    audit.declare("parcels.split", _("Parcel split"))
    audit.declare("parcels.merged", _("Parcels merged"))
    audit.declare("parcels.survey_applied", _("Survey entered in the register"))
    audit.declare("parcels.holding_placed", _("Holding recorded"))
    audit.declare("parcels.holding_succeeded", _("Holding gone over to heirs"))
    audit.declare("parcels.holding_ended", _("Holding ended"))
    audit.declare("parcels.asset_registered", _("Asset registered"))
    audit.declare("parcels.asset_changed", _("Asset changed"))
    audit.declare("parcels.asset_closed", _("Asset closed"))
    audit.declare("parcels.document_attached", _("Document added to the parcel's file"))
    audit.declare("parcels.restricted", _("Restriction recorded"))
    audit.declare("parcels.restriction_ended", _("Restriction ended"))
    audit.declare("parcels.layer_loaded", _("Protection layer loaded"))
    audit.declare("parcels.custody_transferred", _("Custody transferred"))
    audit.declare("parcels.unified_number_given", _("Unified property number given"))
    audit.declare("parcels.allocated", _("Land allocated"))
    audit.declare("parcels.allocation_used", _("Use of allocated land confirmed"))
    audit.declare("parcels.allocation_withdrawn", _("Allocation withdrawn"))
    audit.declare("parcels.corners_marked", _("Corners marked"))
    audit.declare("parcels.control_point_entered", _("Control point entered"))
    audit.declare("parcels.control_point_visited", _("Control point visited"))
    audit.declare("parcels.control_point_closed", _("Control point taken out of use"))
    audit.declare("parcels.drawing_taken", _("Parcel's drawing taken away"))
    audit.declare("parcels.doubles_merged", _("Doubled entry ended"))
    audit.declare("parcels.struck", _("Entry ended by a judgment"))
    audit.declare("parcels.work_moved", _("Worklist changed"))
    audit.declare("parcels.inventory_frozen", _("Inventory frozen"))
    audit.declare("parcels.inventory_checked", _("Inventory line checked"))
    audit.declare("parcels.inventory_signed", _("Inventory signed"))
    audit.declare("parcels.bulk_prepared", _("Act on many parcels prepared"))
    audit.declare("parcels.bulk_approved", _("Act on many parcels approved"))
    audit.declare("parcels.bulk_withdrawn", _("Act on many parcels withdrawn"))
    audit.declare("parcels.bulk_outdated", _("Act on many parcels outdated"))
    audit.declare("parcels.bulk_done", _("Act on many parcels carried out"))
    audit.declare("parcels.edit_proposed", _("Edit of boundaries proposed"))
    audit.declare("parcels.edit_accepted", _("Edit of boundaries accepted"))
    audit.declare("parcels.edit_refused", _("Edit of boundaries refused"))
    audit.declare("parcels.edit_withdrawn", _("Edit of boundaries withdrawn"))
    audit.declare("parcels.edit_undone", _("Edit of boundaries undone"))
    audit.declare("parcels.screened", _("Parcel screened against protected zones"))
