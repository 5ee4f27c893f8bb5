"""What a form refuses: beneath which field, and in which words."""

from datetime import date

import pytest
from domain_practice import COLE, CORA, DORA, MARA, VERA, Story, Told, at, rules

from pabot.domain import commands as c
from pabot.domain.errors import Invalid
from pabot.domain.model import Channel, Decision
from pabot.domain.statuses import Status

S = Status


# What cannot be typed: the field, and what is said beneath it.
TYPED: list[tuple[str, Told, str, str]] = [
    (
        "sent tomorrow",
        lambda s: s.ready().does(CORA, c.Submit, channel=Channel.FAX, submitted_at=at("2026-06-02 09:00")),
        "submitted_at",
        "That lies in the future. Choose when it happened.",
    ),
    (
        "sent last year",
        lambda s: s.ready().does(CORA, c.Submit, channel=Channel.FAX, submitted_at=at("2025-06-01 09:00")),
        "submitted_at",
        "That is long before the request was opened. Check the date.",
    ),
    (
        "expected before sent",
        lambda s: s.ready().submit(expected_on=date(2026, 5, 1)),
        "expected_on",
        "The answer cannot be expected before it was sent.",
    ),
    (
        "no proof of receipt",
        lambda s: s.ready().submit().does(CORA, c.Acknowledge),
        "tracking_number",
        "Type the tracking number, or below how you know the payer has it.",
    ),
    (
        "sent again tomorrow",
        lambda s: s.pending().does(
            CORA, c.SendAgain, channel=Channel.FAX, submitted_at=at("2026-06-02 09:00"), reason="lost"
        ),
        "submitted_at",
        "That lies in the future. Choose when it happened.",
    ),
    (
        "next check in the past",
        lambda s: s.pending().does(CORA, c.LogContact, channel=Channel.FAX, result="-", next_check_on=date(2026, 5, 1)),
        "next_check_on",
        "The next check lies in the past. Choose today or later.",
    ),
    (
        "asked tomorrow",
        lambda s: s.pending().payer_asks(received_at=at("2026-06-02 09:00")),
        "received_at",
        "That lies in the future. Choose when it happened.",
    ),
    (
        "due before asked",
        lambda s: s.pending().payer_asks(due_on=date(2026, 5, 1)),
        "due_on",
        "The payer's deadline lies before the day it asked.",
    ),
    (
        "approved tomorrow",
        lambda s: s.pending().approve(decided_at=at("2026-06-02 09:00")),
        "decided_at",
        "That lies in the future. Choose when it happened.",
    ),
    (
        "approved before sent",
        lambda s: s.pending().approve(decided_at=at("2026-05-31 09:00")),
        "decided_at",
        "The payer cannot have decided before it was submitted. Check the date.",
    ),
    (
        "no number",
        lambda s: s.pending().approve(authorization_number=""),
        "authorization_number",
        "Type the authorization number, or why there is none.",
    ),
    (
        "one date",
        lambda s: s.pending().approve(expires_on=None),
        "expires_on",
        "Give both dates, or tick that the payer stated none.",
    ),
    (
        "ends before it starts",
        lambda s: s.pending().approve(expires_on=date(2026, 5, 1)),
        "expires_on",
        "The approval ends before it starts. Check the dates.",
    ),
    (
        "nothing approved",
        lambda s: s.pending().approve(approved=((1, 0), (2, 0))),
        "approved",
        "Nothing was approved: record a denial instead.",
    ),
    (
        "an unknown line approved",
        lambda s: s.pending().approve(approved=((9, 1),)),
        "approved",
        "Nothing was approved: record a denial instead.",
    ),
    (
        "denied tomorrow",
        lambda s: s.pending().deny(received_at=at("2026-06-02 09:00")),
        "received_at",
        "That lies in the future. Choose when it happened.",
    ),
    (
        "a letter of tomorrow",
        lambda s: s.pending().deny(notice_on=date(2026, 6, 2)),
        "notice_on",
        "The letter's date lies in the future. Check it.",
    ),
    (
        "a letter older than the request",
        lambda s: s.pending().deny(notice_on=date(2026, 5, 31)),
        "notice_on",
        "The letter is older than the submission. Check the date.",
    ),
    (
        "appeal before the letter",
        lambda s: s.pending().deny(appeal_by=date(2026, 5, 31)),
        "appeal_by",
        "The appeal deadline lies before the letter's date.",
    ),
    (
        "call before the letter",
        lambda s: s.pending().deny(p2p_by=date(2026, 5, 31)),
        "p2p_by",
        "The peer-to-peer deadline lies before the letter's date.",
    ),
    (
        "routed to nobody",
        lambda s: s.pending().deny().does(CORA, c.Route, to="UNONE"),
        "to",
        "That person is not on the staff list.",
    ),
    (
        "routed to a manager",
        lambda s: s.pending().deny().does(CORA, c.Route, to=MARA.user_id),
        "to",
        "Mara Stone is not a clinician, so cannot judge this.",
    ),
    (
        "routed to a coordinator",
        lambda s: s.pending().deny(reason="missing_docs").does(CORA, c.Route, to=COLE.user_id),
        "to",
        "Cole Finch is not a biller or a clinician, so cannot judge this.",
    ),
    (
        "routed where it is",
        lambda s: s.pending().deny().does(CORA, c.Route, to=DORA.user_id),
        "to",
        "Dr. Dora Lake has it already.",
    ),
    ("asked a manager", lambda s: s.does(CORA, c.AskClinician, question="Which?", to="UNONE"), "to", "No clinician"),
    (
        "appealed tomorrow",
        lambda s: s.pending().deny().decide(Decision.APPEAL).appeal(filed_at=at("2026-06-02 12:00")),
        "filed_at",
        "It must lie between the denial and now.",
    ),
    (
        "appealed before the denial",
        lambda s: s.pending().deny().decide(Decision.APPEAL).appeal(filed_at=at("2026-06-01 08:00")),
        "filed_at",
        "It must lie between the denial and now.",
    ),
    (
        "decided before filed",
        lambda s: s.pending().deny().decide(Decision.APPEAL).appeal(decision_due_on=date(2026, 5, 1)),
        "decision_due_on",
        "The decision cannot be due before the appeal was filed.",
    ),
    (
        "a call by a coordinator",
        lambda s: s.pending().deny().decide(Decision.P2P).book_call(clinician_id=CORA.user_id),
        "clinician",
        "Only a clinician can take a peer-to-peer call.",
    ),
    (
        "a call last week",
        lambda s: s.pending().deny().decide(Decision.P2P).book_call(scheduled_for=at("2026-05-25 10:00")),
        "scheduled_for",
        "That time has passed. Choose when the call will be.",
    ),
    (
        "owner unknown",
        lambda s: s.does(MARA, c.Assign, owner_id="UNONE"),
        "owner",
        "That person is not on the staff list. A manager can add them with /pa staff.",
    ),
    (
        "owner at the front desk",
        lambda s: s.does(MARA, c.Assign, owner_id=VERA.user_id),
        "owner",
        "Vera Hill cannot own requests. Choose someone who works the queue.",
    ),
    (
        "owner already",
        lambda s: s.ready().does(MARA, c.Assign, owner_id=CORA.user_id),
        "owner",
        "Cora Bell has it already.",
    ),
    (
        "not needed, nobody said so",
        lambda s: s.does(CORA, c.CheckRequirement, required=False),
        "proof",
        "Say who said that none is needed, and where: name, reference or page.",
    ),
    (
        "told before decided",
        lambda s: s.pending().approve().tell(told_at=at("2026-06-01 09:00")),
        "told_at",
        "That is before the payer decided. Check the date.",
    ),
    (
        "nothing approved",
        lambda s: s.pending().approve(approved=((1, 0), (2, 0))),
        "approved",
        "Nothing was approved: record a denial instead.",
    ),
    (
        "approved code by code without codes",
        lambda s: s.of_a_medication().pending().approve(approved=((1, 1),)),
        "approved",
        "There are no codes to choose from: it is approved as a whole, or denied.",
    ),
    (
        "told tomorrow",
        lambda s: s.pending().approve().tell(told_at=at("2026-06-02 09:00")),
        "told_at",
        "That lies in the future. Choose when it happened.",
    ),
    (
        "withdrawn behind the payer's back",
        lambda s: s.pending().withdraw(payer_told=False),
        "payer_told",
        "The payer has this request. Tell the payer first, then tick the box.",
    ),
]


@pytest.mark.parametrize(("told", "field", "sentence"), [row[1:] for row in TYPED], ids=[row[0] for row in TYPED])
def test_what_cannot_be_is_said_beneath_its_field(told: Told, field: str, sentence: str) -> None:
    story = Story(book=rules(CORA, COLE, VERA, MARA)) if sentence == "No clinician" else Story()
    with pytest.raises(Invalid) as wrong:
        told(story)
    assert set(wrong.value.fields) == {field}
    assert wrong.value.fields[field].startswith(sentence)
