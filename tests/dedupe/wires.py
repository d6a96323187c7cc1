"""A dozen articles that newsrooms took from each other: copies, updates, chains of both, and one that stands alone."""

import dataclasses
import random
import re

from tests.dedupe.edits import headline, invented_texts, writethru
from tests.make import Make
from transforms.ingest.parse_article import content_hash
from transforms.records import Article


def make_article(name: str, published: str | None, text: str) -> Article:
    """Returns an article whose hash is that of its text."""
    article = Make.article(name, published=published, text=text)
    return dataclasses.replace(article, content_hash=content_hash(text))


def short_texts() -> list[str]:
    """Returns four texts in several paragraphs, with a headline that has no number."""
    texts = [
        text for text in invented_texts() if text.count("\n\n") > 5 and not re.search(r"\d|[.,]$", text.split("\n")[0])
    ]
    return sorted(texts, key=len)[:4]


def _articles() -> list[Article]:
    chance = random.Random(3)
    truce, swap, chain, other = short_texts()
    told = chain.split("\n\n")
    third = len(told) // 3
    return [
        make_article("truce", "2024-03-01", truce),
        make_article("truce-new-headline", "2024-03-01", headline(truce, chance)),
        make_article("truce-update", "2024-03-02", writethru(truce, chance)),
        make_article("truce-same", "2024-03-03", truce),
        make_article("truce-short", None, "\n\n".join(truce.split("\n\n")[:4])),
        make_article("truce-more", "2024-03-02", f"{truce}\n\nThe treaty is to be signed by 4 May."),
        make_article("swap", "2024-03-01", swap),
        make_article("swap-again", "2024-02-28", headline(swap, chance)),
        make_article("chain-1", "2024-04-01", "\n\n".join(told[: 2 * third])),
        make_article("chain-2", "2024-04-02", "\n\n".join(told)),
        make_article("chain-3", "2024-04-09", "\n\n".join(told[third:])),
        make_article("alone", "2024-03-01", other),
    ]


ARTICLES = _articles()
