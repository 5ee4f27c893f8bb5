"""A checklist in the forms, as a coordinator meets it: from the submission to the closing."""

from dataclasses import replace

from practice_bot import Bot
from test_the_loop import AT, fill, typed
from typed_forms import boxes, day, moment, picked, words

from pabot.domain.cards import AuthorizationCard
from pabot.domain.library import Checklist, Codes, KeptChecklist, PayerEntry
from pabot.domain.model import Channel
from pabot.domain.statuses import Status
from pabot.views.ids import Hint, step_open

CHAIRS = Checklist(
    "Power wheelchairs",
    codes=(Codes("K0800", "K0899"),),
    channel=Channel.FAX,
    valid_days=90,
    closure_steps=("Send the number to the vendor", "Note the last day"),
)


def ready(bot: Bot) -> AuthorizationCard:
    """Opened where the payer's checklist is known."""
    payer = bot.desk.plans("Northwind")[0].payer
    bot.desk.import_payers([PayerEntry(payer, checklists=(KeptChecklist(CHAIRS),))], source="test")
    card = bot.request()
    return fill(bot, "U0CORA", card, "check_requirement", required=picked("yes", "radio_buttons"))


def test_from_the_proposed_channel_to_the_boxes_at_the_end(bot: Bot) -> None:
    card = ready(bot)
    about = Hint(number=card.state.number).packed()
    bot.press("U0CORA", step_open("submit"), about)
    form = bot.opened()
    channel = next(block for block in form["blocks"] if block["block_id"] == "channel")
    assert channel["element"]["initial_option"]["value"] == "fax"
    sent = {
        "channel": picked("fax"),
        "submitted_at": moment(AT),
        "answer": picked("approved", "radio_buttons"),
        "authorization_number": words("A-1"),
        "effective_on": day("2026-11-23"),
    }
    said = bot.submit("U0CORA", form, typed(**sent))
    assert said["errors"] == {
        "expires_on": "Give both dates, or tick that the payer stated none. "
        "The payer's approvals usually hold 90 days: until Feb 20, 2027."
    }
    bot.submit("U0CORA", form, typed(**sent, expires_on=day("2027-02-20")))
    bot.press("U0CORA", step_open("tell_patient"), about)
    form = bot.opened()
    told = {"update": picked("approved"), "result": picked("told"), "told_by": picked("U0CORA")}
    told |= {"how": picked("phone"), "told_at": moment(AT), "and_close": boxes("yes")}
    said = bot.submit("U0CORA", form, typed(**told, closure_steps_1=boxes(CHAIRS.closure_steps[0])))
    assert said["errors"] == {"closure_steps_1": "Tick what is done. If something is not, say why in the note."}
    bot.submit("U0CORA", form, typed(**told, closure_steps_1=boxes(*CHAIRS.closure_steps)))
    closed = bot.desk.card(card.state.number, actor=bot.member("U0CORA"))
    assert closed.state.status is Status.CLOSED
    done = [entry.detail["done"] for entry in closed.timeline if entry.kind == "tell_patient" and entry.detail]
    assert done == ["Send the number to the vendor; Note the last day"]


def test_a_new_version_changes_no_request_that_is_open(bot: Bot) -> None:
    card = ready(bot)
    payer = bot.desk.plans("Northwind")[0].payer
    other = KeptChecklist(replace(CHAIRS, channel=Channel.MAIL))
    bot.desk.import_payers([PayerEntry(payer, checklists=(other,))], source="test")
    bot.press("U0CORA", step_open("submit"), Hint(number=card.state.number).packed())
    channel = next(block for block in bot.opened()["blocks"] if block["block_id"] == "channel")
    assert channel["element"]["initial_option"]["value"] == "fax"
