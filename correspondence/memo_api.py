"""`/api/v1/memos/`: memos for the decision, for programs."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.asking import asker
from authority.models import User
from authority.rest.etags import IF_MATCH, check_if_match
from authority.rest.queries import parameters
from authority.rest.serializers import NothingBody
from cases.selectors import case_by_id
from correspondence import selectors, services
from correspondence.api import MOST
from correspondence.models import Memo
from correspondence.serializers import MemoBody, MemoReason, MemoSerializer, MemoWords, uuid_filter

OF_CASE = OpenApiParameter("case", str, description="id of a file")


def etag(memo: Memo) -> str:
    """Return the memo's version as its entity tag."""
    return f'"{memo.row_version}"'


def shown(memo: Memo, user: User, status: int = 200) -> Response:
    """Return a memo with its version."""
    found = selectors.memo_by_id(memo.pk, user)
    return Response(MemoSerializer(found).data, status=status, headers={"ETag": etag(found)})


def meant(request: Request, memo_id: UUID) -> Memo:
    """Return the memo that the address and If-Match name; raises NotFound, PreconditionRequired, Stale."""
    memo = selectors.memo_by_id(memo_id, asker(request))
    check_if_match(request, etag(memo))
    return memo


class MemoList(APIView):
    """Memos."""

    @extend_schema(operation_id="memos_list", parameters=[OF_CASE], responses=MemoSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the memos in sight, the newest first, at most 200."""
        user, given = asker(request), parameters(request, ["case"])
        rows = selectors.memos(user).select_related("paper").prefetch_related("versions__written_by")
        if given.get("case"):
            rows = rows.filter(case=uuid_filter(given["case"]))
        return Response(MemoSerializer(rows[:MOST], many=True).data)

    @extend_schema(operation_id="draft_memo", request=MemoBody, responses={201: MemoSerializer})
    def post(self, request: Request) -> Response:
        """Begin a memo on a file; another person issues it."""
        user = asker(request)
        said = MemoBody.read(request)
        case = case_by_id(said.pop("case"), user)
        return shown(services.draft_memo(by=user, at=clock.now(), case=case, **said), user, 201)


class MemoOne(APIView):
    """One memo."""

    @extend_schema(operation_id="memo", responses=MemoSerializer)
    def get(self, request: Request, memo_id: UUID) -> Response:
        """Show a memo with its versions."""
        parameters(request, ())
        user = asker(request)
        return shown(selectors.memo_by_id(memo_id, user), user)


class MemoVersions(APIView):
    """Versions of a memo."""

    @extend_schema(
        operation_id="rewrite_memo", parameters=[IF_MATCH], request=MemoWords, responses={201: MemoSerializer}
    )
    def post(self, request: Request, memo_id: UUID) -> Response:
        """Add a version to a draft; needs If-Match."""
        memo, user = meant(request, memo_id), asker(request)
        said = MemoWords.read(request)
        services.rewrite_memo(by=user, at=clock.now(), memo=memo, expected=memo.row_version, **said)
        return shown(memo, user, 201)


class MemoIssuing(APIView):
    """The second person's word."""

    @extend_schema(operation_id="issue_memo", parameters=[IF_MATCH], request=None, responses=MemoSerializer)
    def post(self, request: Request, memo_id: UUID) -> Response:
        """Issue what another wrote, as a PDF with its number and QR; needs If-Match."""
        memo, user = meant(request, memo_id), asker(request)
        NothingBody.read(request)
        services.issue_memo(by=user, at=clock.now(), memo=memo, expected=memo.row_version)
        return shown(memo, user)


class MemoWithdrawal(APIView):
    """The end of a memo."""

    @extend_schema(operation_id="withdraw_memo", parameters=[IF_MATCH], request=MemoReason, responses=MemoSerializer)
    def post(self, request: Request, memo_id: UUID) -> Response:
        """Withdraw a memo with the reason; a paper that was issued is revoked; needs If-Match."""
        memo, user = meant(request, memo_id), asker(request)
        said = MemoReason.read(request)
        services.withdraw_memo(by=user, at=clock.now(), memo=memo, expected=memo.row_version, **said)
        return shown(memo, user)
