"""A request walked at random by random people, for as long as it takes to find a day that the rules forgot.

Whatever happens, somebody has it, some clock runs, and every button that is offered works.
"""

from collections.abc import Callable
from datetime import timedelta

from any_day_typed import NAMED, TYPED, YES_OR_NO, Draw, can_be_typed, typed
from domain_practice import BILL, COLE, CORA, DORA, EVERYBODY, MARA, REQUEST, Story, rules
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pabot.domain import appeals
from pabot.domain.clocks import PASSED_ON
from pabot.domain.deadlines import Clock, running
from pabot.domain.decide import STEPS, STEPS_BY_KIND, possible
from pabot.domain.errors import PabotError
from pabot.domain.model import Decision, Member, Role, Urgency
from pabot.domain.next_steps import needed, waits_for
from pabot.domain.review import asked
from pabot.domain.statuses import OPEN, Outcome, Status
from pabot.domain.transitions import EDGES

COMMANDS = {step.kind: command for command, step in STEPS.items()}
STAFFS = (EVERYBODY, (CORA, DORA, MARA), (CORA, COLE, BILL, MARA))  # the last has nobody licensed
PAYER_DECIDED = (Outcome.APPROVED, Outcome.PARTIAL, Outcome.DENIED)
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
            if wanted(kind) and can_be_typed(story, kind)
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
        story.does(who, COMMANDS[kind], **typed(story, who, kind, draw))
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
