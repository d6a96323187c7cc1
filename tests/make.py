"""Makes records with the fields a test cares about."""

import datetime

from transforms.records import (
    Actor,
    ActorKind,
    Agreement,
    AgreementKind,
    AgreementStatus,
    Article,
    Deadline,
    DeadlineKind,
    Evidence,
    Precision,
    PublishedHow,
    Reading,
)

NOW = datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.UTC)


class Make:
    """One article, and what was read in it."""

    @staticmethod
    def article(
        name: str, *, published: str | None = "2024-04-30", text: str = "", taken_in: datetime.datetime = NOW
    ) -> Article:
        return Article(
            id=name,
            item=f"item-{name}",
            url=f"https://news.example/{name}",
            source="Example",
            title=f"Title of {name}",
            text=text or f"Text of {name}.",
            content_hash=f"hash of {text or name}",
            published=published,
            published_how=PublishedHow.SIDECAR if published else PublishedHow.UNKNOWN,
            language="en",
            taken_in=taken_in,
        )

    @staticmethod
    def evidence(article: str, start: int = 0) -> Evidence:
        return Evidence(article=article, start=start, end=start + 4, text="Text", rule="test.rule")

    @staticmethod
    def actor(party: str) -> Actor:
        """A country, as "company:AA-steel" a firm of the country AA, or as "person:marta kolvar" a person."""
        if party.startswith("person:"):
            return Actor(id=party, name=party.removeprefix("person:").title(), kind=ActorKind.PERSON)
        if not party.startswith("company:"):
            return Actor(id=party, name=party.upper(), kind=ActorKind.COUNTRY)
        country, name = party.removeprefix("company:").split("-")
        return Actor(id=party, name=name.title(), kind=ActorKind.ORGANIZATION, country=country)

    @classmethod
    def reading(
        cls,
        article: str,
        *,
        parties: tuple[str, ...] = ("country:AA", "country:BB"),
        status: AgreementStatus = AgreementStatus.SIGNED,
        dates: tuple[str, ...] = ("2024-06-01",),
        reached: str | None = "2024-04-29",
    ) -> Reading:
        agreement = Agreement(
            id=f"{article}#0",
            kind=AgreementKind.CEASEFIRE,
            title=f"Ceasefire in {article}",
            parties=parties,
            status=status,
            reached=reached,
            evidence=(cls.evidence(article),),
        )
        deadlines = tuple(
            Deadline(
                id=f"{article}#{date}",
                agreement=agreement.id,
                kind=DeadlineKind.DUE,
                date=datetime.date.fromisoformat(date),
                precision=Precision.DAY,
                text=f"by {date}",
                action="withdraw",
                evidence=cls.evidence(article, 5),
            )
            for date in dates
        )
        actors = tuple(cls.actor(party) for party in parties)
        return Reading(article=article, actors=actors, agreements=(agreement,), deadlines=deadlines)
