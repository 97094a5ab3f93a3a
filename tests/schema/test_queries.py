"""What can be asked, and what of it whom."""

import pytest

from backend.projects.models import Language, LocalizedString
from backend.tagging.models import Tag
from schema.ids import global_id
from tests.cast import make_asset, make_session, make_speaker
from tests.schema.asking import ask, data

PAGE = """
query ($id: ID!) {
  project(id: $id) {
    id name description latitude longitude legalAgreement outOfRangeMessage
    speakers { edges { node { id code minVolume maxVolume shape boundary attenuationBorder } } }
    assets { edges { node { id description durationSeconds mediaType file { url mimeType } tags { nodes { id } } } } }
    tags { edges { node { id label category { name } } } }
    uiGroups { edges { node { uiMode select header items { edges { node { isDefault tag { label } } } } } } }
  }
}
"""


def of(project):
    return global_id("Project", project.pk)


def texts(*pairs):
    return [
        LocalizedString.objects.create(language=Language.objects.get_or_create(code=code)[0], text=text)
        for code, text in pairs
    ]


def test_the_page_gets_all_it_needs_in_one_request(walk):
    walk.project.description_texts.set(texts(("en", "A walk")))
    project = data(PAGE, id=of(walk.project))["project"]
    assert (project["name"], project["description"], project["latitude"]) == ("Walk", "A walk", 60.17)
    assert project["legalAgreement"] is None
    (speaker,) = project["speakers"]["edges"]
    assert speaker["node"]["code"] == "A"
    assert speaker["node"]["shape"]["type"] == "MultiPolygon"
    corner = speaker["node"]["shape"]["coordinates"][0][0][0]
    assert corner == pytest.approx(walk.speaker.shape.coords[0][0][0], abs=1e-8)
    assert speaker["node"]["attenuationBorder"]["type"] == "MultiLineString"
    (asset,) = project["assets"]["edges"]
    assert asset["node"] == {
        "id": global_id("Asset", walk.asset.pk),
        "description": "",
        "durationSeconds": 12.0,
        "mediaType": "AUDIO",
        "file": {"url": "http://testserver/rwmedia/a.mp3", "mimeType": "audio/mpeg"},
        "tags": {"nodes": [{"id": global_id("Tag", walk.tags[0].pk)}]},
    }
    assert [tag["node"]["label"] for tag in project["tags"]["edges"]] == ["sea", "stone"]
    (group,) = project["uiGroups"]["edges"]
    assert (group["node"]["uiMode"], group["node"]["select"]) == ("LISTEN", "SINGLE")
    items = [item["node"] for item in group["node"]["items"]["edges"]]
    assert items == [{"isDefault": True, "tag": {"label": value}} for value in ("sea", "stone")]
