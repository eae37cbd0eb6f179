"""Pages of a list."""

from __future__ import annotations

from rest_framework import pagination


class CursorPaging(pagination.CursorPagination):
    """Pages that stay true while rows are added."""

    ordering = "id"
