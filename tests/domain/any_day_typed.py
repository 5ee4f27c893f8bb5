"""What people type when a request is walked at random: sensible words, so that what is offered ought to be taken."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain_practice import CHECKLIST, WHOLE, Story
from hypothesis import strategies as st

from pabot.domain import appeals, review, roles
from pabot.domain import commands as c
from pabot.domain.commands_appeals import CallOutcome
from pabot.domain.documents import Document, Item, ItemKind
from pabot.domain.expiry import NO_RENEWAL, units
from pabot.domain.happenings import Asked, Caller
from pabot.domain.model import Channel, Decision, Member, Role, ServiceLine, ToldBy, Urgency
from pabot.domain.requirements import DENIAL_REASONS, WITHDRAWAL_REASONS
from pabot.domain.statuses import Status
from pabot.domain.steps_alarms import REASONS
from pabot.domain.steps_calls import HELD

Draw = Callable[[st.SearchStrategy[Any]], Any]
YES_OR_NO = st.booleans()
CODES = ((ServiceLine(1, "K0861", "NU"),), (ServiceLine(1, "K0856"), ServiceLine(2, "E2311"), ServiceLine(3, "E2361")))
WORDS = st.sampled_from(["", "as the letter says"])
CHANNELS = st.sampled_from(Channel)


def typed(story: Story, who: Member, kind: str, draw: Draw) -> dict[str, Any]:
    """The words of a form, the person named in it included."""
    if kind not in NAMED:
        return TYPED[kind](story, who, draw)
    field, others = NAMED[kind]
    besides = BESIDES[kind](story, draw) if kind in BESIDES else {}
    return {field: draw(st.sampled_from(others(story))), **besides}


def can_be_typed(story: Story, kind: str) -> bool:
    """Whether anybody is there who could be named, where somebody must be."""
    return kind not in NAMED or bool(NAMED[kind][1](story))


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


# What each person types into each form.
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


def _other_codes(story: Story, draw: Draw) -> dict[str, Any]:
    lines = story.state.lines
    others = [one for one in CODES if one[0].code != lines[0].code] if lines else CODES
    story.book = replace(story.book, found=draw(st.sampled_from([None, (2, CHECKLIST)])))
    return {"lines": draw(st.sampled_from(others))}


def _booking(story: Story, draw: Draw) -> dict[str, Any]:
    """Asked for now; its time may be open."""
    times = {"scheduled_for": story.now + timedelta(hours=draw(st.integers(0, 90)))} if draw(YES_OR_NO) else {}
    return {"requested_at": story.now, **times}


def _call_outcome(story: Story, draw: Draw) -> dict[str, Any]:
    """A call that lies ahead cannot have been held."""
    call = story.state.open_peer_to_peer
    ahead = call is not None and call.scheduled_for is not None and call.scheduled_for > story.now
    return {"outcome": draw(st.sampled_from([one for one in CallOutcome if not (ahead and one in HELD)]))}


# What is typed beside the name.
BESIDES: Mapping[str, Callable[[Story, Draw], dict[str, Any]]] = {
    "ask_clinician": lambda story, draw: {"question": "Which chair?"},
    "change_codes": _other_codes,
    "book_peer_to_peer": _booking,
    "record_peer_to_peer": _call_outcome,
}
