"""Steps around the packet: what is in, whom to ask, what they answer, and going ahead without."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from pabot.domain import commands as c
from pabot.domain import roles
from pabot.domain.documents import Document, DocumentState, follow, of_items
from pabot.domain.errors import AlreadyDone, Invalid, NotNow
from pabot.domain.model import AuthorizationState, Member
from pabot.domain.roles import Action
from pabot.domain.rules import Rules
from pabot.domain.statuses import Status
from pabot.domain.steps import Notice, NoticeKind, Plan, StepRule

S = Status
FACTS = ("rendering_provider", "facility", "place_of_service")


def mark_ready(state: AuthorizationState, command: c.MarkReady, actor: Member, now: datetime, rules: Rules) -> Plan:
    facts = replace(state, owner_id=state.owner_id or actor.user_id, documents_missing="")
    _refuse_outdated(facts.documents, now, rules)
    path = {S.NEW: (S.REQ_CHECK, S.READY)}.get(state.status, (S.READY,))
    return Plan(facts, path)


def record_documents(
    state: AuthorizationState, command: c.RecordDocuments, actor: Member, now: datetime, rules: Rules
) -> Plan:
    dates = dict(command.dates)
    documents = tuple(
        _as_recorded(document, command, dates.get(document.seq), actor, now) for document in state.documents
    )
    given = {name: value for name in FACTS if (value := getattr(command, name)) is not None}
    facts = replace(state, documents=documents, documents_missing=command.missing, **given)
    facts = replace(facts, owner_id=state.owner_id or actor.user_id)
    _refuse_outdated(documents, now, rules)
    before = {document.seq: document.state for document in state.documents}
    changed = [document for document in documents if document.state is not before[document.seq]]
    detail = {
        "missing": command.missing,
        "received": _labels(document for document in changed if document.state is DocumentState.RECEIVED),
        "location": command.location,
    }
    return Plan(facts, onward(facts), detail=detail)


def request_documents(
    state: AuthorizationState, command: c.RequestDocuments, actor: Member, now: datetime, rules: Rules
) -> Plan:
    """One person, one message, however many items."""
    member = rules.staff.get(command.of)
    if command.of and (member is None or not member.active or roles.may(member, Action.PROVIDE_DOCUMENT)):
        raise Invalid({"of": "Choose somebody of the staff list who can provide documents."})
    if member:
        member = rules.staff.acting_for(member.user_id, state.number) or member
    chosen = _chosen(state, command.items, [document for document in state.documents if not document.is_settled])
    asked = {"state": DocumentState.REQUESTED, "by": actor.user_id, "at": now, "reason": ""}
    asked |= {"asked_of": member.user_id if member else None, "asked_at": now}
    facts = replace(_changed(state, chosen, **asked), owner_id=state.owner_id or actor.user_id)
    facts = replace(facts, documents=tuple(_counted(document, command.items) for document in facts.documents))
    told = (Notice(NoticeKind.DOCUMENTS, member.user_id),) if member and member.user_id != actor.user_id else ()
    detail = {"documents": _labels(chosen), "to": member.user_id if member else "", "note": command.note}
    return Plan(facts, onward(facts), told, detail)


def _counted(document: Document, asked: frozenset[int]) -> Document:
    return replace(document, times_asked=document.times_asked + 1) if document.seq in asked else document


def provide_documents(
    state: AuthorizationState, command: c.ProvideDocuments, actor: Member, now: datetime, rules: Rules
) -> Plan:
    chosen = _asked(state, command.items)
    there = {"state": DocumentState.RECEIVED, "by": actor.user_id, "at": now, "location": command.location}
    facts = _changed(state, chosen, **there, **({"dated_on": command.dated_on} if command.dated_on else {}))
    _refuse_outdated(facts.documents, now, rules, field="dated_on")
    detail = {"received": _labels(chosen), "location": command.location}
    return Plan(facts, onward(facts), _to_owner(state, actor, rules), detail)


def cannot_provide(
    state: AuthorizationState, command: c.CannotProvide, actor: Member, now: datetime, rules: Rules
) -> Plan:
    chosen = _asked(state, command.items)
    gone = {"state": DocumentState.MISSING, "by": actor.user_id, "at": now, "reason": command.reason}
    facts = _changed(state, chosen, **gone, asked_of=None, asked_at=None)
    detail = {"documents": _labels(chosen), "reason": command.reason}
    return Plan(facts, (), _to_owner(state, actor, rules), detail)


def ask_about_documents(
    state: AuthorizationState, command: c.AskAboutDocuments, actor: Member, now: datetime, rules: Rules
) -> Plan:
    return Plan(state, (), _to_owner(state, actor, rules), {"need": command.question})


def go_without(state: AuthorizationState, command: c.GoWithout, actor: Member, now: datetime, rules: Rules) -> Plan:
    return _waived(
        state, command.items, command.reason, [d for d in state.wanting if not d.is_clinical], actor, now, rules
    )


def go_without_clinical(
    state: AuthorizationState, command: c.GoWithoutClinical, actor: Member, now: datetime, rules: Rules
) -> Plan:
    return _waived(state, command.items, command.reason, [d for d in state.wanting if d.is_clinical], actor, now, rules)


def take_version(state: AuthorizationState, command: c.TakeVersion, actor: Member, now: datetime, rules: Rules) -> Plan:
    """Documents that the newer version wants besides may bring a request back to them."""
    if rules.found is None or rules.found[0] != command.version_id:
        raise NotNow("That is not the version in force any more. Look at the request again.")
    version_id, body = rules.found
    asks = " ".join(fact.field for fact in body.asks)
    before = {document.label for document in state.documents}
    documents = follow(state.documents, of_items(body.items))
    new = [document for document in documents if document.label not in before]
    facts = replace(state, checklist_version_id=version_id, documents=documents, asks=asks)
    return Plan(facts, onward(facts), detail={"documents": _labels(new)})


def _waived(
    state: AuthorizationState,
    items: frozenset[int],
    reason: str,
    allowed: Iterable[Document],
    actor: Member,
    now: datetime,
    rules: Rules,
) -> Plan:
    chosen = _chosen(state, items, allowed)
    facts = _changed(state, chosen, waived_by=actor.user_id, by=actor.user_id, at=now, reason=reason)
    told = () if state.owner_id == actor.user_id else _to_owner(state, actor, rules)
    return Plan(facts, onward(facts), told, {"documents": _labels(chosen), "reason": reason})


def _as_recorded(
    document: Document, command: c.RecordDocuments, dated_on: date | None, actor: Member, now: datetime
) -> Document:
    """An item as the form says it now stands; who and when only where that changed."""
    dated = replace(document, dated_on=dated_on or document.dated_on)
    if document.seq in command.received:
        new = DocumentState.RECEIVED
    elif document.seq in command.not_applicable and not document.required:
        new = DocumentState.NOT_APPLICABLE
    else:
        new = DocumentState.REQUESTED if document.is_asked_for else DocumentState.MISSING
    if new is document.state:
        return dated
    location = command.location if new is DocumentState.RECEIVED else ""
    return replace(dated, state=new, by=actor.user_id, at=now, location=location)


def onward(facts: AuthorizationState) -> tuple[Status, ...]:
    """To ready when nothing is missing any more, else to the documents; through the check when it is new.

    What nobody has taken stays new, whoever said something about its documents.
    """
    if facts.owner_id is None:
        return ()
    if facts.status not in BEFORE_READY and facts.status not in (S.READY, S.ADDL_INFO):
        return ()
    asked = facts.open_information_request is not None and facts.status is not S.READY  # decided to be sent anew
    complete = S.ADDL_INFO if asked else S.READY
    target = complete if facts.is_complete else S.DOCS_NEEDED
    start = (S.REQ_CHECK,) if facts.status is S.NEW else ()
    return () if target is facts.status else (*start, target)


def _refuse_outdated(documents: Iterable[Document], now: datetime, rules: Rules, field: str = "") -> None:
    """What the payer would find too old is as good as missing. Raises Invalid under the item's date."""
    today = rules.calendar.day(now)
    for document in documents:
        if document.state is DocumentState.RECEIVED and document.too_old(today):
            raise Invalid(
                {
                    field or f"date_{document.seq}": f"“{document.label}” may be at most {document.max_age_days} days "
                    "old. Get a newer one, or have somebody say to go without."
                }
            )
        if document.dated_on and document.dated_on > today:
            raise Invalid({field or f"date_{document.seq}": "That day lies in the future. Check the date."})


def _chosen(state: AuthorizationState, items: frozenset[int], allowed: Iterable[Document]) -> tuple[Document, ...]:
    chosen = tuple(document for document in allowed if document.seq in items)
    if len(chosen) != len(items) or not chosen:
        raise NotNow(f"Those documents of PA-{state.number} stand differently now. Look at the request again.")
    return chosen


def _asked(state: AuthorizationState, items: frozenset[int]) -> tuple[Document, ...]:
    chosen = tuple(document for document in state.documents if document.seq in items and document.is_asked_for)
    if not chosen:
        raise AlreadyDone("That was answered already. Nothing changed now.")
    return chosen


def _changed(request: AuthorizationState, chosen: Iterable[Document], /, **changes: object) -> AuthorizationState:
    seqs = {document.seq for document in chosen}
    return replace(
        request,
        documents=tuple(
            replace(document, **changes) if document.seq in seqs else document  # type: ignore[arg-type]
            for document in request.documents
        ),
    )


def _labels(documents: Iterable[Document]) -> str:
    return "; ".join(document.label for document in documents)


def _to_owner(state: AuthorizationState, actor: Member, rules: Rules) -> tuple[Notice, ...]:
    to = rules.staff.acting_for(state.owner_id or state.opened_by, state.number)
    return (Notice(NoticeKind.PROVIDED, to.user_id),) if to and to.user_id != actor.user_id else ()


BEFORE_READY = frozenset({S.NEW, S.REQ_CHECK, S.DOCS_NEEDED})
_PACKET = BEFORE_READY | {S.READY, S.ADDL_INFO}

STEPS: Mapping[type[c.Command], StepRule] = {
    c.MarkReady: StepRule(
        "mark_ready",
        "Ready to submit",
        Action.MARK_READY,
        BEFORE_READY,
        mark_ready,
        applies=lambda state: state.open_information_request is None and not (state.wanting or state.facts_wanting),
    ),
    c.RecordDocuments: StepRule(
        "record_documents",
        "Documents",
        Action.TICK_DOCUMENT,
        _PACKET,
        record_documents,
        applies=lambda state: bool(state.documents) or state.status not in (S.NEW, S.REQ_CHECK),
    ),
    c.RequestDocuments: StepRule(
        "request_documents",
        "Ask for documents",
        Action.TICK_DOCUMENT,
        _PACKET,
        request_documents,
        applies=lambda state: any(not document.is_settled for document in state.documents),
    ),
    c.ProvideDocuments: StepRule(
        "provide_documents",
        "Provided",
        Action.PROVIDE_DOCUMENT,
        _PACKET,
        provide_documents,
        applies=lambda state: any(document.is_asked_for for document in state.documents),
    ),
    c.CannotProvide: StepRule(
        "cannot_provide",
        "Cannot",
        Action.PROVIDE_DOCUMENT,
        _PACKET,
        cannot_provide,
        applies=lambda state: any(document.is_asked_for for document in state.documents),
    ),
    c.AskAboutDocuments: StepRule(
        "ask_about_documents",
        "Ask me",
        Action.PROVIDE_DOCUMENT,
        _PACKET,
        ask_about_documents,
        applies=lambda state: any(document.is_asked_for for document in state.documents),
    ),
    c.TakeVersion: StepRule(
        "take_version",
        "Take the new checklist",
        Action.TICK_DOCUMENT,
        _PACKET | {S.SUBMITTED, S.PENDING},
        take_version,
        applies=lambda state: state.checklist_version_id is not None,
    ),
    c.GoWithout: StepRule(
        "go_without",
        "Go without",
        Action.OVERRIDE_ADMINISTRATIVE_ITEM,
        BEFORE_READY,
        go_without,
        applies=lambda state: any(not document.is_clinical for document in state.wanting),
    ),
    c.GoWithoutClinical: StepRule(
        "go_without_clinical",
        "Go without clinical",
        Action.OVERRIDE_CLINICAL_ITEM,
        BEFORE_READY,
        go_without_clinical,
        applies=lambda state: any(document.is_clinical for document in state.wanting),
    ),
}
