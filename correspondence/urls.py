"""Pages of `correspondence`."""

from django.urls import URLPattern, URLResolver, path

from correspondence import memo_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("letters/", views.listed, name="list"),
    path("letters/register/", views.printed, name="print"),
    path("letters/register.xlsx", views.sheet, name="sheet"),
    path("letters/incoming/new/", views.new_incoming, name="new_incoming"),
    path("letters/outgoing/new/", views.new_outgoing, name="new_outgoing"),
    path("letters/<uuid:letter_id>/", views.letter, name="letter"),
    path("letters/<uuid:letter_id>/acts/<slug:name>/", views.act, name="act"),
    path("cases/<uuid:case_id>/memos/new/", memo_views.new, name="new_memo"),
    path("memos/<uuid:memo_id>/", memo_views.memo, name="memo"),
    path("memos/<uuid:memo_id>/acts/<slug:name>/", memo_views.act, name="memo_act"),
]
