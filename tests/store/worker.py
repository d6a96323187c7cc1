"""What a process of its own does to a store in these tests: `python worker.py TASK URL [NUMBER]`."""

import sys

from transforms.store.open import open_store
from transforms.store.protocol import Collection, Document, Store


def count_up(store: Store, times: int) -> None:
    """Adds one to a counter, by compare-and-set, so many times."""
    done = 0
    while done < times:
        counter = store.get(Collection.REGISTRY, ["counter"]).get("counter")
        number = counter.body["n"] if counter else 0
        document = Document(id="counter", body={"n": number + 1})
        done += store.compare_and_set(Collection.REGISTRY, document, counter.version if counter else None)


def claim(store: Store, documents: int) -> None:
    """Tries to create each of so many documents, and says how many it created."""
    claims = [Document(id=f"{number}", body={}) for number in range(documents)]
    sys.stdout.write(f"{sum(store.create(Collection.TEXTS, [document])[0] for document in claims)}\n")


def write_batches(store: Store, first: int) -> None:
    """Writes batches of 16 articles for ever, and says each number once it is written."""
    number = first
    while True:
        body = {"text": f"batch{number} " + "ceasefire talks resume " * 100, "source": f"batch{number}"}
        store.create(Collection.ARTICLES, [Document(id=f"{number}-{i}", body=body) for i in range(16)])
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        number += 1


if __name__ == "__main__":
    task, url, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
    {"count_up": count_up, "claim": claim, "write_batches": write_batches}[task](open_store(url), number)
