"""The practice's texts for patients over Slack: read, proposed, approved, and refused to whoever may not."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from practice_bot import Bot, running
from typed_forms import words

from pabot.domain import commands as c
from pabot.domain.model import Channel
from pabot.domain.patient_words import TextName
from pabot.domain.wording_changes import ProposeWords
from pabot.views.ids import Hint, Id, step_open

OTHER = "{{ payer }} has your request for the {{ service }}. We ask them each week."
_once = count(1)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    with running(tmp_path_factory.mktemp("wording")) as one:
        yield one


def proposed(bot: Bot, text: str, said: str, who: str = "U0CORA", why: str = "Shorter.") -> dict[str, Any]:
    """The form opened from the text, filled in and sent; the answer."""
    bot.press(who, Id.WORDING_PROPOSE, Hint(what=text).packed())
    return bot.submit(who, bot.opened(), {"words": {"words": words(said)}, "why": {"why": words(why)}})


def waiting(bot: Bot, text: str = "new:en", said: str = OTHER, by: str = "U0CORA") -> int:
    """A proposal made at the desk; its id."""
    page = bot.desk.patient_text(TextName.read(text), actor=bot.member(by))
    command = ProposeWords(page.text, said, "why", page.n)
    return bot.desk.propose_words(command, actor=bot.member(by), key=f"words-{next(_once)}").id


def pressed(bot: Bot, who: str, what: Id, child: int) -> str:
    """A button pressed, or made by hand; all that was said in answer."""
    before = len(bot.slack.calls)
    answer = bot.press(who, what, Hint(child=child).packed())
    return json.dumps([answer, bot.slack.calls[before:]], ensure_ascii=False)


def approved(bot: Bot, who: str, child: int, note: str = "") -> str:
    """The form opened from the button and saved; all that was said in answer."""
    bot.press(who, Id.WORDS_APPROVE, Hint(child=child).packed())
    return json.dumps(bot.submit(who, bot.opened(), {"note": {"note": words(note)}}), ensure_ascii=False)


def test_every_text_is_listed_and_one_opens_with_its_words(bot: Bot) -> None:
    said = json.dumps(bot.command("U0DESK", "wording"), ensure_ascii=False)
    assert "Denied: as it came with pabot" in said
    bot.press("U0DESK", Id.WORDING_TEXT, Hint(what="denied:es").packed())
    shown = json.dumps(bot.opened(), ensure_ascii=False)
    assert "{{ payer }} no aprobó la solicitud de «{{ service }}» (en inglés)" in shown
    assert "Oak Plan no aprobó la solicitud de «wheelchair» (en inglés)" in shown
    assert Id.WORDING_PROPOSE not in shown  # the front desk proposes nothing


def test_from_the_form_to_the_card_the_list_and_the_phone(bot: Bot) -> None:
    number = bot.request(chart="C-1").state.number
    answer = proposed(bot, "new:en", "{{ payer }} is not asked yet. We look into it.")
    assert "wait to be approved" in json.dumps(answer["view"])
    child = bot.desk.patient_texts(actor=bot.member("U0MAX")).waiting[0].id
    assert "Max Tiller: Clearer so." in approved(bot, "U0MAX", child, "Clearer so.")
    heard = "Northwind Health is not asked yet. We look into it."
    for command in (f"show {number}", f"patient {number}", f"find {number}", "queue"):
        assert heard in json.dumps(bot.command("U0DESK", command)), command
    bot.press("U0CORA", Id.WORDING_BACK, Hint(what="new:en").packed())
    bot.submit("U0CORA", bot.opened(), {"why": {"why": words("The old words were better.")}})
    child = bot.desk.patient_texts(actor=bot.member("U0MAX")).waiting[0].id
    approved(bot, "U0MAX", child)
    assert "We have the order for your power wheelchair." in json.dumps(bot.command("U0DESK", f"patient {number}"))


@pytest.mark.parametrize(
    ("said", "why", "field", "named"),
    [
        ("We promise it.", "x", "words", "“promise” promises what the payer will do"),
        ("Your plan covers it.", "x", "words", "says what a plan pays"),
        ("You should stop the pills.", "x", "words", "gives advice about care"),
        ("Dear {{ surname }}.", "x", "words", "“surname” is no placeholder"),
        ("{% if %}", "x", "words", "Line 1 cannot be read"),
        ("{{ payer.__class__ }}", "x", "words", "“.__class__” cannot be used here"),
        ("a" * 5000, "x", "words", "too long"),
        (" ", "x", "words", "needed"),
        ("It is sent.", "", "why", "needed"),
    ],
)
@pytest.mark.parametrize("who", ["U0CORA", "U0MAX"])
def test_what_cannot_be_is_said_under_its_field(
    bot: Bot, who: str, said: str, why: str, field: str, named: str
) -> None:
    answer = proposed(bot, "ready:en", said, who, why)
    assert named in answer["errors"][field]


def test_the_words_as_they_are_are_no_proposal(bot: Bot) -> None:
    bot.press("U0CORA", Id.WORDING_PROPOSE, Hint(what="ready:en").packed())
    form = bot.opened()
    (present,) = [block["element"]["initial_value"] for block in form["blocks"] if block["block_id"] == "words"]
    answer = bot.submit("U0CORA", form, {"words": {"words": words(present)}, "why": {"why": words("x")}})
    assert "Nothing differs" in answer["errors"]["words"]


def test_what_slack_would_obey_is_shown_and_not_obeyed(bot: Bot) -> None:
    answer = proposed(bot, "submitted:en", "We sent it, <!channel> *now*.", why="<!channel>")
    shown = json.dumps(answer["view"]["blocks"][0])
    assert "<!channel>" not in shown
    assert "&lt;!channel&gt;" in shown
    child = bot.desk.patient_texts(actor=bot.member("U0MAX")).waiting[-1].id
    approved(bot, "U0MAX", child)
    number = bot.request(chart="C-2").state.number
    bot.step("U0CORA", c.MarkReady(number=number))
    bot.step("U0CORA", c.Submit(number=number, channel=Channel.FAX, submitted_at=bot.clock.now()))
    for command in (f"show {number}", "queue"):
        assert "<!channel>" not in json.dumps(bot.command("U0CORA", command))


def test_the_same_form_sent_twice_is_one_proposal(bot: Bot) -> None:
    bot.press("U0CORA", Id.WORDING_PROPOSE, Hint(what="docs_needed:en").packed())
    form, before = bot.opened(), len(bot.desk.patient_texts(actor=bot.member("U0MAX")).waiting)
    for _ in range(2):
        bot.submit("U0CORA", form, {"words": {"words": words(OTHER)}, "why": {"why": words("x")}})
    assert len(bot.desk.patient_texts(actor=bot.member("U0MAX")).waiting) == before + 1


@pytest.mark.parametrize(
    ("who", "what", "named"),
    [
        ("U0CORA", Id.WORDS_APPROVE, "Nobody approves what they proposed themselves. Ask Max Tiller."),
        ("U0BILL", Id.WORDS_APPROVE, "Only a manager may approve other words for patients. Ask Max Tiller."),
        ("U0DOC", Id.WORDS_APPROVE, "Only a manager may approve other words for patients. Ask Max Tiller."),
        ("U0DESK", Id.WORDS_APPROVE, "Only a manager may approve other words for patients. Ask Max Tiller."),
        ("U0MAX", Id.WORDS_APPROVE, "a clinician must co-sign it first. Ask Dr. Ida Voss."),
        ("U0MAX", Id.WORDS_COSIGN, "Only a clinician other than its author co-signs"),
        ("U0DESK", Id.WORDS_COSIGN, "Only a clinician other than its author co-signs"),
    ],
)
def test_a_press_made_by_hand_is_refused_with_who_may(bot: Bot, who: str, what: Id, named: str) -> None:
    child = waiting(bot, "denied:en")
    assert named in pressed(bot, who, what, child)
    assert bot.desk.words_proposal(child, actor=bot.member("U0MAX")).state == "open"
    pressed(bot, "U0CORA", Id.WORDS_DECLINE, child)
    bot.submit("U0CORA", bot.opened(), {"why": {"why": words("Not any more.")}})


@pytest.mark.parametrize("submit", [Id.WORDING_SUBMIT, Id.WORDING_BACK_SUBMIT, Id.OWN_WORDS_SUBMIT])
def test_a_form_made_by_hand_by_the_front_desk_changes_nothing(bot: Bot, submit: Id) -> None:
    number = bot.request(chart=f"C-hand-{next(_once)}").state.number
    bot.press("U0MAX", Id.WORDING_PROPOSE, Hint(what="closed:en").packed())
    hint = Hint(what="new:en", key=f"by-hand-{next(_once)}", number=number if submit is Id.OWN_WORDS_SUBMIT else None)
    typed = {"words": {"words": words("It is done.")}, "why": {"why": words("x")}}
    if submit is Id.WORDING_BACK_SUBMIT:
        typed.pop("words")
    view = bot.opened() | {"callback_id": submit, "private_metadata": hint.packed()}
    said = json.dumps(bot.submit("U0DESK", view, typed))
    assert "Only a coordinator or a biller" in said or "is needed to" in said or "Only a" in said
    assert bot.desk.own_words(number, actor=bot.member("U0MAX")).asked == ()


def test_a_decline_is_told_with_its_reason_and_decided_once(bot: Bot) -> None:
    child = waiting(bot, "closed:en", "It is done.")
    bot.press("U0MAX", Id.WORDS_DECLINE, Hint(child=child).packed())
    form = bot.opened()
    said = bot.submit("U0MAX", form, {"why": {"why": words("Say by whom.")}})
    assert "Max Tiller: Say by whom." in json.dumps(said["view"])
    assert "Max Tiller has refused this already" in pressed(bot, "U0MAX", Id.WORDS_APPROVE, child)


def test_one_that_was_overtaken_says_so(bot: Bot) -> None:
    first, second = waiting(bot, "addl_info:en"), waiting(bot, "addl_info:en", f"{OTHER} Soon.")
    approved(bot, "U0MAX", first)
    assert "version 1 is in force since" in pressed(bot, "U0MAX", Id.WORDS_APPROVE, second)
    bot.press("U0MAX", Id.WORDS_OPEN, Hint(child=second).packed())
    shown = json.dumps(bot.opened())
    assert "Overtaken" in shown
    assert Id.WORDS_APPROVE not in shown


def own(bot: Bot, who: str, number: int, said: str, language: str = "en") -> dict[str, Any]:
    bot.press(who, Id.OWN_WORDS_OPEN, Hint(number=number, what=language).packed())
    form = bot.opened()
    typed = {"words": {"words": words(said)}}
    if any(block["block_id"] == "why" for block in form["blocks"]):
        typed["why"] = {"why": words("They asked.")}
    return bot.submit(who, form, typed)


def test_other_words_for_one_patient_from_the_form_to_the_phone(bot: Bot) -> None:
    number = bot.request(chart="C-3").state.number
    refused = own(bot, "U0CORA", number, "It will be approved.")
    assert "“will be approved”" in refused["errors"]["words"]
    answer = own(bot, "U0CORA", number, "We look at your order today.")
    assert "Other words for one patient wait" in json.dumps(answer["view"])
    waits = json.dumps(bot.command("U0DESK", f"patient {number}"))
    assert "asked for by Cora Lindqvist" in waits
    assert "We look at your order today." not in waits
    child = bot.desk.own_words(number, actor=bot.member("U0MAX")).asked[0].id
    approved(bot, "U0MAX", child)
    heard = json.dumps(bot.command("U0DESK", f"patient {number}"))
    assert "We look at your order today." in heard
    assert "approved by Max Tiller, Mon Nov 23" in heard
    timeline = json.dumps(bot.command("U0CORA", f"show {number}"))
    assert "Other words for the patient" in timeline
    bot.step("U0CORA", c.MarkReady(number=number))
    assert "We look at your order today." not in json.dumps(bot.command("U0DESK", f"patient {number}"))


def test_a_clinician_words_it_alone_in_spanish(bot: Bot) -> None:
    number = bot.request(chart="C-4").state.number
    answer = own(bot, "U0DOC", number, "Vemos su orden hoy.", "es")
    assert "*Approved.*" in json.dumps(answer["view"])
    heard = json.dumps(bot.command("U0DESK", f"patient {number}"))
    assert "Vemos su orden hoy." in heard
    assert "worded by Dr. Ida Voss, Mon Nov 23" in heard


def test_whoever_tells_the_patient_has_their_own_words_in_sight(bot: Bot) -> None:
    number = bot.request(chart="C-7").state.number
    bot.step("U0CORA", c.MarkReady(number=number))
    bot.step("U0CORA", c.Submit(number=number, channel=Channel.FAX, submitted_at=bot.clock.now()))
    own(bot, "U0DOC", number, "We sent it this morning, as you asked.")
    for kind in ("tell_patient", "patient_called"):
        bot.press("U0CORA", step_open(kind), Hint(number=number).packed())
        assert "We sent it this morning, as you asked." in json.dumps(bot.opened()), kind


def test_a_form_drawn_before_the_status_changed_is_refused(bot: Bot) -> None:
    number = bot.request(chart="C-5").state.number
    bot.press("U0CORA", Id.OWN_WORDS_OPEN, Hint(number=number, what="en").packed())
    form = bot.opened()
    bot.step("U0CORA", c.MarkReady(number=number))
    answer = bot.submit("U0CORA", form, {"words": {"words": words("We look at it.")}, "why": {"why": words("")}})
    assert f"PA-{number} has moved on" in json.dumps(answer)


@pytest.mark.parametrize("what", ["", "denied", "won:en", "../../secret:en", "denied:fr"])
def test_a_text_that_is_none_is_not_found(bot: Bot, what: str) -> None:
    before = len(bot.slack.calls)
    bot.press("U0CORA", Id.WORDING_TEXT, Hint(what=what).packed())
    assert "There is no such text" in json.dumps(bot.slack.calls[before:])


def test_the_help_and_the_phone_s_screen_lead_to_the_texts(bot: Bot) -> None:
    number = bot.request(chart="C-6").state.number
    for command in ("help", f"patient {number}"):
        assert Id.WORDING_OPEN in json.dumps(bot.command("U0CORA", command))
    bot.press("U0CORA", Id.WORDING_OPEN, Hint().packed())
    assert "What patients hear" in json.dumps(bot.opened())
