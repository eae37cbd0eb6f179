"""Why a file is not made or not handed out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from authority.refusal import Conflict, Gone, Invalid, NotAllowed, NotFound, TooLarge, TooMany


class FormatUnknown(Invalid):
    """Not one of ours."""

    code = "format_unknown"
    message = _("Choose one of the formats: %(formats)s.")


class SystemUnknown(Invalid):
    """A coordinate system outside the list, or one that the format cannot carry."""

    code = "srid_not_allowed"
    message = _("Choose one of the coordinate systems: %(systems)s.")


class EncodingUnknown(Invalid):
    """An encoding that a shapefile of ours is not written in."""

    code = "encoding_not_allowed"
    message = _("A shapefile is written in utf-8 or cp1256.")


class LayersMissing(Invalid):
    """No layer, or more than the format holds."""

    code = "layers_invalid"
    message = _("Choose at least one layer; GeoJSON holds one.")


class FieldInvalid(Invalid):
    """A field of the request that cannot be read."""

    code = "field_invalid"
    message = _("The field “%(field)s” cannot be read.")


class FilterUnknown(Invalid):
    """A filter that none of the layers knows."""

    code = "filter_unknown"
    message = _("There is no filter “%(field)s” for these layers.")


class FilterNotOfLayer(Invalid):
    """A filter that one of the layers does not know: without it the layer would come whole."""

    code = "filter_not_of_layer"
    message = _("The layer “%(layer)s” cannot be narrowed by “%(field)s”; leave one of them out.")


class TooManyRows(TooLarge):
    """More than one file may hold."""

    code = "export_too_many"
    message = _(
        "The selection holds more than %(limit)s records, the most for this format. Narrow it by place or status."
    )


class NothingFound(Invalid):
    """An empty selection makes no file."""

    code = "export_empty"
    message = _("Nothing answers this selection, so there is no file to make.")


class QueueFull(TooMany):
    """One person's files are made a few at a time."""

    code = "export_queue_full"
    message = _("%(limit)s of your files are still being prepared; wait until one of them is ready.")


class ExportUnknown(NotFound):
    """No such request, or another person's."""

    code = "export_not_found"
    message = _("There is no file of yours under this number.")


class NotReady(Conflict):
    """Asked for too early, or it failed."""

    code = "export_not_ready"
    message = _("The file is not ready.")


class Expired(Gone):
    """Files are kept for some days: what they hold grows old."""

    code = "export_expired"
    message = _("This file is kept no longer; ask for it again.")


class RightsChanged(Conflict):
    """The file holds what its owner could see then."""

    code = "export_rights_changed"
    message = _("Your permissions changed after this file was made; ask for it again.")


class NotStaff(NotAllowed):
    """Nobody without a role on land carries data away."""

    code = "export_not_allowed"
    message = _("Files are for those who may read the register.")
