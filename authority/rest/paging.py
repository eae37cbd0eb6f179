"""Pages of a list: `{"next", "previous", "results"}`, true while rows are added."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, pagination

from authority.refusal import Invalid
from authority.rest.queries import BadParameter


class BadCursor(Invalid):
    """The cursor was not one of ours."""

    code = "bad_cursor"
    message = _("The cursor is not valid; follow the links “next” and “previous” as they are.")


class CursorPaging(pagination.CursorPagination):
    """Pages by cursor; a view names its own stable order as `cursor_ordering`."""

    ordering = "id"
    page_size = usual_page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        """Return the view's order, else by id."""
        wanted = getattr(view, "cursor_ordering", None) or self.ordering
        return (wanted,) if isinstance(wanted, str) else tuple(wanted)

    def get_page_size(self, request: Any) -> int:
        """Return how many rows a page has; raises BadParameter for what is no number of rows."""
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.usual_page_size
        if not (asked.isascii() and asked.isdigit() and len(asked) < 10 and int(asked) > 0):
            raise BadParameter(parameter=self.page_size_query_param)
        return min(int(asked), self.max_page_size)

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        """Return one page; raises BadCursor for a cursor that means nothing here."""
        if self.cursor_query_param not in request.query_params:
            return super().paginate_queryset(queryset, request, view)
        try:
            return super().paginate_queryset(queryset, request, view)
        except (exceptions.NotFound, ValidationError, DataError, ValueError, TypeError, OverflowError) as error:
            raise BadCursor from error
