"""The same list of assets as others would serve it, on the same server: `python -m bench.graphql_peers PORT`.

/values/ is `.values()` and orjson, /drf/ a plain list of Django REST framework, /stock/ strawberry-django as its
documentation shows it: a relay connection with the optimizer.
"""

import sys
from typing import Any

from bench.contest import serve_bare

COLUMNS = (
    "id",
    "description",
    "media_type",
    "submitted",
    "latitude",
    "longitude",
    "duration_seconds",
    "volume",
    "weight",
    "created_at",
)
ROWS = 100


def values_view() -> Any:
    """Two statements, no objects."""
    import orjson
    from django.http import HttpRequest, HttpResponse

    from backend.assets.models import Asset

    def view(request: HttpRequest) -> HttpResponse:
        rows = list(Asset.objects.order_by("id").values(*COLUMNS, "project_id", "project__name")[:ROWS])
        by_id = {row["id"]: row | {"tags": []} for row in rows}
        links = Asset.tags.through.objects.filter(asset_id__in=list(by_id))
        for asset_id, tag_id, value in links.values_list("asset_id", "tag_id", "tag__value"):
            by_id[asset_id]["tags"].append({"id": tag_id, "value": value})
        return HttpResponse(orjson.dumps(list(by_id.values())), content_type="application/json")

    return view


def drf_view() -> Any:
    """A ListAPIView with nested ModelSerializers, its relations fetched ahead."""
    from rest_framework import generics, permissions, serializers

    from backend.assets.models import Asset
    from backend.projects.models import Project
    from backend.tagging.models import Tag

    class TagSerializer(serializers.ModelSerializer[Tag]):
        class Meta:
            model = Tag
            fields = ("id", "value")

    class ProjectSerializer(serializers.ModelSerializer[Project]):
        class Meta:
            model = Project
            fields = ("id", "name")

    class AssetSerializer(serializers.ModelSerializer[Asset]):
        project = ProjectSerializer()
        tags = TagSerializer(many=True)

        class Meta:
            model = Asset
            fields = (*COLUMNS, "project", "tags")

    class Assets(generics.ListAPIView[Asset]):
        queryset = Asset.objects.order_by("id").select_related("project").prefetch_related("tags")
        serializer_class = AssetSerializer
        authentication_classes = ()
        permission_classes = (permissions.AllowAny,)

        def filter_queryset(self, queryset: Any) -> Any:
            return queryset[:ROWS]

    return Assets.as_view()


def stock_view() -> Any:
    """strawberry-django's own resolvers."""
    import strawberry
    import strawberry_django
    from strawberry import auto, relay
    from strawberry.django.views import GraphQLView
    from strawberry_django.optimizer import DjangoOptimizerExtension
    from strawberry_django.relay import DjangoListConnection

    from backend.assets import models as assets
    from backend.projects import models as projects
    from backend.tagging import models as tagging

    @strawberry_django.type(tagging.Tag)
    class Tag(relay.Node):
        id: relay.NodeID[int]
        value: auto

    @strawberry_django.type(projects.Project)
    class Project(relay.Node):
        id: relay.NodeID[int]
        name: auto

    names = [name for name in COLUMNS if name != "id"]
    annotations = dict.fromkeys(names, auto) | {"id": relay.NodeID[int], "project": Project, "tags": list[Tag]}
    asset = type("Asset", (relay.Node,), {"__annotations__": annotations})
    asset = strawberry_django.type(assets.Asset)(asset)
    fields = {"assets": strawberry_django.connection()}
    query = type("Query", (), {"__annotations__": {"assets": DjangoListConnection[asset]}, **fields})  # type: ignore[valid-type]  # made here
    schema = strawberry.Schema(strawberry.type(query), extensions=[DjangoOptimizerExtension])
    return GraphQLView.as_view(schema=schema)


def views() -> dict[str, Any]:
    """All of them, by address."""
    from django.views.decorators.csrf import csrf_exempt

    return {"values/": values_view(), "drf/": drf_view(), "stock/": csrf_exempt(stock_view())}


if __name__ == "__main__":
    serve_bare(views, int(sys.argv[1]))
