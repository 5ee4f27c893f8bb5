"""What a checklist says where the work is done: the way to the payer, the words for the patient, what is left to do."""

from dataclasses import replace

import library_samples
import pytest
from message_samples import CORA, NOW, card, line
from screen_samples import FAY, MINIMUM, entry, known, pending, to_send, told, view_of
from test_screens import said

from pabot.domain.cards import AuthorizationCard
from pabot.domain.model import Channel, Member
from pabot.domain.statuses import WITH_PAYER, Outcome, Status
from pabot.views import payers
from pabot.views.words import read_out


def reach(made: AuthorizationCard, viewer: Member = CORA) -> str:
    """The card's section on how to reach the payer."""
    blocks = view_of(MINIMUM, made, viewer)["blocks"]
    return next((block["text"]["text"] for block in blocks if block["block_id"] == "reach"), "")


def test_a_card_says_how_to_send_it_and_then_whom_to_ask() -> None:
    assert reach(to_send()) == (
        "*How to reach the payer*\nSend by: Portal · form “PMD request &lt;v4&gt;”\n"
        "Portal: <https://portal.harbor.example|https://portal.harbor.example>\nChoose “DME”, then “Mobility”."
    )
    assert reach(known(pending())) == (
        "*How to reach the payer*\nPhone: 555-0142 · menu: 2, then 4 · Mon–Fri 8–18 Eastern\n"
        "Ask for the DME desk; have the member ID ready.\n"
        "Portal: <https://portal.harbor.example|https://portal.harbor.example>"
    )
    for status in (Status.SUBMITTED, Status.ADDL_INFO):
        assert "menu: 2, then 4" in reach(known(pending(status=status)))


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.READY, *WITH_PAYER}))
def test_where_nothing_is_to_be_asked_no_way_is_shown(status: Status) -> None:
    assert not reach(known(card(status=status)))


def test_the_way_to_the_payer_is_for_those_who_work_and_only_where_it_is_known() -> None:
    assert not reach(known(pending()), FAY)
    assert not reach(pending())


@pytest.mark.parametrize(
    ("channel", "said"),
    [(Channel.FAX, "Fax: 555-0143"), (Channel.PHONE, "menu: 2, then 4"), (Channel.MAIL, "Send by: Mail")],
)
def test_the_number_that_goes_with_the_channel_is_shown(channel: Channel, said: str) -> None:
    made = to_send()
    assert made.checklist
    assert said not in reach(made)
    assert said in reach(
        replace(made, checklist=replace(made.checklist, body=replace(made.checklist.body, channel=channel)))
    )


def test_what_is_no_web_address_is_no_link() -> None:
    made = to_send()
    odd = replace(made, contacts=replace(made.contacts, portal="ask <https://evil.example|here>"))
    assert "Portal: ask &lt;https://evil.example|here&gt;" in reach(odd)


@pytest.mark.parametrize("status", Status)
def test_the_checklist_s_words_are_said_while_the_first_answer_is_awaited(status: Status) -> None:
    own = "Your plan usually answers\nwithin \u202e7 days."
    awaited = status in (Status.SUBMITTED, Status.PENDING)
    for outcome in (None, Outcome.DENIED):
        words = read_out(MINIMUM, line(status=status, outcome=outcome), "Harbor", "Chair", NOW, own)
        assert words.endswith("Your plan usually answers within 7 days.") == (awaited and outcome is None)


def test_closure_steps_are_in_the_history() -> None:
    detail = {"note": "The vendor has closed", "done": "Note the last day", "undone": "Send the number"}
    made = replace(told(), timeline=(entry(5, "close", **detail),))
    shown = said(view_of(MINIMUM, made, CORA))
    assert "The vendor has closed · not done: Send the number · done: Note the last day" in shown


def test_a_long_review_names_the_most_pressing() -> None:
    blocks = payers.review(MINIMUM, library_samples.LONG_REVIEW).blocks
    assert len(blocks) == 1 + payers.REVIEWED + 1
    assert blocks[-1]["elements"][0]["text"] == "and 10 more: /pa payers"
