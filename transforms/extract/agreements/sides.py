"""Decides who the parties of a gathered agreement are, and whether they are enough to make one."""

from collections.abc import Mapping, Sequence

from transforms.extract.agreements.mention import Mention
from transforms.extract.agreements.merge import Cluster
from transforms.extract.agreements.status import Modality
from transforms.extract.agreements.talks import Talks, talkers
from transforms.records import AgreementStatus

REACHED = frozenset({AgreementStatus.AGREED, AgreementStatus.SIGNED, AgreementStatus.IN_FORCE})
_ALONE = REACHED | {AgreementStatus.EXTENDED}
_AWAITED = frozenset({AgreementStatus.NEGOTIATING, AgreementStatus.PROPOSED})  # with no proof but two names nearby
_JOINED = frozenset(
    {
        AgreementStatus.SIGNED,
        AgreementStatus.AGREED,
        AgreementStatus.COLLAPSED,
        AgreementStatus.SUSPENDED,
        AgreementStatus.REJECTED,
    }
)


def parties_of(cluster: Cluster, talks: Sequence[Talks]) -> tuple[str, ...]:
    """Returns the actor ids of an agreement's parties in the order of the text.

    Args:
        cluster: Its mentions.
        talks: All talks of the article, which name the sides where no agreement does.
    """
    waiting = _talking(cluster, talks)
    if waiting:
        cluster.talked = True
        return waiting
    brokers = {s.actor for m in cluster.mentions for s in m.found.brokers}
    parties = [actor for actor in _named(_without_members(cluster.mentions)) if actor not in brokers]
    if not parties:
        parties.extend(_adopting(cluster, brokers) or {s.actor: s for m in cluster.mentions for s in m.found.scope})
    if not parties:
        parties.extend(_after_talks(cluster, talks))
    alone = any(m.collective for m in cluster.mentions)
    for mention in cluster.mentions if not alone else ():
        if mention.status is AgreementStatus.REJECTED and not parties:
            continue  # "Hamas also rejected the deal" makes it no party
        for side in mention.found.weak:
            if len(parties) < 2 and side.actor not in parties and side.actor not in brokers:
                parties.append(side.actor)
    if len(parties) == 1:  # "Turkey agreed to pause its offensive, Pence said after talks with Erdogan"
        said = next((m for m in cluster.mentions if m.strength == "verb" and m.status in REACHED), None)
        sides = talkers(talks, said.trigger, set(parties)) if said is not None else ()
        parties.extend(side.actor for side in sides if side.actor not in parties)
    return tuple(parties)


def _after_talks(cluster: Cluster, talks: Sequence[Talks]) -> list[str]:
    """Returns whose talks a sentence says have led to an agreement ("talks between X and Y end in the signing of")."""
    made = [m for m in cluster.mentions if m.status in REACHED and m.modality is Modality.ASSERTED and m.indefinite]
    held = (t.sides for m in made for t in talks if m.sentence[0] <= t.token < m.trigger and len(t.sides) > 1)
    return [side.actor for side in next(held, ())]


def _without_members(mentions: Sequence[Mention]) -> Sequence[Mention]:
    """Returns the mentions but for those in which a member refuses what its body has agreed on ("Iran rejected it")."""
    agreed = any(m.collective and m.status in REACHED and m.modality is Modality.ASSERTED for m in mentions)
    return [m for m in mentions if m.collective or m.status is not AgreementStatus.REJECTED] if agreed else mentions


def _adopting(cluster: Cluster, brokers: set[str]) -> list[str]:
    """Returns those who adopt or ratify together what no sentence says they signed ("X, Y and Z adopted the pact")."""
    for mention in cluster.mentions:
        weak = [side.actor for side in mention.found.weak]
        doers = [actor for actor in dict.fromkeys(mention.doers) if actor in weak and actor not in brokers]
        if len(doers) > 2 and mention.status in REACHED:
            return doers
    return []


def _talking(cluster: Cluster, talks: Sequence[Talks]) -> tuple[str, ...]:
    """Returns the sides of the talks where an agreement is awaited and no sentence about it names two sides."""
    if max(len(m.found.strong) for m in cluster.mentions) > 1:
        return ()
    waiting = next((m for m in cluster.mentions if m.status is AgreementStatus.NEGOTIATING), None)
    if waiting is None or any(m.status in REACHED and m.modality is Modality.ASSERTED for m in cluster.mentions):
        return ()
    return tuple(side.actor for side in talkers(talks, waiting.trigger, cluster.parties))


def _named(mentions: Sequence[Mention]) -> list[str]:
    """Returns the certain parties; what only a headline says is left out where the text names two ("Aceh rebels")."""
    body = {s.actor for m in mentions if not m.headline for s in m.found.strong}
    return list(
        dict.fromkeys(
            s.actor for m in mentions for s in m.found.strong if len(body) < 2 or not m.headline or s.actor in body
        )
    )


def enough(cluster: Cluster, parties: Sequence[str], status: AgreementStatus) -> bool:
    """Whether there are two sides, or one that joins a named pact, faces an unnamed group, or decides as a body.

    Args:
        cluster: The agreement's mentions.
        parties: Its parties.
        status: How it stands.
    """
    if status in _AWAITED and not (cluster.whole or cluster.talked):
        return any(_awaited_by(m, parties) for m in cluster.mentions)
    if len(parties) != 1 or cluster.borrowed:
        return bool(parties)
    if any(m.name and m.status in _JOINED and m.modality is Modality.ASSERTED for m in cluster.mentions):
        return True
    return any(
        m.found.counterpart or (m.collective and (status in _ALONE or m.strength == "talks")) for m in cluster.mentions
    )


def told_alone(cluster: Cluster, parties: Sequence[str]) -> bool:
    """Whether an agreement is told as news of one side alone ("it has agreed to a settlement").

    Args:
        cluster: The agreement's mentions.
        parties: Its parties.
    """
    own = any(m.alone == parties[0] for m in cluster.mentions) if len(parties) == 1 else False
    return own and not cluster.borrowed


def _awaited_by(mention: Mention, parties: Sequence[str]) -> bool:
    """Whether a sentence says who waits for an agreement: one side and an unnamed one, or one that offers another."""
    if mention.strength == "talks" or (mention.found.counterpart and mention.strength != "verb"):
        return True
    told = {side.actor for side in (*mention.found.strong, *mention.found.weak)}
    return mention.strength in {"strong", "plain"} and len(parties) > 1 and set(parties) <= told and bool(mention.doers)


def signers_of(mentions: Sequence[Mention]) -> Mapping[str, str]:
    """Returns the persons named for their side, as person id to side id."""
    return {side.signer: side.actor for m in mentions for side in m.found.strong if side.signer is not None}
