"""Owners and staff make tags, and the screens that offer them."""

from tests.parity.scenario import GraphQL, Rest, Scenario, forbidden, invalid, unknown, unknown_within

SHORE = {"type": "MultiPolygon", "coordinates": [[[[24.93, 60.16], [24.95, 60.16], [24.95, 60.18], [24.93, 60.16]]]]}

TAGS = [
    Scenario(
        "owner",
        "makes a tag",
        Rest(
            "POST tags/",
            {
                "project_id": "{project}",
                "tag_category_id": "{tag_category}",
                "value": "wind",
                "description": "",
                "msg_loc_ids": ["{localized_string}"],
            },
        ),
        GraphQL(
            "createTag",
            {
                "project": "{project}",
                "category": "{tag_category}",
                "value": "wind",
                "description": "",
                "messageTexts": ["{localized_string}"],
            },
        ),
    ),
    Scenario(
        "contributor",
        "makes a tag",
        Rest("POST tags/", {"project_id": "{project}", "tag_category_id": "{tag_category}", "value": "wind"}),
        GraphQL("createTag", {"project": "{project}", "category": "{tag_category}", "value": "wind"}),
        forbidden(),
    ),
    Scenario(
        "owner",
        "moves a tag into a project of others",
        Rest("PATCH tags/{tag}/", {"project_id": "{other_project}"}),
        GraphQL("updateTag", {"id": "{tag}", "project": "{other_project}"}),
        forbidden(),
    ),
    Scenario(
        "owner",
        "renames a tag and gives it a place",
        Rest("PATCH tags/{tag}/", {"value": "shore", "location": SHORE, "description_loc_ids": []}),
        GraphQL("updateTag", {"id": "{tag}", "value": "shore", "location": SHORE, "descriptionTexts": []}),
    ),
    Scenario(
        "owner", "says nothing new of a tag", Rest("PATCH tags/{tag}/", {}), GraphQL("updateTag", {"id": "{tag}"})
    ),
    Scenario("owner", "deletes a tag", Rest("DELETE tags/{tag}/"), GraphQL("deleteTag", {"id": "{tag}"})),
    Scenario(
        "owner",
        "deletes a tag that is not there",
        Rest("DELETE tags/999999/"),
        GraphQL("deleteTag", {"id": "999999"}),
        unknown("id"),
    ),
    Scenario(
        "curator",
        "makes a category of tags",
        Rest("POST tagcategories/", {"name": "mood", "data": "x"}, "multipart"),
        GraphQL("createTagCategory", {"name": "mood", "data": "x"}),
    ),
    Scenario(
        "curator",
        "deletes a category with all of its tags",
        Rest("DELETE tagcategories/{tag_category}/"),
        GraphQL("deleteTagCategory", {"id": "{tag_category}"}),
    ),
    Scenario(
        "owner",
        "puts one tag below another",
        Rest("POST tagrelationships/", {"tag_id": "{other_tag}", "parent_id": "{tag_relationship}"}),
        GraphQL("createTagRelationship", {"tag": "{other_tag}", "parent": "{tag_relationship}"}),
    ),
]

SCREENS = [
    Scenario(
        "owner",
        "makes a group of choices",
        Rest(
            "POST uigroups/",
            {
                "project_id": "{project}",
                "tag_category_id": "{tag_category}",
                "name": "moods",
                "ui_mode": "speak",
                "select": "multi",
                "active": "true",
                "index": "2",
                "header_text_loc_ids": "{localized_string}",
            },
            "multipart",
        ),
        GraphQL(
            "createUIGroup",
            {
                "project": "{project}",
                "category": "{tag_category}",
                "name": "moods",
                "uiMode": "SPEAK",
                "select": "MULTI",
                "isActive": True,
                "index": 2,
                "headerTexts": ["{localized_string}"],
            },
        ),
    ),
    Scenario(
        "owner",
        "renames a group of choices",
        Rest("PATCH uigroups/{ui_group}/", {"name": "what"}),
        GraphQL("updateUIGroup", {"id": "{ui_group}", "name": "what"}),
    ),
    Scenario(
        "owner",
        "deletes a group of choices",
        Rest("DELETE uigroups/{ui_group}/"),
        GraphQL("deleteUIGroup", {"id": "{ui_group}"}),
    ),
    Scenario(
        "owner",
        "makes a choice",
        Rest(
            "POST uiitems/",
            {"ui_group_id": "{ui_group}", "tag_id": "{other_tag}", "index": 5, "default": True, "parent_id": None},
        ),
        GraphQL(
            "createUIItem",
            {"group": "{ui_group}", "tag": "{other_tag}", "index": 5, "isDefault": True, "parent": None},
        ),
    ),
    Scenario(
        "owner",
        "makes a choice of a tag that is not there",
        Rest("POST uiitems/", {"ui_group_id": "{ui_group}", "tag_id": 999_999, "index": 5}),
        GraphQL("createUIItem", {"group": "{ui_group}", "tag": "999999", "index": 5}),
        unknown_within("tag", "tag_id"),
    ),
    Scenario(
        "owner",
        "makes a choice of a tag of another project",
        Rest("PATCH uiitems/{ui_item}/", {"tag_id": "{foreign_tag}"}),
        GraphQL("updateUIItem", {"id": "{ui_item}", "tag": "{foreign_tag}"}),
        invalid("tag", "tag_id"),
    ),
    Scenario(
        "owner",
        "makes a choice its own parent",
        Rest("PATCH uiitems/{ui_item}/", {"parent_id": "{ui_item}"}),
        GraphQL("updateUIItem", {"id": "{ui_item}", "parent": "{ui_item}"}),
        invalid("parent", "parent_id"),
    ),
    Scenario(
        "owner",
        "makes a picture that is there",
        Rest(
            "POST uielements/",
            {
                "project": "{project}",
                "uielementname_id": "{ui_element_name}",
                "variant": "@2x",
                "file_extension": "png",
            },
        ),
        GraphQL(
            "createUIElement",
            {"project": "{project}", "elementName": "{ui_element_name}", "variant": "X2", "fileExtension": "PNG"},
        ),
        invalid(None),
    ),
    Scenario(
        "owner",
        "makes a picture",
        Rest(
            "POST uielements/",
            {"project": "{project}", "uielementname": "{ui_element_name}", "variant": "@3x", "file_extension": "png"},
        ),
        GraphQL(
            "createUIElement",
            {"project": "{project}", "elementName": "{ui_element_name}", "variant": "X3", "fileExtension": "PNG"},
        ),
    ),
]

SCENARIOS = [*TAGS, *SCREENS]
