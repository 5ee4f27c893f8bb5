"""A request walked at random by random people, for as long as it takes to find a day that the rules forgot.

Whatever happens, somebody has it, some clock runs, and every button that is offered works.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain_practice import BILL, CHECKLIST, COLE, CORA, DORA, EVERYBODY, MARA, REQUEST, WHOLE, Story, rules
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pabot.domain import appeals, review, roles
from pabot.domain import commands as c
from pabot.domain.clocks import PASSED_ON
from pabot.domain.commands_appeals import CallOutcome
from pabot.domain.deadlines import Clock, running
from pabot.domain.decide import STEPS, STEPS_BY_KIND, possible
from pabot.domain.documents import Document, Item, ItemKind
from pabot.domain.errors import PabotError
from pabot.domain.expiry import NO_RENEWAL, units
from pabot.domain.happenings import Asked, Caller
from pabot.domain.model import Channel, Decision, Member, Role, ServiceLine, ToldBy, Urgency
from pabot.domain.next_steps import needed, waits_for
from pabot.domain.requirements import DENIAL_REASONS, WITHDRAWAL_REASONS
from pabot.domain.review import asked
from pabot.domain.statuses import OPEN, Outcome, Status
from pabot.domain.steps_alarms import REASONS
from pabot.domain.steps_calls import HELD
from pabot.domain.transitions import EDGES

COMMANDS = {step.kind: command for command, step in STEPS.items()}
STAFFS = (EVERYBODY, (CORA, DORA, MARA), (CORA, COLE, BILL, MARA))  # the last has nobody licensed
PAYER_DECIDED = (Outcome.APPROVED, Outcome.PARTIAL, Outcome.DENIED)
Draw = Callable[[st.SearchStrategy[Any]], Any]
YES_OR_NO = st.booleans()
CODES = ((ServiceLine(1, "K0861", "NU"),), (ServiceLine(1, "K0856"), ServiceLine(2, "E2311"), ServiceLine(3, "E2361")))
WORDS = st.sampled_from(["", "as the letter says"])
CHANNELS = st.sampled_from(Channel)


def _decision(story: Story, who: Member, draw: Draw) -> dict[str, Any]:
    denial = story.state.denial
    assert denial is not None
    may_accept = who.is_(Role.CLINICIAN) or DENIAL_REASONS[denial.reason].biller_may_accept
    choices = [one for one in Decision if may_accept or one is not Decision.ACCEPT]
    if appeals.open_to(story.state, denial, story.book.payer) is None:
        choices.remove(Decision.APPEAL)
    return {"denial_id": denial.id, "decision": draw(st.sampled_from(choices))}


def _filed(story: Story, draw: Draw) -> dict[str, Any]:
    denial = story.state.denial
    able = appeals.signers(denial) if denial else ()
    signers = [*_others(story, *able, but=None), ""]
    urgent = bool(denial and denial.expedited) and draw(YES_OR_NO)
    return {**WHOLE, "signed_by": signers[0], "filed_at": story.now, "expedited": urgent}


def _others(story: Story, *wanted: Role, but: str | None) -> list[str]:
    return [one.user_id for one in story.book.staff.with_role(*wanted) if one.user_id != but]


def _has_it(story: Story) -> str | None:
    """Who was asked for what a step is about that names nothing."""
    waits = review.waiting(story.state)
    return review.asked_of(story.state, waits[0]) if waits else None


def _closing(story: Story, who: Member, draw: Draw) -> bool:
    """Closing in the same save, where this person may and nothing is under review."""
    state = story.state
    may = roles.may(who, roles.close_action(state), state, story.book.policy) is None
    decided = state.undecided_denial is None and state.status in (Status.APPROVED, Status.DENIED)
    return may and decided and bool(draw(YES_OR_NO))


def _approval(story: Story, draw: Draw) -> dict[str, Any]:
    dated = draw(YES_OR_NO)
    return {
        "decided_at": story.now,
        "approved": draw(st.sampled_from(_granted(story))) if story.state.lines else None,
        "rest": bool(story.state.awaited_lines) and draw(YES_OR_NO),
        "authorization_number": "A-555",
        "effective_on": story.today if dated else None,
        "expires_on": story.today + timedelta(days=60) if dated else None,
        "dates_not_stated": not dated,
    }


def _granted(story: Story) -> list[tuple[tuple[int, int], ...] | None]:
    """What a payer approves: all, both codes, or one, unless it has not decided the other."""
    one = [] if story.state.awaited_lines else [((1, 1),)]
    return [None, ((1, 1), (2, 1)), *one]


def _denial(story: Story, draw: Draw) -> dict[str, Any]:
    window = st.none() | st.integers(0, 60).map(lambda days: story.today + timedelta(days=days))
    return {
        "reason": draw(st.sampled_from(sorted(DENIAL_REASONS))),
        "notice_on": story.today,
        "received_at": story.now,
        "appeal_by": draw(window),
        "p2p_by": draw(window),
        "lines": draw(_some_lines(story)),
    }


def _some_lines(story: Story) -> st.SearchStrategy[tuple[int, ...]]:
    """Any that a letter may name; while something is contested, not only others: that is refused."""
    state = story.state
    if state.open_appeal or state.open_peer_to_peer or not state.lines:
        return st.just(tuple(line.seq for line in state.lines))
    return st.sets(st.sampled_from([line.seq for line in state.lines])).map(lambda named: tuple(sorted(named)))


def _back(story: Story) -> list[str]:
    """Why what waits may be given back; before anything waits, any reason."""
    waits = review.waiting(story.state)
    return sorted(review.reasons(story.state, waits[0]) if waits else review.RETURNS)


def _missing(story: Story, who: Member, draw: Draw) -> dict[str, Any]:
    received = {document.seq for document in story.state.documents if draw(YES_OR_NO)}
    return {"missing": draw(WORDS), "received": frozenset(received), "facility": draw(st.sampled_from(["", "Mill St"]))}


def _some(story: Story, draw: Draw, wanted: Callable[[Document], bool]) -> frozenset[int]:
    fitting = [document.seq for document in story.state.documents if wanted(document)]
    return frozenset(draw(st.sets(st.sampled_from(fitting), min_size=1))) if fitting else frozenset({1})


def _asked(story: Story, who: Member, draw: Draw) -> dict[str, Any]:
    people = [one.user_id for one in story.book.staff.with_role(Role.CLINICIAN, Role.BILLER)]
    of = draw(st.sampled_from([None, *people]))
    return {"items": _some(story, draw, lambda document: not document.is_settled), "of": of}


def _answer_of(**words: str) -> Callable[[Story, Member, Draw], dict[str, Any]]:
    return lambda story, who, draw: {"items": _some(story, draw, lambda document: document.is_asked_for), **words}


def _newer(story: Story, who: Member, draw: Draw) -> dict[str, Any]:
    """The checklist wants one form more from its next version on."""
    body = replace(CHECKLIST, items=(*CHECKLIST.items, Item("Form 12-B", ItemKind.FORM)))
    story.book = replace(story.book, found=(2, body))
    return {"version_id": 2}


def _without(clinical: bool) -> Callable[[Story, Member, Draw], dict[str, Any]]:
    def typed(story: Story, who: Member, draw: Draw) -> dict[str, Any]:
        wanting = {document.seq for document in story.state.wanting}
        fits = _some(story, draw, lambda document: document.seq in wanting and document.is_clinical is clinical)
        return {"items": fits, "reason": "on file there"}

    return typed


def _requirement(story: Story, who: Member, draw: Draw) -> dict[str, Any]:
    return {"required": draw(YES_OR_NO), "missing": draw(WORDS), "proof": "Ana, ref 9"}


def _submission(story: Story, who: Member, draw: Draw) -> dict[str, Any]:
    approval = c.RecordApproval(number=story.state.number, **_approval(story, draw)) if draw(YES_OR_NO) else None
    tracking = draw(st.sampled_from(["", "HH-1"]))
    return {"channel": draw(CHANNELS), "submitted_at": story.now, "tracking_number": tracking, "approval": approval}


def _call(story: Story, who: Member, draw: Draw) -> dict[str, Any]:
    caller = draw(st.sampled_from(Caller))
    reads = caller is not Caller.UNVERIFIED and draw(YES_OR_NO)
    return {"at": story.now, "caller": caller, "asked": draw(st.sampled_from(Asked)), "read_out": reads}


# What each person types into each form: sensible words, so that what is offered ought to be taken.
TYPED: Mapping[str, Callable[[Story, Member, Draw], dict[str, Any]]] = {
    "claim": lambda story, who, draw: {},
    "hold": lambda story, who, draw: {"reason": draw(st.sampled_from(sorted(REASONS)))},
    "hold_until": lambda story, who, draw: {
        "until_on": story.today + timedelta(days=draw(st.integers(1, 20))),
        "reason": draw(st.sampled_from(["too_early", "coverage", "patient", "put_off"])),
    },
    "resume": lambda story, who, draw: {},
    "change_details": lambda story, who, draw: {
        "appointment_on": story.today + timedelta(days=100 + story.saves),
        "urgency": draw(st.sampled_from([None, Urgency.EXPEDITED])),
    },
    "mark_ready": lambda story, who, draw: {},
    "close": lambda story, who, draw: {},
    "check_requirement": _requirement,
    "record_documents": _missing,
    "request_documents": _asked,
    "provide_documents": _answer_of(location="chart"),
    "cannot_provide": _answer_of(reason="never made"),
    "ask_about_documents": lambda story, who, draw: {"question": "Which visit?"},
    "take_version": _newer,
    "go_without": _without(clinical=False),
    "go_without_clinical": _without(clinical=True),
    "submit": _submission,
    "acknowledge": lambda story, who, draw: {"proof": "Ana has it"},
    "return_unprocessed": lambda story, who, draw: {"reason": "fax failed"},
    "send_again": lambda story, who, draw: {
        "channel": draw(CHANNELS),
        "submitted_at": story.now,
        "reason": "lost",
        "tracking_number": draw(st.sampled_from(["", "HH-2"])),
    },
    "log_contact": lambda story, who, draw: {"channel": draw(CHANNELS), "result": "in review"},
    "record_information_request": lambda story, who, draw: {
        "asked": "notes",
        "clinical": draw(YES_OR_NO),
        "received_at": story.now,
    },
    "answer_information": lambda story, who, draw: {"answer": "sent", "channel": draw(CHANNELS)},
    "record_approval": lambda story, who, draw: _approval(story, draw),
    "record_denial": lambda story, who, draw: _denial(story, draw),
    "decide_denial": _decision,
    "change_decision": lambda story, who, draw: {},
    "accept_review": lambda story, who, draw: {},
    "return_review": lambda story, who, draw: {"reason": draw(st.sampled_from(_back(story))), "words": "the study"},
    "ask_for_more": lambda story, who, draw: {"need": "gait study"},
    "answer_question": lambda story, who, draw: {
        "question_id": story.state.question and story.state.question.id,
        "answer": "the one ordered",
    },
    "pack_appeal": lambda story, who, draw: {"packet": WHOLE["packet"], "attachments": "Scan of the letter"},
    "write_necessity": lambda story, who, draw: {
        "denial_id": story.state.denial and story.state.denial.id,
        "text": "She cannot walk to the door.",
        "expedited": draw(YES_OR_NO),
    },
    "file_appeal": lambda story, who, draw: _filed(story, draw),
    "withdraw_appeal": lambda story, who, draw: {"reason": "she chose another device"},
    "dismiss_appeal": lambda story, who, draw: {"reason": "no consent came with it"},
    "attest_urgency": lambda story, who, draw: {"expedited": draw(YES_OR_NO)},
    "tell_patient": lambda story, who, draw: {
        "how": draw(st.sampled_from(ToldBy)),
        "told_at": story.now,
        "and_close": _closing(story, who, draw),
    },
    "patient_called": _call,
    "called_back": lambda story, who, draw: {},
    "answer_call": lambda story, who, draw: {"answer": "She may take it with food."},
    "pass_on": lambda story, who, draw: {},
    "call_back": lambda story, who, draw: {},
    "record_use": lambda story, who, draw: {"used": tuple((one.seq, one.used + 1) for one in units(story.state))},
    "let_run_out": lambda story, who, draw: {"reason": draw(st.sampled_from(sorted(NO_RENEWAL)))},
    "waive_update": lambda story, who, draw: {"reason": "moved away", "and_close": _closing(story, who, draw)},
    "withdraw": lambda story, who, draw: {
        "reason": draw(st.sampled_from(sorted(WITHDRAWAL_REASONS))),
        "payer_told": True,
    },
    "reopen": lambda story, who, draw: {
        "reason": "she wants it now",
        "to": draw(st.sampled_from([Status.REQ_CHECK, Status.PENDING])),
    },
}
# The steps after which a request is as far as before, or over.
LINGERING = {
    "take_version",
    "ask_about_documents",
    "change_codes",
    "change_decision",
    "change_details",
    "hold_until",
    "resume",
    "assign",
    "attest_urgency",
    "ask_clinician",
    "ask_for_more",
    "patient_called",
    "called_back",
    "answer_call",
    "pass_on",
    "call_back",
    "hand_over_call",
    "let_run_out",
    "log_contact",
    "record_use",
    "return_review",
    "route",
    "withdraw",
}
# The steps that name another person, and who could be named.
NAMED: Mapping[str, tuple[str, Callable[[Story], list[str]]]] = {
    "assign": ("owner_id", lambda s: _others(s, Role.COORDINATOR, Role.BILLER, Role.MANAGER, but=s.state.owner_id)),
    "change_codes": ("director", lambda s: _others(s, Role.CLINICIAN, but=None)),
    "hand_over_call": (
        "to",
        lambda s: _others(s, Role.CLINICIAN, but=s.state.open_calls[0].asked_of if s.state.open_calls else None),
    ),
    "ask_clinician": ("to", lambda s: _others(s, Role.CLINICIAN, but=None)),
    "route": ("to", lambda s: _others(s, Role.CLINICIAN, but=_has_it(s))),
    "book_peer_to_peer": ("clinician_id", lambda s: _others(s, Role.CLINICIAN, but=None)),
    "record_peer_to_peer": ("director", lambda s: _others(s, Role.CLINICIAN, but=None)),
}


class AnyDay(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.story = Story()
        self.decided: dict[int, tuple[Decision, str | None]] = {}

    @initialize(
        staff=st.sampled_from(STAFFS), expedited=YES_OR_NO, proposed=YES_OR_NO, known=YES_OR_NO, coded=YES_OR_NO
    )
    def opened(self, staff: tuple[Member, ...], expedited: bool, proposed: bool, known: bool, coded: bool) -> None:
        urgency = Urgency.EXPEDITED if expedited else Urgency.STANDARD
        self.story = Story(REQUEST, book=rules(*staff)).given(urgency=urgency, urgency_proposed=proposed)
        if not coded:
            self.story.of_a_medication()
        if known:
            self.story.with_checklist()

    @rule(data=st.data(), hours=st.integers(0, 60))
    def somebody_moves_it_on(self, data: st.DataObject, hours: int) -> None:
        self._one_of(data.draw, hours, lambda kind: kind not in LINGERING)

    @rule(data=st.data(), hours=st.integers(0, 60))
    def somebody_moves_it_on_at_once(self, data: st.DataObject, hours: int) -> None:
        """Once more, for most days are spent on moving on."""
        self._one_of(data.draw, hours, lambda kind: kind not in LINGERING)

    @rule(data=st.data(), hours=st.integers(0, 60))
    def somebody_does_something_else(self, data: st.DataObject, hours: int) -> None:
        self._one_of(data.draw, hours, lambda kind: kind in LINGERING)

    @rule(data=st.data(), kind=st.sampled_from(sorted(set(TYPED) - {"decide_denial"})))
    def somebody_tries_what_is_not_offered(self, data: st.DataObject, kind: str) -> None:
        """Refused in a sentence, or harmless; nothing breaks."""
        story = self.story
        who = data.draw(st.sampled_from(list(story.book.staff.members.values())))
        if kind in story.offers(who):
            return
        before, saves = story.state, story.saves
        try:
            self._save(who, kind, data.draw)
        except PabotError:
            assert (story.state, story.saves) == (before, saves)

    def _one_of(self, draw: Draw, hours: int, wanted: Callable[[str], bool]) -> None:
        story = self.story
        story.now += timedelta(hours=hours)
        offers = {
            (kind, who.user_id): who
            for who in story.book.staff.members.values()
            for kind in story.offers(who)
            if wanted(kind) and (kind not in NAMED or NAMED[kind][1](story))
        }
        if kinds := sorted({kind for kind, _ in offers}):
            kind = draw(st.sampled_from(kinds))
            who = draw(st.sampled_from([offers[key] for key in sorted(offers) if key[0] == kind]))
            self._save(who, kind, draw)

    def _save(self, who: Member, kind: str, draw: Draw) -> None:
        story = self.story
        denial = story.state.denial
        if kind == "file_appeal" and kind in story.offers(who) and denial and appeals.wants_reasons(denial, who):
            story.argue()
        before = story.state
        if kind in NAMED:
            field, others = NAMED[kind]
            typed = {field: draw(st.sampled_from(others(story)))}
            if kind == "ask_clinician":
                typed["question"] = "Which chair?"
            if kind == "change_codes":
                typed["lines"] = draw(
                    st.sampled_from(
                        [one for one in CODES if one[0].code != story.state.lines[0].code]
                        if story.state.lines
                        else CODES
                    )
                )
                story.book = replace(story.book, found=draw(st.sampled_from([None, (2, CHECKLIST)])))
            if kind == "book_peer_to_peer":
                typed["requested_at"] = story.now
                if draw(YES_OR_NO):
                    typed["scheduled_for"] = story.now + timedelta(hours=draw(st.integers(0, 90)))
            if kind == "record_peer_to_peer":
                call = story.state.open_peer_to_peer
                ahead = call is not None and call.scheduled_for is not None and call.scheduled_for > story.now
                typed["outcome"] = draw(st.sampled_from([one for one in CallOutcome if not (ahead and one in HELD)]))
        else:
            typed = TYPED[kind](story, who, draw)
        story.does(who, COMMANDS[kind], **typed)
        self._save_is_sound(before.version, before.status)

    def _save_is_sound(self, version: int, status: Status) -> None:
        change, after = self.story.change, self.story.state
        assert change is not None
        assert after.version == version + 1
        assert [change.steps[0].before, change.steps[-1].after] == [status, after.status]
        assert all(step.before == step.after or (step.before, step.after) in EDGES for step in change.steps)

    @invariant()
    def the_status_is_one_of_the_twelve(self) -> None:
        assert self.story.state.status in set(Status)
        assert len(Status) == 12

    @invariant()
    def somebody_has_it(self) -> None:
        state = self.story.state
        unowned = state.status is Status.NEW and state.owner_id is None and not state.urgency_proposed
        unowned = unowned and not state.open_calls
        over = not state.is_open and not state.open_calls and not state.patient_waits
        assert (waits_for(state) is None) == (unowned or over)
        assert needed(state)

    @invariant()
    def no_open_request_is_silent(self) -> None:
        state = self.story.state
        clocks = running(state, self.story.book)
        found = {deadline.kind for deadline in clocks}
        assert {who for _, who in asked(state)} == {one.asked_of for one in clocks if one.about} - {None}
        assert len({(one.kind, one.about) for one in clocks}) == len(clocks)
        calls = {Clock.PATIENT_QUESTION, Clock.PATIENT_WORRY, *PASSED_ON}
        assert found if state.is_open else found <= {Clock.EXPIRY, *calls}
        assert found != {Clock.EXPIRY} or not state.is_open

    @invariant()
    def a_clock_can_be_stopped(self) -> None:
        state, book = self.story.state, self.story.book
        found = {deadline.kind for deadline in running(state, book)}
        if Clock.FOLLOW_UP in found:
            assert "log_contact" in self.story.offers(CORA)
        if Clock.PATIENT_TOLD in found:  # an unrouted denial is routed first
            assert self.story.offers(CORA) & {"tell_patient", "route"}

    @invariant()
    def a_request_ends_with_an_outcome_that_the_patient_knows(self) -> None:
        state = self.story.state
        if state.is_open:
            assert state.closed_at is None
            return
        assert state.outcome is not None
        assert state.closed_at is not None
        assert state.patient_knows or state.outcome not in PAYER_DECIDED
        asked = (state.open_question, state.open_information_request, state.undecided_denial)
        assert [state.open_appeal, state.open_peer_to_peer, *asked] == [None] * 5

    @invariant()
    def a_decision_stands_until_it_is_taken_back(self) -> None:
        denial = self.story.state.denial
        if denial is None or denial.id is None:
            return
        if denial.decision is None:
            self.decided.pop(denial.id, None)
            return
        told = (denial.decision, denial.decided_by)
        assert self.decided.setdefault(denial.id, told) == told

    @invariant()
    def the_front_desk_may_only_record_a_call(self) -> None:
        for member in self.story.book.staff.with_role(Role.VIEWER):
            assert self.story.offers(member) == {"patient_called"}

    @invariant()
    @precondition(lambda self: self.story.state.status in OPEN)
    def no_request_is_stuck(self) -> None:
        """Some button is left that moves it on, for somebody."""
        staff = self.story.book.staff.members.values()
        offered = {one for who in staff for one in possible(self.story.state, who, self.story.book.policy)}
        still = {"patient_called", "called_back", "answer_call", "hand_over_call", "pass_on", "call_back"}
        still |= {"log_contact", "assign", "attest_urgency", "ask_for_more", "record_use", "let_run_out"}
        assert {one.kind for one in offered} - still


def test_every_step_can_be_walked() -> None:
    assert set(TYPED) | set(NAMED) == set(STEPS_BY_KIND)


AnyDay.TestCase.settings = settings(
    max_examples=100,
    stateful_step_count=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestAnyDay = AnyDay.TestCase
