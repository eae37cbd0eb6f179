"""Pages of `surveys`."""

from django.urls import URLPattern, URLResolver, path

from surveys import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("surveys/", views.submission_list, name="list"),
    path("surveys/new/", views.new, name="new"),
    path("surveys/<uuid:submission_id>/", views.submission, name="submission"),
    path("surveys/<uuid:submission_id>/progress/", views.progress, name="progress"),
    path("surveys/<uuid:submission_id>/answers/", views.answers, name="answers"),
    path("surveys/<uuid:submission_id>/acts/", views.act, name="act"),
    path("surveys/<uuid:submission_id>/faults/<int:fault_id>/", views.fault, name="fault"),
]
