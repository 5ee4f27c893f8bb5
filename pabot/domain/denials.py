"""A denial as the payer's letters make it: what one says, what a further one makes of it, and who is to judge it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from pabot.domain import appeals
from pabot.domain import commands as c
from pabot.domain.clocks_payer import awaited_since, expected_response
from pabot.domain.errors import Invalid
from pabot.domain.model import LETTER, AuthorizationState, Denial, DenialClass, Member, Role, ServiceLine
from pabot.domain.payer_rules import Rule, RuleKind, kept_source
from pabot.domain.requirements import DENIAL_REASONS
from pabot.domain.rules import Rules, next_check, window_ends_on
from pabot.domain.statuses import AWAITING_ANSWER, PendingKind, Status
from pabot.domain.steps import Notice, NoticeKind, Plan

# Of two letters about one case, the class that comes first here says who may judge it.
STRICTEST = (DenialClass.CLINICAL, DenialClass.BENEFIT, DenialClass.ADMINISTRATIVE)
CORRECTS, JOINS = "corrects", "joins"  # what a further letter is to the one before, as the timeline keeps it


def level_of(state: AuthorizationState) -> int:
    """What an appeal upholds, in whole or in part, is denied at the next level; a further letter is of its denial's."""
    denial = state.denial
    if denial is None:
        return 1
    if state.open_appeal:
        return denial.level + 1
    return denial.level if state.open_peer_to_peer or state.denial_to_answer else 1


def of_letter(state: AuthorizationState, command: c.RecordDenial, lines: Iterable[int], rules: Rules) -> Denial:
    """The denial that a letter alone makes, of these lines."""
    level = level_of(state)
    rule = _filing_rule(state, level, rules)
    if command.appeal_by and not appeals.WAYS[state.line_of_business]:
        raise Invalid({"appeal_by": f"{appeals.RESUBMIT_ONLY} Leave this empty."})
    return Denial(
        id=None,
        level=level,
        reason=command.reason,
        denial_class=DENIAL_REASONS[command.reason].denial_class,
        reason_text=command.reason_text,
        reference=command.reference,
        notice_on=command.notice_on,
        received_at=command.received_at,
        appeal_by=command.appeal_by or (window_ends_on(rule, command.notice_on) if rule else None),
        appeal_source=LETTER if command.appeal_by else kept_source(rule) if rule else "",
        lines=written(state, lines),
        **_p2p(command, level, rules),
    )


def of_cut(state: AuthorizationState, command: c.RecordApproval, lines: Iterable[int], rules: Rules) -> Denial:
    """What a partial approval denies: these lines, in whole or in part."""
    level, notice_on = level_of(state), rules.calendar.day(command.decided_at)
    rule = _filing_rule(state, level, rules)
    return Denial(
        id=None,
        level=level,
        reason=command.cut_reason,
        denial_class=DENIAL_REASONS[command.cut_reason].denial_class,
        reason_text=command.cut_reason_text,
        reference="",
        notice_on=notice_on,
        received_at=command.decided_at,
        appeal_by=window_ends_on(rule, notice_on) if rule else None,
        appeal_source=kept_source(rule) if rule else "",
        p2p_by=None,
        lines=" ".join(map(str, sorted(lines))),
    )


def further(state: AuthorizationState, first: Denial, letter: Denial) -> tuple[Denial, str]:
    """What two letters come to while the first is still to be answered, and what the later one is to it.

    One that names every line denied so far corrects the one before: its reason, dates and reference hold, but for the
    end of a window that an earlier letter stated and this one does not. Any other joins it: the lines of both, both
    reasons, the stricter class, and of each window the earlier end. Who has it, and since when the practice knows of
    it, stay.
    """
    before, named = denied(state, first), denied(state, letter)
    if before <= named:
        theirs = ["reason", "denial_class", "reason_text", "reference", "notice_on", "lines"]
        for window in ("appeal", "p2p"):
            stated = LETTER in (getattr(letter, f"{window}_source"), getattr(first, f"{window}_source"))
            if not stated or getattr(letter, f"{window}_source") == LETTER:
                theirs += [f"{window}_by", f"{window}_source"]
        return replace(first, **{name: getattr(letter, name) for name in theirs}), CORRECTS
    lead, other = sorted((first, letter), key=lambda one: STRICTEST.index(one.denial_class))
    codes = ", ".join(line.code for line in state.lines if line.seq in denied(state, other))
    also = f"Also denied, {codes}: {DENIAL_REASONS[other.reason].label}. {other.reason_text}".strip()
    appeal = _earlier((first.appeal_by, first.appeal_source), (letter.appeal_by, letter.appeal_source))
    call = _earlier((first.p2p_by, first.p2p_source), (letter.p2p_by, letter.p2p_source))
    joined = replace(
        first,
        reason=lead.reason,
        denial_class=lead.denial_class,
        reason_text="\n".join(filter(None, (lead.reason_text, also))),
        reference=", ".join(dict.fromkeys(filter(None, (first.reference, letter.reference)))),
        notice_on=min(first.notice_on, letter.notice_on),
        lines=written(state, before | named),
        appeal_by=appeal[0],
        appeal_source=appeal[1],
        p2p_by=call[0],
        p2p_source=call[1],
    )
    return joined, JOINS


def denied(state: AuthorizationState, denial: Denial) -> frozenset[int]:
    """The numbers of the lines that a denial is about."""
    return frozenset(map(int, denial.lines.split())) or frozenset(line.seq for line in state.lines)


def written(state: AuthorizationState, lines: Iterable[int]) -> str:
    """Line numbers as a denial keeps them; empty is all."""
    named = frozenset(lines)
    return "" if named >= {line.seq for line in state.lines} else " ".join(map(str, sorted(named)))


def refused(lines: tuple[ServiceLine, ...], named: frozenset[int]) -> tuple[ServiceLine, ...]:
    """The lines with the payer's no on those that a letter names."""
    return tuple(replace(line, approved=False, units_approved=0) if line.seq in named else line for line in lines)


def routed(
    facts: AuthorizationState, path: tuple[Status, ...], now: datetime, rules: Rules, detail: Mapping[str, object]
) -> Plan:
    """The denial goes to whoever is to judge it, beside wherever `path` leads; unrouted where nobody is there."""
    denial, to = facts.denial, responsible(facts, rules)
    if denial is None:
        return Plan(facts, path, detail=detail)
    if to is None:  # whoever had it may not judge it any more
        return Plan(replace(facts, denial=replace(denial, routed_to=None, routed_at=None)), path, detail=detail)
    denial = replace(denial, routed_to=to.user_id, routed_at=now, accepted_at=None)
    beside = path[-1] if path else facts.stands_at
    facts = replace(facts, denial=denial, return_status=beside)
    notices = (Notice(NoticeKind.DECISION, to.user_id), *closing(denial, to, now, rules))
    there = facts.status is Status.CLINICAL_REVIEW and not path
    return Plan(facts, path if there else (*path, Status.CLINICAL_REVIEW), notices, {**detail, "routed_to": to.user_id})


def closes_soon(denial: Denial, now: datetime, rules: Rules) -> bool:
    """Whether one of its windows closes before the next open day."""
    calendar = rules.calendar
    again = calendar.opens(calendar.next_open_day(calendar.day(now)))
    ends = (calendar.closes(calendar.last_open_day(on)) for on in (denial.appeal_by, denial.p2p_by) if on)
    return min(ends, default=again) < again


def closing(denial: Denial, to: Member, now: datetime, rules: Rules) -> tuple[Notice, ...]:
    """A window closes before the next open day: the cover of who decides and the managers know in the same save."""
    cover = rules.staff.get(to.cover_id)
    able = cover is not None and cover.active and cover.is_(*appeals.signers(denial))
    if not closes_soon(denial, now, rules):
        return ()
    managers = [member.user_id for member in rules.staff.with_role(Role.MANAGER) if not member.away]
    told = dict.fromkeys([*([cover.user_id] if cover and able else []), *managers])
    return tuple(Notice(NoticeKind.CLOSING, user_id) for user_id in told if user_id != to.user_id)


def responsible(state: AuthorizationState, rules: Rules) -> Member | None:
    """A biller for an administrative denial when there is one; else the ordering clinician or their cover."""
    denial = state.denial
    if denial and denial.denial_class is DenialClass.ADMINISTRATIVE:
        billers = [m for m in rules.staff.with_role(Role.BILLER) if not m.away]
        if billers:
            return billers[0]
    return rules.staff.clinician_for(state.clinician_id, state.number)


def awaiting_the_rest(facts: AuthorizationState, now: datetime, rules: Rules) -> AuthorizationState:
    """What is expected of the payer for the lines that it has not decided; where it has all, nothing changes.

    A letter about some lines is proof that the payer has the request.
    """
    if not facts.awaited_lines or facts.open_appeal or facts.open_peer_to_peer:
        return facts
    facts = replace(facts, acknowledged_at=facts.acknowledged_at or now)
    if facts.pending_kind is not PendingKind.INITIAL or facts.expected_on is None:
        expected_on, why = expected_response(awaited_since(facts) or now, rules, expedited=facts.is_expedited)
        facts = replace(facts, pending_kind=PendingKind.INITIAL, expected_on=expected_on, expected_source=why)
    if facts.next_check_on or facts.stands_at not in AWAITING_ANSWER:
        return facts
    check = next_check(now, facts.expected_on, rules, first=False, expedited=facts.is_expedited)
    return replace(facts, next_check_on=check)


def _earlier(*ends: tuple[date | None, str]) -> tuple[date | None, str]:
    """The end of a window that comes first, with its source."""
    known = [(on, source) for on, source in ends if on]
    return min(known, key=lambda end: end[0]) if known else (None, "")


def _filing_rule(state: AuthorizationState, level: int, rules: Rules) -> Rule | None:
    """Until when an appeal of this level is filed; None: nothing is filed at it."""
    return appeals.filing_rule(appeals.level_at(state.line_of_business, rules.payer, level), rules.payer)


def _p2p(command: c.RecordDenial, level: int, rules: Rules) -> dict[str, Any]:
    """Until when the payer takes a call: as its letter says, else as its rule does, of a first clinical denial."""
    rule = rules.payer.get(RuleKind.P2P)
    if command.p2p_by:
        return {"p2p_by": command.p2p_by, "p2p_source": LETTER}
    if rule is None or level > 1 or DENIAL_REASONS[command.reason].denial_class is not DenialClass.CLINICAL:
        return {"p2p_by": None}
    return {"p2p_by": window_ends_on(rule, command.notice_on), "p2p_source": kept_source(rule)}
