"""Every model has its admin pages, and shapes are typed as GeoJSON."""

import json

import pytest
from django.contrib import admin
from django.urls import reverse

from backend.accounts.actions import register_device
from backend.accounts.models import DeviceProfile, Token, User
from backend.assets.models import TimedAsset, Vote, VoteType
from backend.catalogue import CATALOGUE
from backend.documents.models import Document
from backend.listening.models import ListenEvent, Stream
from backend.projects.models import LocalizedString, ProjectGroup, UIElement, UIElementName, Variant, View
from backend.soundscape.models import Speaker
from backend.tagging.models import TagRelationship
from backend.visits.actions import note
from tests.cast import english, make_envelope, make_session, make_upload

pytestmark = pytest.mark.usefixtures("quick_passwords")
MODELS = [resource.model for resource in CATALOGUE]


@pytest.fixture
def world(walk, cast):
    """One row of every model at least."""
    session = make_session(walk.project, cast.contributor)
    element = UIElementName.objects.create(name="back", view=View.LISTEN)
    UIElement.objects.create(project=walk.project, element_name=element, variant=Variant.X2, file_extension="png")
    ProjectGroup.objects.create(name="all").projects.add(walk.project)
    LocalizedString.objects.create(text="meri", language=english())
    TagRelationship.objects.create(tag=walk.tags[0])
    TimedAsset.objects.create(project=walk.project, asset=walk.asset, start_seconds=0, end_seconds=1)
    Vote.objects.create(session=session, asset=walk.asset, vote_type=VoteType.LIKE)
    ListenEvent.objects.create(session=session, asset=walk.asset)
    Stream.objects.create(session=session)
    make_upload(make_envelope(session, walk.asset))
    Document.objects.create(sha256="0" * 64, name="x", text="{ __typename }")
    note(session, "start_listen")
    register_device("a device", "web")


@pytest.fixture
def desk(client, cast):
    """A browser that a superuser is logged in to."""
    User.objects.filter(pk=cast.curator.pk).update(is_superuser=True)
    client.force_login(User.objects.get(pk=cast.curator.pk))
    return client


def test_every_model_is_in_the_admin():
    assert [model for model in MODELS if not admin.site.is_registered(model)] == []


def page(model, kind, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}", args=args)


def test_the_rows_of_every_model_are_listed_searched_and_shown(world, desk):
    for model in MODELS:
        answers = [
            desk.get(page(model, "changelist")),
            desk.get(page(model, "changelist"), {"q": "a"}),
            desk.get(page(model, "change", model.objects.first().pk)),
        ]
        assert [answer.status_code for answer in answers] == [200, 200, 200], model
        assert b"openlayers" not in answers[-1].content.lower(), model


def test_a_row_of_every_model_is_added_by_hand_but_tokens_and_documents(world, desk):
    answers = {model: desk.get(page(model, "add")).status_code for model in MODELS}
    assert {model for model, code in answers.items() if code != 200} == {Token, Document}


def test_no_token_is_made_by_hand_and_no_key_is_shown(world, desk):
    assert desk.get(reverse("admin:accounts_token_add")).status_code == 403
    stream = Stream.objects.get()
    assert stream.key not in desk.get(reverse("admin:listening_stream_change", args=[stream.pk])).content.decode()
    token = Token.objects.get()
    assert token.digest not in desk.get(reverse("admin:accounts_token_change", args=[token.pk])).content.decode()


def speaker_form(walk, shape):
    return {
        "project": walk.project.pk,
        "code": "new",
        "min_volume": "0",
        "max_volume": "1",
        "uri": "",
        "backup_uri": "",
        "attenuation_metres": "5",
        "shape": shape,
    }


def test_a_shape_is_typed_as_geojson(walk, desk):
    ring = [[24.0, 60.0], [25.0, 60.0], [25.0, 61.0], [24.0, 60.0]]
    form = speaker_form(walk, json.dumps({"type": "Polygon", "coordinates": [ring]}))
    assert desk.post(reverse("admin:soundscape_speaker_add"), form).status_code == 302
    assert Speaker.objects.get(code="new").shape.coords == ((tuple(map(tuple, ring)),),)


def test_it_is_shown_as_it_is_typed(walk, desk):
    page = desk.get(reverse("admin:soundscape_speaker_change", args=[walk.speaker.pk]))
    assert json.loads(page.context["adminform"].form["shape"].value())["type"] == "MultiPolygon"


@pytest.mark.parametrize("shape", ["nonsense", '{"type": "Point", "coordinates": [24, 60]}', "POINT (24 60)"])
def test_what_is_no_shape_is_told_and_not_saved(walk, desk, shape):
    page = desk.post(reverse("admin:soundscape_speaker_add"), speaker_form(walk, shape))
    assert list(page.context["adminform"].form.errors) == ["shape"]
    assert not Speaker.objects.filter(code="new").exists()


def test_a_range_is_told_at_its_field(walk, desk):
    page = desk.post(reverse("admin:soundscape_speaker_add"), {**speaker_form(walk, ""), "min_volume": "2"})
    assert page.context["adminform"].form.errors == {"max_volume": ["Must not be less than min_volume."]}


def test_people_who_are_not_staff_are_sent_away(client, cast):
    client.force_login(cast.owner)
    assert client.get(reverse("admin:soundscape_speaker_changelist")).status_code == 302
    assert DeviceProfile.objects.count() == 4
