"""Finds a prefix's indices, checks that they are this version's, and makes those that are missing."""

import concurrent.futures
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from elasticsearch import BadRequestError

from transforms.records import record
from transforms.store.elasticsearch.link import SERVER_MAJOR, Link, kind_of, wrong_version
from transforms.store.elasticsearch.templates import Template, alias_of, layout_of, templates
from transforms.store.protocol import Collection, StoreError

SETUP = "pactwatch setup elasticsearch"

REQUESTS_AT_ONCE = 8


@record
class Index:
    """One index of a collection: its number, and whether the alias names it."""

    name: str
    collection: Collection
    number: int
    layout: str
    aliased: bool


def check_version(link: Link) -> str:
    """Returns the server's version.

    Raises:
        StoreError: It is not one that the client goes with, or the server lets nobody in.
    """
    version = str(link.ask(lambda client: client.info())["version"]["number"])
    if version.split(".")[0] != str(SERVER_MAJOR):
        raise StoreError(wrong_version(link.address.server, version))
    return version


def list_indices(link: Link) -> list[Index]:
    """Returns all indices of the prefix that hold collections, in the order of their numbers."""
    pattern = f"{link.address.prefix}-*"
    told = link.ask(lambda client: client.indices.get(index=pattern, features=["aliases", "mappings"]), absent={})
    found = [_index(link.address.prefix, name, answer) for name, answer in told.items()]
    return sorted((index for index in found if index), key=lambda index: (index.collection, index.number))


def _index(prefix: str, name: str, answer: Mapping[str, Any]) -> Index | None:
    base, _, number = name.rpartition("-")
    collection = base.removeprefix(f"{prefix}-")
    if collection not in set(Collection) or not number.isdecimal():
        return None
    meta = answer["mappings"].get("_meta", {}).get("pactwatch", {})
    return Index(
        name=name,
        collection=Collection(collection),
        number=int(number),
        layout=str(meta.get("layout", "")),
        aliased=base in answer["aliases"],
    )


def index_name(prefix: str, collection: Collection, number: int) -> str:
    """Returns the name of a collection's index with a number."""
    return f"{alias_of(prefix, collection)}-{number:06}"


def open_indices(link: Link) -> dict[Collection, str]:
    """Returns the index of each collection, made where it is missing.

    Documents go to the index itself rather than to its alias: a process that has it open while `setup` makes it anew
    is refused instead of mixing two versions.

    Raises:
        StoreError: An index was made by another version, or may not be made by this user.
    """
    check_version(link)
    there = {index.collection: index for index in list_indices(link) if index.aliased}
    for index in there.values():
        if index.layout != layout_of(index.collection):
            raise StoreError(
                f"the index {index.name} was made by another version of Pactwatch: run `{SETUP}` of the newer one"
            )
    missing = [collection for collection in Collection if collection not in there]
    if missing:
        put_templates(link)
        each_at_once(lambda collection: make_index(link, collection, 1), missing)
        there = {index.collection: index for index in list_indices(link) if index.aliased}
    return {collection: there[collection].name for collection in Collection}


def is_set_up(link: Link) -> bool:
    """Returns whether the prefix has indices in use."""
    check_version(link)
    return any(index.aliased for index in list_indices(link))


def put_templates(link: Link) -> None:
    """Puts the templates of all collections in place."""
    parts: dict[bool, list[Template]] = {False: [], True: []}
    for template in templates(link.address.prefix):
        parts[template.index].append(template)
    for kind in parts.values():  # components first: index templates are refused without them
        each_at_once(lambda template: put_template(link, template), kind)


def each_at_once[T](make: Callable[[T], Any], wanted: Sequence[T]) -> None:
    """Makes several things at once: the server spends most of the time waiting for its disk."""
    with concurrent.futures.ThreadPoolExecutor(REQUESTS_AT_ONCE) as pool:
        list(pool.map(make, wanted))


def put_template(link: Link, template: Template) -> None:
    """Puts one template in place."""
    given = {key.removeprefix("_"): value for key, value in template.body.items()}
    if template.index:
        link.ask(lambda client: client.indices.put_index_template(name=template.name, **given))
    else:
        link.ask(lambda client: client.cluster.put_component_template(name=template.name, **given))


def make_index(link: Link, collection: Collection, number: int, *, aliased: bool = True) -> str:
    """Makes an index from its template, with its alias; one that another process made meanwhile will do."""
    name = index_name(link.address.prefix, collection, number)
    aliases: dict[str, Any] = {alias_of(link.address.prefix, collection): {}} if aliased else {}

    def make(client: Any) -> Any:
        try:
            return client.indices.create(index=name, aliases=aliases)
        except BadRequestError as error:
            if kind_of(error) != "resource_already_exists_exception":
                raise
            return client.indices.put_alias(index=name, name=alias_of(link.address.prefix, collection))

    link.ask(make)
    return name
