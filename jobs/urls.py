"""Pages of `jobs`."""

from django.urls import URLPattern, URLResolver, path

from jobs import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("jobs/", views.job_list, name="list"),
    path("jobs/<uuid:job_id>/rerun/", views.rerun, name="rerun"),
]
