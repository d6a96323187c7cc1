"""Merges what several articles say of one agreement, the same in whatever order they came."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from transforms.records import (
    Actor,
    Agreement,
    AgreementStatus,
    Change,
    Deadline,
    DeadlineStatus,
    Evidence,
    Provision,
    digest,
    record,
)
from transforms.resolve.accounts import Account, Told, concerned
from transforms.resolve.deadline_tracks import Track, follow
from transforms.resolve.sketch import Sketch
from transforms.resolve.surnames import with_full_names
from transforms.store.documents import AgreementView, all_names

# Sentences kept as an agreement's evidence: the first report's, then one for each further report. Hundreds of reports
# say the same, and every one of them stays listed by id and address.
_EVIDENCE = 40

# How far an agreement has come. Later articles go on telling of "the deal signed in May" when it is long in force.
_RANK = {
    AgreementStatus.PROPOSED: 0,
    AgreementStatus.NEGOTIATING: 1,
    AgreementStatus.AGREED: 2,
    AgreementStatus.SIGNED: 3,
    AgreementStatus.IN_FORCE: 4,
}
_LAST = 5
_RESUMED = frozenset({AgreementStatus.SUSPENDED, AgreementStatus.VIOLATED})
_ENDED = frozenset({AgreementStatus.REJECTED, AgreementStatus.COLLAPSED})


@record
class Report:
    """One article's account of an agreement, in its place among the others."""

    account: Account
    told: Told

    def change(self, what: str, old: str | None, new: str, said: str | None = None) -> Change:
        """Returns a step of history that this article reports."""
        return Change(
            id=digest("change", self.told.key, what, old or "", new),
            what=what,
            old=old,
            new=new,
            article=self.account.article,
            published=self.account.published,
            said=said,
        )


def _union[T](groups: Iterable[Sequence[T]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))


def _advances(status: AgreementStatus, new: AgreementStatus) -> bool:
    """Whether a later report's status is news: what was reached before is told again and again as background."""
    if new is status:
        return False
    if new is AgreementStatus.IN_FORCE and status in _RESUMED:
        return True
    return _RANK.get(new, _LAST) >= _RANK.get(status, _LAST)


def _history(reports: Sequence[Report]) -> tuple[Change, ...]:
    """Returns the steps of an agreement: when it was first told of, its status, and parties that came in later."""
    first = reports[0]
    status = first.told.agreement.status
    parties = {*first.told.agreement.parties}
    changes = [first.change("new", None, status.value)]
    for report in reports[1:]:
        agreement = report.told.agreement
        if _advances(status, agreement.status):
            changes.append(report.change("status", status.value, agreement.status.value))
            status = agreement.status
        changes += [report.change("party", None, party) for party in agreement.parties if party not in parties]
        parties.update(agreement.parties)
    return tuple(changes)


def _status(history: Sequence[Change]) -> AgreementStatus:
    return AgreementStatus([change.new for change in history if change.what in {"new", "status"}][-1])


def _evidence(reports: Sequence[Report]) -> tuple[Evidence, ...]:
    first, *others = (report.told.agreement.evidence for report in reports)
    return _union([first, *(evidence[:1] for evidence in others)])[:_EVIDENCE]


def _deadline(agreement_id: str, track: Track, ended: str | None) -> Deadline:
    """Returns a deadline as it stands; cancelled when the agreement ended (on the day `ended`) before its date."""
    latest = track.latest
    moved = [change for change in track.history if change.what == "deadline_moved"]
    status = DeadlineStatus.EXTENDED if moved and (moved[-1].old or "") < moved[-1].new else latest.status
    if track.history[-1].what == "deadline_met":
        status = DeadlineStatus.MET
    elif ended is not None and latest.date.isoformat() > ended:
        status = DeadlineStatus.CANCELLED
    return dataclasses.replace(latest, id=track.id, agreement=agreement_id, status=status, history=tuple(track.history))


def _ended(history: Sequence[Change]) -> str | None:
    """Returns the day on which an agreement was reported to have ended, if it stands so; "" when it has no day."""
    last = [change for change in history if change.what in {"new", "status"}][-1]
    return (last.published or "")[:10] if AgreementStatus(last.new) in _ENDED else None


def _provisions(reports: Sequence[Report], tracks: Mapping[str, str]) -> tuple[Provision, ...]:
    renamed = {deadline.id: tracks[key] for report in reports for key, deadline in report.told.dated() if key in tracks}
    return _union(
        tuple(
            dataclasses.replace(provision, deadline=renamed.get(provision.deadline or ""))
            for provision in report.told.agreement.provisions
        )
        for report in reports
    )


def _merged(agreement_id: str, reports: Sequence[Report], tracks: Mapping[str, str]) -> Agreement:
    told = [report.told.agreement for report in reports]
    history = _history(reports)
    return dataclasses.replace(
        told[0],
        id=agreement_id,
        status=_status(history),
        parties=_union(agreement.parties for agreement in told),
        signers=_union(agreement.signers for agreement in told),
        brokers=_union(agreement.brokers for agreement in told),
        place=next((agreement.place for agreement in told if agreement.place), None),
        reached=next((agreement.reached for agreement in told if agreement.reached), None),
        provisions=_provisions(reports, tracks),
        evidence=_evidence(reports),
        history=history,
    )


def _named(agreement: Agreement, deadlines: Sequence[Deadline], reports: Sequence[Report]) -> list[Actor]:
    wanted = concerned(agreement, deadlines)
    return [actor for report in reports for actor in report.account.actors if actor.id in wanted]


def _know_by(tracks: Sequence[Track], silent: Sequence[Sketch], accounts: Mapping[str, Account]) -> None:
    """Lets deadlines be known by the ids that copies gave them before their originals came."""
    keys = {mention.key for mention in silent}
    copies = dict.fromkeys(mention.article for mention in silent if mention.article in accounts)
    for told in (one for article in copies for one in accounts[article].told if one.key in keys):
        for key, deadline in told.dated():
            for track in [track for track in tracks if track.is_told(deadline)][:1]:
                track.know_by(told.entered, key)


def merge_accounts(
    agreement_id: str, mentions: Sequence[Sketch], accounts: Mapping[str, Account], silent: Sequence[Sketch] = ()
) -> AgreementView | None:
    """Returns one agreement made of all its mentions.

    Args:
        agreement_id: The id it goes by in the store.
        mentions: At least one, in their order (published, article, place in the text).
        accounts: What the articles say, by article; mentions that are no longer in them are passed over.
        silent: Mentions of copies; its deadlines are known by what these called them, and nothing else is taken.

    Returns:
        The agreement, or None when all mentions were passed over.
    """
    speaking = {mention.article for mention in mentions}
    said = with_full_names({article: account for article, account in accounts.items() if article in speaking})
    told = {one.key: Report(account=account, told=one) for account in said.values() for one in account.told}
    reports = [told[mention.key] for mention in mentions if mention.key in told]
    if not reports:
        return None
    tracks = follow(reports)
    _know_by(tracks, silent, accounts)
    ids = [(track.id, track) for track in tracks]
    renamed = {former: now for now, track in ids for former in track.ids}
    members = {key: now for now, track in ids for key in track.keys}
    agreement = _merged(agreement_id, reports, members)
    ended = _ended(agreement.history)
    deadlines = [_deadline(agreement_id, track, ended) for track in tracks]
    actors = _named(agreement, deadlines, reports)
    names: dict[str, str] = {}
    for actor in actors:
        names[actor.id] = min(actor.name, names.get(actor.id, actor.name))
    return AgreementView(
        agreement=agreement,
        deadlines=tuple(sorted(deadlines, key=lambda deadline: (deadline.date, deadline.id))),
        names=names,
        aliases=all_names(actors),
        articles=tuple({report.account.article: report.account.url for report in reports}.items()),
        renamed=renamed,
    )
