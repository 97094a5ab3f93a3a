"""The addresses of the pages and doors that Django serves."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("backend.web.urls")),
    path("admin/", admin.site.urls),
    path("api/2/", include("backend.rest.urls")),
]

handler500 = "backend.rest.errors.server_error"
