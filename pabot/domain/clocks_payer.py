"""The payer's and the law's clocks: windows in calendar time, counted from receipt or from a letter's date.

They never pause. A narrower rule wins over a wider one (see `payer_rules`); a letter's own date wins over all.
"""

from datetime import date, datetime, time

from pabot.domain import appeals
from pabot.domain.clocks import Clock, Deadline, named, on
from pabot.domain.model import LETTER, AuthorizationState, Decision
from pabot.domain.payer_rules import Layer, Rule, RuleKind
from pabot.domain.rules import Rules, window_end, window_ends_on
from pabot.domain.statuses import AWAITING_ANSWER, Outcome, PendingKind


def expected_response(start: datetime, rules: Rules, *, expedited: bool) -> tuple[date, str]:
    """The day by which the payer should answer something received at `start`, and why."""
    rule, kind = decision_rule(rules, expedited=expedited)
    return rules.calendar.day(window_end(rule.window, start, rules.calendar)), f"{kind} window, {rule.window}"


def decision_rule(rules: Rules, *, expedited: bool) -> tuple[Rule, str]:
    """The payer's window for a decision, and which of the two it is."""
    kind = RuleKind.EXPEDITED if expedited else RuleKind.STANDARD
    return rules.payer[kind], "expedited" if expedited else "standard"


def awaited_since(state: AuthorizationState) -> datetime | None:
    """Since when the payer has had all it asked for: its receipt, our answer to its latest question, a reopening."""
    return _awaited(state)[0]


def since_payer_turn(state: AuthorizationState, received: datetime | None, word: str) -> tuple[datetime | None, str]:
    """When the payer's turn began: at `received`, or when we answered its latest question or reopened the request."""
    asked = state.information_request
    answered = asked.answered_at if asked and asked.answered_by else None
    starts = {received: word, answered: "our answer", state.reopened_at: "reopening"}
    start = max((at for at in starts if at), default=None) if received else None
    return start, starts[start] if start else ""


def payer_response(state: AuthorizationState, rules: Rules) -> Deadline | None:
    start, word = _awaited(state)
    if state.stage not in AWAITING_ANSWER or start is None:
        return None
    calendar, appeal, call = rules.calendar, state.open_appeal, state.open_peer_to_peer
    if state.pending_kind is PendingKind.APPEAL and appeal:
        due = calendar.end_of(appeal.decision_due_on)
        why = f"decision on the appeal filed {on(appeal.filed_at, rules)}"
        return Deadline(Clock.PAYER_RESPONSE, due, "cd", appeal.filed_at, "payer", why)
    if state.pending_kind is PendingKind.P2P and call:
        day = calendar.day(call.scheduled_for) if call.scheduled_for else state.expected_on or calendar.day(start)
        due = calendar.closes(calendar.first_open_day(day))
        open_time = "" if call.scheduled_for else "a time for it is open: "
        why = f"{open_time}the day of the peer-to-peer call on {named(day)}"
        return Deadline(Clock.PAYER_RESPONSE, due, "cd", start, "practice", why)
    if state.expected_source == "payer" and state.expected_on:
        why = f"the date that the payer gave, {named(state.expected_on)}"
        return Deadline(Clock.PAYER_RESPONSE, calendar.end_of(state.expected_on), "cd", start, "payer", why)
    rule, kind = decision_rule(rules, expedited=state.is_expedited)
    due = window_end(rule.window, start, calendar)
    unit = {"h": "ch"}.get(rule.window.unit, rule.window.unit)
    why = f"payer's {kind} window, {rule.window} from {word} {on(start, rules)} ({_written(rule)})"
    return Deadline(Clock.PAYER_RESPONSE, due, unit, start, rule.layer, why)


def information(state: AuthorizationState, rules: Rules) -> Deadline | None:
    asked = state.open_information_request
    if asked is None or not state.is_open:
        return None
    rule, since = rules.payer[RuleKind.INFORMATION], rules.calendar.day(asked.received_at)
    found = _legal(rules, "information", rule, asked.due_source, since, asked.due_on, "its question of")
    return Deadline(Clock.INFORMATION, *found[:2], asked.received_at, *found[2:])


def appeal_window(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """The law counts from the letter's date, not from when the practice saw it."""
    denial = state.denial
    if denial is None or denial.appeal_by is None or not state.is_open or not _may_still_appeal(state):
        return None
    level = appeals.open_to(state, denial, rules.payer)
    rule = appeals.filing_rule(level, rules.payer)
    what = f"level {denial.level} {level.name}" if level else "appeal"
    found = _legal(rules, what, rule, denial.appeal_source, denial.notice_on, denial.appeal_by, "the notice of")
    return Deadline(Clock.APPEAL_WINDOW, *found[:2], rules.calendar.at(denial.notice_on, time()), *found[2:])


def p2p_window(state: AuthorizationState, rules: Rules) -> Deadline | None:
    denial = state.denial
    if denial is None or denial.p2p_by is None or not state.is_open:
        return None
    if denial.decision not in (None, Decision.P2P) or state.open_peer_to_peer or not state.is_contestable:
        return None
    if state.call_was_won:
        return None
    rule = rules.payer.get(RuleKind.P2P)
    found = _legal(
        rules,
        f"level {denial.level} peer-to-peer",
        rule,
        denial.p2p_source,
        denial.notice_on,
        denial.p2p_by,
        "the notice of",
    )
    return Deadline(Clock.P2P_WINDOW, *found[:2], rules.calendar.at(denial.notice_on, time()), *found[2:])


def expiry(state: AuthorizationState, rules: Rules) -> Deadline | None:
    granted = state.outcome in (Outcome.APPROVED, Outcome.PARTIAL)
    if not granted or state.expires_on is None or state.decided_at is None:
        return None
    due = rules.calendar.end_of(state.expires_on)
    why = f"the approval's last day, {named(state.expires_on)}, as the payer decided {on(state.decided_at, rules)}"
    return Deadline(Clock.EXPIRY, due, "cd", state.decided_at, "payer", why)


def _awaited(state: AuthorizationState) -> tuple[datetime | None, str]:
    received = state.acknowledged_at
    return since_payer_turn(state, received or state.submitted_at, "receipt" if received else "sending")


def _legal(
    rules: Rules, what: str, rule: Rule | None, source: str, since: date, ends_on: date, counted_from: str
) -> tuple[datetime, str, str, str]:
    """When a legal date is met, its unit, its source and why. One on a closed day is met on the last open day before.

    `source` is what was kept with the date: `letter`, or where the rule is written that the date was computed by.
    """
    day = rules.calendar.last_open_day(ends_on)
    due = rules.calendar.closes(day)
    early = "" if day == ends_on else f"; {named(ends_on)} is closed: met on the last open day before"
    start = f"from {counted_from} {named(since)}"
    if source in (LETTER, "") or rule is None:
        return due, "cd", LETTER, f"the payer's own {what} date, {named(ends_on)}{early}"
    if window_ends_on(rule, since) == ends_on:
        unit = {"h": "ch"}.get(rule.window.unit, rule.window.unit)
        return due, unit, rule.layer, f"payer's {what} window, {rule.window} {start} ({_written(rule)}){early}"
    return due, "cd", Layer.PAYER, f"payer's {what} window as it was when recorded, {start}{early}"


def _written(rule: Rule) -> str:
    """Whose rule it is and where it is written; a default only prefills and is to be verified."""
    layer = "default, verify" if rule.layer is Layer.DEFAULT else str(rule.layer)
    return f"{layer}: {rule.source}" if rule.source else layer


def _may_still_appeal(state: AuthorizationState) -> bool:
    """Until the appeal is filed, or a licensed decision went another way that gives it up."""
    denial = state.denial
    if denial is None or denial.decision in (Decision.ACCEPT, Decision.RESUBMIT):
        return False
    return not state.appeal_is_filed and state.is_contestable
