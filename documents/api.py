"""`/api/v1/documents/`: what is recorded of a paper, and its versions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.asking import asker
from authority.rest.serializers import StrictSerializer
from documents import versions
from documents.models import Document, DocumentText

PROBLEM = OpenApiResponse(description="problem document (RFC 9457)")


class VersionSerializer(serializers.ModelSerializer[Document]):
    """One version of a paper."""

    class Meta:
        model = Document
        fields = ("id", "version", "sha256", "size", "created_at", "superseded_at")
        read_only_fields = fields


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """What is recorded of a paper; the file itself is at /documents/{id}/."""

    warnings = serializers.ListField(child=serializers.CharField(), help_text="codes: low_resolution, skewed …")
    evidence = serializers.DictField(help_text="what the camera wrote: position, taken_at, camera; pixels, dpi")
    words_read = serializers.SerializerMethodField(help_text="OCR, LAYER, NONE; null: nobody tried")
    versions = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields = (
            "id", "type", "number", "dated_on", "filename", "media_type", "size", "sha256", "state", "scanned_at",
            "scanner", "version", "superseded_at", "created_at", "looked_at", "active", "pdfa", "pages", "warnings",
            "evidence", "words_read", "versions",
        )  # fmt: skip
        read_only_fields = fields

    def get_words_read(self, document: Document) -> str | None:
        """Return how its words were read."""
        return DocumentText.objects.filter(document=document).values_list("way", flat=True).first()

    def get_versions(self, document: Document) -> list[dict[str, Any]]:
        """Return all versions, the newest first."""
        return [dict(one) for one in VersionSerializer(versions.versions_of(document), many=True).data]


class ReplacementSerializer(StrictSerializer):
    """A better scan."""

    file = serializers.FileField()


class DocumentView(APIView):
    """One paper."""

    @extend_schema(operation_id="documents_get", responses={200: DocumentSerializer, 404: PROBLEM})
    def get(self, request: Request, document_id: UUID) -> Response:
        """Return what is recorded of a paper, its verdict and its versions."""
        return Response(DocumentSerializer(versions.known(document_id, asker(request))).data)


class VersionsView(APIView):
    """The versions of a paper."""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="documents_replace",
        request={"multipart/form-data": ReplacementSerializer},
        responses={201: DocumentSerializer, 400: PROBLEM, 403: PROBLEM, 404: PROBLEM, 409: PROBLEM, 413: PROBLEM},
    )
    def post(self, request: Request, document_id: UUID) -> Response:
        """Put a better scan in the place of the version that stands."""
        user = asker(request)
        versions.known(document_id, user)
        asked = ReplacementSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        file = asked.validated_data["file"]
        made = versions.replace(document_id, file=file, filename=file.name or "", by=user, at=clock.now())
        return Response(DocumentSerializer(made).data, status=201)
