"""What the migration of the sought columns does to the events that there are."""

from importlib import import_module

from django.apps import apps

from backend.visits.models import Event
from tests.cast import LATITUDE, LONGITUDE, make_session

migration = import_module("backend.visits.migrations.0004_sought_columns")


def test_events_get_the_points_that_their_clients_wrote_if_they_did(walk, cast, monkeypatch):
    monkeypatch.setattr(migration, "BATCH", 2)
    visit = make_session(walk.project, cast.contributor)
    written = [
        (str(LATITUDE), str(LONGITUDE)),
        ("91", "0"),
        (None, "24"),
        ("here", "24"),
        (" 1.5 ", "-2"),
        ("0", "180"),
    ]
    for latitude, longitude in written:
        Event.objects.create(session=visit, event_type="x", latitude=latitude, longitude=longitude)
    Event.objects.update(position=None)
    migration._fill_positions(apps, None)
    points = [event.position and event.position.coords for event in Event.objects.all()]
    assert points == [(LONGITUDE, LATITUDE), None, None, None, (-2.0, 1.5), (180.0, 0.0)]
