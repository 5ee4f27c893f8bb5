"""`/pa`: one table that parses, prints help and suggests on a typo."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from slack_bolt import BoltResponse

from pabot.domain import roles
from pabot.domain.codes import normal_number
from pabot.domain.errors import NotFound
from pabot.domain.guide import guide as boundary
from pabot.domain.roles import Action
from pabot.handlers import away, cards, library, lists, opening, practice, sheets, steps, sweep, wording
from pabot.handlers.call import Call
from pabot.handlers.payload import LARGEST
from pabot.views import card as card_views
from pabot.views import digest as digest_views
from pabot.views import guide as guide_views
from pabot.views import help as help_views
from pabot.views import patient_text

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True, slots=True)
class Subcommand:
    """One row: how it is written, what it does in words, and the function."""

    usage: str
    does: str
    run: Callable[[Call], BoltResponse]


def run(call: Call) -> BoltResponse:
    """`/pa …`: the first word chooses; a bare number shows that request; nothing at all shows my work."""
    typed = _MENTION.sub(r"@\1", str(call.body.get("text") or "")).strip()
    word, *rest = typed.split(maxsplit=1) or ["mine"]
    if normal_number(typed):
        word, rest = "show", [typed]
    chosen = SUBCOMMANDS.get(word.casefold())
    if chosen is None:
        raise NotFound(_did_you_mean(word))
    return chosen.run(replace(call, text="".join(rest)))


def show(call: Call) -> BoltResponse:
    """The card, for this person's eyes; full privacy settings show identity here, which leaves an event."""
    card = call.desk.card(_number(call, "show"), actor=call.actor, seen_full=True)
    return call.whisper(card_views.card_message(call.look, card, call.actor))


def update(call: Call) -> BoltResponse:
    return cards.open_card(call.about(number=_number(call, "update")))


def called(call: Call) -> BoltResponse:
    return steps.open_step(call.about(number=_number(call, "called")), "patient_called")


def log(call: Call) -> BoltResponse:
    return steps.open_step(call.about(number=_number(call, "log")), "log_contact")


def sheet(call: Call) -> BoltResponse:
    return sheets.open_sheet(call.about(number=_number(call, "sheet")))


def find(call: Call) -> BoltResponse:
    if not call.text:
        raise NotFound(
            "Say what to look for: /pa find with a number, chart number, initials, tracking or authorization number."
        )
    found = call.desk.find(call.text, actor=call.actor)
    if not found.total:
        raise NotFound("Nothing fits. Check the spelling, or look through /pa queue.")
    return call.whisper(lists.drawn(call, found))


def mine(call: Call) -> BoltResponse:
    return call.whisper(lists.drawn(call, lists.page_of(call, lists.MINE)))


def queue(call: Call) -> BoltResponse:
    return call.whisper(lists.drawn(call, lists.page_of(call, call.text)))


def digest(call: Call) -> BoltResponse:
    """The morning's digest as it would read now, for this person only."""
    roles.require(call.actor, Action.VIEW_METRICS, staff=call.desk.directory().members.values())
    return call.whisper(digest_views.digest(call.look, call.desk.digest()))


def guide(call: Call) -> BoltResponse:
    """What this person may do, what wants approval, what not; made from the matrix that decides it."""
    settings = call.desk.settings()
    return call.whisper(
        guide_views.guide_message(call.look, boundary(call.actor.roles, settings.policy), settings.access)
    )


def patient(call: Call) -> BoltResponse:
    """What the patient may hear now, for whoever has them on the phone."""
    card = call.desk.card(_number(call, "patient"), actor=call.actor)
    own = call.desk.own_words(card.state.number, actor=call.actor)
    return call.whisper(patient_text.patient_text(call.look, card, call.actor, own, call.desk.directory()))


def explain(call: Call) -> BoltResponse:
    return call.whisper(help_views.help_message(call.look, HELP))


def open_help(call: Call) -> BoltResponse:
    """`pa.help.open`."""
    return call.show(help_views.help_modal(call.look, HELP))


SUBCOMMANDS: Mapping[str, Subcommand] = {
    "new": Subcommand("new", "Open a request", opening.open_new),
    "show": Subcommand("show 1042", "See one request", show),
    "update": Subcommand("update 1042", "Take the next step on one", update),
    "sheet": Subcommand("sheet 1042", "What the payer's form asks for, to copy or as a PDF", sheet),
    "find": Subcommand("find TEXT", "By number, chart number, initials, tracking or authorization number", find),
    "mine": Subcommand("mine", "What is yours, and what waits for you", mine),
    "queue": Subcommand(
        "queue [status, payer, @person, overdue, hold, expiring, unassigned]", "Open requests, or some", queue
    ),
    "sweep": Subcommand("sweep", "Ask the payers what is due, one after the other", sweep.open_sweep),
    "patient": Subcommand("patient 1042", "What the patient may hear now, in English and Spanish", patient),
    "called": Subcommand("called 1042", "Record that the patient called", called),
    "wording": Subcommand("wording", "The practice's texts for patients, and other words for them", wording.list_texts),
    "log": Subcommand("log 1042", "Log a contact with the payer", log),
    "check": Subcommand("check PAYER K0856", "Does the payer want authorization, and what for it", library.check),
    "payers": Subcommand("payers", "The payer library: what each payer wants, and changes to it", library.list_payers),
    "away": Subcommand("away [@person]", "Be away, and who covers (for others: managers)", away.command_away),
    "back": Subcommand("back [@person]", "Be back, or not go after all", away.come_back),
    "staff": Subcommand("staff", "People and roles (managers)", practice.list_staff),
    "settings": Subcommand("settings", "Hours, channel, digest (managers)", practice.open_settings),
    "digest": Subcommand("digest", "The morning's digest as it stands now", digest),
    "guide": Subcommand("guide", "What you may do, what wants approval, and what is a clinician's", guide),
    "help": Subcommand("help", "This list", explain),
}
HELP = tuple((f"/pa {row.usage}", row.does) for row in SUBCOMMANDS.values())


def _number(call: Call, word: str) -> int:
    number = normal_number(call.text)
    if number is None or not 0 < number <= LARGEST:
        raise NotFound(f"Say which request: /pa {word} 1042, or /pa find to look for it.")
    return number


def _did_you_mean(word: str) -> str:
    near = get_close_matches(word.casefold(), SUBCOMMANDS, n=1)
    return f"There is no “{word[:30]}”. " + (f"Did you mean /pa {near[0]}?" if near else "See /pa help.")
