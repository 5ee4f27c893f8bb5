"""The whole loop, as people live it at Slack: on both databases, over both transports."""

from collections.abc import Iterator

import pytest
from practice import Practice, a_practice, buttons, words

from pabot.domain.model import Role
from pabot.domain.practice import SaveMember


@pytest.fixture(params=["http", "socket"])
def connected(request: pytest.FixtureRequest, database_url: str) -> Iterator[Practice]:
    with a_practice(database_url, transport=request.param) as one:
        yield one


def test_from_order_to_approval_on_appeal(connected: Practice) -> None:
    practice = connected
    cora, ida = practice.cora, practice.ida
    number = cora.opens_request()
    cora.does(number, "Ready to submit")
    cora.does(number, "Submitted", channel="portal", tracking_number="TRK-1")
    cora.does(number, "Denied", reason="not_medically_necessary", reason_text="Criteria not shown.")
    practice.deliver()

    message = ida.direct_messages[-1]
    assert "Appeal" in buttons(message)
    ida.presses(message, "Appeal")
    ida.submits(reason="The record shows it.", words="Mention the fall in March.")
    practice.deliver()

    assert "Appeal" not in buttons(message), "a decided message has no buttons left"
    assert "Mention the fall in March." in words(cora.direct_messages[-1])

    ida.does(number, "Write the reasons", text="The June note shows a fall on level ground.")
    cora.does(number, "Appeal filed", reference="AP-1", packet=["denial_letter", "notes"], signed_by="Dr. Ida Voss")
    cora.does(number, "Approved", authorization_number="AUTH-9", dates_not_stated=["yes"])
    card = cora.does(number, "Patient told", how="phone", and_close=["yes"])
    assert "Closed" in words(card)


def test_an_easy_request_takes_four_saves_after_opening(practice: Practice) -> None:
    cora = practice.cora
    number = cora.opens_request()
    cora.does(number, "Ready to submit")
    cora.does(number, "Submitted", channel="portal", tracking_number="TRK-1")
    cora.does(number, "Approved", authorization_number="AUTH-1", dates_not_stated=["yes"])
    card = cora.does(number, "Patient told", how="phone", and_close=["yes"])
    assert "Closed" in words(card)


def test_an_instantly_approved_request_takes_three(practice: Practice) -> None:
    cora = practice.cora
    number = cora.opens_request()
    cora.does(number, "Ready to submit")
    cora.does(
        number,
        "Submitted",
        channel="portal",
        tracking_number="TRK-1",
        answer="approved",
        authorization_number="AUTH-1",
        dates_not_stated=["yes"],
    )
    card = cora.does(number, "Patient told", how="phone", and_close=["yes"])
    assert "Closed" in words(card)


def test_an_administrative_denial_goes_to_the_biller(practice: Practice) -> None:
    cora = practice.cora
    number = pending(practice)
    cora.does(number, "Denied", reason="missing_docs", reason_text="The order was not in the packet.")
    practice.deliver()
    assert not practice.ida.direct_messages
    message = practice.bill.direct_messages[-1]
    practice.bill.presses(message, "Resubmit")
    practice.bill.submits(reason="It was left out.")
    assert "Ready to submit" in words(cora.card(number))


def test_the_cover_decides_while_the_clinician_is_away(practice: Practice) -> None:
    away = SaveMember("U0IDA", "Dr. Ida Voss", frozenset({Role.CLINICIAN}), cover_id="U0NED", away=True)
    practice.pabot.desk.save_member(away, actor=None, key="away")
    number = pending(practice)
    practice.cora.does(number, "Denied", reason="step_therapy")
    practice.deliver()
    assert not practice.ida.direct_messages
    assert "Appeal" in buttons(practice.ned.direct_messages[-1])


def test_a_partial_approval_waits_for_the_clinician(practice: Practice) -> None:
    cora, ida = practice.cora, practice.ida
    number = cora.opens_request(codes="K0856 NU x2")
    cora.does(number, "Ready to submit")
    cora.does(number, "Submitted", channel="fax", tracking_number="TRK-2")
    cora.does(number, "Approved", approved="lines", units_1=1, authorization_number="AUTH-2", dates_not_stated=["yes"])
    practice.deliver()
    ida.presses(ida.direct_messages[-1], "Accept denial")
    card = ida.submits(reason="One is enough.")
    assert "Approved" in words(card)


def pending(practice: Practice) -> int:
    """A request that the payer has."""
    number = practice.cora.opens_request()
    practice.cora.does(number, "Ready to submit")
    practice.cora.does(number, "Submitted", channel="portal", tracking_number="TRK-1")
    return number
