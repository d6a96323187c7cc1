import json
from pathlib import Path

import pytest

from transforms.store.elasticsearch.templates import DAYS_SUFFIX, mappings_of, template_files, templates
from transforms.store.fields import FIELDS
from transforms.store.protocol import Collection, FieldType

FOLDER = Path(__file__).parents[3] / "config" / "elasticsearch"
TYPES = {FieldType.TEXT: "text", FieldType.KEYWORD: "keyword", FieldType.DATE: "date"}


def test_shipped_templates_are_those_of_the_fields():
    shipped = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert shipped == dict(template_files()), "run `make templates`"


@pytest.mark.parametrize("collection", Collection)
def test_every_searched_field_is_mapped_and_nothing_else_is_let_in(collection):
    mappings = mappings_of(collection)
    properties = mappings["properties"]
    assert mappings["dynamic"] == "strict"
    for name, field in FIELDS[collection].items():
        assert properties[name]["type"] == TYPES[field.type]
        assert (name + DAYS_SUFFIX in properties) == (field.type is FieldType.DATE)
    assert "nested" not in json.dumps(mappings)


def test_every_keyword_has_its_bound():
    def unbounded(part):
        if isinstance(part, dict):
            searched = part.get("type") == "keyword" and part.get("index", True)
            return (searched and "ignore_above" not in part) or any(map(unbounded, part.values()))
        return False

    assert not any(unbounded(mappings_of(collection)["properties"]) for collection in Collection)


def test_templates_of_a_prefix_name_only_that_prefix():
    text = json.dumps([[template.name, template.body] for template in templates("desk7")])
    assert "desk7-articles-*" in text
    assert '"pactwatch-' not in text
