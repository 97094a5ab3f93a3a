"""`python -m bench.graphql`: CPU a request for 100 assets with tags and project, ours against its peers, over HTTP."""

import argparse
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.contest import Contestant, asker, gateway_environment, medians, process
from bench.rig import free_port

COLUMNS = "id description mediaType submitted latitude longitude durationSeconds volume weight createdAt"
ASSETS = 2_000
TAGS_EACH = 3
OURS = f"{{ assets(first: 100) {{ nodes {{ {COLUMNS} project {{ id name }} tags {{ nodes {{ id value }} }} }} }} }}"
STOCK = f"{{ assets(first: 100) {{ edges {{ node {{ {COLUMNS} project {{ id name }} tags {{ id value }} }} }} }} }}"


def main() -> None:
    """Print what each request costs."""
    options = _options()
    with _contestants() as contestants:
        for each in contestants:
            _check(each)
        cost = medians(contestants, rounds=options.rounds, requests=options.requests)
    print(" ".join(f"{name}_ms={ms:.2f}" for name, ms in cost.items()))
    print(f"persisted_vs_drf={cost['persisted'] / cost['drf']:.3f}")
    ratios = {f"graphql_vs_{peer}": cost["ours"] / cost[peer] for peer in ("values", "drf", "stock")}
    print(" ".join(f"{name}={ratio:.3f}" for name, ratio in ratios.items()))


@contextmanager
def _contestants() -> Iterator[list[Contestant]]:
    with gateway_environment() as (directory, port):
        digest = _prepare(directory)
        other_port = free_port()
        here, there = f"http://127.0.0.1:{port}/graphql/", f"http://127.0.0.1:{other_port}"
        persisted = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}}
        with (
            process(["manage.py", "run_gateway"], f"{here}?query={{__typename}}") as gateway,
            process(["-m", "bench.graphql_peers", str(other_port)], f"{there}/values/") as other,
        ):
            yield [
                Contestant("values", other, asker(f"{there}/values/")),
                Contestant("drf", other, asker(f"{there}/drf/")),
                Contestant("stock", other, asker(f"{there}/stock/", {"query": STOCK})),
                Contestant("ours", gateway, asker(here, {"query": OURS})),
                Contestant("persisted", gateway, asker(here, persisted)),
            ]


def _prepare(directory: Path) -> str:
    """A database of assets, and our document registered; returns its hash."""
    import django

    django.setup()
    from django.core.management import call_command

    from backend.assets.models import Asset
    from backend.projects.models import Project
    from backend.tagging.models import Tag, TagCategory

    call_command("migrate", verbosity=0)
    project = Project.objects.create(name="Bench", latitude=60.17, longitude=24.94)
    category = TagCategory.objects.create(name="theme")
    tags = [Tag.objects.create(project=project, category=category, value=f"tag {number}") for number in range(10)]
    assets = [
        Asset(project=project, description=f"asset {number}", latitude=60.17, longitude=24.94, duration_seconds=12)
        for number in range(ASSETS)
    ]
    links = Asset.tags.through
    links.objects.bulk_create(
        links(asset_id=asset.pk, tag_id=tags[(index + step) % len(tags)].pk)
        for index, asset in enumerate(Asset.objects.bulk_create(assets))
        for step in range(TAGS_EACH)
    )
    documents = directory / "documents"
    documents.mkdir()
    (documents / "assets.graphql").write_text(OURS)
    call_command("register_documents", str(documents), verbosity=0)
    return hashlib.sha256(OURS.encode()).hexdigest()


def _check(contestant: Contestant) -> None:
    """All rows are there, with their tags; the first request also warms it up."""
    answer = json.loads(contestant.ask())
    if "errors" in answer:
        raise RuntimeError(f"{contestant.name}: {answer['errors'][0]}")
    text = json.dumps(answer)
    found = (text.count('"asset '), text.count('"tag '))
    if found != (100, 100 * TAGS_EACH):
        raise RuntimeError(f"{contestant.name} gave {found} assets and tags")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    main()
