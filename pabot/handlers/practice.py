"""Managers' forms: the staff list and the settings."""

from slack_bolt import BoltResponse

from pabot.domain import roles
from pabot.domain.roles import Action
from pabot.handlers.call import Call
from pabot.handlers.forms_practice import Settings, Staff
from pabot.handlers.outsiders import refuse_guest, refuse_shared
from pabot.views.forms.practice import STAFF, settings_form, staff_modal
from pabot.views.forms.sheet import draw
from pabot.views.ids import Id


def list_staff(call: Call) -> BoltResponse:
    """`/pa staff`: everybody, each with a button to change them."""
    _manages(call)
    return call.show(staff_modal(call.desk.directory()))


def open_person(call: Call) -> BoltResponse:
    """`pa.staff.open`: the form of one person, or of a new one."""
    _manages(call)
    return call.show(draw(STAFF, call.sheet(what=call.hint.what), Id.STAFF_SUBMIT))


def save_person(call: Call) -> BoltResponse:
    """`pa.staff.submit`: back to the list."""
    _manages(call)
    command = Staff.read(call.body["view"]).command(call.hint.what)
    if not call.hint.what:
        refuse_guest(call.client, command.user_id)
    call.desk.save_member(command, actor=call.actor, key=call.key)
    return call.become(staff_modal(call.desk.directory()))


def open_settings(call: Call) -> BoltResponse:
    """`/pa settings`."""
    _manages(call)
    form = settings_form(call.desk.settings(), call.desk.plans())
    return call.show(draw(form, call.sheet(), Id.SETTINGS_SUBMIT))


def save_settings(call: Call) -> BoltResponse:
    """`pa.settings.submit`: saved, and the form closes."""
    _manages(call)
    typed = Settings.read(call.body["view"])
    settings = typed.command(call.desk.directory(), call.desk.plans())
    if settings.team_channel and settings.team_channel != call.desk.settings().team_channel:
        refuse_shared(call.client, settings.team_channel)
    call.desk.save_settings(settings, actor=call.actor, key=call.key)
    return call.ack()


def _manages(call: Call) -> None:
    roles.require(call.actor, Action.MANAGE, staff=call.desk.directory().members.values())
