"""The workspace as a person meets it in a browser: a real Bolt app on one side, Chromium on the other."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from page_app import DECISION, MANIFEST, PAYERS, Clinic
from playwright.sync_api import Browser, Page, expect

from pabot.sandbox import page as page_module
from pabot.sandbox.server import Server, serve
from pabot.sandbox.workspace import Workspace
from pabot.serving import hang_up
from tests.chromium import PATIENCE_MS, a_browser, browser_tests


@pytest.fixture
def workspace() -> Workspace:
    made = Workspace(lambda: datetime.now(UTC), team_name="Maple Street Practice")
    made.manifest = MANIFEST
    made.hint = ["pabot tick --env sandbox.env"]
    for user_id, name, title in (
        ("U1", "Rosa Testa", "Coordinator"),
        ("U2", "Dr. Ada Example", "Clinician"),
        ("U3", "Max Sample", "Manager"),
    ):
        made.add_user(user_id, name, title=title)
    made.add_channel("C1", "prior-auth")
    return made


@pytest.fixture
def server(workspace: Workspace) -> Iterator[Server]:
    with serve(workspace) as running:
        yield running


@pytest.fixture
def clinic(server: Server, workspace: Workspace) -> Iterator[Clinic]:
    made = Clinic(server)
    made.handler.connect()
    workspace.wait_for(lambda: workspace.delivery.connected)
    yield made
    hang_up(made.handler)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser, server: Server) -> Iterator[Page]:
    """A browser window; whatever its console complains about fails the test."""
    context = chromium.new_context(base_url=server.url, timezone_id="America/New_York")
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield opened
    context.close()
    assert not complaints


def test_the_page_is_drawn_without_a_browser_too(server: Server, workspace: Workspace) -> None:
    workspace.post("C1", "U0BOT", "<script>alert(1)</script> &amp; *done*")
    answer = httpx.get(server.url, params={"as": "U1", "in": "C1"})
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; <strong>done</strong>" in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert httpx.get(server.url + "/static/page.js").status_code == 200


def test_unread_messages_are_counted_until_they_are_seen(server: Server, workspace: Workspace) -> None:
    workspace.direct_channel("U2")
    workspace.post("D2", "U0BOT", "A denial waits for you")
    assert 'aria-label="1 unread"' in httpx.get(server.url, params={"as": "U1", "in": "C1"}).text
    httpx.get(server.url, params={"as": "U2", "in": "D2"})
    assert "unread" not in httpx.get(server.url, params={"as": "U1", "in": "C1"}).text.replace('class="unread"', "")


def test_somebody_unknown_is_the_first_person_of_the_workspace(server: Server) -> None:
    assert "Rosa Testa" in httpx.get(server.url, params={"as": "UNOBODY", "in": "CNOWHERE"}).text


def test_what_was_chosen_from_an_offer_is_saved_with_the_form_whatever_was_offered_since(
    server: Server, workspace: Workspace, clinic: Clinic
) -> None:
    """The page tells of a choice with the form only, however soon it is saved."""

    def do(deed: str, **facts: object) -> dict[str, Any]:
        answer = httpx.post(f"{server.url}/{deed}", json={"as": "U1", "in": "C1", **facts}).json()
        assert isinstance(answer, dict)
        return answer

    do("shortcut", callback_id="new")
    workspace.wait_for(lambda: workspace.person("U1").modal is not None)
    form = workspace.person("U1").modal
    assert form is not None
    chosen = {"chart": "C-77", "payer": "northwind", "codes": ["E0601"], "urgency": "std", "needed": "2026-12-01"}
    chosen |= {"units": "1", "clinician": "U2"}
    values = [{"block": name, "action": name, "value": value} for name, value in chosen.items()]
    here = {"container": "view", "view": form.id, "block": "payer", "action": "payer", "values": []}
    for typed, offer in (("nor", "northwind"), ("sou", "southgate")):
        assert do("suggest", text=typed, **here)["groups"][0]["options"] == [{"value": offer, "label": PAYERS[offer]}]
    assert do("submit", view=form.id, values=values) == {"errors": {}, "error": None}
    assert clinic.saved[0]["payer"]["payer"]["selected_option"]["value"] == "northwind"


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(scheme: int) -> None:
    sheet = (Path(page_module.__file__).parent / "static/style.css").read_text()
    colours = dict(
        re.findall(r"--([\w-]+): (#[0-9a-f]{6})", re.findall(r":root \{(.*?)\n *\}", sheet, re.DOTALL)[scheme])
    )
    grounds = {name: colours[name] for name in ("paper", "raised", "side", "hover")}
    pairs = [(ink, ground) for ink in ("ink", "quiet", "accent") for ground in grounds]
    pairs += [("danger", "paper"), ("on-danger", "danger"), ("on-accent", "accent"), ("accent", "mention")]
    pairs += [("danger", "danger-soft"), ("ink", "warn-soft"), ("ink", "accent-soft"), ("quiet", "info-soft")]
    for ink, ground in pairs:
        high, low = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, f"{ink} on {ground}"


class TestInTheBrowser:
    pytestmark = browser_tests

    def test_a_command_is_suggested_and_answered_for_the_person_alone(self, page: Page, clinic: Clinic) -> None:
        page.goto("/?as=U1&in=C1")
        box = page.get_by_role("textbox", name="Message #prior-auth")
        box.press_sequentially("/p")
        expect(page.get_by_role("option", name="/pa — Prior authorizations")).to_be_visible()
        box.press("Tab")
        expect(box).to_have_value("/pa ")
        box.press_sequentially("hello & <b>")
        box.press("Enter")
        answer = page.get_by_role("article").filter(has_text="You said hello & <b>")
        expect(answer).to_contain_text("Only visible to you")
        expect(box).to_have_value("")
        page.goto("/?as=U2&in=C1")
        expect(page.get_by_text("You said")).to_have_count(0)

    def test_an_app_that_is_late_is_said_to_be(self, page: Page, clinic: Clinic) -> None:
        page.goto("/?as=U1&in=C1")
        page.get_by_role("textbox", name="Message #prior-auth").fill("/pa slow")
        page.keyboard.press("Enter")
        expect(page.get_by_text(re.compile("/pa failed with the error .*operation_timeout"))).to_be_visible()

    def test_messages_appear_by_themselves_and_leave_the_draft_alone(self, page: Page, workspace: Workspace) -> None:
        page.goto("/?as=U1&in=C1")
        box = page.get_by_role("textbox", name="Message #prior-auth")
        box.fill("half a sent")
        workspace.post("C1", "U0BOT", "The digest of *today*")
        expect(page.get_by_role("article").filter(has_text="The digest of today")).to_be_visible()
        expect(box).to_have_value("half a sent")
        expect(box).to_be_focused()
        page.reload()
        expect(box).to_have_value("half a sent")

    def test_a_button_changes_the_message_in_place(self, page: Page, clinic: Clinic, workspace: Workspace) -> None:
        workspace.direct_channel("U2")
        workspace.post("D2", "U0BOT", "A decision", DECISION)
        page.goto("/?as=U2&in=D2")
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("Approved by all")).to_be_visible()
        expect(page.get_by_text("(edited)")).to_be_visible()
        expect(page.get_by_role("button", name="Approve")).to_have_count(0)

    def test_a_confirmation_is_asked_for(self, page: Page, clinic: Clinic, workspace: Workspace) -> None:
        workspace.post("C1", "U0BOT", "A decision", DECISION)
        page.goto("/?as=U2&in=C1")
        page.get_by_role("button", name="Deny").click()
        ask = page.get_by_role("alertdialog", name="Deny it?")
        expect(ask).to_contain_text("The request ends.")
        ask.get_by_role("button", name="Keep").click()
        expect(ask).to_be_hidden()
        assert clinic.heard == []
        page.get_by_role("button", name="Deny").click()
        ask.get_by_role("button", name="Deny").click()
        workspace.wait_for(lambda: clinic.heard == ["deny"])

    def test_menus_of_a_message(self, page: Page, clinic: Clinic, workspace: Workspace) -> None:
        workspace.post("C1", "U0BOT", "A decision", DECISION)
        page.goto("/?as=U2&in=C1")
        page.get_by_role("combobox", name="Open a request").select_option("PA-2")
        workspace.wait_for(lambda: clinic.heard == ["pick"])
        page.get_by_role("button", name="More actions").click()
        page.get_by_role("menuitem", name="Remind me later").click()
        workspace.wait_for(lambda: clinic.heard == ["pick", "more"])
        page.get_by_role("article").hover()
        page.get_by_role("button", name="Message shortcuts").click()
        page.get_by_role("menuitem", name="Attach to a request").click()
        workspace.wait_for(lambda: clinic.heard[2:] == ["attach A decision"])

    def test_a_form_from_the_first_field_to_the_last(self, page: Page, clinic: Clinic, workspace: Workspace) -> None:
        page.goto("/?as=U1&in=C1")
        told: list[str] = []
        page.on("request", lambda request: told.append(request.url) if request.url.endswith("/act") else None)
        page.get_by_role("button", name="New request").click()
        form = page.get_by_role("dialog", name="New request")
        chart = form.get_by_label("Chart number")
        expect(chart).to_be_focused()
        form.get_by_role("button", name="Save").click()
        expect(form.get_by_text("Please complete this required field.").first).to_be_visible()
        chart.fill("taken")
        form.get_by_role("combobox", name="Payer").press_sequentially("nor")
        form.get_by_role("option", name="Northwind Health").click()
        form.get_by_role("combobox", name="Codes").click()
        form.get_by_role("option", name="E0601 CPAP").click()
        form.get_by_role("combobox", name="Codes").press_sequentially("cha")
        form.get_by_role("option", name="Chair").click()
        form.get_by_label("Expedited").check()
        form.get_by_label("Needed on").fill("2026-12-01")
        form.get_by_label("Appointment").fill("2026-12-02T09:30")
        form.get_by_label("Units").fill("3")
        form.get_by_label("Clinician").select_option("Dr. Ada Example")
        form.get_by_label("Plan").select_option("PPO")
        form.get_by_label("I attest to it").check()
        form.get_by_label("Papers").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})
        expect(form.get_by_text("a.pdf")).to_be_visible()
        form.get_by_label("Note").fill("O'Brien <b> & *co*\n\nשלום")
        form.get_by_role("button", name="Save").click()
        expect(form.get_by_text("This chart number is taken.")).to_be_visible()
        expect(chart).to_be_focused()
        expect(form.get_by_label("Units")).to_have_value("3")
        chart.fill("C-77")
        form.get_by_role("button", name="Save").click()
        saved = page.get_by_role("dialog", name="Saved")
        expect(saved).to_be_visible()
        saved.get_by_label("Why?").fill("because")
        saved.get_by_label("Why?").press("Enter")
        expect(saved).to_be_hidden()
        assert told == []  # no field of it tells the app before it is saved
        [values] = clinic.saved
        assert values["chart"]["chart"]["value"] == "C-77"
        assert values["payer"]["payer"]["selected_option"]["value"] == "northwind"
        assert [each["value"] for each in values["codes"]["codes"]["selected_options"]] == ["E0601", "K0823"]
        assert values["urgency"]["urgency"]["selected_option"]["value"] == "exp"
        assert values["needed"]["needed"]["selected_date"] == "2026-12-01"
        assert values["visit"]["visit"]["selected_date_time"] == datetime(2026, 12, 2, 14, 30, tzinfo=UTC).timestamp()
        assert values["clinician"]["clinician"]["selected_user"] == "U2"
        assert values["plan"]["plan"]["selected_option"]["value"] == "ppo"
        assert values["attest"]["attest"]["selected_options"][0]["value"] == "yes"
        assert values["papers"]["papers"]["files"][0]["name"] == "a.pdf"
        assert values["note"]["note"]["value"] == "O'Brien <b> & *co*\n\nשלום"

    def test_what_is_typed_outlives_other_peoples_messages(
        self, page: Page, clinic: Clinic, workspace: Workspace
    ) -> None:
        page.goto("/?as=U1&in=C1")
        page.get_by_role("button", name="New request").click()
        note = page.get_by_label("Note")
        note.fill("three lines of thought")
        workspace.post("C1", "U3", "meanwhile")
        expect(page.get_by_text("meanwhile")).to_be_attached()
        expect(note).to_have_value("three lines of thought")
        expect(note).to_be_focused()

    def test_a_choice_that_tells_the_app_redraws_the_form_and_keeps_the_rest(self, page: Page, clinic: Clinic) -> None:
        page.goto("/?as=U1&in=C1")
        page.get_by_role("textbox", name="Message #prior-auth").fill("/pa steps")
        page.keyboard.press("Enter")
        form = page.get_by_role("dialog", name="Steps")
        form.get_by_label("Who").fill("somebody")
        form.get_by_label("Kind").select_option("Drug")
        expect(form.get_by_label("Reason for drug")).to_be_visible()
        expect(form.get_by_label("Who")).to_have_value("somebody")
        expect(form.get_by_label("Kind")).to_have_value("drug")
        form.get_by_role("button", name="Save").click()
        expect(form).to_be_hidden()
        assert clinic.saved[0]["who"]["who"]["value"] == "somebody"
        assert clinic.saved[0]["kind"]["kind"]["selected_option"]["value"] == "drug"

    def test_a_form_on_a_form_comes_back_to_what_was_typed(self, page: Page, clinic: Clinic) -> None:
        page.goto("/?as=U1&in=C1")
        page.get_by_role("textbox", name="Message #prior-auth").fill("/pa steps")
        page.keyboard.press("Enter")
        form = page.get_by_role("dialog", name="Steps")
        form.get_by_label("Who").fill("somebody")
        form.get_by_role("button", name="Go deeper").click()
        deeper = page.get_by_role("dialog", name="Deeper")
        expect(deeper.get_by_label("More")).to_be_focused()
        expect(form).to_be_hidden()
        assert clinic.heard == ["somebody"]
        page.keyboard.press("Escape")
        expect(deeper).to_be_hidden()
        expect(form.get_by_label("Who")).to_have_value("somebody")
        page.reload()
        expect(form.get_by_label("Who")).to_have_value("somebody")

    def test_an_app_that_is_gone_is_said_in_the_form(self, page: Page, clinic: Clinic, workspace: Workspace) -> None:
        page.goto("/?as=U1&in=C1")
        page.get_by_role("textbox", name="Message #prior-auth").fill("/pa steps")
        page.keyboard.press("Enter")
        form = page.get_by_role("dialog", name="Steps")
        form.get_by_label("Who").fill("somebody")
        hang_up(clinic.handler)
        workspace.wait_for(lambda: not workspace.delivery.connected)
        form.get_by_role("button", name="Save").click()
        expect(form.get_by_role("alert")).to_contain_text("trouble connecting")
        expect(form.get_by_label("Who")).to_have_value("somebody")

    def test_replies_stand_beneath_their_message(self, page: Page, workspace: Workspace) -> None:
        root = workspace.post("C1", "U1", "Who calls the payer?")
        workspace.post("C1", "U3", "I do", thread_ts=root.ts)
        page.goto("/?as=U1&in=C1")
        replies = page.get_by_role("article").filter(has_text="Who calls").first.get_by_role("region", name="Replies")
        expect(replies.get_by_role("article")).to_contain_text("I do")

    def test_an_outage_is_switched_on_and_off(self, page: Page, workspace: Workspace) -> None:
        page.goto("/?as=U1&in=C1")
        page.get_by_label("Outage").check()
        workspace.wait_for(lambda: workspace.faults.outage)
        page.get_by_label("Outage").uncheck()
        workspace.wait_for(lambda: not workspace.faults.outage)

    def test_escape_closes_what_is_on_top(self, page: Page, clinic: Clinic) -> None:
        page.goto("/?as=U1&in=C1")
        page.get_by_role("button", name="New request").click()
        form = page.get_by_role("dialog", name="New request")
        form.get_by_role("combobox", name="Payer").click()
        expect(form.get_by_role("option", name="Southgate Mutual")).to_be_visible()
        page.keyboard.press("Escape")
        expect(form.get_by_role("option", name="Southgate Mutual")).to_be_hidden()
        expect(form).to_be_visible()
        page.keyboard.press("Escape")
        expect(form).to_be_hidden()

    def test_home_is_drawn_when_it_is_opened(self, page: Page, clinic: Clinic, workspace: Workspace) -> None:
        page.goto("/?as=U1&in=C1")
        page.get_by_role("link", name="Home").click()
        expect(page.get_by_role("heading", name="My work")).to_be_visible()
        page.get_by_role("button", name="Refresh").click()
        workspace.wait_for(lambda: "refresh" in clinic.heard)

    def test_being_somebody_else(self, page: Page, workspace: Workspace) -> None:
        page.goto("/?as=U1&in=C1")
        page.get_by_role("link", name="Dr. Ada Example").click()
        expect(page).to_have_url(re.compile("as=U2&in=C1"))
        expect(page.get_by_role("link", name="Dr. Ada Example")).to_have_attribute("aria-current", "true")

    def test_a_data_table_sorts_and_turns_pages(self, page: Page, workspace: Workspace) -> None:
        cells = [("Northwind", 9), ("Southgate", 12), ("Eastlake", 3)]
        rows = [[{"type": "raw_text", "text": "Payer"}, {"type": "raw_text", "text": "Days"}]]
        rows += [
            [{"type": "raw_text", "text": n}, {"type": "raw_number", "value": d, "text": str(d)}] for n, d in cells
        ]
        table = {"type": "data_table", "block_id": "t", "caption": "Late", "rows": rows, "page_size": 2}
        workspace.post("C1", "U0BOT", "figures", [table])
        page.goto("/?as=U1&in=C1")
        page.get_by_role("button", name="Days").click()
        shown = page.locator("tbody tr:visible th")
        expect(shown).to_have_text(["Eastlake", "Northwind"])
        page.get_by_role("button", name="Next").click()
        expect(shown).to_have_text(["Southgate"])

    def test_on_a_telephone_the_side_folds_away(self, page: Page, workspace: Workspace) -> None:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto("/?as=U1&in=C1")
        expect(page.get_by_role("link", name="Home")).to_be_hidden()
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("link", name="Home").click()
        expect(page.get_by_role("heading", name="Home")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
