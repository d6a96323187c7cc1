"""Finds the sentence of an article that shows why a rule matched it."""

import re
from collections.abc import Iterator, Sequence

from transforms.alert.batch import Batch
from transforms.alert.match import compiled
from transforms.records import Article
from transforms.store.protocol import Collection, Document
from transforms.store.query import Or, Prefix, Words

_TITLE = "title"
_MAX_SENTENCES = 2_000  # a book; what stands behind is looked at no more

# A sentence ends at a mark, with what closes after it, before space and something that opens a sentence; or at a line.
_END = re.compile(r"""(?<=[.!?…])["'”’)\]]*\s+(?=["'“‘(\[]*[^\Wa-z_])|\n+""")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yields where each sentence of a text starts and ends, end exclusive; short forms may end one too early."""
    start = 0
    for found in _END.finditer(text):
        if text[start : found.start()].strip():
            yield start, found.start() + len(found[0].rstrip())
        start = found.end()
    if text[start:].strip():
        yield start, len(text)


def sentence_at(text: str, position: int) -> str:
    """Returns the sentence that a character of the text stands in."""
    last = ""
    for start, end in sentences(text):
        last = text[start:end]
        if end > position:
            break
    return last


def first_sentence(article: Article) -> str:
    """Returns the first sentence of the text that is not the headline, else the headline."""
    told = (article.text[start:end] for start, end in sentences(article.text))
    return next((sentence for sentence in told if sentence.strip() != article.title.strip()), article.title)


class SentenceIndex:
    """The sentences of one article, searchable as articles are."""

    def __init__(self, article: Article) -> None:
        spans = [span for _, span in zip(range(_MAX_SENTENCES), sentences(article.text), strict=False)]
        self._sentences = [article.text[start:end] for start, end in spans]
        title = article.title.strip()
        documents = [
            Document(id=str(place), body={"text": sentence})
            for place, sentence in enumerate(self._sentences)
            if sentence.strip() != title
        ]
        documents.append(Document(id=_TITLE, body={"title": title}))
        self._article = article
        self._batch = Batch(Collection.ARTICLES, documents)

    def first(self, leaves: Sequence[Words | Prefix]) -> str | None:
        """Returns the first sentence that holds any of the words, else the title that does, else None."""
        if not leaves:
            return None
        node = leaves[0] if len(leaves) == 1 else Or(operands=tuple(leaves))
        found = self._batch.ids(compiled(Collection.ARTICLES, node)(self._batch))
        if not found:
            return None
        return self._article.title if found[0] == _TITLE else self._sentences[int(found[0])]
