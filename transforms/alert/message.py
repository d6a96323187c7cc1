"""What a person is told: an alert as it stands when it is sent, put into words by templates."""

import datetime
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from transforms.alert.alert import Alert
from transforms.alert.safe import MAX_TITLE_CHARACTERS, one_line
from transforms.errors import UsageError
from transforms.records import record, to_json

TITLE = "{{ severity }}: {{ headline }}"
TEXT = """\
{{ headline }}
{% if title != headline %}About: {{ title }}
{% endif %}{% if who %}Who: {{ who | join(', ') }}
{% endif %}{% if date %}By when: {{ date }}
{% endif %}{% if old or new %}Changed: {{ old or 'nothing' }} -> {{ new or 'nothing' }}
{% endif %}{% if sentence %}"{{ sentence }}"
{% endif %}{% if link or source %}{{ [source, published, link] | select | join(', ') }}
{% endif %}{% if more %}and {{ more }} more article{{ 's' if more > 1 }} on it
{% endif %}{% if kept_back %}and {{ kept_back }} more alert{{ 's' if kept_back > 1 }} on it, kept quiet before
{% endif %}Rule: {{ rule }}. Alert: {{ id }}"""
HTML = """\
<p><b>{{ headline }}</b></p>
{% if title != headline %}<p>{{ title }}</p>
{% endif %}{% if who %}<p>Who: {{ who | join(', ') }}</p>
{% endif %}{% if date %}<p>By when: {{ date }}</p>
{% endif %}{% if old or new %}<p>Changed: {{ old or 'nothing' }} &rarr; {{ new or 'nothing' }}</p>
{% endif %}{% if sentence %}<blockquote>{{ sentence }}</blockquote>
{% endif %}{% if link or source %}<p>{{ [source, published] | select | join(', ') }}
{% if link %}<a href="{{ link }}">{{ link }}</a>{% endif %}</p>
{% endif %}{% if more %}<p>and {{ more }} more on it</p>
{% endif %}{% if kept_back %}<p>and {{ kept_back }} more alerts on it, kept quiet before</p>
{% endif %}<p>Rule: {{ rule }}. Alert: {{ id }}</p>"""

_MAX_MESSAGE_CHARACTERS = 100_000  # what a mail server takes without a word; a digest of 200 is below


class TemplateMistakeError(UsageError):
    """A template cannot be used; the message says why."""


@record
class DeadlineNow:
    """A deadline as the store has it when the message is sent."""

    id: str
    date: datetime.date
    status: str
    action: str
    agreement_title: str
    moves: int


@record
class Message:
    """An alert and what has become of it since it was recorded.

    Attributes:
        more: How many further articles of the same story there are by now.
        deadline: The deadline it is about, as it stands; None where it is about none.
    """

    alert: Alert
    more: int = 0
    deadline: DeadlineNow | None = None


@record
class Wording:
    """Templates for a message's title and text; in HTML, values are escaped."""

    title: str = TITLE
    text: str = TEXT
    html: bool = False


@lru_cache(maxsize=2)
def _environment(*, html: bool) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(autoescape=html, undefined=StrictUndefined, keep_trailing_newline=False)


@lru_cache(maxsize=256)
def _template(source: str, *, html: bool) -> Any:
    return _environment(html=html).from_string(source)


def values(message: Message) -> dict[str, Any]:
    """Returns what templates may use, and what programs are sent: the alert's fields, JSON-ready, and `more`."""
    told = to_json(message.alert)
    for key in ("channels", "quieted"):
        del told[key]
    return {**told, "more": message.more}


def put_into_words(messages: Sequence[Message], wording: Wording) -> tuple[str, str]:
    """Returns the title and text of one message about one alert, or of a digest of several.

    Args:
        messages: At least one.
        wording: The templates.

    Raises:
        TemplateMistakeError: A template uses what is not there.
    """
    try:
        told = [_template(wording.text, html=wording.html).render(values(message)) for message in messages]
        if len(messages) == 1:
            title = _template(wording.title, html=False).render(values(messages[0]))
        else:
            title = f"{len(messages)} alerts: {messages[0].alert.rule}"
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        raise TemplateMistakeError(f"the template cannot be used: {one_line(error)}") from error
    between = "\n<hr>\n" if wording.html else "\n\n"
    return one_line(title, MAX_TITLE_CHARACTERS), between.join(told)[:_MAX_MESSAGE_CHARACTERS]
