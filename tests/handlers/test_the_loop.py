"""The work itself, form by form, as the practice does it."""

import json
from typing import Any

import pytest
from practice_bot import Bot
from typed_forms import boxes, day, moment, picked, several, words

from pabot.domain.cards import AuthorizationCard
from pabot.domain.model import Decision, Role
from pabot.domain.practice import SaveMember
from pabot.domain.roles import Policy
from pabot.domain.statuses import Outcome, Status
from pabot.views.ids import Hint, Id, step_open

AT = 1795447800  # the bot's Monday, 15:30 UTC

ORDER = {
    "chart_number": words("C-77"),
    "initials": words("Q.T."),
    "payer": picked("1", "external_select"),
    "category": picked("service"),
    "service": words("<!channel> O'Neil's *wheelchair* שלום"),
    "codes": words("k0856 nu x1"),
    "diagnoses": several("g35"),
    "clinician": picked("U0DOC", "external_select"),
    "urgency": picked("standard", "radio_buttons"),
    "ordered_on": day("2026-11-20"),
}


def typed(**fields: dict[str, Any]) -> dict[str, Any]:
    return {name: {name: one} for name, one in fields.items()}


def number_of(said: dict[str, Any]) -> int:
    assert said["response_action"] == "update", said
    return int(said["view"]["title"]["text"].removeprefix("PA-"))


def fill(bot: Bot, who: str, card: AuthorizationCard, kind: str, **fields: dict[str, Any]) -> AuthorizationCard:
    """Press the button of a step, fill its form in, save it."""
    bot.press(who, step_open(kind), Hint(number=card.state.number).packed())
    said = bot.submit(who, bot.opened(), typed(**fields))
    assert said.get("response_action") == "update", said
    return bot.desk.card(card.state.number, actor=bot.member(who))


def with_the_payer(bot: Bot) -> AuthorizationCard:
    card = bot.request()
    card = fill(bot, "U0CORA", card, "check_requirement", required=picked("yes", "radio_buttons"))
    return fill(
        bot,
        "U0CORA",
        card,
        "submit",
        channel=picked("portal"),
        submitted_at=moment(AT),
        tracking_number=words("TRK-1"),
        expected_on=day("2026-11-30"),
        answer=picked("waiting", "radio_buttons"),
    )


def denied(bot: Bot) -> AuthorizationCard:
    card = with_the_payer(bot)
    bot.clock.forward(hours=2)
    return fill(
        bot,
        "U0CORA",
        card,
        "record_denial",
        reason=picked("not_medically_necessary"),
        notice_on=day("2026-11-23"),
        received_at=moment(AT + 7200),
    )


def test_a_request_is_opened_once_however_often_the_form_is_sent(bot: Bot) -> None:
    bot.command("U0CORA", "new")
    form = bot.opened()
    first = number_of(bot.submit("U0CORA", form, typed(**ORDER)))
    assert number_of(bot.submit("U0CORA", form, typed(**ORDER))) == first
    assert bot.desk.queue("", actor=bot.member("U0CORA")).total == 1


def test_a_duplicate_is_named_first_and_opened_on_the_second_save(bot: Bot) -> None:
    bot.command("U0CORA", "new")
    first = number_of(bot.submit("U0CORA", bot.opened(), typed(**ORDER)))
    bot.command("U0BILL", "new")
    form = bot.opened()
    warned = bot.submit("U0BILL", form, typed(**ORDER))
    assert warned["response_action"] == "update"
    again = warned["view"]
    assert f"PA-{first} is already open" in json.dumps(again)
    fields = [(block["block_id"], block["element"]["action_id"]) for block in form["blocks"]]
    assert [(b["block_id"], b["element"]["action_id"]) for b in again["blocks"] if b["type"] == "input"] == fields
    assert number_of(bot.submit("U0BILL", again, typed(**ORDER))) != first


def test_the_front_desk_cannot_open_a_request(bot: Bot) -> None:
    bot.shortcut("U0DESK", Id.SHORTCUT_NEW)
    assert "may open a request" in json.dumps(bot.opened())


def test_a_press_claims_a_request_at_once(bot: Bot) -> None:
    number = bot.request().state.number
    modal = {"id": "V1", "hash": "1.1", "type": "modal"}
    bot.press("U0BILL", step_open("claim"), Hint(number=number).packed(), view=modal)
    (updated,) = bot.slack.sent("views.update")
    assert (updated["view_id"], updated["hash"]) == ("V1", "1.1")
    assert bot.desk.card(number, actor=bot.member("U0BILL")).state.owner_id == "U0BILL"


def test_a_claim_whose_screen_fails_is_still_told_as_saved(bot: Bot) -> None:
    number = bot.request().state.number
    bot.slack.errors["views.open"] = ["expired_trigger_id"]
    bot.press("U0BILL", step_open("claim"), Hint(number=number).packed())
    assert bot.slack.sent("chat.postEphemeral")[0]["text"].startswith("Saved.")


def test_the_computed_date_stays_the_rule_s_until_the_payer_names_another(bot: Bot) -> None:
    state = with_the_payer(bot).state
    assert (state.status, state.expected_on.isoformat()) == (Status.PENDING, "2026-11-30")
    assert state.expected_source != "payer"


def test_approved_at_once_takes_one_save(bot: Bot) -> None:
    card = bot.request()
    card = fill(bot, "U0CORA", card, "mark_ready")
    card = fill(
        bot,
        "U0CORA",
        card,
        "submit",
        channel=picked("portal"),
        submitted_at=moment(AT),
        tracking_number=words("TRK-1"),
        answer=picked("approved", "radio_buttons"),
        authorization_number=words("AUTH-1"),
        effective_on=day("2026-12-01"),
        expires_on=day("2027-03-01"),
    )
    assert (card.state.status, card.state.outcome) == (Status.APPROVED, Outcome.APPROVED)


def test_denied_at_once_leads_on_to_the_denial(bot: Bot) -> None:
    card = fill(bot, "U0CORA", bot.request(), "mark_ready")
    bot.press("U0CORA", step_open("submit"), Hint(number=card.state.number).packed())
    said = bot.submit(
        "U0CORA",
        bot.opened(),
        typed(channel=picked("fax"), submitted_at=moment(AT), answer=picked("denied", "radio_buttons")),
    )
    assert said["view"]["callback_id"] == "pa.record_denial.submit"
    letter = typed(reason=picked("missing_docs"), notice_on=day("2026-11-23"), received_at=moment(AT))
    assert bot.submit("U0CORA", said["view"], letter)["response_action"] == "update"
    assert bot.desk.card(card.state.number, actor=bot.member("U0CORA")).state.denial.routed_to == "U0BILL"


def test_dates_that_cannot_be_are_told_under_their_field(bot: Bot) -> None:
    card = with_the_payer(bot)
    bot.press("U0CORA", step_open("record_approval"), Hint(number=card.state.number).packed())
    form = bot.opened()
    good = typed(
        decided_at=moment(AT),
        approved=picked("whole", "radio_buttons"),
        authorization_number=words("A1"),
        effective_on=day("2026-12-01"),
        expires_on=day("2027-12-01"),
    )
    for wrong in (
        {"decided_at": moment(AT - 30 * 86400)},
        {"expires_on": day("2026-11-01")},
        {"authorization_number": words(" ")},
        {"expires_on": day(None)},
    ):
        said = bot.submit("U0CORA", form, good | typed(**wrong))
        assert list(said["errors"]) == list(wrong)
    assert bot.submit("U0CORA", form, good)["response_action"] == "update"


def test_a_clinician_decides_once_from_the_message(bot: Bot) -> None:
    card = denied(bot)
    about = Hint(number=card.state.number, child=card.state.denial.id).packed()
    bot.press("U0DOC", Id.DECIDE_APPEAL, about)
    form = bot.opened()
    assert form["callback_id"] == "pa.decide_denial.submit"
    said = bot.submit("U0DOC", form, typed(reason=words("It is necessary"), words=words("Send the note")))
    assert said["response_action"] == "update"
    denial = bot.desk.card(card.state.number, actor=bot.member("U0DOC")).state.denial
    assert (denial.decision, denial.decided_by) == (Decision.APPEAL, "U0DOC")
    bot.press("U0DOC", Id.DECIDE_ACCEPT, about)
    assert "decided this already" in json.dumps(bot.opened())


def test_two_people_deciding_decide_once(bot: Bot) -> None:
    card = denied(bot)
    bot.desk.save_member(
        SaveMember("U0TWO", "Dr. Two Reyes", frozenset({Role.CLINICIAN})), actor=None, key="another clinician"
    )
    about = Hint(number=card.state.number, child=card.state.denial.id).packed()
    forms = []
    for who, action in (("U0DOC", Id.DECIDE_APPEAL), ("U0TWO", Id.DECIDE_RESUBMIT)):
        bot.press(who, action, about)
        forms.append((who, bot.opened()))
    answers = [bot.submit(who, form, typed(reason=words("Because"))) for who, form in forms]
    assert [answer["response_action"] for answer in answers] == ["update", "push"]
    assert "Dr. Ida Voss decided this already" in json.dumps(answers[1])


def test_a_coordinator_cannot_open_the_decision(bot: Bot) -> None:
    card = denied(bot)
    bot.press("U0CORA", step_open("decide_denial"), Hint(number=card.state.number).packed())
    assert "may decide about a denial" in json.dumps(bot.opened())


def test_the_choice_of_decision_is_offered_when_the_button_named_none(bot: Bot) -> None:
    card = denied(bot)
    bot.press("U0DOC", step_open("decide_denial"), Hint(number=card.state.number).packed())
    (buttons,) = [block["elements"] for block in bot.opened()["blocks"] if block["type"] == "actions"]
    assert [one["action_id"] for one in buttons] == [
        Id.DECIDE_APPEAL,
        Id.DECIDE_P2P,
        Id.DECIDE_RESUBMIT,
        Id.DECIDE_ACCEPT,
    ]
    assert {Hint.unpacked(one["value"]).child for one in buttons} == {card.state.denial.id}


PACKET = {"signed_by": picked("U0DOC", "external_select"), "packet": boxes("denial_letter", "notes")}


def test_the_rest_of_the_loop_to_the_end(bot: Bot) -> None:
    card = denied(bot)
    about = Hint(number=card.state.number, child=card.state.denial.id).packed()
    bot.press("U0DOC", Id.DECIDE_APPEAL, about)
    bot.submit("U0DOC", bot.opened(), typed(reason=words("It is necessary")))
    card = fill(bot, "U0DOC", card, "write_necessity", where=words("the chart"))
    card = fill(bot, "U0CORA", card, "file_appeal", filed_at=moment(AT + 7200), **PACKET)
    assert card.state.status is Status.PENDING
    card = fill(
        bot,
        "U0CORA",
        card,
        "record_approval",
        decided_at=moment(AT + 7200),
        approved=picked("whole", "radio_buttons"),
        authorization_number=words("AUTH-2"),
        dates_not_stated=boxes("yes"),
    )
    card = fill(
        bot,
        "U0CORA",
        card,
        "tell_patient",
        update=picked("approved"),
        result=picked("told"),
        how=picked("phone"),
        told_at=moment(AT + 7200),
        told_by=picked("U0CORA"),
        and_close=boxes("yes"),
    )
    assert (card.state.status, card.state.outcome) == (Status.CLOSED, Outcome.APPROVED)


def test_an_entry_is_taken_back_with_a_reason(bot: Bot) -> None:
    card = with_the_payer(bot)
    assert card.correctable
    bot.press("U0CORA", Id.CORRECT_OPEN, Hint(number=card.state.number, save=card.correctable).packed())
    said = bot.submit("U0CORA", bot.opened(), typed(reason=words("Wrong request")))
    assert said["response_action"] == "update"
    assert bot.desk.card(card.state.number, actor=bot.member("U0CORA")).state.status is Status.READY


def test_a_slack_message_becomes_a_contact_and_is_not_copied(bot: Bot) -> None:
    number = bot.request().state.number
    message = {"user": "U0BILL", "text": "Mrs. Secret called", "ts": "1.1"}
    bot.shortcut("U0CORA", Id.SHORTCUT_LINK, type="message_action", message=message, channel={"id": "C0TEAM"})
    form = bot.opened()
    assert "Secret" not in json.dumps(form)
    assert "Discussed in Slack with Bill Aster." in json.dumps(form)
    filled = typed(number=words(f"pa-{number}"), channel=picked("phone"), result=words("They called"))
    assert number_of(bot.submit("U0CORA", form, filled)) == number


def test_a_manager_adds_a_person_who_may_then_speak(bot: Bot) -> None:
    bot.command("U0MAX", "staff")
    (add,) = bot.opened()["blocks"][0]["elements"]
    bot.press("U0MAX", add["action_id"], add["value"])
    form = bot.opened()
    person = {"type": "users_select", "selected_user": "U0NEW"}
    said = bot.submit(
        "U0MAX", form, typed(user=person, name=words("Nia New"), roles=boxes("coordinator"), active=boxes("yes"))
    )
    assert "Nia New" in json.dumps(said)
    assert bot.member("U0NEW").is_(Role.COORDINATOR)


def test_a_manager_changes_a_person_in_place(bot: Bot) -> None:
    bot.press("U0MAX", Id.STAFF_OPEN, Hint(what="U0CORA").packed())
    form = bot.opened()
    wrong = bot.submit(
        "U0MAX", form, typed(name=words("Cora"), roles=boxes("coordinator"), away=boxes("yes"), active=boxes("yes"))
    )
    assert wrong["errors"] == {"cover": "Somebody away needs a cover."}
    cover = picked("U0BILL", "external_select")
    bot.submit(
        "U0MAX",
        form,
        typed(name=words("Cora L."), roles=boxes("coordinator"), away=boxes("yes"), cover=cover, active=boxes("yes")),
    )
    assert (bot.member("U0CORA").name, bot.member("U0CORA").cover_id) == ("Cora L.", "U0BILL")


def test_a_manager_sets_hours_and_owners(bot: Bot) -> None:
    bot.command("U0MAX", "settings")
    form = bot.opened()
    fields = typed(
        timezone=words("America/Chicago"),
        office_hours=words("09:00-16:00 mon-fri"),
        holidays=words("US"),
        digest_at={"type": "timepicker", "selected_time": "07:30"},
        payer_owners=words("Northwind Health > Bill Aster"),
        clinician_owners=words("Dr. Ida Voss > Cora Lindqvist"),
        contact_minutes=words("Phone > 12\nportal > 4"),
        alone=boxes("coordinators_reopen", "billers_close_denials"),
    )
    for field, wrong in (("timezone", "Atlantis/Central"), ("office_hours", "dawn to dusk"), ("holidays", "Utopia")):
        assert list(bot.submit("U0MAX", form, fields | typed(**{field: words(wrong)}))["errors"]) == [field]
    assert bot.submit("U0MAX", form, fields) == {}
    settings = bot.desk.settings()
    assert (settings.timezone, settings.digest_at) == ("America/Chicago", "07:30")
    assert settings.policy == Policy(coordinators_submit=False, coordinators_reopen=True)
    assert dict(settings.payer_owners) == {1: "U0BILL"}
    assert dict(settings.clinician_owners) == {"U0DOC": "U0CORA"}
    bot.command("U0MAX", "settings")
    shown = json.dumps(bot.opened())
    assert "Northwind Health > Bill Aster" in shown
    assert "Phone > 12\\nPortal > 4" in shown


@pytest.mark.parametrize("kind", ["log_contact", "assign", "withdraw", "ask_clinician"])
def test_a_form_opened_twice_at_once_is_two_forms(bot: Bot, kind: str) -> None:
    number = bot.request().state.number
    keys = set()
    for _ in range(2):
        bot.press("U0CORA" if kind != "withdraw" else "U0MAX", step_open(kind), Hint(number=number).packed())
        keys.add(Hint.unpacked(bot.opened()["private_metadata"]).key)
    assert len(keys) == 2


def test_what_the_payer_told_us_to_do_stands_on_the_card_until_the_next_contact(bot: Bot) -> None:
    card = with_the_payer(bot)
    for told, shown in (("Fax the sleep study", True), ("", False)):
        bot.command("U0CORA", f"log {card.state.number}")
        said = typed(channel=picked("phone"), found=picked("no_change"), told_next=words(told))
        bot.submit("U0CORA", bot.opened(), said)
        bot.clock.forward(minutes=5)
        answer = bot.command("U0CORA", f"show {card.state.number}")
        assert ("told us to:* Fax the sleep study" in json.dumps(answer)) is shown


def test_a_contact_is_logged_once_per_form(bot: Bot) -> None:
    card = with_the_payer(bot)
    bot.command("U0CORA", f"log {card.state.number}")
    form, said = bot.opened(), typed(channel=picked("phone"), found=picked("other"), result=words("Still in review"))
    versions = set()
    for _ in range(2):
        assert bot.submit("U0CORA", form, said)["response_action"] == "update"
        versions.add(bot.desk.card(card.state.number, actor=bot.member("U0CORA")).state.version)
    assert len(versions) == 1
