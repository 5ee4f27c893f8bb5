"""What a menu offers while somebody types. It never fails: no answer is an empty menu."""

from collections.abc import Iterable
from itertools import islice

from slack_bolt import BoltResponse

from pabot.domain.diagnoses import Diagnosis, Standing
from pabot.domain.model import Member, Role
from pabot.handlers.call import Call
from pabot.views.forms.fields import offered
from pabot.views.lines import choices

LATE = "overdue"  # as `/pa queue` says it
MOST = 100  # options that Slack shows
DOUBTS = {Standing.GENERAL: "not the most specific", Standing.UNKNOWN: "not in the list"}


def payers(call: Call) -> BoltResponse:
    return _offer(
        call, ((str(facts.plan_id), f"{facts.payer} · {facts.plan}") for facts in call.desk.plans(call.typed))
    )


def clinicians(call: Call) -> BoltResponse:
    return _offer(call, _named(call.desk.directory().with_role(Role.CLINICIAN), call.typed))


def staff(call: Call) -> BoltResponse:
    return _offer(call, _named(call.desk.directory().with_role(*Role), call.typed))


def diagnoses(call: Call) -> BoltResponse:
    """By code or by words. The doubt comes before the name, which Slack may cut."""
    return _offer(call, ((one.code, _diagnosis(one)) for one in call.desk.diagnoses(call.typed)))


def requests(call: Call) -> BoltResponse:
    """By number, chart number, initials or the payer's number; before anything is typed, what is late."""
    page = (
        call.desk.find(call.typed, actor=call.actor) if call.typed.strip() else call.desk.queue(LATE, actor=call.actor)
    )
    return _offer(call, choices({line.number: line.status for line in page.lines}))


def _diagnosis(one: Diagnosis) -> str:
    doubt = DOUBTS.get(one.standing)
    code = f"{one.code} ({doubt})" if doubt else one.code
    return f"{code} · {one.description}" if one.description else code


def _named(members: Iterable[Member], typed: str) -> Iterable[tuple[str, str]]:
    wanted = typed.casefold().strip()
    found = [member for member in members if wanted in member.name.casefold()]
    return [(member.user_id, member.name) for member in sorted(found, key=lambda member: member.name.casefold())]


def _offer(call: Call, choices: Iterable[tuple[str, str]]) -> BoltResponse:
    return call.ack(options=offered(islice(choices, MOST)))
