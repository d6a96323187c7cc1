"""A person's decisions about agreements: these are one, these reports speak of another; kept, and reversible.

A decision labels mentions: mentions of one label are one agreement, of two labels two, whatever is computed.
"""

from collections.abc import Iterable, Sequence

from transforms.errors import UsageError
from transforms.records import digest
from transforms.resolve.registry import compute_again
from transforms.resolve.write_agreements import Stamp, current_id
from transforms.store.protocol import Collection, Document, Store


def _mentions(store: Store, agreement: str) -> list[str]:
    """Returns the keys of an agreement's mentions.

    Raises:
        UsageError: There is no such agreement.
    """
    known = store.get(Collection.REGISTRY, [agreement]).get(agreement)
    if known is None or not store.get(Collection.AGREEMENTS, [agreement]):
        raise UsageError(f"{agreement}: no agreement in the store has this id; `pactwatch agreements` lists them")
    return list(known.body["mentions"])


def _articles(store: Store, agreements: Iterable[str]) -> list[str]:
    found = store.get(Collection.AGREEMENTS, list(agreements))
    return sorted({article for stored in found.values() for article in stored.body["articles"]})


def _label(store: Store, mentions: Sequence[str], what: str, stamp: Stamp) -> None:
    label = digest("label", *sorted(mentions))
    body = {"label": label, "what": what, "made": stamp.now.isoformat()}
    store.replace(Collection.DECISIONS, [Document(id=key, body=body) for key in mentions])


def merge_agreements(store: Store, agreements: Sequence[str], stamp: Stamp) -> str:
    """Makes agreements one for good and returns its id: the oldest one's.

    Args:
        store: Where they are.
        agreements: Two ids or more; former ids serve as well.
        stamp: Who decides, and when.

    Raises:
        UsageError: There are fewer than two different ones, or one is not there.
    """
    present = list(dict.fromkeys(current_id(store, agreement) for agreement in agreements))
    if len(present) < 2:
        raise UsageError(f"{', '.join(agreements)}: expected two different agreements or more")
    mentions = [key for agreement in present for key in _mentions(store, agreement)]
    articles = _articles(store, present)
    _label(store, mentions, "merge", stamp)
    compute_again(store, articles, stamp)
    return current_id(store, present[0])


def split_agreement(store: Store, agreement: str, articles: Sequence[str], stamp: Stamp) -> None:
    """Parts what some articles report from an agreement, as an agreement of its own, for good.

    Args:
        store: Where it is.
        agreement: Its id.
        articles: Ids of articles that report the other agreement; some, but not all, of its reports.
        stamp: Who decides, and when.

    Raises:
        UsageError: The agreement is not there, or the articles are not some of its reports.
    """
    agreement = current_id(store, agreement)
    mentions = _mentions(store, agreement)
    reports = _articles(store, [agreement])
    if unknown := sorted({*articles} - {*reports}):
        raise UsageError(f"{', '.join(unknown)}: no report of agreement {agreement}; `pactwatch show` lists them")
    if {*articles} == {*reports}:
        raise UsageError(f"{agreement}: leave it at least one of its {len(reports)} reports")
    listed = store.get(Collection.READINGS, list(articles))
    apart = {key for stored in listed.values() for key in stored.body["mentions"]} & {*mentions}
    _label(store, sorted(apart), "split", stamp)
    _label(store, sorted({*mentions} - apart), "split", stamp)
    compute_again(store, reports, stamp)


def undo_agreement(store: Store, agreement: str, stamp: Stamp) -> int:
    """Takes back all decisions about an agreement; what is computed counts again.

    Returns:
        How many mentions were set free.

    Raises:
        UsageError: The agreement is not there.
    """
    agreement = current_id(store, agreement)
    mentions = _mentions(store, agreement)
    labels = {stored.body["label"] for stored in store.get(Collection.DECISIONS, mentions).values()}
    articles = _articles(store, [agreement])
    freed = store.delete(Collection.DECISIONS, mentions) if labels else 0
    compute_again(store, articles, stamp)
    return freed
