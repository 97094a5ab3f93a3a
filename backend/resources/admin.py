"""What the admin pages of all rooms share: shapes as GeoJSON text (Django's own map loads from another host)."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.gis.db import models as gis
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from backend.errors import InvalidInput
from backend.geo.geojson import multi_polygon

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class GeoJSONField(forms.CharField):
    """A shape typed or pasted as a GeoJSON Polygon or MultiPolygon."""

    widget = forms.Textarea

    def __init__(
        self, *, required: bool = True, label: Any = None, initial: Any = None, help_text: Any = "", **_of_maps: Any
    ) -> None:
        """What a geometry column says of its form besides these is about maps."""
        super().__init__(required=required, label=label, initial=initial, help_text=help_text)

    def prepare_value(self, value: Any) -> Any:
        """The stored shape as text; what was typed as it was typed."""
        return value.geojson if isinstance(value, GEOSGeometry) else value

    def clean(self, value: Any) -> MultiPolygon | None:
        """Raises ValidationError."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return multi_polygon(text)
        except InvalidInput as error:
            raise ValidationError(error.message) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as text."""
        return super().has_changed(self.prepare_value(initial), data)


class RoomAdmin(ModelAdmin):
    """The base of every admin page of ours."""

    formfield_overrides = {gis.MultiPolygonField: {"form_class": GeoJSONField}}
    list_per_page = 50
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Counts the change where editors may meet, as the writer does."""
        if change and hasattr(obj, "version"):
            obj.version += 1
        super().save_model(request, obj, form, change)
