"""The addresses of the pages and doors that Django serves."""

from django.contrib import admin
from django.urls import include, path
from django.views.decorators.cache import cache_page

from backend.rest.docs import Docs, Document

# It is the same for all, and takes a second to make.
DOCUMENT_SECONDS = 3_600

urlpatterns = [
    path("", include("backend.web.urls")),
    path("admin/", admin.site.urls),
    path("api/2/", include("backend.rest.urls")),
    path("docs/", Docs.as_view(url_name="openapi"), name="docs"),
    path("docs/openapi.json", cache_page(DOCUMENT_SECONDS)(Document.as_view()), name="openapi"),
]

handler500 = "backend.rest.errors.server_error"
