"""API of `law`."""

from django.urls import URLPattern, URLResolver, path

from law import api, holiday_api

urlpatterns: list[URLPattern | URLResolver] = [
    path("rules/", api.RuleList.as_view(), name="rules"),
    path("rules/<int:rule_id>/<str:act>/", api.RuleDecision.as_view(), name="decide"),
    path("holidays/", holiday_api.HolidayList.as_view(), name="holidays"),
    path("holidays/<int:holiday_id>/<str:act>/", holiday_api.HolidayDecision.as_view(), name="decide_holiday"),
    path("calendar/", holiday_api.CalendarDay.as_view(), name="calendar"),
]
