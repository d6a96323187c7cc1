"""What the template is given: one article and what was read in it, in words, with the ids that its links lead to."""

from pipeline.page.marks import Piece
from transforms.records import record


@record
class Name:
    """Words that lead to an element of the page; `link` is "" where there is none."""

    text: str
    link: str = ""


@record
class Quote:
    """A sentence of the article, the id of its element, and the rule that read it ("" unless asked for)."""

    text: str
    link: str
    rule: str = ""


@record
class DeadlineView:
    """A deadline as a card on the timeline.

    Attributes:
        when: The date in words, as exactly as it is known; `latest` the last day it can mean, "" where that says more.
        gap: How long after publication, or "".
        percent: Where it is on the line to scale, or None where there is none.
    """

    anchor: str
    kind: str
    day: str
    when: str
    latest: str
    time: str
    gap: str
    written: str
    action: str
    status: str
    parties: tuple[Name, ...]
    agreement: Name | None
    sentence: Quote
    percent: float | None


@record
class ProvisionView:
    """What an agreement obliges, whom, and the deadline for it."""

    text: str
    parties: tuple[Name, ...]
    deadline: Name | None


@record
class AgreementView:
    """An agreement as a card: `label` is what stands after its sentences in the article."""

    anchor: str
    label: str
    title: str
    kind: str
    status: str
    reached: str
    place: str
    parties: tuple[Name, ...]
    signers: tuple[Name, ...]
    brokers: tuple[Name, ...]
    provisions: tuple[ProvisionView, ...]
    deadlines: tuple[Name, ...]
    quotes: tuple[Quote, ...]


@record
class ActorView:
    """An actor as a card; each mention leads to its place in the article."""

    anchor: str
    name: str
    kind: str
    role: str
    country: str
    aliases: tuple[str, ...]
    mentions: tuple[Name, ...]


@record
class Line:
    """The timeline to scale: its two ends in words, and where the publication is on it, or None."""

    first: str
    last: str
    published: float | None


@record
class ArticleView:
    """One article, ready to be drawn.

    Attributes:
        prefix: What the ids of its elements begin with: "" where it is alone on the page.
        headline: Its first paragraph, where that is its title.
        published, published_day: In words and as ISO 8601; "" when unknown.
        labels: Of the agreements, by id.
        highlights: The ids of all that has marks in the text.
    """

    prefix: str
    title: str
    headline: Piece | None
    paragraphs: tuple[Piece, ...]
    source: str
    url: str
    published: str
    published_day: str
    published_how: str
    language: str
    line: Line | None
    deadlines: tuple[DeadlineView, ...]
    agreements: tuple[AgreementView, ...]
    actors: tuple[ActorView, ...]
    labels: dict[str, str]
    highlights: tuple[str, ...]
