"""People away: `/pa away`, `/pa back`, and the managers' answers about who is in."""

from dataclasses import replace

from slack_bolt import BoltResponse

from pabot.domain import roles
from pabot.domain.absences import span
from pabot.domain.errors import NotFound, NotNow
from pabot.domain.model import Member
from pabot.domain.roles import Action
from pabot.handlers.call import Call
from pabot.handlers.forms_practice import Away
from pabot.views import away as views
from pabot.views.forms.away import away_form
from pabot.views.forms.sheet import draw
from pabot.views.ids import Hint, Id, form_key

BREAK = "|"  # between whom a form is about and the split that it shows


def command_away(call: Call) -> BoltResponse:
    """`/pa away`, or `/pa away @person` for managers."""
    return _open(call, _named(call, "away"))


def open_away(call: Call) -> BoltResponse:
    """`pa.away.open`: *Away today* of the question whether somebody is in."""
    return _open(call, _person(call, call.hint.what))


def save_away(call: Call) -> BoltResponse:
    """`pa.away.submit`: with several covers the split is shown first, and saved when it is sent again unchanged."""
    user_id, _, shown = call.hint.what.partition(BREAK)
    person = _person(call, user_id)
    command = Away.read(call.body["view"]).command(user_id)
    chosen = f"{command.split}:{','.join(command.covers)}"
    if len(command.covers) > 1 and shown != chosen:
        portions = call.desk.split(command, actor=call.actor)
        form = away_form(person, command.back_on or command.starts_on, portions)
        hint = replace(call.hint, what=f"{user_id}{BREAK}{chosen}")
        return call.become(draw(form, replace(call.sheet(), hint=hint), Id.AWAY_SUBMIT))
    absence = call.desk.go_away(command, actor=call.actor, key=call.key)
    own = user_id == call.actor.user_id
    return call.become(views.saved_modal(call.look, absence, call.desk.directory(), own=own))


def come_back(call: Call) -> BoltResponse:
    """`/pa back`, or `/pa back @person` for managers."""
    person = _named(call, "back")
    absence = call.desk.come_back(person.user_id, actor=call.actor, key=call.press_key)
    own = person.user_id == call.actor.user_id
    return call.whisper(views.saved(call.look, absence, call.desk.directory(), own=own))


def they_are_in(call: Call) -> BoltResponse:
    """`pa.presence.yes`: the message itself says so from then on, to every manager."""
    call.desk.they_are_in(call.hint.what, actor=call.actor, key=call.press_key)
    return call.ack()


def _open(call: Call, person: Member) -> BoltResponse:
    absence = call.desk.absence(person.user_id)
    if absence and absence.begun_at:
        raise NotNow(f"{person.name} is down as away already, {span(absence)}. /pa back ends that.")
    calendar = call.desk.calendar()
    form = away_form(person, calendar.next_open_day(call.local_now().date()))
    return call.show(draw(form, replace(call.sheet(), hint=Hint(key=form_key(), what=person.user_id)), Id.AWAY_SUBMIT))


def _named(call: Call, word: str) -> Member:
    """Whom a command means: nobody named is oneself."""
    typed = call.text.strip()
    if not typed:
        return call.actor
    wanted = typed.removeprefix("@").casefold()
    members = call.desk.directory().members.values()
    found = [m for m in members if wanted in (m.user_id.casefold(), m.name.casefold(), *m.name.casefold().split())]
    if len(found) != 1:
        raise NotFound(f"“{typed[:40]}” names nobody, or several people, of the staff list. Write /pa {word} @person.")
    return _person(call, found[0].user_id)


def _person(call: Call, user_id: str) -> Member:
    """Anybody may say it of themselves, a manager of everybody."""
    staff = call.desk.directory()
    if user_id != call.actor.user_id:
        roles.require(call.actor, Action.MANAGE, staff=staff.members.values())
    member = staff.get(user_id)
    if member is None or not member.active:
        raise NotFound("That person is not on the staff list.")
    return member
