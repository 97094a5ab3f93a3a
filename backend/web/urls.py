"""The addresses of the pages."""

from django.contrib.auth.views import LogoutView
from django.templatetags.static import static
from django.urls import path
from django.views.generic import RedirectView

from backend.web import dashboard, login, views

app_name = "web"
# For the pages that are not ours, and for those who ask before they have read where a page's own stands.
icon = RedirectView.as_view(url=static("web/icon.svg"), permanent=True)
urlpatterns = [
    path("favicon.ico", icon),
    path("", views.landing, name="landing"),
    path("listen/<int:project_id>", views.listen, name="listen"),
    path("login/", login.log_in, name="login"),
    path("logout/", LogoutView.as_view(next_page="web:landing"), name="logout"),
    path("live/<int:project_id>", dashboard.live, name="live"),
]
