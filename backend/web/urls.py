"""The addresses of the pages."""

from django.urls import path

from backend.web import dashboard, views

app_name = "web"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("listen/<int:project_id>", views.listen, name="listen"),
    path("live/<int:project_id>", dashboard.live, name="live"),
]
