"""API of `law`."""

from django.urls import URLPattern, URLResolver, path

from law import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("rules/", api.RuleList.as_view(), name="rules"),
    path("rules/<int:rule_id>/<str:act>/", api.RuleDecision.as_view(), name="decide"),
]
