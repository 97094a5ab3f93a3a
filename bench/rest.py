"""`python -m bench.rest`: CPU a request for 2,000 assets of the old API, ours against its peers, over HTTP."""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench.contest import Contestant, asker, gateway_environment, medians, process
from bench.rig import LATITUDE, LONGITUDE, free_port

ASSETS = 2_000
AUTHORS = 50
TAGS = 10
TAGS_EACH = 3
# One asset in so many is heard within a shape.
EVERY_SHAPED = 10


@dataclass(frozen=True, slots=True)
class Prepared:
    """A project, and the tokens of somebody of its staff and of a contributor to it."""

    project_id: int
    staff: str
    contributor: str


def main() -> None:
    """Print what each request costs."""
    options = _options()
    with _contestants() as contestants:
        # The first request also warms it up.
        answers = {each.name: json.loads(each.ask()) for each in contestants}
        check_alike({name: answers[name] for name in ("ours", "values", "drf")}, rows=ASSETS)
        cost = medians(contestants, rounds=options.rounds, requests=options.requests)
    print(" ".join(f"{name}_ms={ms:.2f}" for name, ms in cost.items()))
    print(" ".join(f"rest_vs_{peer}={cost['ours'] / cost[peer]:.3f}" for peer in ("values", "drf")))


def check_alike(answers: Mapping[str, Sequence[Any]], *, rows: int) -> None:
    """All tell the same of so many rows. Raises RuntimeError with the first difference."""
    (first, told), *others = answers.items()
    for name, rest in others:
        if not len(told) == len(rest) == rows:
            raise RuntimeError(f"{first} gave {len(told)} rows and {name} {len(rest)}")
        different = next((pair for pair in zip(told, rest, strict=True) if pair[0] != pair[1]), None)
        if different:
            raise RuntimeError(f"{first} and {name} differ: {different}")


@contextmanager
def _contestants() -> Iterator[list[Contestant]]:
    with gateway_environment() as (_, port):
        prepared = _prepare()
        other_port = free_port()
        here, there = f"http://127.0.0.1:{port}/api/2", f"http://127.0.0.1:{other_port}"
        with (
            process(["manage.py", "run_gateway"], f"http://127.0.0.1:{port}/") as gateway,
            process(["-m", "bench.rest_peers", str(other_port)], f"{there}/values/") as other,
        ):
            yield [
                Contestant("values", other, asker(f"{there}/values/")),
                Contestant("drf", other, asker(f"{there}/drf/")),
                Contestant("ours", gateway, asker(f"{here}/assets/", token=prepared.staff)),
                Contestant("contributor", gateway, asker(f"{here}/assets/", token=prepared.contributor)),
                Contestant("page", gateway, asker(f"{here}/assets/?paginate=1&page_size=100", token=prepared.staff)),
                Contestant("sessions", gateway, asker(f"{here}/sessions/", token=prepared.staff)),
                Contestant(
                    "uiconfig", gateway, asker(f"{here}/projects/{prepared.project_id}/uiconfig/", token=prepared.staff)
                ),
            ]


def _prepare() -> Prepared:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return make_project(ASSETS)


def make_project(assets: int) -> Prepared:
    """A project of so many assets, each with an author, a visit, tags, an envelope and two texts."""
    from backend.accounts.actions import issue_token
    from backend.accounts.models import User
    from backend.projects.models import Language, Project

    project = Project.objects.create(name="Bench", latitude=LATITUDE, longitude=LONGITUDE)
    project.languages.add(Language.objects.get(pk=1))
    staff = User.objects.create(username="curator", is_staff=True)
    authors = _authors()
    _fill(project, authors, assets)
    return Prepared(project.pk, issue_token(staff), issue_token(authors[0]))


def _authors() -> list[Any]:
    from backend.accounts.models import DeviceProfile, User

    users = [User(username=f"visitor {number}", email=f"{number}@example.org") for number in range(AUTHORS)]
    made = User.objects.bulk_create(users)
    DeviceProfile.objects.bulk_create(
        DeviceProfile(user=user, device_id=f"device {user.pk}", client_type="web") for user in made
    )
    return made


def _fill(project: Any, authors: Sequence[Any], count: int) -> None:
    from backend.assets.models import Asset, Envelope
    from backend.visits.models import Session

    sessions = Session.objects.bulk_create(
        Session(project=project, user=authors[number % AUTHORS], language_id=1) for number in range(count)
    )
    assets = Asset.objects.bulk_create(_asset(number, session) for number, session in enumerate(sessions))
    envelopes = Envelope.objects.bulk_create(Envelope(session=session) for session in sessions)
    tags = _tags(project)
    _link(Asset.envelopes.through, "asset", assets, "envelope", [[envelope] for envelope in envelopes])
    _link(Asset.tags.through, "asset", assets, "tag", [_some(tags, number) for number in range(count)])
    for relation in (Asset.description_texts.through, Asset.alt_texts.through):
        _link(relation, "asset", assets, "localizedstring", [[text] for text in _texts(count)])


def _asset(number: int, session: Any) -> Any:
    from django.contrib.gis.geos import MultiPolygon, Point, Polygon

    from backend.assets.models import Asset

    latitude, longitude = LATITUDE + number / 100_000, LONGITUDE
    zone = Polygon.from_bbox((longitude - 0.01, latitude - 0.01, longitude + 0.01, latitude + 0.01))
    return Asset(
        project=session.project,
        session=session,
        user=session.user,
        language_id=1,
        latitude=latitude,
        longitude=longitude,
        position=Point(longitude, latitude, srid=4326),
        shape=None if number % EVERY_SHAPED else MultiPolygon(zone, srid=4326),
        file=f"{number:032x}.caf",
        filename=f"{number:032x}.wav",
        duration_seconds=12.5,
        start_seconds=0.5,
        end_seconds=12.25,
        description=f"asset {number}",
    )


def _tags(project: Any) -> list[Any]:
    """Each is offered for speaking and for listening."""
    from backend.tagging.models import Tag, TagCategory, UIGroup, UIItem, UIMode

    category = TagCategory.objects.create(name="theme")
    tags = [Tag.objects.create(project=project, category=category, value=f"tag {number}") for number in range(TAGS)]
    for mode in (UIMode.LISTEN, UIMode.SPEAK):
        group = UIGroup.objects.create(
            project=project, name=mode, category=category, index=0, ui_mode=mode, is_active=True
        )
        UIItem.objects.bulk_create(UIItem(group=group, tag=tag, index=tag.pk, is_active=True) for tag in tags)
    _link(Tag.message_texts.through, "tag", tags, "localizedstring", [[text] for text in _texts(TAGS)])
    return tags


def _some(tags: Sequence[Any], start: int) -> list[Any]:
    return [tags[(start + step) % len(tags)] for step in range(TAGS_EACH)]


def _texts(count: int) -> list[Any]:
    from backend.projects.models import LocalizedString

    return LocalizedString.objects.bulk_create(
        LocalizedString(language_id=1, text=f"text {number}") for number in range(count)
    )


def _link(through: Any, name: str, rows: Sequence[Any], other: str, linked: Sequence[Sequence[Any]]) -> None:
    through.objects.bulk_create(
        through(**{f"{name}_id": row.pk, f"{other}_id": one.pk})
        for row, some in zip(rows, linked, strict=True)
        for one in some
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
