"""API of `surveys`."""

from django.urls import URLPattern, URLResolver, path

from surveys import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("submissions/", api.Submissions.as_view(), name="submissions"),
    path("submissions/<uuid:submission_id>/", api.OneSubmission.as_view(), name="submission"),
    path("submissions/<uuid:submission_id>/features/", api.Features.as_view(), name="features"),
    path("submissions/<uuid:submission_id>/faults/", api.Faults.as_view(), name="faults"),
    path("submissions/<uuid:submission_id>/acts/", api.Acts.as_view(), name="acts"),
]
