"""Messages that a step calls for. Each is drawn from the request as it stands: a settled one loses its buttons."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from slackblocks import Block

from pabot.domain.cards import AuthorizationCard, QueuePage
from pabot.domain.deadlines import CLOCK_LABELS, LEGAL, Clock, matter_of
from pabot.domain.decide import STEPS_BY_KIND
from pabot.domain.model import Decision, Denial, Member, Question, Role
from pabot.domain.next_steps import needed
from pabot.domain.requirements import DENIAL_REASONS
from pabot.domain.review import Matter, in_hand
from pabot.domain.statuses import Outcome
from pabot.domain.triggers import TRIGGERS
from pabot.views import appeals, buttons, denials, lines, parts, patient_calls
from pabot.views.ids import Hint, Id
from pabot.views.patients import Surface, may_identify, shown
from pabot.views.text import Look, Mrkdwn, Rendered, full_day
from pabot.views.words import act_by, counted

AHEAD: Mapping[Decision, tuple[str, str, tuple[Clock, ...]]] = {  # what to do, the step that records it, its clocks
    Decision.APPEAL: ("File the appeal", "file_appeal", (Clock.APPEAL_READY, Clock.APPEAL_WINDOW)),
    Decision.P2P: ("Book the peer-to-peer call", "book_peer_to_peer", (Clock.APPEAL_READY, Clock.P2P_WINDOW)),
    Decision.RESUBMIT: ("Correct the request and send it again", "submit", (Clock.SUBMISSION,)),
    Decision.ACCEPT: ("Tell the patient", "tell_patient", (Clock.PATIENT_TOLD,)),
}
JUDGING = (Clock.JUDGEMENT, Clock.APPEAL_READY, *LEGAL)  # until when whoever was asked must have judged
TAKE: Mapping[str, str] = {"accept_review": "I have it"}
NO_STEPS: Mapping[str, str] = {}
_SETTLED = "standing who when"
WORDS: Mapping[str, str] = {  # what each template may use besides `about`; empty where it does not apply
    "decision": f"{_SETTLED} decision decide_by accept_by plan ordered_on service_on appointment_on "
    "clinician namesake codes partial reason notice_on said level windows earlier needs reasons open notice",
    "closing": f"{_SETTLED} window until decision",
    "question": f"{_SETTLED} answer_by accept_by urgent trigger asked_by said facts legal",
    "attest": f"{_SETTLED} expedited answer_by proposed_by",
    "sent_on": f"{_SETTLED} level until said",
    "instruction": f"{_SETTLED} todo decision why said level until reasons",
    "answered": f"{_SETTLED} needed tell_by asked said",
    "call": f"{_SETTLED} phone reason said words",
    "need": f"{_SETTLED} needed said",
    "returned": f"{_SETTLED} needed call_by said",
    "assigned": f"{_SETTLED} needed said",
}
Standing = tuple[str, str | None, datetime | None]  # how a thing stands for this reader; who made it so, and when


def decision(look: Look, card: AuthorizationCard, viewer: Member, denial_id: int) -> Rendered:
    """A denial that waits for this person's decision."""
    denial = card.state.denial
    if denial is None or denial.id != denial_id:
        return _draw(look, card, "decision", [], standing="gone")
    standing, who, when = _denial_standing(card, denial, viewer)
    unwritten = denials.reasons_wanted(card)
    then = {"write_necessity": "Write the reasons"} if unwritten else {}
    again = lines.steps(card, {**then, "change_decision": "Change decision"}) if standing == "decided" else []
    pressed = _decision_buttons(look, card, viewer, denial_id) if standing == "open" else again
    return _draw(
        look,
        card,
        "decision",
        pressed,
        standing=standing,
        who=card.name(who),
        when=_moment(look, when),
        decision=_chosen(denial),
        decide_by=_due(look, card, *JUDGING, of=Matter.DENIAL),
        accept_by="" if denial.accepted_at else _accept_by(look, card, Matter.DENIAL),
        reasons=unwritten,
        **denials.facts(look, card, denial),
    )


def closing(look: Look, card: AuthorizationCard, viewer: Member, denial_id: int) -> Rendered:
    """To the cover of who is to decide: a window closes before that person is here again."""
    denial = card.state.denial
    first = next((window for window in card.windows if window.kind in (Clock.P2P_WINDOW, Clock.APPEAL_WINDOW)), None)
    if denial is None or denial.id != denial_id or (denial.decision is None and first is None):
        return _draw(look, card, "closing", parts.opener(card.state.number), standing="gone")
    decided = denial.decision is not None
    pressed = [] if decided else parts.actions("decisions", buttons.decisions(card, viewer))
    return _draw(
        look,
        card,
        "closing",
        [*pressed, *parts.opener(card.state.number)],
        standing="decided" if decided else "open",
        who=card.name(denial.decided_by if decided else denial.routed_to),
        when=_moment(look, denial.decided_at),
        decision=_chosen(denial),
        window=CLOCK_LABELS[first.kind] if first else "",
        until=act_by(first, card.now) if first else "",
    )


def question(look: Look, card: AuthorizationCard, viewer: Member, question_id: int) -> Rendered:
    """A question that waits for this person's answer."""
    asked = card.state.question
    if asked is None or asked.id != question_id:
        return _draw(look, card, "question", [], standing="gone")
    standing, who, when = _question_standing(card, asked, viewer)
    take = {} if asked.accepted_at else TAKE
    choices = {"answer_question": "Answer", **take, "route": "Not mine", "return_review": "Return"}
    pressed = lines.steps(card, choices, question_id, what=Matter.QUESTION)
    return _draw(
        look,
        card,
        "question",
        pressed if standing == "open" else [],
        standing=standing,
        who=card.name(who),
        when=_moment(look, when),
        answer_by=_due(look, card, *JUDGING, of=Matter.QUESTION),
        accept_by="" if asked.accepted_at else _accept_by(look, card, Matter.QUESTION),
        urgent=asked.is_urgent,
        trigger=TRIGGERS[asked.trigger].label if asked.trigger else "",
        asked_by=card.name(asked.asked_by),
        said=lines.quoted(asked.text),
        facts=lines.quoted(asked.background),
        legal=_legal(card),
    )


def attest(look: Look, card: AuthorizationCard, viewer: Member) -> Rendered:
    """Somebody proposed expedited review; a licensed person says whether it is."""
    standing, who, when = _urgency_standing(card, viewer)
    may = standing == "open" and "attest_urgency" in card.steps and viewer.is_(Role.CLINICIAN)
    hint = Hint(number=card.state.number)
    answers = [
        parts.button("Yes, expedited", Id.ATTEST_YES, hint, style="primary"),
        parts.button("No, standard", Id.ATTEST_NO, hint),
    ]
    other = lines.steps(card, {"route": "Not mine"}, name="instead", what=Matter.URGENCY)
    return _draw(
        look,
        card,
        "attest",
        [*parts.actions("actions", answers), *other] if may else [],
        standing=standing,
        who=card.name(who),
        when=_moment(look, when),
        expedited=card.state.is_expedited,
        answer_by=_due(look, card, Clock.ACCEPTANCE, of=Matter.URGENCY),
        proposed_by=card.name(card.state.opened_by),
    )


def instruction(look: Look, card: AuthorizationCard, denial_id: int) -> Rendered:
    """The owner is told what was decided, and what to do now with the one button for it."""
    denial = card.state.denial
    if denial is None or denial.id != denial_id or denial.decision is None:
        standing = "undecided" if denial and denial.id == denial_id else "gone"
        return _draw(look, card, "instruction", parts.opener(card.state.number), standing=standing)
    todo, kind, clocks = AHEAD[denial.decision]
    done = card.state.decision_is_carried_out
    return _draw(
        look,
        card,
        "instruction",
        ([] if done else lines.steps(card, {kind: STEPS_BY_KIND[kind].label})) or parts.opener(card.state.number),
        standing="done" if done else "decided",
        todo=todo,
        who=card.name(denial.decided_by),
        when=_moment(look, denial.decided_at),
        decision=_chosen(denial),
        why=lines.quoted(denial.decision_reason),
        said=lines.quoted(denial.decision_words),
        level=appeals.standing(card) if denial.decision is Decision.APPEAL else "",
        reasons=denials.reasons_wanted(card),
        until=_due(look, card, *clocks),
    )


def sent_on(look: Look, card: AuthorizationCard, denial_id: int) -> Rendered:
    """The clinician knows that the plan gave what it upheld to an independent reviewer."""
    denial, appeal = card.state.denial, card.state.open_appeal
    if denial is None or denial.id != denial_id:
        return _draw(look, card, "sent_on", parts.opener(card.state.number), standing="gone")
    return _draw(
        look,
        card,
        "sent_on",
        parts.opener(card.state.number),
        standing="open" if appeal else "over",
        level=appeals.standing(card),
        until=_day(appeal.decision_due_on) if appeal else "",
        said=lines.quoted(denial.reason_text),
    )


def call(look: Look, card: AuthorizationCard, call_id: int) -> Rendered:
    """A clinician reads when they will talk to the payer, and about what."""
    booked, denial = card.state.peer_to_peer, card.state.denial
    if booked is None or booked.id != call_id or denial is None:
        return _draw(look, card, "call", parts.opener(card.state.number), standing="gone")
    return _draw(
        look,
        card,
        "call",
        parts.opener(card.state.number),
        standing="over" if booked.outcome else "booked",
        who=card.name(booked.booked_by),
        when=look.when(booked.scheduled_for) if booked.scheduled_for else "no time agreed on yet",
        phone=booked.phone,
        reason=DENIAL_REASONS[denial.reason].label,
        said=lines.quoted(denial.reason_text),
        words=lines.quoted(denial.decision_reason),
    )


def answered(look: Look, card: AuthorizationCard, question_id: int) -> Rendered:
    """The owner reads the answer to the question that was asked."""
    asked = card.state.question
    if asked is None or asked.id != question_id:
        return _draw(look, card, "answered", parts.opener(card.state.number), standing="gone")
    return _draw(
        look,
        card,
        "answered",
        [*(lines.steps(card, patient_calls.PASS_ON) if asked.is_urgent else []), *parts.opener(card.state.number)],
        standing="answered" if asked.answered_at else "unanswered",
        who=card.name(asked.answered_by),
        when=_moment(look, asked.answered_at),
        needed=needed(card.state),
        tell_by=_due(look, card, Clock.TELL_WORRIED) if asked.is_urgent else "",
        asked=lines.quoted(asked.text),
        said=lines.quoted(asked.answer),
    )


def returned(look: Look, card: AuthorizationCard, save: str) -> Rendered:
    """The owner reads why something was given back unjudged, and calls the patient back whose worry it was."""
    entry = card.saved(save)
    since = entry.at if entry else None
    left = next((clock for clock in card.clocks if (clock.kind, clock.started_at) == (Clock.WORRY_LEFT, since)), None)
    steps = {"call_back": "Patient called back"} if left else NO_STEPS
    return _entry(look, card, save, "returned", "words", steps, call_by=_moment(look, left.due_at if left else None))


def need(look: Look, card: AuthorizationCard, save: str) -> Rendered:
    """A clinician needs something from the owner before they can decide."""
    return _entry(look, card, save, "need", "need")


def assigned(look: Look, card: AuthorizationCard, save: str) -> Rendered:
    """The request is this person's now."""
    return _entry(look, card, save, "assigned", "note")


def unassigned(look: Look, page: QueuePage) -> Rendered:
    """Managers: the requests that nobody has, or that there are none."""
    rows = [f"{lines.line(request, Surface.DM)} · {request.needed}" for request in page.lines]
    kept, more = lines.fitting(rows, page.total)
    section = lines.section(look, "unassigned", "unassigned", total=page.total, lines=kept, more=more)
    text = f"{counted(page.total, 'request')} without an owner" if page.total else "Every open request has an owner"
    return parts.message(text, [section, *lines.menu(page.lines)])


def left() -> Rendered:
    """In the place of whatever was told to somebody who has left the practice."""
    said = "This message was for somebody on the practice's staff list."
    return parts.message(said, [parts.section("left", Mrkdwn(said))])


def _draw(look: Look, card: AuthorizationCard, template: str, pressed: Sequence[Block], **values: object) -> Rendered:
    words = {**dict.fromkeys(WORDS[template].split(), ""), **values}
    return lines.about_request(look, card, template, pressed, words)


def _entry(
    look: Look,
    card: AuthorizationCard,
    save: str,
    template: str,
    words: str,
    steps: Mapping[str, str] = NO_STEPS,
    **more: object,
) -> Rendered:
    """A message about one save: who did it, when, and the words that came with it; steps that answer it at once."""
    entry = card.saved(save)
    if entry is None:
        opener = parts.opener(card.state.number)
        return _draw(look, card, template, opener, standing="unknown", needed=needed(card.state), **more)
    return _draw(
        look,
        card,
        template,
        [*lines.steps(card, steps), *parts.opener(card.state.number)],
        standing="in_error" if entry.in_error else "known",
        who=entry.by,
        when=look.when(entry.at),
        needed=needed(card.state),
        said="" if entry.in_error else lines.quoted(str(entry.detail.get(words) or "")),
        **more,
    )


def _denial_standing(card: AuthorizationCard, denial: Denial, viewer: Member) -> Standing:
    if denial.decision:
        return "decided", denial.decided_by, denial.decided_at
    if not card.state.is_open:
        return "closed", None, card.state.closed_at
    if card.state.outcome is Outcome.APPROVED:
        return "overturned", None, card.state.decided_at
    if denial.routed_to is None:
        return ("returned", denial.returned_by, denial.returned_at) if denial.returned_at else ("unrouted", None, None)
    if denial.routed_to != viewer.user_id:
        return "routed", denial.routed_to, denial.routed_at
    return "open", None, None


def _question_standing(card: AuthorizationCard, asked: Question, viewer: Member) -> Standing:
    if asked.returned_at:
        return "returned", asked.returned_by, asked.returned_at
    if asked.answered_at:
        return "answered" if asked.answered_by else "settled", asked.answered_by, asked.answered_at
    if not card.state.is_open:
        return "closed", None, card.state.closed_at
    if asked.asked_of != viewer.user_id:
        return "routed", asked.asked_of, asked.asked_at
    return "open", None, None


def _urgency_standing(card: AuthorizationCard, viewer: Member) -> Standing:
    state = card.state
    if state.attested_by:
        said = (entry.at for entry in card.timeline if entry.kind == "attest_urgency" and not entry.in_error)
        return "attested", state.attested_by, next(said, None)
    if not state.is_open:
        return "closed", None, state.closed_at
    handed = state.urgency_asked_of
    if state.urgency_proposed and handed and handed != viewer.user_id:
        return "routed", handed, state.urgency_asked_at
    return ("open" if state.urgency_proposed else "gone"), None, None


def which_patient(look: Look, card: AuthorizationCard, viewer: Member) -> Rendered:
    """Who the patient of a request is, as far as this reader may know."""
    number, who = card.state.number, shown(card.patient, Surface.EPHEMERAL, viewer, look.privacy)
    return parts.message(f"PA-{number}", [parts.section("patient", parts.joined((f"PA-{number}", who)))])


def _decision_buttons(look: Look, card: AuthorizationCard, viewer: Member, denial_id: int) -> list[Block]:
    take = {} if in_hand(card.state, Matter.DENIAL) else TAKE
    choices = {**take, "route": "Not mine", "ask_for_more": "I need …", "return_review": "Return"}
    more = lines.steps(card, choices, denial_id, name="instead", what=Matter.DENIAL)
    hint = Hint(number=card.state.number)
    asks = may_identify(Surface.EPHEMERAL, viewer, look.privacy)
    who = parts.actions("who", [parts.button("Which patient?", Id.WHICH_PATIENT, hint)] if asks else [])
    return [*parts.actions("decisions", buttons.decisions(card, viewer)), *more, *who]


def _due(look: Look, card: AuthorizationCard, *kinds: Clock, of: str = "") -> str:
    """When the soonest of these clocks runs out, of one matter where it is named; empty when none runs."""
    clocks = (clock for clock in card.clocks if clock.kind in kinds and of in ("", matter_of(clock)))
    return _moment(look, min((clock.due_at for clock in clocks), default=None))


def _accept_by(look: Look, card: AuthorizationCard, of: Matter) -> str:
    """Until when it is to be taken in hand; empty where what is wanted of them ends sooner."""
    clocks = [clock for clock in card.clocks if matter_of(clock) == of]
    ends = [clock.due_at for clock in clocks if clock.kind in JUDGING]
    accept = (clock.due_at for clock in clocks if clock.kind is Clock.ACCEPTANCE)
    return _moment(look, next((at for at in accept if at <= min(ends, default=at)), None))


def _legal(card: AuthorizationCard) -> str:
    """The soonest window that the payer's letters leave open, and how long of it is left."""
    first = next(iter(card.windows), None)
    return f"{CLOCK_LABELS[first.kind]}: {act_by(first, card.now)}" if first else ""


def _chosen(denial: Denial) -> str:
    return buttons.CHOSEN[denial.decision] if denial.decision else ""


def _moment(look: Look, at: datetime | None) -> str:
    return look.when(at) if at else ""


def _day(on: date | None) -> str:
    return full_day(on) if on else ""
