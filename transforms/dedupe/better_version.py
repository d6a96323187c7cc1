"""Which of two versions of one page counts: decided by what they are, not by which came first."""

from collections.abc import Sequence

from transforms.records import Article, PublishedHow, digest

# From a guess to a person's word: how well a publication date is known.
_KNOWN_BETTER = (
    PublishedHow.UNKNOWN,
    PublishedHow.INFERRED,
    PublishedHow.PAGE,
    PublishedHow.FEED,
    PublishedHow.SIDECAR,
    PublishedHow.GIVEN,
)


def said_of(article: Article) -> tuple[str, ...]:
    """What is said of an article; where only this is new, it must be read again, since dates count from it."""
    return (article.content_hash, article.published or "", article.title, article.source or "", article.language or "")


def standing(article: Article) -> str:
    """Returns a digest of what a version says and of whether it speaks for itself: all that its reading hangs on."""
    return digest("standing", *said_of(article), str(article.is_read))


def is_superseded(article: Article, stored: Article) -> bool:
    """Whether the stored version of the same page is the better one; ties are broken by content, not by luck.

    A changed text counts by when it was taken in; for the same text the date that is known better wins.
    """
    if stored.content_hash == article.content_hash:
        mine, theirs = _KNOWN_BETTER.index(article.published_how), _KNOWN_BETTER.index(stored.published_how)
        return (theirs, stored.taken_in, said_of(stored)) > (mine, article.taken_in, said_of(article))
    return (stored.taken_in, said_of(stored)) > (article.taken_in, said_of(article))


def best_versions(articles: Sequence[Article]) -> dict[str, Article]:
    """Returns one article for each page, by id: of several versions that come together the best."""
    best: dict[str, Article] = {}
    for article in articles:
        if article.id not in best or is_superseded(best[article.id], article):
            best[article.id] = article
    return best
