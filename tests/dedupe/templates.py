"""Writes what agencies make by template day after day: reports that share their words and are not copies."""

import random
from collections.abc import Callable

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_CLUBS = ("Harrow Town", "Milford", "Easton Rovers", "Kingsmere", "Alder Vale", "Port Selby", "Norwick", "Dunmore")
_FIRMS = ("Kestrel Paper", "Halden Foods", "Orme Shipping", "Tarn Optical", "Vantor Steel", "Lisle Textiles")


def _market(chance: random.Random) -> str:
    one, two, three = (round(chance.uniform(0.1, 2.4), 1) for _ in range(3))
    index, nasdaq, oil = chance.randint(9_000, 12_000), chance.randint(1_900, 2_900), round(chance.uniform(58, 79), 2)
    return (
        f"Stocks end the day {chance.choice(['higher', 'lower', 'mixed'])}\n\nNEW YORK - U.S. stocks closed "
        f"{chance.choice(['up', 'down'])} on {chance.choice(_DAYS)} as investors weighed corporate earnings and "
        f"the outlook for "
        f"interest rates at the Federal Reserve. The Dow Jones industrial average moved {one} percent to {index}. "
        f"The broader "
        f"Standard & Poor's 500 index moved {two} percent and the Nasdaq composite {three} percent to {nasdaq}. "
        f"Advancing issues "
        f"outnumbered decliners by about {chance.randint(2, 9)} to 1 on the New York Stock Exchange, where volume "
        f"came to "
        f"{round(chance.uniform(1.1, 2.9), 2)} billion shares. The Russell 2000 index of smaller companies moved "
        f"{round(chance.uniform(0.1, 3), 2)} points. Light, sweet crude moved {chance.randint(10, 190)} cents to "
        f"${oil} a barrel on "
        f"the New York Mercantile Exchange. The dollar was mixed against other major currencies, while gold "
        f"prices moved. The "
        f"yield on the 10-year Treasury note stood at {round(chance.uniform(3.8, 5.2), 2)} percent. Overseas, "
        f"Japan's Nikkei stock "
        f"average moved {round(chance.uniform(0.1, 2), 2)} percent, Britain's FTSE 100 "
        f"{round(chance.uniform(0.1, 2), 2)} percent, "
        f"Germany's DAX index {round(chance.uniform(0.1, 2), 2)} percent and France's CAC-40 "
        f"{round(chance.uniform(0.1, 2), 2)} "
        f"percent."
    )


def _earnings(chance: random.Random) -> str:
    firm = chance.choice(_FIRMS)
    sales, profit, before = chance.randint(200, 900), chance.randint(11, 99), chance.randint(11, 99)
    quarter, year = chance.choice(["first", "second", "third", "fourth"]), chance.randint(2009, 2018)
    return (
        f"{firm} reports {quarter}-quarter results\n\n{firm} today reported net income of "
        f"${profit}.{chance.randint(1, 9)} million, "
        f"or ${chance.randint(0, 2)}.{chance.randint(10, 99)} per diluted share, for the {quarter} quarter of "
        f"{year}, compared with "
        f"${before}.{chance.randint(1, 9)} million, or ${chance.randint(0, 2)}.{chance.randint(10, 99)} per "
        f"diluted share, a year "
        f"earlier. Net sales came to ${sales}.{chance.randint(1, 9)} million. The company will hold a conference "
        f"call at "
        f"{chance.randint(8, 11)}:{chance.choice(['00', '15', '30'])} a.m. Eastern Time. A replay will be "
        f"available on the "
        "company's website. This news release contains forward-looking statements within the meaning of the "
        "securities laws. "
        "Such statements involve risks and uncertainties that could cause actual results to differ materially "
        "from those "
        "expressed or implied. Factors that could cause such differences include demand for the company's "
        "products, the cost of "
        "raw materials and energy, changes in currency exchange rates, labor relations, the actions of "
        "competitors and general "
        "economic conditions. The company undertakes no obligation to update any forward-looking statement, "
        "whether as a result "
        "of new information, future events or otherwise. Non-GAAP measures are given as additional information "
        "and should not be "
        "considered in isolation from measures prepared under generally accepted accounting principles."
    )


def _weather(chance: random.Random) -> str:
    day = chance.choice(_DAYS)
    return (
        f"Weather outlook for {day}\n\nA {chance.choice(['cold', 'warm', 'weak'])} front will cross the region on "
        f"{day}, the weather "
        f"service said. Temperatures will reach {chance.randint(11, 34)} degrees along the coast, "
        f"{chance.randint(11, 34)} degrees "
        f"in the valleys and {chance.randint(1, 20)} degrees in the hills. Winds will blow from the west at "
        f"{chance.randint(8, 60)} "
        f"kilometres an hour with gusts of up to {chance.randint(61, 110)}. Rainfall of {chance.randint(1, 30)} "
        f"millimetres is "
        "expected in places. The outlook for the rest of the week is changeable, with sunny spells in the south "
        "and showers in "
        "the north. People at sea are advised to follow the notices of the coast guard. Pollen levels will be "
        "moderate."
    )


def _fixture(chance: random.Random) -> str:
    home, away = chance.sample(_CLUBS, 2)
    first, second = sorted(chance.sample(range(2, 90), 2))
    return (
        f"{home} {chance.randint(1, 4)}, {away} {chance.randint(0, 3)}\n\n{home} beat {away} on Saturday to stay "
        f"in touch with the "
        f"leaders of the northern league. The first goal came in minute {first} after a corner, the second in "
        f"minute {second} from "
        f"the penalty spot. Attendance was {chance.randint(1_200, 9_800)}. {home} now have "
        f"{chance.randint(20, 60)} points from "
        f"{chance.randint(18, 34)} matches, and {away} {chance.randint(10, 50)}. The two sides meet again in the "
        f"cup next month, "
        "when suspended players will be back and the winners go on to the last sixteen."
    )


def _quotes(chance: random.Random) -> str:
    names = (
        "Euro",
        "Yen",
        "Pound",
        "Swiss franc",
        "Canadian dollar",
        "Australian dollar",
        "Rand",
        "Rupee",
        "Real",
        "Peso",
    )
    lines = [f"{name} {chance.uniform(0.5, 140):.4f} {chance.uniform(0.5, 140):.4f}" for name in names]
    return "\n".join(
        [f"Currencies in late trading on {chance.choice(_DAYS)}", "Per dollar, latest and previous close", *lines]
    )


TEMPLATES: dict[str, Callable[[random.Random], str]] = {
    "market": _market,
    "earnings": _earnings,
    "weather": _weather,
    "fixture": _fixture,
    "quotes": _quotes,
}
