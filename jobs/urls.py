"""Pages of `jobs`."""

from django.urls import URLPattern, URLResolver, path

from jobs import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("jobs/", views.job_list, name="list"),
    path("operations/", views.operations, name="operations"),
    path("operations/run/<str:name>/", views.run_now, name="run_now"),
    path("jobs/<uuid:job_id>/rerun/", views.rerun, name="rerun"),
]
