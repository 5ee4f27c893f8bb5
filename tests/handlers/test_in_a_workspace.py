"""The same work on the screens of the local workspace: what Slack's client would refuse is refused here too."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from practice_bot import MONDAY, PEOPLE, SECRET, TEAM, Bot, running
from slack_bolt.adapter.wsgi import SlackRequestHandler

from pabot.domain.model import Category
from pabot.domain.orders import Medication
from pabot.domain.statuses import Status
from pabot.sandbox.people import Person
from pabot.sandbox.server import serve
from pabot.sandbox.workspace import Workspace
from pabot.store import requests
from pabot.store.diagnoses import DiagnosisFile
from pabot.store.diagnosis_build import Entry, build
from pabot.views.ids import Hint, Id, step_open


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing to say."""


class Practice:
    """The bot over signed HTTP, and the people at their screens."""

    def __init__(self, bot: Bot, workspace: Workspace) -> None:
        self.bot, self.workspace = bot, workspace
        self.cora, self.bill, self.doc, self.max = map(workspace.person, ("U0CORA", "U0BILL", "U0DOC", "U0MAX"))

    def opens(self, who: Person, **changed: object) -> int:
        """A request opened on the screen; answers its number."""
        self.starts(who)
        result = who.submit(values=ORDER | changed)
        assert result.ok, result
        return number_on(who)

    def codes_of(self, number: int) -> tuple[str, ...]:
        with self.bot.desk.store.read() as session:
            return requests.diagnoses(session.connection, number)

    def starts(self, who: Person) -> None:
        """The form of a new request, with the payers suggested for what was typed."""
        assert who.command("/pa", "new", channel="C0TEAM").ok
        assert who.modal
        assert [one["value"] for one in who.suggest(who.modal, Id.SUGGEST_PAYER, "northw")] == ["1"]


ORDER: dict[str, object] = {
    "chart_number": "C-77",
    "initials": "Q.T.",
    "payer": "1",
    "service": "Power wheelchair",
    "codes": "K0856 NU x1",
    "diagnoses": "G35",
    "clinician": "Dr. Ida Voss",
}


LISTED = (
    Entry("M54.1", "Radiculopathy", False),
    Entry("M54.16", "Radiculopathy, lumbar region", True),
    Entry("G35", "Multiple sclerosis", False),
    Entry("G35.D", "Multiple sclerosis, unspecified", True),
)


def number_on(who: Person) -> int:
    assert who.modal
    return int(who.modal.title["text"].removeprefix("PA-"))


@pytest.fixture
def listed(tmp_path: Path) -> Iterator[DiagnosisFile]:
    """A classification of four codes."""
    listed = DiagnosisFile(tmp_path, "1")
    build(listed.path, LISTED, "April 2026")
    yield listed
    listed.close()


@pytest.fixture
def practice(tmp_path: Path, listed: DiagnosisFile) -> Iterator[Practice]:
    workspace = Workspace(lambda: MONDAY, team_id=TEAM, signing_secret=SECRET, bot_token="xoxb-test")
    for user_id, member in PEOPLE.items():
        workspace.add_user(user_id, member.name)
    workspace.add_channel("C0TEAM", "prior-auth")
    with serve(workspace, page=False) as slack, running(tmp_path, api_url=slack.api_url, diagnoses=listed) as bot:
        app = SlackRequestHandler(bot.app, path="/slack/events")
        server = make_server("127.0.0.1", 0, app, Threaded, Quiet)
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        workspace.request_url = f"http://127.0.0.1:{server.server_port}/slack/events"
        try:
            yield Practice(bot, workspace)
        finally:
            server.shutdown()
            server.server_close()


def press_step(who: Person, kind: str) -> None:
    assert who.modal
    assert who.press(who.modal, step_open(kind)).ok


def test_a_request_goes_its_way_in_one_window(practice: Practice) -> None:
    cora = practice.cora
    number = practice.opens(cora)
    assert cora.command("/pa", f"update {number}").ok
    press_step(cora, "check_requirement")
    assert cora.submit().ok
    press_step(cora, "submit")
    assert cora.submit(values={"tracking_number": "TRK-1"}).ok
    press_step(cora, "log_contact")
    assert cora.submit(values={"result": "In review"}).ok
    assert number_on(cora) == number
    state = practice.bot.desk.card(number, actor=practice.bot.member("U0CORA")).state
    assert (state.status, state.tracking_number) == (Status.PENDING, "TRK-1")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("lumbr radic", ["M54.16 · Radiculopathy, lumbar region"]),
        ("m541", ["M54.1 (not the most specific) · Radiculopathy", "M54.16 · Radiculopathy, lumbar region"]),
        ("m54.1x", ["M54.1X (not in the list)"]),
        ("ms", ["G35.D · Multiple sclerosis, unspecified", "G35 (not the most specific) · Multiple sclerosis"]),
        ("headache", []),
        ('"*', []),
        ("m", []),
    ],
)
def test_diagnoses_are_offered_while_somebody_types(practice: Practice, typed: str, offered: list[str]) -> None:
    cora = practice.cora
    practice.starts(cora)
    assert cora.modal
    assert [one["text"]["text"] for one in cora.suggest(cora.modal, Id.SUGGEST_DIAGNOSES, typed)] == offered


def test_without_the_list_a_code_is_taken_as_typed(practice: Practice, listed: DiagnosisFile) -> None:
    listed.close()
    listed.path.unlink()
    number = practice.opens(practice.cora, diagnoses=["G35", "M54.1X"])
    card = practice.bot.desk.card(number, actor=practice.bot.member("U0CORA"))
    assert card.warnings == ()
    assert practice.codes_of(number) == ("G35", "M54.1X")


def test_a_doubtful_code_is_saved_and_said_on_the_card(practice: Practice) -> None:
    practice.opens(practice.cora, diagnoses=["M54.16", "G35", "M54.1X"])
    assert practice.cora.modal
    said = str(practice.cora.modal.blocks)
    assert "One of the diagnoses is not in the ICD-10-CM release of April 2026. Dr. Ida Voss can name" in said
    assert "One of the diagnoses is not the most specific code" in said
    assert "G35" not in said
    assert "M54" not in said


def test_a_code_in_order_is_not_worth_a_word(practice: Practice) -> None:
    practice.opens(practice.cora, diagnoses=["M54.16"])
    assert practice.cora.modal
    assert "diagnoses" not in str(practice.cora.modal.blocks)


def test_a_wrong_field_keeps_what_was_typed(practice: Practice) -> None:
    cora = practice.cora
    practice.starts(cora)
    result = cora.submit(values=ORDER | {"codes": "wheelchair", "note": "Before spring"})
    assert list(result.errors) == ["codes"]
    assert cora.submit(values={"codes": "K0856"}).ok
    number = number_on(cora)
    assert practice.bot.desk.card(number, actor=practice.bot.member("U0CORA")).note == "Before spring"


def test_a_category_brings_its_fields_and_nothing_typed_is_lost(practice: Practice) -> None:
    cora = practice.cora
    practice.starts(cora)
    assert cora.modal
    cora.fill(cora.modal, ORDER | {"service": "Biologic", "note": "Before spring"})
    assert "medication_name" not in str(cora.modal.blocks)
    cora.fill(cora.modal, {"category": "medication", "codes": None})
    assert cora.submit().errors == {"medication_name": "Type the medication's name, or a code above."}
    typed = {"medication_name": "Adalimumab <!here>", "quantity": 2, "days_supply": 28, "ndc": "00000111122"}
    assert cora.submit(values=typed).ok
    card = practice.bot.desk.card(number_on(cora), actor=practice.bot.member("U0CORA"))
    assert card.state.medication == Medication("Adalimumab <!here>", "", 2, 28, "00000-1111-22")
    assert (card.state.lines, card.service, card.note) == ((), "Biologic", "Before spring")
    assert "Adalimumab &lt;!here&gt; · quantity 2 · for 28 days · NDC 00000-1111-22" in str(cora.modal.blocks)


def test_the_fields_of_a_category_go_with_it(practice: Practice) -> None:
    cora = practice.cora
    practice.starts(cora)
    assert cora.modal
    cora.fill(cora.modal, ORDER | {"category": "therapy"})
    cora.fill(cora.modal, {"visits": 12, "frequency": "Twice a week"})
    cora.fill(cora.modal, {"category": "imaging"})
    assert "visits" not in [block["block_id"] for block in cora.modal.blocks]
    assert cora.submit().ok
    state = practice.bot.desk.card(number_on(cora), actor=practice.bot.member("U0CORA")).state
    assert (state.category, state.therapy) == (Category.IMAGING, None)


def test_the_same_medication_is_named_as_a_duplicate(practice: Practice) -> None:
    def starts(who: Person, name: str) -> None:
        practice.starts(who)
        assert who.modal
        who.fill(who.modal, ORDER | {"category": "medication", "codes": None})
        assert who.submit(values={"medication_name": name}).ok

    starts(practice.cora, "Adalimumab")
    first = number_on(practice.cora)
    starts(practice.bill, "adalimumab ")
    assert practice.bill.modal
    assert f"PA-{first}" in str(practice.bill.modal.blocks[0])
    assert practice.bill.submit().ok
    assert number_on(practice.bill) != first


def test_codes_are_changed_as_a_clinician_directs(practice: Practice) -> None:
    cora = practice.cora
    number = practice.opens(cora)
    press_step(cora, "change_codes")
    assert list(cora.submit(values={"codes": "K0861 NU"}).errors) == ["director"]
    assert cora.submit(values={"director": "Dr. Ida Voss", "diagnoses": ["M54.16"], "reason": "Group 3"}).ok
    assert number_on(cora) == number
    said = str(cora.modal.blocks if cora.modal else "")
    assert "Codes changed" in said
    assert "directed by Dr. Ida Voss · K0856 NU x1 → K0861 NU x1 · diagnoses changed · Group 3" in said
    assert practice.codes_of(number) == ("M54.16",)
    assert "M54" not in said


def test_a_clinician_changes_a_code_and_the_diagnoses_stay(practice: Practice) -> None:
    number = practice.opens(practice.cora)
    doc = practice.doc
    assert doc.command("/pa", f"update {number}").ok
    press_step(doc, "change_codes")
    assert doc.modal
    assert "director" not in [block["block_id"] for block in doc.modal.blocks]
    assert list(doc.submit(values={"codes": "chair"}).errors) == ["codes"]
    assert list(doc.submit(values={"codes": "K0856 NU x1"}).errors) == ["codes"]
    assert doc.submit(values={"codes": "K0861 NU\nE2311 x2"}).ok
    state = practice.bot.desk.card(number, actor=practice.bot.member("U0DOC")).state
    assert [line.code for line in state.lines] == ["K0861", "E2311"]
    assert practice.codes_of(number) == ("G35",)


def test_a_duplicate_is_named_and_nothing_typed_is_lost(practice: Practice) -> None:
    first = practice.opens(practice.cora)
    bill = practice.bill
    practice.starts(bill)
    assert bill.submit(values=ORDER | {"note": "Another chair"}).ok
    assert bill.modal
    assert bill.modal.callback_id == Id.NEW_SUBMIT
    assert f"PA-{first}" in str(bill.modal.blocks[0])
    assert bill.submit().ok
    second = number_on(bill)
    assert second != first
    assert practice.bot.desk.card(second, actor=practice.bot.member("U0BILL")).note == "Another chair"


def test_two_windows_of_one_request_refuse_the_stale_one_and_keep_its_words(practice: Practice) -> None:
    number = practice.opens(practice.cora)
    for who in (practice.cora, practice.bill):
        assert who.command("/pa", f"update {number}").ok
        press_step(who, "check_requirement")
    assert practice.bill.submit(values={"missing": "Face-to-face note"}).ok
    result = practice.cora.submit(values={"missing": "Home assessment"})
    assert result.ok
    assert len(practice.cora.modals) == 2
    assert "Bill Aster" in str(practice.cora.modal.blocks if practice.cora.modal else "")
    practice.cora.close()
    assert practice.cora.modal
    assert "Home assessment" in str(practice.cora.modal.values)


def test_a_hand_made_option_is_told_under_its_field(practice: Practice) -> None:
    practice.starts(practice.cora)
    assert practice.cora.modal
    practice.cora.fill(practice.cora.modal, ORDER)
    practice.cora.fill(practice.cora.modal, {"category": "surgery"}, by_hand=True)
    result = practice.cora.submit(by_hand=True)
    assert result.errors == {"category": "Choose one of the options."}


def test_somebody_who_may_not_is_told_on_top_of_the_card(practice: Practice) -> None:
    number = practice.opens(practice.cora)
    assert practice.cora.command("/pa", f"update {number}").ok
    assert practice.cora.modal
    value = Hint(number=number).packed()
    assert practice.cora.press(practice.cora.modal, step_open("decide_denial"), value, by_hand=True).ok
    assert len(practice.cora.modals) == 2


def test_the_front_desk_reads_and_a_stranger_is_sent_to_a_manager(practice: Practice) -> None:
    number = practice.opens(practice.cora)
    desk = practice.workspace.person("U0DESK")
    assert desk.command("/pa", f"show {number}", channel="C0TEAM").ok
    assert f"PA-{number}" in str(desk.ephemerals[-1].blocks) + desk.ephemerals[-1].text
    practice.workspace.add_user("U0NEW", "Nobody Yet")
    stranger = practice.workspace.person("U0NEW")
    stranger.command("/pa", "mine", channel="C0TEAM")
    assert "/pa staff" in stranger.ephemerals[-1].text


def test_home_help_lists_and_digest_are_accepted_by_slack(practice: Practice) -> None:
    for _ in range(12):
        practice.bot.request(chart=f"C-{_}")
    assert practice.max.open_home()
    for text in ("", "help", "queue", "digest", "find J.D."):
        assert practice.max.command("/pa", text, channel="C0TEAM").ok
    assert len(practice.max.ephemerals) == 5


def test_pages_turn_in_place(practice: Practice) -> None:
    for each in range(12):
        practice.bot.request(chart=f"C-{each}")
    practice.cora.command("/pa", "queue", channel="C0TEAM")
    (message,) = practice.cora.ephemerals
    before = str(message.blocks)
    assert practice.cora.press(message, Id.QUEUE_PAGE).ok
    assert [one.ts for one in practice.cora.ephemerals] == [message.ts]
    assert str(message.blocks) != before


def test_a_manager_works_through_staff_and_settings(practice: Practice) -> None:
    boss = practice.max
    boss.command("/pa", "staff")
    assert boss.modal
    boss.press(boss.modal, Id.STAFF_OPEN, Hint(what="U0CORA").packed())
    assert boss.submit(values={"cover": "Bill Aster", "away": ["yes"]}).ok
    assert practice.bot.member("U0CORA").away
    boss.close()
    boss.command("/pa", "settings")
    assert boss.submit(values={"team_channel": "C0TEAM"}).ok
    assert boss.modal is None
    assert practice.bot.desk.settings().team_channel == "C0TEAM"


def test_an_approval_is_renewed_with_the_coverage_verified_again(practice: Practice) -> None:
    cora = practice.cora
    old = practice.opens(cora)
    assert cora.command("/pa", f"update {old}").ok
    press_step(cora, "check_requirement")
    assert cora.submit().ok
    press_step(cora, "submit")
    assert cora.submit(values={"tracking_number": "TRK-1"}).ok
    press_step(cora, "record_approval")
    today = practice.bot.desk.calendar().day(MONDAY)
    dates = {"effective_on": today.isoformat(), "expires_on": (today + timedelta(days=60)).isoformat()}
    assert cora.submit(values={"authorization_number": "A-1", **dates}).ok
    assert cora.modal
    assert cora.press(cora.modal, Id.RENEW_OPEN, Hint(number=old).packed()).ok
    assert list(cora.submit().errors) == ["coverage"]
    assert cora.submit(values={"coverage": ["yes"], "service": "Power wheelchair, second year"}).ok
    new = number_on(cora)
    assert new != old
    card = practice.bot.desk.card(new, actor=practice.bot.member("U0CORA"))
    assert (card.state.renews, card.service, card.patient.initials) == (old, "Power wheelchair, second year", "Q.T.")
    assert card.state.requested_from == today + timedelta(days=61)
    assert [line.code for line in card.state.lines] == ["K0856"]
    assert practice.codes_of(new) == practice.codes_of(old)
    assert practice.bot.desk.card(old, actor=practice.bot.member("U0CORA")).renewal == new


def test_a_request_is_put_on_hold_and_taken_up_again(practice: Practice) -> None:
    cora = practice.cora
    number = practice.opens(cora)
    assert cora.command("/pa", f"update {number}").ok
    press_step(cora, "check_requirement")
    assert cora.submit().ok
    press_step(cora, "hold_until")
    until = practice.bot.desk.calendar().day(MONDAY) + timedelta(days=7)
    assert cora.submit(values={"until_on": until.isoformat()}).ok
    assert cora.modal
    assert "Too early to submit" in str(cora.modal.blocks)
    press_step(cora, "resume")
    assert practice.bot.desk.card(number, actor=practice.bot.member("U0CORA")).state.on_hold_until is None
