import pytest

from transforms.store.fields import FIELDS, default_fields, field_values
from transforms.store.protocol import Collection, FieldType

SEARCHED = [
    collection for collection in Collection if any(f.type is FieldType.TEXT for f in FIELDS[collection].values())
]


@pytest.mark.parametrize("collection", SEARCHED)
def test_words_without_a_field_are_looked_for_in_texts(collection):
    fields = FIELDS[collection]
    assert default_fields(collection)
    assert {fields[name].type for name in default_fields(collection)} == {FieldType.TEXT}


@pytest.mark.parametrize("collection", SEARCHED)
def test_names_can_be_typed_before_a_colon(collection):
    assert all(name.isidentifier() and name.islower() for name in FIELDS[collection])


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("Ankara", ["Ankara"]),
        (["a", ["b", None], 3], ["a", "b", "3"]),
        (1.5, ["1.5"]),
        (True, ["true"]),
        (None, []),
        ({"a": "b"}, []),
    ],
)
def test_values_may_be_scalars_or_lists(value, texts):
    assert field_values(FIELDS[Collection.ARTICLES]["title"], "id", {"title": value}) == texts


def test_field_may_take_its_values_from_other_keys():
    body = {"name": "Turkey", "aliases": ["Türkiye"], "published": "2018"}
    assert field_values(FIELDS[Collection.ACTORS]["actors"], "id", body) == ["Turkey", "Türkiye"]
    assert field_values(FIELDS[Collection.ARTICLES]["date"], "id", body) == ["2018"]
    assert field_values(FIELDS[Collection.ACTORS]["id"], "Q43", {"id": "another"}) == ["Q43"]
