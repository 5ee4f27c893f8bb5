"""Nobody gets past the boundary: every step, by every role, in every status, from buttons and hand-made forms.

What is expected comes from the cells of the matrix, not from the code that asks it.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from practice_bot import Bot, running

from pabot.domain import commands as c
from pabot.domain.cards import AuthorizationCard
from pabot.domain.decide import STEPS_BY_KIND
from pabot.domain.model import Channel, Decision, Role, ToldBy
from pabot.domain.roles import COLUMNS, LETTERS, MATRIX, ROLE_WORDS, Action
from pabot.domain.statuses import Status
from pabot.handlers.forms import STEP_FORMS
from pabot.handlers.step_form import About
from pabot.views.forms import WITHOUT_FORM
from pabot.views.ids import Hint, Id, step_open, step_submit

DRAWN = Path(__file__).parent.parent / "golden/forms"
WHO = dict(zip(COLUMNS, ("U0CORA", "U0BILL", "U0DOC", "U0MAX", "U0DESK"), strict=True))
VARIANTS = {"take_version": "take_version_newer", "decide_denial": "decide_denial_appeal"}
SUGGESTED = {"payer": "1", "clinician": "U0DOC", "director": "U0DOC", "diagnoses": "G35"}
# The matrix row of a step, where what happened to the request decides which of two it is.
ROWS: Mapping[str, frozenset[Action]] = {
    "accept_review": frozenset({Action.ANSWER_QUESTION, Action.DECIDE_DENIAL}),
    "return_review": frozenset({Action.ANSWER_QUESTION, Action.DECIDE_DENIAL}),
    "close": frozenset({Action.CLOSE_APPROVED, Action.CLOSE_DENIED}),
    "withdraw": frozenset({Action.WITHDRAW, Action.WITHDRAW_FROM_REVIEW}),
    "answer_information": frozenset({Action.ANSWER_ADMINISTRATIVE, Action.ANSWER_CLINICAL}),
}
_once = count(1)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    with running(tmp_path_factory.mktemp("boundary")) as one:
        yield one


@pytest.fixture(scope="module")
def requests(bot: Bot) -> dict[Status, int]:
    """One request in each status."""
    return {status: _in(bot, status) for status in Status}


def _in(bot: Bot, status: Status) -> int:
    chart = f"C-{next(_once)}"
    number = bot.request(chart, despite_duplicate=True).state.number
    while bot.desk.card(number, actor=bot.member("U0CORA")).state.status is not status:
        _onward(bot, number, status, chart)
    return number


def _onward(bot: Bot, number: int, to: Status, chart: str) -> None:
    """One step nearer."""
    state = bot.desk.card(number, actor=bot.member("U0DOC")).state
    now, denial = bot.clock.now(), (state.denial and state.denial.id) or 0
    missing = "The signed order" if to in (Status.REQ_CHECK, Status.DOCS_NEEDED) else ""
    ways: Mapping[Status, tuple[str, c.Command]] = {
        Status.NEW: ("U0CORA", c.Claim(number=number)),
        Status.REQ_CHECK: ("U0CORA", c.CheckRequirement(number=number, required=True, missing=missing)),
        Status.READY: ("U0CORA", c.Submit(number=number, channel=Channel.FAX, submitted_at=now)),
        Status.SUBMITTED: ("U0CORA", c.Acknowledge(number=number, tracking_number="TRK-1")),
        Status.PENDING: ("U0CORA", _answer(number, to, bot)),
        Status.CLINICAL_REVIEW: (
            "U0DOC",
            c.DecideDenial(
                number=number, denial_id=denial, decision=Decision.ACCEPT, reason="The notes.", chart_number=chart
            ),
        ),
        Status.APPROVED: ("U0CORA", c.TellPatient(number=number, how=ToldBy.PHONE, told_at=now)),
        Status.PATIENT_NOTIFIED: ("U0CORA", c.Close(number=number)),
    }
    bot.step(*ways[state.status])


def _answer(number: int, to: Status, bot: Bot) -> c.Command:
    now, today = bot.clock.now(), bot.desk.calendar().day(bot.clock.now())
    if to is Status.ADDL_INFO:
        return c.RecordInformationRequest(number=number, asked="The last note", clinical=False, received_at=now)
    if to in (Status.DENIED, Status.CLINICAL_REVIEW):
        return c.RecordDenial(number=number, reason="not_medically_necessary", notice_on=today, received_at=now)
    return c.RecordApproval(number=number, decided_at=now, authorization_number="A-1", dates_not_stated=True)


def filled(kind: str) -> dict[str, Any]:
    """A step's form as it was agreed, with something in each field that must be filled."""
    view = json.loads((DRAWN / f"{VARIANTS.get(kind, kind)}.json").read_text(encoding="utf-8"))
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    fields = [block for block in inputs if not block.get("optional") or block["block_id"].startswith("items")]
    typed = {block["block_id"]: _typed(block["block_id"], block["element"]) for block in fields}
    return view | {"state": {"values": typed}, "callback_id": step_submit(kind)}


def _typed(name: str, element: dict[str, Any]) -> dict[str, Any]:
    kind, options = element["type"], element.get("options") or [{"value": SUGGESTED.get(name, "U0BILL")}]
    first = {"text": {"type": "plain_text", "text": "?"}, "value": options[0]["value"]}
    chosen = first if "select" in kind or kind == "radio_buttons" else None
    typed: dict[str, Any] = {
        "plain_text_input": {"value": "K0856" if name == "codes" else "x"},
        "number_input": {"value": element.get("min_value", "1")},
        "datepicker": {"selected_date": "2026-11-23"},
        "datetimepicker": {"selected_date_time": 1795446000},
        "checkboxes": {"selected_options": [first]},
    }.get(kind, {"selected_options": [chosen]} if kind.startswith("multi") else {"selected_option": chosen})
    return {element["action_id"]: {"type": kind, **typed}}


def cells(kind: str, role: Role) -> set[str]:
    """The role's cells for a step."""
    rows = ROWS.get(kind, frozenset({STEPS_BY_KIND[kind].action}))
    return {MATRIX[action][COLUMNS.index(role)] for action in rows}


def who_may(kind: str) -> set[str]:
    """The words of the roles that a refusal may name: they do it, or approve it."""
    rows = ROWS.get(kind, frozenset({STEPS_BY_KIND[kind].action}))
    named = {role for action in rows for role, cell in zip(COLUMNS, MATRIX[action], strict=True) if cell != "-"}
    approve = {LETTERS[letter] for action in rows for cell in MATRIX[action] if cell[:2] == "R:" for letter in cell[2:]}
    return {ROLE_WORDS[role] for role in named | approve}


def shown(bot: Bot, answer: dict[str, Any], before: int) -> str:
    """Everything that was said in answer to a payload."""
    return json.dumps([answer, bot.slack.calls[before:]], ensure_ascii=False)


FORBIDDEN = [
    pytest.param(kind, role, id=f"{kind}-{role}")
    for kind in STEPS_BY_KIND
    for role in COLUMNS
    if all(cell == "-" or cell.startswith("R:") for cell in cells(kind, role))  # nobody's approval is named here
    and not STEPS_BY_KIND[kind].directed
    and not (STEPS_BY_KIND[kind].asks and any(cell.startswith("R:") for cell in cells(kind, role)))
    and STEPS_BY_KIND[kind].offered
]


@pytest.mark.parametrize(("kind", "role"), FORBIDDEN)
def test_what_a_cell_forbids_is_refused_in_every_status(
    bot: Bot, requests: dict[Status, int], kind: str, role: Role
) -> None:
    for status, number in requests.items():
        state = bot.desk.card(number, actor=bot.member("U0MAX")).state
        denial = (state.denial and state.denial.id) or (state.question and state.question.id) or 1
        hint = Hint(number=number, key=f"made-by-hand-{next(_once)}", child=denial, what="appeal", as_is=True)
        for send in (_pressed, _submitted):
            if send is _submitted and kind in WITHOUT_FORM:
                continue
            before = len(bot.slack.calls)
            said = shown(bot, send(bot, kind, WHO[role], hint), before)
            after = bot.desk.card(number, actor=bot.member("U0MAX")).state
            assert after == state, f"{kind} by {role} in {status}"
            assert any(words in said for words in who_may(kind)), f"{status}: {said[:300]}"


ASKING = [
    pytest.param(kind, role, id=f"{kind}-{role}")
    for kind in STEPS_BY_KIND
    for role in COLUMNS
    if STEPS_BY_KIND[kind].asks
    and any(cell.startswith("R:") for cell in cells(kind, role))
    and "Y" not in cells(kind, role)
]
# Where a request of each status allows the step; what is under review is withdrawn by a clinician, whoever approves.
ASKED_IN: Mapping[str, frozenset[Status]] = {
    "withdraw": frozenset(Status) - {Status.CLINICAL_REVIEW, Status.PATIENT_NOTIFIED, Status.CLOSED},
    "reopen": frozenset({Status.CLOSED}),
}


@pytest.mark.parametrize(("kind", "role"), ASKING)
def test_what_wants_approval_asks_and_changes_nothing_of_the_request(
    bot: Bot, requests: dict[Status, int], kind: str, role: Role
) -> None:
    for status, number in requests.items():
        where, asks = f"{kind} by {role} in {status}", status in ASKED_IN.get(kind, ())
        was = bot.desk.card(number, actor=bot.member("U0MAX"))
        hint = Hint(number=number, key=f"made-by-hand-{next(_once)}", as_is=True)
        before = len(bot.slack.calls)
        said = shown(bot, _pressed(bot, kind, WHO[role], hint), before)
        assert ("Ask for approval" in said) is asks, f"{where}: {said[:300]}"
        said = shown(bot, _submitted(bot, kind, WHO[role], hint), before)
        now = bot.desk.card(number, actor=bot.member("U0MAX"))
        assert (now.state, was.approvals) == (was.state, ()), where
        assert [(one.kind, one.by) for one in now.approvals] == ([(kind, WHO[role])] if asks else []), where
        assert ("That did not work" in said) is not asks, f"{where}: {said[:300]}"
        if asks:
            _nobody_else_answers(bot, now)


def _nobody_else_answers(bot: Bot, asked: AuthorizationCard) -> None:
    """Neither whoever asked nor anybody without the role, by forms that nobody drew for them; then it is taken back."""
    (approval,), number = asked.approvals, asked.state.number
    wanted = {LETTERS[letter] for cell in cells(approval.kind, Role.COORDINATOR) for letter in cell[2:] if cell != "-"}
    for who in (approval.by, *(who for role, who in WHO.items() if role not in wanted)):
        _answered_by_hand(bot, approval.id, number, who)
    assert bot.desk.card(number, actor=bot.member("U0MAX")) == asked
    bot.press(approval.by, Id.APPROVAL_BACK, Hint(number=number, child=approval.id).packed())


def _answered_by_hand(bot: Bot, approval_id: int, number: int, who: str) -> None:
    """A form of approving, and one of declining, that nobody drew for them."""
    for name in ("approve", "decline"):
        view = json.loads((DRAWN / f"{name}.json").read_text(encoding="utf-8"))
        hint = Hint(number=number, child=approval_id, key=f"by-hand-{next(_once)}")
        note = {"note": {"note": {"type": "plain_text_input", "value": "x"}}}
        before = len(bot.slack.calls)
        said = shown(bot, bot.submit(who, view | {"private_metadata": hint.packed()}, note), before)
        assert any(words in said for words in ("Only ", "Nobody approves")), said[:300]


def _pressed(bot: Bot, kind: str, who: str, hint: Hint) -> dict[str, Any]:
    return bot.press(who, step_open(kind), hint.packed())


def _submitted(bot: Bot, kind: str, who: str, hint: Hint) -> dict[str, Any]:
    view = filled(kind)
    state = view.pop("state")["values"]
    return bot.submit(who, view | {"private_metadata": hint.packed()}, state)


@pytest.mark.parametrize("kind", sorted(STEP_FORMS))
def test_the_hand_made_form_is_one_that_could_be_saved(kind: str) -> None:
    """Else a refusal would prove nothing."""
    about = About(1042, version=1, child=1, what="appeal", save="s")
    assert STEP_FORMS[kind].read(filled(kind)).command(about).number == 1042


def test_no_button_is_drawn_that_a_cell_forbids(bot: Bot, requests: dict[Status, int]) -> None:
    for number in requests.values():
        for role, who in WHO.items():
            offered = set(bot.desk.card(number, actor=bot.member(who)).steps)
            assert not {kind for kind in offered if cells(kind, role) == {"-"}}
            drawn = json.dumps(bot.command(who, f"show {number}"))
            assert not {kind for kind in STEPS_BY_KIND if cells(kind, role) == {"-"} and step_open(kind) in drawn}


# What is no step of a request: how it is asked for, and the matrix row.
BESIDES: Mapping[str, tuple[str, Action]] = {
    "new": ("new", Action.CREATE),
    "staff": ("staff", Action.MANAGE),
    "settings": ("settings", Action.MANAGE),
    "away": ("away <@U0MAX>", Action.MANAGE),
    "digest": ("digest", Action.VIEW_METRICS),
}
SENT: Mapping[Id, Action] = {
    Id.NEW_SUBMIT: Action.CREATE,
    Id.RENEW_SUBMIT: Action.CREATE,
    Id.STAFF_SUBMIT: Action.MANAGE,
    Id.SETTINGS_SUBMIT: Action.MANAGE,
}
FILES = {
    Id.NEW_SUBMIT: "new",
    Id.RENEW_SUBMIT: "renew_minimum",
    Id.STAFF_SUBMIT: "staff_change",
    Id.SETTINGS_SUBMIT: "settings",
}


@pytest.mark.parametrize("role", COLUMNS)
@pytest.mark.parametrize("name", BESIDES)
def test_a_command_that_a_cell_forbids_says_who_may(bot: Bot, name: str, role: Role) -> None:
    text, action = BESIDES[name]
    before = len(bot.slack.calls)
    said = shown(bot, bot.command(WHO[role], text), before)
    refused = any(f"Only {words}" in said for words in ROLE_WORDS.values())
    assert refused is (MATRIX[action][COLUMNS.index(role)] == "-")


@pytest.mark.parametrize("role", COLUMNS)
@pytest.mark.parametrize("submit", SENT)
def test_a_hand_made_form_that_a_cell_forbids_changes_nothing(
    bot: Bot, requests: dict[Status, int], submit: Id, role: Role
) -> None:
    if MATRIX[SENT[submit]][COLUMNS.index(role)] != "-":
        return
    view = json.loads((DRAWN / f"{FILES[submit]}.json").read_text(encoding="utf-8"))
    typed = {
        one["block_id"]: _typed(one["block_id"], one["element"]) for one in view["blocks"] if one["type"] == "input"
    }
    hint = Hint(number=requests[Status.CLOSED], key=f"by-hand-{next(_once)}", what="U0BILL")
    before = (bot.desk.directory(), bot.desk.settings(), bot.desk.queue("", actor=bot.member("U0MAX")).total)
    said = json.dumps(bot.submit(WHO[role], view | {"callback_id": submit, "private_metadata": hint.packed()}, typed))
    assert (bot.desk.directory(), bot.desk.settings(), bot.desk.queue("", actor=bot.member("U0MAX")).total) == before
    assert "Only " in said, said[:300]
