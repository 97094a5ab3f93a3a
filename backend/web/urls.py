"""The addresses of the pages."""

from django.urls import path

from backend.web import views

app_name = "web"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("listen/<int:project_id>", views.listen, name="listen"),
]
