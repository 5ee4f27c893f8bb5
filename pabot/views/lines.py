"""What the messages share: a request in one line, somebody's words, lists that fit, the menu that opens a request."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from slackblocks import Block, ExternalSelectMenu, Option, StaticSelectMenu

from pabot.domain.cards import SHOWN, AuthorizationCard, PatientFacts, Privacy, QueueLine
from pabot.domain.statuses import MEANINGS, Status
from pabot.views import parts
from pabot.views.ids import Hint, Id, step_open
from pabot.views.patients import Surface, shown
from pabot.views.text import Look, Mrkdwn, Rendered, clip, quote, safe

NAME = 60  # characters of a payer or a service in a line
QUOTED = 900  # characters of somebody's words, as they go over the wire
LISTED = 2400  # characters of a list, as they go over the wire; a section takes 3000
OPTIONS, OPTION = 100, 75  # Slack's limits for a menu: how many, and characters of each


def section(look: Look, template: str, name: str, **values: object) -> parts.Drawn:
    """A template's words. Its empty lines are layout of the template, not of the message."""
    kept = (line for line in look.say(template, **values).splitlines() if line.strip())
    return parts.section(name, Mrkdwn("\n".join(kept)))


def about(card: AuthorizationCard) -> str:
    """Number, initials, service and payer. A message that nobody asked for says no more, whatever the setting."""
    return _line(card.state.number, card.patient, card.service, card.payer.payer, Surface.DM)


def unnumbered(card: AuthorizationCard) -> str:
    """The same where the number stands already."""
    return about(card).partition(" · ")[2]


def about_request(
    look: Look, card: AuthorizationCard, template: str, pressed: Sequence[Block], words: Mapping[str, object]
) -> Rendered:
    """A message about one request: a template's words, and what can be pressed."""
    state = card.state
    text = notification(state.number, card.patient, card.payer.payer, state.status)
    return parts.message(text, [section(look, template, template, about=about(card), **words), *pressed])


def steps(
    card: AuthorizationCard,
    choices: Mapping[str, str],
    child: int | None = None,
    *,
    name: str = "actions",
    what: str = "",
) -> list[Block]:
    """Buttons of those steps that this reader may take now. `what`: what of the request they are about."""
    hint = Hint(number=card.state.number, child=child, what=what)
    possible = {kind: label for kind, label in choices.items() if kind in card.steps}
    return parts.actions(name, [parts.button(label, step_open(kind), hint) for kind, label in possible.items()])


def line(of: QueueLine, surface: Surface) -> str:
    """Number, initials, service and payer of a request in a list."""
    return _line(of.number, of.patient, of.service, of.payer, surface)


def notification(number: int, patient: PatientFacts, payer: str, status: Status) -> Mrkdwn:
    """What a lock screen shows: number, initials, payer, status."""
    initials = shown(patient, Surface.NOTIFICATION, None, Privacy.MINIMUM)
    return parts.joined((f"PA-{number}", initials, short(payer), MEANINGS[status].label))


def quoted(words: str) -> Mrkdwn:
    """Somebody's words, cut where they would not fit: one typed character may be five on the wire."""
    length = QUOTED
    while len(quote(words, length)) > QUOTED:
        length = length * 9 // 10
    return quote(words, length)


def fitting(rows: Sequence[str], total: int = 0) -> tuple[Sequence[str], int]:
    """The first rows, as far as they fit into a section, and how many are left out; `total` counts those as well that
    are not here at all.
    """
    first = rows[:SHOWN]
    sizes = accumulate(len(safe(row)) + len("• \n") for row in first)
    kept = first[: sum(size <= LISTED for size in sizes)]
    return kept, max(total, len(rows)) - len(kept)


def listed(look: Look, name: str, title: str, rows: Sequence[str], total: int = 0) -> list[Block]:
    """A heading and its list; nothing when there is none. `total` counts those as well that are not here."""
    if not rows:
        return []
    kept, more = fitting(rows, total)
    return [section(look, "listed", name, title=title, total=max(total, len(rows)), lines=kept, more=more)]


def menu(requests: Iterable[QueueLine], total: int = 0) -> list[Block]:
    """Opens one of the requests; where they are more than a menu takes, or than are here, it searches all."""
    statuses: Mapping[int, Status] = {request.number: request.status for request in requests}
    if not statuses:
        return []
    if max(total, len(statuses)) > min(OPTIONS, len(statuses)):
        found = ExternalSelectMenu(Id.CARD_CHOOSE, placeholder=parts.plain("Find a request…"), min_query_length=0)
        return parts.actions("choose", [found])
    options = [Option(parts.plain(label, OPTION), value=value) for value, label in choices(statuses)]
    chooser = StaticSelectMenu(Id.CARD_CHOOSE, options=options, placeholder=parts.plain("Open a request…"))
    return parts.actions("choose", [chooser])


def choices(statuses: Mapping[int, Status]) -> list[tuple[str, str]]:
    """What a menu of requests holds: number and status, nothing of the patient."""
    return [
        (Hint(number=number).packed(), f"PA-{number} · {MEANINGS[status].label}") for number, status in statuses.items()
    ]


def short(text: str) -> str:
    """A name in a line, on one line."""
    return clip(" ".join(text.split()), NAME)


def _line(number: int, patient: PatientFacts, service: str, payer: str, surface: Surface) -> str:
    initials = shown(patient, surface, None, Privacy.MINIMUM)
    return " · ".join((f"PA-{number}", initials, short(service), short(payer)))
