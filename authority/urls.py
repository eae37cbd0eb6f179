"""Pages of `authority`."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path

from authority import views
from authority.entry import oidc
from authority.entry.views import back, keeping, own, signing
from authority.keeping import views as people
from authority.mandates import views as mandates
from ui.views import preferences

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", login_not_required(signing.SignIn.as_view()), name="login"),
    path("login/second/", signing.second_step, name="second_step"),
    path("logout/", signing.sign_out, name="logout"),
    path("oidc/start/", oidc.start, name="oidc_start"),
    path("oidc/callback/", oidc.callback, name="oidc_callback"),
    path("recover/", back.opening, name="opening"),
    path("recover/<slug:code>/", back.recover, name="recover"),
    path("language/", preferences, name="language"),
    path("account/", views.account, name="account"),
    path("account/preferences/", views.save_preferences, name="preferences"),
    path("account/password/", views.change_password, name="password"),
    path("account/keys/", views.make_key, name="make_key"),
    path("account/keys/<slug:prefix>/revoke/", views.revoke_key, name="revoke_key"),
    path("account/prove/", signing.prove, name="prove"),
    path("account/factor/", own.factor, name="factor"),
    path("account/factor/enrol/", own.enrol, name="enrol"),
    path("account/factor/codes/", own.new_codes, name="new_codes"),
    path("account/factor/remove/", own.remove, name="remove_factor"),
    path("account/sessions/", own.my_sessions, name="sessions"),
    path("account/sessions/others/", own.end_others, name="end_others"),
    path("account/sessions/<uuid:session_id>/end/", own.end_session, name="end_session"),
    path("account/delegations/", mandates.delegations, name="delegations"),
    path("account/delegations/<uuid:delegation_id>/", mandates.decide, name="decide_delegation"),
    path("account/absences/", mandates.be_away, name="be_away"),
    path("account/absences/<int:absence_id>/back/", mandates.be_back, name="be_back"),
    path("administration/", people.people, name="people"),
    path("administration/offices/", people.offices, name="offices"),
    path("administration/people/<int:account_id>/", people.person, name="person"),
    path("administration/people/<int:account_id>/leaving/", people.leaver, name="leaver"),
    path("administration/changes/<uuid:change_id>/", people.change, name="change"),
    path("accounts/recovery/", keeping.recoveries, name="recoveries"),
    path("accounts/recovery/<uuid:recovery_id>/", keeping.decide, name="decide_recovery"),
    path("accounts/<int:account_id>/sessions/", keeping.account_sessions, name="account_sessions"),
]
