"""What covers, owners and managers read around people away."""

from dataclasses import replace
from datetime import date

import pytest
from message_samples import CORA, HOSTILE, IDENTITY, LOOK, NOW, item, line
from reading import fits, pressed, same_as_golden, words

from pabot.domain.absence_cards import Done, HandOver, Presence, WelcomeBack
from pabot.domain.absences import Absence, Split
from pabot.domain.deadlines import Clock
from pabot.domain.model import Member, Role
from pabot.domain.rules import Directory
from pabot.domain.statuses import Status
from pabot.views import away
from pabot.views.text import Rendered

CARL = Member("U0CARL", "Carl Ostermann", frozenset({Role.COORDINATOR}))
STAFF = Directory({member.user_id: member for member in (CORA, CARL)})
OVER = HandOver(
    owner=CORA.name,
    back_on=date(2026, 11, 30),
    over=False,
    due_today=(item(1042, wants_decision=False),),
    legal=(item(1043, wants_decision=False, clock=Clock.APPEAL_WINDOW),),
    rest={Status.PENDING: 4, Status.DOCS_NEEDED: 1},
    lines=(line(1042), line(1043), line(1044, status=Status.PENDING)),
    total=7,
)
NOTHING = replace(OVER, due_today=(), legal=(), rest={}, lines=(), total=0, back_on=None)
BACK = WelcomeBack((Done(line(1042), ("submit", "log_contact", "log_contact"), (CARL.name,)),), (item(1043),))
ASKED = Presence(CORA.user_id, CORA.name, 3, away=False, working=False, said_by=None, said_at=None)
SAID = replace(ASKED, said_by="Max Tiller", said_at=NOW)
ASKED_OF_CARL = replace(ASKED, user_id=CARL.user_id, name=CARL.name, due=1)
ABSENCE = Absence(1, CORA.user_id, date(2026, 11, 23), date(2026, 11, 30), (CARL.user_id,), Split.PAYER, NOW)

ALL = {
    "hand_over": lambda: away.hand_over(LOOK, OVER),
    "hand_over_nothing": lambda: away.hand_over(LOOK, NOTHING),
    "inherited": lambda: away.hand_over(LOOK, replace(OVER, back_on=None, for_good=True)),
    "hand_over_ended": lambda: away.hand_over(LOOK, replace(OVER, over=True)),
    "welcome_back": lambda: away.welcome_back(LOOK, BACK),
    "welcome_back_nothing": lambda: away.welcome_back(LOOK, WelcomeBack((), ())),
    "is_in": lambda: away.who_is_in(LOOK, [ASKED]),
    "is_in_said": lambda: away.who_is_in(LOOK, [SAID]),
    "is_in_several": lambda: away.who_is_in(LOOK, [SAID, ASKED_OF_CARL]),
    "account_gone": lambda: away.account_gone(LOOK, CORA.name, 12),
    "away_saved": lambda: away.saved(LOOK, ABSENCE, STAFF, own=True),
}


def first_line(drawn: Rendered) -> str:
    return words(drawn).splitlines()[0]


@pytest.mark.parametrize("name", ALL)
def test_every_message_is_as_it_was_looked_at(request: pytest.FixtureRequest, name: str) -> None:
    drawn = ALL[name]()
    fits(drawn)
    same_as_golden(request, f"message_{name}" if name != "away_saved" else name, drawn)


@pytest.mark.parametrize("name", ALL)
def test_nothing_says_who_a_patient_is(name: str) -> None:
    drawn = ALL[name]()
    assert not [secret for secret in IDENTITY if secret in words(drawn) + drawn.text]


def test_a_cover_reads_first_for_whom_and_until_when_then_what_is_due() -> None:
    drawn = away.hand_over(LOOK, OVER)
    assert first_line(drawn).startswith("*You cover for Cora Lindqvist, who is back on Mon Nov 30, 2026.*")
    said = words(drawn)
    assert "7 open requests: 1 due today or late, 1 legal date this week. The rest: 4 " in said
    assert said.index("Due today") < said.index("Legal dates this week") < said.index("PA-1043 · ")
    assert pressed(drawn) == ["pa.card.choose"]
    assert pressed(away.hand_over(LOOK, replace(OVER, over=True))) == []


def test_who_comes_back_reads_what_was_done_by_whom() -> None:
    said = words(away.welcome_back(LOOK, BACK))
    assert "Something was done for you on 1 request. 1 request is due today or late." in said
    assert "PA-1042 · J.D. · Power wheelchair · Northwind Health · Submitted, Contact logged, by Carl Ostermann" in said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "*Is Cora Lindqvist in today?* 3 requests are due"),
        ({"said_by": "Max Tiller", "said_at": NOW}, "*Cora Lindqvist is in.* Max Tiller said so"),
        ({"working": True}, "*Cora Lindqvist is at work.*"),
        ({"away": True, "working": True}, "*Cora Lindqvist is down as away.*"),
    ],
)
def test_the_question_who_is_in_is_settled_by_any_answer(changed: dict[str, object], said: str) -> None:
    drawn = away.who_is_in(LOOK, [replace(ASKED, **changed)])  # type: ignore[arg-type]
    assert first_line(drawn).startswith(said)
    assert pressed(drawn) == ([] if changed else ["pa.presence.yes", "pa.away.open"])


def test_several_are_asked_about_in_one_message_until_each_is_answered() -> None:
    drawn = away.who_is_in(LOOK, [ASKED, ASKED_OF_CARL])
    assert (drawn.text, first_line(drawn)[:32]) == ("Are 2 people in today?", "*Who is in today?* 2 people have")
    one_left = away.who_is_in(LOOK, [SAID, ASKED_OF_CARL])
    assert first_line(one_left).startswith("*Who is in today?* 1 person has")
    assert pressed(one_left) == ["pa.presence.yes", "pa.away.open"]
    assert first_line(away.who_is_in(LOOK, [SAID, replace(ASKED_OF_CARL, away=True)])).endswith("is wanted of you.")


def test_where_nobody_has_done_anything_a_manager_is_asked_whether_the_practice_is_closed() -> None:
    drawn = away.who_is_in(LOOK, [replace(ASKED, user_id=f"U0{at}", name=HOSTILE) for at in range(30)])
    fits(drawn)
    assert "10 more are not named here. If the practice is closed today" in words(drawn)


@pytest.mark.parametrize(
    ("changed", "own", "said"),
    [
        ({}, True, "*You are away from Nov 23, back on Nov 30.* Carl Ostermann covers."),
        ({"back_on": None}, False, "*Cora Lindqvist is away from Nov 23 on.* Carl Ostermann covers."),
        ({"begun_at": None}, True, "It begins by itself that morning."),
        ({"ended_at": NOW}, True, "*Welcome back.* You get a message"),
        ({"begun_at": None, "ended_at": NOW}, False, "*Cancelled.* Cora Lindqvist is not away"),
    ],
)
def test_the_answer_says_what_happens_now(changed: dict[str, object], own: bool, said: str) -> None:
    assert said in words(away.saved(LOOK, replace(ABSENCE, **changed), STAFF, own=own))  # type: ignore[arg-type]


def test_hostile_names_stay_words_and_fit() -> None:
    many = tuple(item(number, service=HOSTILE, payer=HOSTILE) for number in range(1, 300))
    for drawn in (
        away.hand_over(LOOK, replace(OVER, owner=HOSTILE, due_today=many, legal=many)),
        away.welcome_back(LOOK, WelcomeBack(tuple(Done(one.line, ("submit",), (HOSTILE,)) for one in many), many)),
        away.who_is_in(LOOK, [replace(ASKED, name=HOSTILE)]),
        away.account_gone(LOOK, HOSTILE, 3),
    ):
        fits(drawn)
        assert "<!channel>" not in words(drawn) + drawn.text
