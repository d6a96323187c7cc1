"""Changes documents by compare-and-set: read, decide, write, and again where somebody else was faster."""

from collections.abc import Callable, Mapping
from typing import Any

from transforms.store.protocol import Collection, Document, Store

type Body = Mapping[str, Any]


def change_documents(
    store: Store, collection: Collection, changes: Mapping[str, Callable[[Body | None], Body | None]]
) -> dict[str, Body]:
    """Changes many documents, each by itself, in as few requests as there are rounds.

    Args:
        store: Where they are.
        collection: Theirs.
        changes: By id, what makes the body to write of the stored one (None where there is none). It may be asked
            several times. None, or the stored body itself, leaves the document as it is.

    Returns:
        The bodies of those that exist then, by id.
    """
    bodies: dict[str, Body] = {}
    left = list(changes)
    while left:
        found = store.get(collection, left)
        written: list[tuple[Document, int | None]] = []
        for key in left:
            stored = found.get(key)
            before = stored.body if stored else None
            body = changes[key](before)
            if body is not None and body != before:
                written.append((Document(id=key, body=body), stored.version if stored else None))
            elif before is not None:
                bodies[key] = before
        done = store.compare_and_set_each(collection, written) if written else []
        bodies |= {document.id: document.body for (document, _), ok in zip(written, done, strict=True) if ok}
        left = [document.id for (document, _), ok in zip(written, done, strict=True) if not ok]
    return bodies


def change_document(
    store: Store, collection: Collection, key: str, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    """Replaces a document's body by what `change` makes of it (of {} where there is none)."""
    change_documents(store, collection, {key: lambda body: change(dict(body or {}))})
