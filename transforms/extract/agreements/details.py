"""Says when and where an agreement was reached, and gives it a title."""

from collections.abc import Sequence

from transforms.extract.agreements.mention import Mention
from transforms.extract.agreements.view import View
from transforms.records import AgreementKind

_KIND_TITLES = {
    AgreementKind.CEASEFIRE: "Ceasefire",
    AgreementKind.PEACE: "Peace agreement",
    AgreementKind.DEMILITARISATION: "Demilitarisation agreement",
    AgreementKind.ARMS_CONTROL: "Arms control agreement",
    AgreementKind.PRISONER_EXCHANGE: "Prisoner exchange",
    AgreementKind.POLITICAL: "Political agreement",
    AgreementKind.TRADE: "Trade agreement",
    AgreementKind.FINANCE: "Financial agreement",
    AgreementKind.ENERGY: "Energy agreement",
    AgreementKind.COMMERCIAL: "Commercial agreement",
    AgreementKind.LABOR: "Labour agreement",
    AgreementKind.DEFENCE: "Defence agreement",
    AgreementKind.BORDER: "Border agreement",
    AgreementKind.MIGRATION: "Migration agreement",
    AgreementKind.TRANSPORT: "Transport agreement",
    AgreementKind.CLIMATE: "Climate agreement",
    AgreementKind.OTHER: "Agreement",
}


def title_of(view: View, mentions: Sequence[Mention], kind: AgreementKind, parties: Sequence[str]) -> str:
    """Returns a short name: what it is and between whom ("Ceasefire between India and Pakistan")."""
    names = [view.names.get(party, party) for party in parties]
    noun = _KIND_TITLES[kind]
    if len(names) < 2:
        return f"{noun} of {names[0]}" if names else noun
    if len(names) == 2:
        return f"{noun} between {names[0]} and {names[1]}"
    return f"{noun} between {', '.join(names[:-1])} and {names[-1]}"
