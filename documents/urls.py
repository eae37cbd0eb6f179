"""Pages of `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents import pages, verifying, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("verify/", verifying.verify, name="verify"),
    path("verify/key/", verifying.key, name="key"),
    path("verify/prove.py", verifying.script, name="prove_script"),
    path("evidence/papers/<uuid:issued_id>/", views.evidence_of_paper, name="evidence_of_paper"),
    path("evidence/records/<str:object_type>/<str:object_id>/", views.evidence_of_record, name="evidence_of_record"),
    path("documents/<uuid:document_id>/", views.download, name="document"),
    path("documents/<uuid:document_id>/record/", pages.record, name="record"),
    path("documents/<uuid:document_id>/replace/", pages.replace, name="replace"),
    path("documents/<uuid:document_id>/original/", views.original, name="original"),
]
