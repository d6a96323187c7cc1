"""Reads a page back strictly: what is opened is closed in order, and the words stand where the marks say."""

from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "img", "br", "circle", "path", "rect", "line"})
NOT_OF_THE_ARTICLE = frozenset({"ref"})  # the label after a sentence


class PageReader(HTMLParser):
    """Elements of a page with their attributes, and the text of each element that has an id."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, str] = {}
        self.paragraphs: list[str] = []
        self.by_class: dict[str, list[str]] = {}
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        if tag not in VOID:
            self._open.append((tag, given, []))

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        opened, attributes, words = self._open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"
        text = "".join(words)
        if "id" in attributes:
            self.texts[attributes["id"]] = text
        for name in attributes.get("class", "").split():
            self.by_class.setdefault(name, []).append(text)
        if tag == "p" and "dir" in attributes:
            self.paragraphs.append(text)
        if self._open and not NOT_OF_THE_ARTICLE & set(attributes.get("class", "").split()):
            self._open[-1][2].append(text)

    def handle_data(self, data):
        if self._open:
            self._open[-1][2].append(data)

    def all(self, name):
        """Returns the values of an attribute, wherever it is given."""
        return [attributes[name] for _, attributes in self.elements if name in attributes]

    def named(self, tag):
        """Returns the attributes of all elements of a tag."""
        return [attributes for found, attributes in self.elements if found == tag]
