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
    assets { edges { node {
      id description durationSeconds mediaType file { url mimeType } tags(first: 9) { nodes { id } }
    } } }
    tags { edges { node { id label category { name } } } }
    uiGroups(first: 9) { edges { node { uiMode select header items { edges { node { isDefault tag { label } } } } } } }
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


def test_a_text_is_in_the_language_that_the_client_prefers(walk):
    walk.tags[0].message_texts.set(texts(("en", "Sea"), ("fi", "Meri"), ("sv", "Hav")))
    query = "query ($id: ID!) { project(id: $id) { tags(first: 1) { nodes { label } } } }"

    def label(accept_language):
        answer = data(query, id=of(walk.project), accept_language=accept_language)
        return answer["project"]["tags"]["nodes"][0]["label"]

    assert label("fi-FI, en;q=0.5") == "Meri"
    assert label("de, sv;q=0.9, fi;q=0.1") == "Hav"
    assert label("de") == "Sea"
    assert label("") == "Sea"


def test_a_text_falls_back_to_what_the_project_offers_then_to_any(walk):
    walk.project.languages.set([Language.objects.create(code="sv")])
    walk.project.description_texts.set(texts(("fi", "Kävely"), ("sv", "En promenad")))
    walk.project.legal_agreement_texts.set(texts(("fi", "Ehdot")))
    query = "query ($id: ID!) { project(id: $id) { description legalAgreement sharingMessage } }"
    project = data(query, id=of(walk.project), accept_language="de")["project"]
    assert project == {"description": "En promenad", "legalAgreement": "Ehdot", "sharingMessage": None}


def test_a_list_comes_a_page_at_a_time_and_new_rows_move_nothing(walk):
    speakers = [walk.speaker, *(make_speaker(walk.project, code=str(number)) for number in range(4))]
    query = """query ($id: ID!, $after: String) {
      speakers(filter: {project: {exact: $id}}, first: 2, after: $after) {
        totalCount edges { cursor node { code } } pageInfo { hasNextPage hasPreviousPage endCursor }
      }
    }"""
    first = data(query, id=of(walk.project))["speakers"]
    assert first["totalCount"] == 5
    assert [edge["node"]["code"] for edge in first["edges"]] == ["A", "0"]
    assert first["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "endCursor": first["edges"][-1]["cursor"],
    }
    speakers[0].delete()
    make_speaker(walk.project, code="new")
    codes, page = [], first
    while page["pageInfo"]["hasNextPage"]:
        page = data(query, id=of(walk.project), after=page["pageInfo"]["endCursor"])["speakers"]
        codes += [edge["node"]["code"] for edge in page["edges"]]
    assert codes == ["1", "2", "3", "new"]


def test_a_nested_list_is_paged_for_each_parent_from_both_ends(walk):
    other = make_asset(walk.project)
    other.tags.set(walk.tags)
    query = """query ($id: ID!) { assets(filter: {project: {exact: $id}}) { nodes {
      first: tags(first: 1) { totalCount nodes { value } pageInfo { hasNextPage } }
      last: tags(last: 1) { nodes { value } pageInfo { hasPreviousPage } }
    } } }"""
    one, two = data(query, id=of(walk.project))["assets"]["nodes"]
    assert one["first"] == {"totalCount": 1, "nodes": [{"value": "sea"}], "pageInfo": {"hasNextPage": False}}
    assert two["first"] == {"totalCount": 2, "nodes": [{"value": "sea"}], "pageInfo": {"hasNextPage": True}}
    assert two["last"] == {"nodes": [{"value": "stone"}], "pageInfo": {"hasPreviousPage": True}}


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ("first: 501", "first"),
        ("first: -1", "first"),
        ("last: 501", "last"),
        ("first: 1, last: 1", "last"),
        ('after: "rubbish"', "after"),
        ('after: ""', "after"),
        ('after: "WyJpZCJd"', "after"),
        ('before: "WyJpZCIsIngiXQ"', "before"),
    ],
)
def test_a_window_that_is_none_is_refused_with_its_argument(walk, arguments, field):
    for query in (
        f"{{ projects({arguments}) {{ nodes {{ id }} }} }}",
        f"{{ projects(first: 1) {{ nodes {{ tags({arguments}) {{ nodes {{ id }} }} }} }} }}",
    ):
        (error,) = ask(query)["errors"]
        assert error["extensions"] == {"code": "INVALID_INPUT", "field": field}


def test_no_list_is_longer_than_a_hundred_unless_asked_for(walk):
    for number in range(101):
        tag = Tag.objects.create(project=walk.project, category=walk.tags[0].category, value=str(number))
        walk.asset.tags.add(tag)
    query = """query ($id: ID!) { project(id: $id) {
      tags { nodes { id } } assets(first: 1) { nodes { tags { nodes { id } } more: tags(first: 500) { nodes { id } } } }
    } }"""
    project = data(query, id=of(walk.project))["project"]
    asset = project["assets"]["nodes"][0]
    assert [len(page["nodes"]) for page in (project["tags"], asset["tags"], asset["more"])] == [100, 100, 102]


def test_everything_is_found_by_its_id(walk, cast):
    query = "query ($id: ID!) { node(id: $id) { __typename id ... on Tag { value } ... on Project { name } } }"
    tag = global_id("Tag", walk.tags[1].pk)
    assert data(query, id=tag)["node"] == {"__typename": "Tag", "id": tag, "value": "stone"}
    assert data(query, id=of(walk.project))["node"]["name"] == "Walk"


@pytest.mark.parametrize(
    "given", ["", "rubbish", "VGFnOjk5OQ==", "VGFnOng=", "Tm9uZTox", "UXVlcnk6MQ==", "1", "\u0000"]
)
def test_what_is_not_there_is_null_whatever_the_id_looks_like(walk, given):
    assert data("query ($id: ID!) { node(id: $id) { id } }", id=given) == {"node": None}


def test_an_id_of_another_type_leads_nowhere(walk):
    tag = global_id("Tag", walk.project.pk)
    assert data("query ($id: ID!) { project(id: $id) { name } stream(id: $id) { url } }", id=tag) == {
        "project": None,
        "stream": None,
    }
    (error,) = ask("query ($id: ID!) { assets(filter: {project: {exact: $id}}) { nodes { id } } }", id=tag)["errors"]
    assert error["extensions"] == {"code": "INVALID_INPUT", "field": "filter.project.exact"}


def test_the_bare_key_of_the_old_api_is_understood(walk):
    assert data("query ($id: ID!) { project(id: $id) { name } }", id=walk.project.pk)["project"] == {"name": "Walk"}


def test_the_viewer_is_whose_token_it_is(cast):
    assert data("{ viewer { username } }", cast.contributor) == {"viewer": {"username": "contributor"}}
    assert data("{ viewer { username } }") == {"viewer": None}


class TestWhatIsNotForAll:
    QUERY = """query ($id: ID!) { project(id: $id) { assets { totalCount nodes {
      id session { id } user { username } envelopes { nodes { session { id } } }
    } } } }"""

    @pytest.fixture
    def hidden(self, walk, cast):
        visit = make_session(walk.project, cast.contributor)
        return make_asset(walk.project, submitted=False, session=visit, user=cast.contributor)

    def seen_by(self, walk, viewer):
        page = data(self.QUERY, viewer, id=of(walk.project))["project"]["assets"]
        assert page["totalCount"] == len(page["nodes"])
        return page["nodes"]

    def test_a_stranger_sees_neither_the_asset_nor_how_many_there_are(self, walk, cast, hidden):
        assert [asset["id"] for asset in self.seen_by(walk, cast.stranger)] == [global_id("Asset", walk.asset.pk)]

    def test_its_author_and_the_owner_see_it(self, walk, cast, hidden):
        for viewer in (cast.contributor, cast.owner, cast.curator):
            assert [asset["id"] for asset in self.seen_by(walk, viewer)][1] == global_id("Asset", hidden.pk)

    def test_who_and_when_is_shown_to_those_who_may_know(self, walk, cast, hidden):
        hidden.submitted = True
        hidden.save()
        mine = self.seen_by(walk, cast.contributor)[1]
        assert mine["session"]["id"] == global_id("Session", hidden.session_id)
        assert mine["user"] == {"username": "contributor"}
        others = self.seen_by(walk, cast.stranger)[1]
        assert (others["session"], others["user"]) == (None, None)

    def test_it_is_not_reached_from_the_side_either(self, walk, cast, hidden):
        query = "query ($id: ID!) { node(id: $id) { id } }"
        assert data(query, cast.stranger, id=global_id("Asset", hidden.pk)) == {"node": None}
        assert data(query, cast.stranger, id=global_id("User", cast.owner.pk)) == {"node": None}
