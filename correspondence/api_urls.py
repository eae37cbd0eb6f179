"""API of `correspondence`."""

from django.urls import URLPattern, URLResolver, path

from correspondence import api, memo_api

urlpatterns: list[URLPattern | URLResolver] = [
    path("letters/", api.LetterList.as_view(), name="letters"),
    path("letters/<uuid:letter_id>/", api.LetterOne.as_view(), name="letter"),
    path("letters/<uuid:letter_id>/acts/", api.LetterActs.as_view(), name="letter_acts"),
    path("letters/<uuid:letter_id>/enclosures/", api.LetterEnclosures.as_view(), name="letter_enclosures"),
    path("memos/", memo_api.MemoList.as_view(), name="memos"),
    path("memos/<uuid:memo_id>/", memo_api.MemoOne.as_view(), name="memo"),
    path("memos/<uuid:memo_id>/versions/", memo_api.MemoVersions.as_view(), name="memo_versions"),
    path("memos/<uuid:memo_id>/issue/", memo_api.MemoIssuing.as_view(), name="issue_memo"),
    path("memos/<uuid:memo_id>/withdraw/", memo_api.MemoWithdrawal.as_view(), name="withdraw_memo"),
]
