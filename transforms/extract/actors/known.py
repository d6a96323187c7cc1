"""An actor known before the article is read: from the gazetteer or the list of countries."""

from transforms.records import ActorKind, record


@record
class Entry:
    """One known actor.

    Attributes:
        stands_for: The id of the side an office holder or an office acts for, or None.
        offices: What a person is called by with the surname alone ("president"), and the years of them.
        common: The name is an everyday word too: it counts only where the trained pipeline sees a name.
    """

    id: str
    name: str
    kind: ActorKind
    aliases: tuple[str, ...] = ()
    country: str | None = None
    stands_for: str | None = None
    common: bool = False
    offices: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
