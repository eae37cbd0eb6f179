"""API of `cases`."""

from django.urls import URLPattern, URLResolver, path

from cases import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/", api.CaseList.as_view(), name="list"),
    path("cases/<uuid:case_id>/", api.CaseDetail.as_view(), name="case"),
    path("cases/<uuid:case_id>/acts/", api.CaseActs.as_view(), name="acts"),
    path("cases/<uuid:case_id>/papers/", api.CasePapers.as_view(), name="papers"),
    path("cases/<uuid:case_id>/papers/<int:paper_id>/withdraw/", api.WithdrawnPaper.as_view(), name="withdraw_paper"),
]
