"""The old API's list of assets as others would serve it, on the same server: `python -m bench.rest_peers PORT`.

/values/ is `.values()`, a statement a relation and orjson, /drf/ a plain list of Django REST framework. Both have the
keys and values of ours, but no permissions, no filters and no pages.
"""

import sys
from datetime import datetime
from typing import Any

from bench.contest import serve_bare

# Ours by the names of the old API.
COLUMNS = {
    "id": "id",
    "project_id": "project_id",
    "language_id": "language_id",
    "media_type": "media_type",
    "submitted": "submitted",
    "latitude": "latitude",
    "longitude": "longitude",
    "shape": "shape",
    "start_time": "start_seconds",
    "end_time": "end_seconds",
    "volume": "volume",
    "weight": "weight",
    "description": "description",
    "session_id": "session_id",
    "filename": "filename",
    "audio_length_in_seconds": "duration_seconds",
    "created": "created_at",
    "updated": "updated_at",
}
PERSON = ("id", "username", "first_name", "last_name", "email")
PROFILE = ("device_id", "client_type")


def values_view() -> Any:
    """Six statements, no objects."""
    import orjson
    from django.http import HttpRequest, HttpResponse

    from backend.accounts.models import User
    from backend.assets.models import Asset

    through = {
        "tag_ids": (Asset.tags.through, "tag_id"),
        "description_loc_ids": (Asset.description_texts.through, "localizedstring_id"),
        "alt_text_loc_ids": (Asset.alt_texts.through, "localizedstring_id"),
        "envelope_ids": (Asset.envelopes.through, "envelope_id"),
    }
    keys, names = (*COLUMNS, "file", "user"), (*COLUMNS.values(), "file", "user_id")
    person = (*PERSON, *(f"device_profile__{name}" for name in PROFILE))

    def view(request: HttpRequest) -> HttpResponse:
        rows = [dict(zip(keys, row, strict=True)) for row in Asset.objects.order_by("id").values_list(*names)]
        links = {key: linked(*relation) for key, relation in through.items()}
        people = {row[0]: dict(zip((*PERSON, *PROFILE), row, strict=True)) for row in User.objects.values_list(*person)}
        for row in rows:
            row["shape"] = geo_json(row["shape"])
            row["created"], row["updated"] = moment(row["created"]), moment(row["updated"])
            row["file"] = address(row["filename"] or row["file"])
            row["user"] = people.get(row["user"])
            for key, found in links.items():
                row[key] = found.get(row["id"], ())
        return HttpResponse(orjson.dumps(rows), content_type="application/json")

    def linked(relation: Any, column: str) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for asset_id, linked_id in relation.objects.order_by(column).values_list("asset_id", column):
            found.setdefault(asset_id, []).append(linked_id)
        return found

    return view


def drf_view() -> Any:
    """A ListAPIView, its relations fetched ahead."""
    from rest_framework import generics, permissions

    from backend.assets.models import Asset

    class Assets(generics.ListAPIView[Asset]):
        queryset = (
            Asset.objects.order_by("id")
            .select_related("user__device_profile")
            .prefetch_related("tags", "description_texts", "alt_texts", "envelopes")
            .defer("position", "waveform")
        )
        serializer_class = asset_serializer()
        authentication_classes = ()
        permission_classes = (permissions.AllowAny,)

    return Assets.as_view()


def asset_serializer() -> Any:
    """ModelSerializers, one in the other."""
    from rest_framework import serializers

    from backend.accounts.models import User
    from backend.assets.models import Asset

    Ids = serializers.PrimaryKeyRelatedField[Any]

    class UserSerializer(serializers.ModelSerializer[User]):
        device_id = serializers.CharField(source="device_profile.device_id", default=None)
        client_type = serializers.CharField(source="device_profile.client_type", default=None)

        class Meta:
            model = User
            fields = (*PERSON, *PROFILE)

    class MomentField(serializers.ReadOnlyField):
        def to_representation(self, value: datetime) -> str:
            return moment(value)

    class AssetSerializer(serializers.ModelSerializer[Asset]):
        project_id = serializers.IntegerField()
        language_id = serializers.IntegerField()
        session_id = serializers.IntegerField()
        start_time = serializers.FloatField(source="start_seconds")
        end_time = serializers.FloatField(source="end_seconds")
        audio_length_in_seconds = serializers.FloatField(source="duration_seconds")
        created = MomentField(source="created_at")
        updated = MomentField(source="updated_at")
        tag_ids = Ids(source="tags", many=True, read_only=True)
        description_loc_ids = Ids(source="description_texts", many=True, read_only=True)
        alt_text_loc_ids = Ids(source="alt_texts", many=True, read_only=True)
        envelope_ids = Ids(source="envelopes", many=True, read_only=True)
        user = UserSerializer()
        shape = serializers.SerializerMethodField()
        file = serializers.SerializerMethodField()

        class Meta:
            model = Asset
            fields = (*COLUMNS, "tag_ids", "description_loc_ids", "alt_text_loc_ids", "envelope_ids", "file", "user")

        def get_shape(self, asset: Asset) -> Any:
            return geo_json(asset.shape)

        def get_file(self, asset: Asset) -> str:
            return address(asset.filename or str(asset.file))

    return AssetSerializer


def geo_json(shape: Any) -> dict[str, Any] | None:
    """A geometry, read as quickly as by ours."""
    from backend.geo.coordinates import coordinates

    return None if shape is None else {"type": shape.geom_type, "coordinates": coordinates(shape)}


def moment(value: datetime) -> str:
    """A time in UTC, as the database gives it, without its zone."""
    return value.replace(tzinfo=None).isoformat(timespec="microseconds")


def address(name: str) -> str:
    """The absolute address of a file."""
    from urllib.parse import quote

    from django.conf import settings

    return f"{settings.PUBLIC_URL}{settings.MEDIA_URL}{quote(name)}"


def views() -> dict[str, Any]:
    """Both, by address."""
    return {"values/": values_view(), "drf/": drf_view()}


if __name__ == "__main__":
    serve_bare(views, int(sys.argv[1]))
