"""The whole loop, as people live it at Slack: on both databases, over both transports."""

from collections.abc import Iterator

import pytest
from practice import Practice, a_practice, buttons, words


@pytest.fixture(params=["http", "socket"])
def practice(request: pytest.FixtureRequest, database_url: str) -> Iterator[Practice]:
    with a_practice(database_url, transport=request.param) as one:
        yield one


def test_from_order_to_approval_on_appeal(practice: Practice) -> None:
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

    cora.does(number, "Appeal filed", reference="AP-1")
    cora.does(number, "Approved", authorization_number="AUTH-9", dates_not_stated=["yes"])
    card = cora.does(number, "Patient told", how="phone", and_close=["yes"])
    assert "Closed" in words(card)
