"""Plans and makes the templates and indices of a prefix; documents are copied on a change and never dropped."""

from collections.abc import Callable, Iterator
from typing import Any

from transforms.records import record
from transforms.store.elasticsearch.bulk import Write, send
from transforms.store.elasticsearch.documents import READ_FIELDS, source_json, stored_of
from transforms.store.elasticsearch.documents import create_header as create
from transforms.store.elasticsearch.indices import (
    Index,
    check_version,
    index_name,
    list_indices,
    make_index,
    put_template,
)
from transforms.store.elasticsearch.link import Link
from transforms.store.elasticsearch.templates import Template, alias_of, layout_of, templates
from transforms.store.protocol import Collection, Document, StoreError

_CHUNK = 500  # documents copied at once: 4 MB of articles


@record
class Step:
    """One change to the server: what a person is told, and what makes it."""

    told: str
    make: Callable[[], None]


def plan_setup(link: Link) -> list[Step]:
    """Returns what is to be changed on the server, in order; nothing when all is as it should be.

    Raises:
        StoreError: The server cannot be used, or is of another version.
    """
    check_version(link)
    indices = list_indices(link)
    steps = list(_template_steps(link))
    for collection in Collection:
        steps += _index_steps(link, collection, [index for index in indices if index.collection is collection])
    return steps


def _template_steps(link: Link) -> Iterator[Step]:
    there = _digests(link)
    for template in templates(link.address.prefix):
        known = there.get((template.name, template.index))
        if known != template.body["_meta"]["pactwatch"]:
            kind = "index template" if template.index else "component template"
            verb = "make" if known is None else "renew"
            yield Step(told=f"{verb} {kind} {template.name}", make=_putting(link, template))


def _putting(link: Link, template: Template) -> Callable[[], None]:
    return lambda: put_template(link, template)


def _digests(link: Link) -> dict[tuple[str, bool], str]:
    """Returns what each template on the server was made from, by name and whether it is an index template."""
    pattern = f"{link.address.prefix}-*"
    whole = link.ask(lambda client: client.indices.get_index_template(name=pattern), absent={"index_templates": []})
    parts = link.ask(
        lambda client: client.cluster.get_component_template(name=pattern), absent={"component_templates": []}
    )
    found = {(told["name"], True): told["index_template"] for told in whole["index_templates"]}
    found |= {(told["name"], False): told["component_template"] for told in parts["component_templates"]}
    return {key: str(body.get("_meta", {}).get("pactwatch", "")) for key, body in found.items()}


def _index_steps(link: Link, collection: Collection, there: list[Index]) -> Iterator[Step]:
    alias = alias_of(link.address.prefix, collection)
    used = next((index for index in there if index.aliased), None)
    if used is None and not there:
        name = index_name(link.address.prefix, collection, 1)
        yield Step(told=f"make index {name} with alias {alias}", make=lambda: _make(link, collection))
        return
    if used is None:
        used = there[-1]
        yield Step(told=f"give index {used.name} its alias {alias}", make=_aliasing(link, used.name, alias))
    if used.layout == layout_of(collection):
        return
    for index in there:
        if index.number > used.number:
            yield Step(told=f"remove the unfinished copy {index.name}", make=_removing(link, index.name))
    count = link.ask(lambda client: client.count(index=used.name))["count"]
    new = index_name(link.address.prefix, collection, used.number + 1)
    yield Step(
        told=f"copy {used.name} ({count} documents) into {new} with new mappings and move alias {alias} there; "
        f"{used.name} stays, read-only",
        make=lambda: _copy(link, collection, used),
    )


def _make(link: Link, collection: Collection) -> None:
    make_index(link, collection, 1)


def _aliasing(link: Link, name: str, alias: str) -> Callable[[], None]:
    return lambda: link.ask(lambda client: client.indices.put_alias(index=name, name=alias))


def _removing(link: Link, name: str) -> Callable[[], None]:
    return lambda: link.ask(lambda client: client.indices.delete(index=name))


def _copy(link: Link, collection: Collection, old: Index) -> None:
    """Copies an index's documents into a new one, and moves the alias when all are there.

    The old index takes no writes from the beginning on, so none can be lost; it is opened again when the copy fails.
    """
    link.ask(lambda client: client.indices.add_block(index=old.name, block="write"))
    try:
        new = make_index(link, collection, old.number + 1, aliased=False)
        copied = sum(_copy_page(link, collection, new, page) for page in _pages(link, old.name))
        count = link.ask(lambda client: client.count(index=old.name))["count"]
        if copied != count:
            raise StoreError(f"{old.name} holds {count} documents and {copied} were copied: run setup again")
        alias = alias_of(link.address.prefix, collection)
        moves = [{"add": {"index": new, "alias": alias}}, {"remove": {"index": old.name, "alias": alias}}]
        link.ask(lambda client: client.indices.update_aliases(actions=moves))
    except BaseException:
        lifted = {"index.blocks.write": None}
        link.ask(lambda client: client.indices.put_settings(index=old.name, settings=lifted))
        raise


def _pages(link: Link, index: str) -> Iterator[list[Any]]:
    link.ask(lambda client: client.indices.refresh(index=index))
    order = [{"order.id": "asc"}]
    after: dict[str, Any] = {}
    while True:
        hits = link.ask(
            lambda client: client.search(
                index=index,
                sort=order,
                size=_CHUNK,
                source={"includes": READ_FIELDS},
                seq_no_primary_term=True,
                **after,  # noqa: B023 - called before it changes
            )
        )["hits"]["hits"]
        if not hits:
            return
        yield hits
        after = {"search_after": hits[-1]["sort"]}


def _copy_page(link: Link, collection: Collection, index: str, hits: list[Any]) -> int:
    documents = [Document(id=stored.id, body=stored.body) for stored in map(stored_of, hits)]
    writes = [
        Write(header=create(document.id), source=source_json(collection, document, "setup")) for document in documents
    ]
    for document, outcome in zip(documents, send(link, index, writes), strict=True):
        if not outcome.done and not outcome.conflict:
            raise StoreError(f"{index} refuses {document.id} ({outcome.status}): {outcome.reason}")
    return len(documents)
