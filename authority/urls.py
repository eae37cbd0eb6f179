"""Pages of `authority`."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path

from authority import views
from ui.views import preferences

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", login_not_required(views.SignIn.as_view()), name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("language/", preferences, name="language"),
    path("account/", views.account, name="account"),
    path("account/preferences/", views.save_preferences, name="preferences"),
    path("account/password/", views.change_password, name="password"),
    path("account/keys/", views.make_key, name="make_key"),
    path("account/keys/<slug:prefix>/revoke/", views.revoke_key, name="revoke_key"),
]
