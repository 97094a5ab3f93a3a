"""Tags, and the choices of both screens, in the language of the visit."""

from typing import Any

from backend.projects.models import Language
from backend.tagging.models import TagRelationship, UIGroup, UIItem
from backend.visits.models import Session
from tests.backend.rest.conftest import Caller, ids, text
from tests.backend.rest.rulings import ruling
from tests.cast import Walk, make_asset, make_project, make_tags

TAG = {
    "id", "value", "description", "data", "filter", "location", "project_id", "tag_category_id", "description_loc",
    "msg_loc", "relationships",
}  # fmt: skip


@ruling("Tags: lists", "Tags: `description_loc`")
def test_tags_are_a_bare_array_with_one_text_each(api: Caller, walk: Walk, session: Session, finnish: Language) -> None:
    sea, stone = walk.tags
    sea.message_texts.add(text("The sea"), text("Meri", finnish))
    parent = TagRelationship.objects.create(tag=stone)
    child = TagRelationship.objects.create(tag=sea, parent=parent)
    body = api.get("tags/", project_id=walk.project.pk).json()
    assert [set(tag) for tag in body] == [TAG, TAG]
    assert (body[0]["msg_loc"], body[0]["description_loc"], body[1]["msg_loc"]) == ("The sea", None, None)
    assert body[0]["relationships"] == [{"id": child.pk, "tag_id": sea.pk, "parent_id": parent.pk}]
    Session.objects.filter(pk=session.pk).update(language=finnish)
    assert api.get(f"tags/{sea.pk}/", session_id=session.pk).json()["msg_loc"] == "Meri"
    (of_project, _) = api.get(f"projects/{walk.project.pk}/tags/", session_id=session.pk).json()
    assert of_project["msg_loc"] == "Meri"


def test_what_belongs_to_a_project_is_listed_under_it(api: Caller, walk: Walk) -> None:
    other = make_project()
    make_tags(other, "fire")
    make_asset(other)
    assert ids(api.get(f"projects/{walk.project.pk}/tags")) == [tag.pk for tag in walk.tags]
    assert ids(api.get(f"projects/{walk.project.pk}/assets/", tag_ids=walk.tags[0].pk)) == [walk.asset.pk]
    for noun in ("tags", "assets", "uiconfig"):
        assert api.get(f"projects/{other.pk + 1}/{noun}/").status_code == 404


@ruling("Screens: order and keys", "Screens: a tag without a text")
def test_the_screens_offer_what_is_active_in_order(
    api: Caller, walk: Walk, session: Session, finnish: Language
) -> None:
    sea, stone = walk.tags
    listen = UIGroup.objects.get(project=walk.project)
    listen.header_texts.add(text("What do you want to hear?"), text("Mitä haluat kuulla?", finnish))
    stone.message_texts.add(text("Kivi", finnish))
    UIItem.objects.filter(tag=stone).update(index=-1)
    speak = UIGroup.objects.create(
        project=walk.project, name="speak", category=sea.category, index=2, ui_mode="speak", select="multi"
    )
    root = UIItem.objects.create(group=speak, tag=sea, index=0, is_active=True)
    leaf = UIItem.objects.create(group=speak, tag=stone, index=1, is_active=True, parent=root)
    UIItem.objects.create(group=speak, tag=sea, index=2, is_active=False)
    UIItem.objects.create(group=listen, tag=sea, index=5, is_active=True)
    UIGroup.objects.create(project=walk.project, name="off", category=sea.category, index=0, is_active=False)
    UIGroup.objects.create(project=walk.project, name="browse", category=sea.category, index=0, ui_mode="browse")
    Session.objects.filter(pk=session.pk).update(language=finnish)
    body = api.get(f"projects/{walk.project.pk}/uiconfig/", session_id=session.pk).json()
    heard = {item.tag_id: item.pk for item in UIItem.objects.filter(group=listen).order_by("-index")}
    assert body == {
        "listen": [
            {
                "select": "single",
                "group_short_name": "Theme",
                "header_display_text": "Mitä haluat kuulla?",
                "uiitem_filter": "none",
                "display_items": [item(heard[stone.pk], stone, "Kivi"), item(heard[sea.pk], sea, "sea")],
            }
        ],
        "speak": [
            {
                "select": "multi",
                "group_short_name": "Theme",
                "header_display_text": None,
                "uiitem_filter": "none",
                "display_items": [
                    item(root.pk, sea, "sea", default_state=False),
                    item(leaf.pk, stone, "Kivi", parent_id=root.pk, default_state=False),
                ],
            }
        ],
    }


def item(number: int, tag: Any, words: str, **different: Any) -> dict[str, Any]:
    plain = {"id": number, "tag_id": tag.pk, "parent_id": None, "default_state": True, "tag_display_text": words}
    return plain | different


def test_a_project_that_offers_nothing_has_both_screens_empty(api: Caller) -> None:
    assert api.get(f"projects/{make_project().pk}/uiconfig").json() == {"listen": [], "speak": []}
