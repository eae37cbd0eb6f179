"""Pages of `cases`."""

from django.urls import URLPattern, URLResolver, path

from cases import declaring, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/", views.case_list, name="list"),
    path("cases/parties/", views.party_choices, name="parties"),
    path("cases/<uuid:case_id>/", views.case, name="case"),
    path("cases/<uuid:case_id>/sheet/", views.sheet, name="sheet"),
    path("cases/<uuid:case_id>/papers/new/", views.paper, name="paper"),
    path("cases/<uuid:case_id>/papers/<int:paper_id>/withdraw/", views.withdraw_paper, name="withdraw_paper"),
    path("cases/<uuid:case_id>/acts/<slug:name>/", views.act, name="act"),
    path("account/interests/", declaring.declarations, name="interests"),
    path("account/interests/<uuid:interest_id>/end/", declaring.end, name="end_interest"),
]
