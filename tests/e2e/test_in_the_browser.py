"""`make run` as a new user meets it: the sandbox page in Chromium, the invented practice, the whole loop by hand."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from pabot import open_sandbox
from tests.chromium import PATIENCE_MS, a_browser, browser_tests

pytestmark = browser_tests


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[open_sandbox.OpenSandbox]:
    stop = threading.Event()
    folder = tmp_path_factory.mktemp("sandbox")
    with open_sandbox.opened(port=0, folder=folder, tell=lambda done, of: None) as opened:
        bot = threading.Thread(target=open_sandbox.serve_until, args=(opened, stop), kwargs={"browse": False})
        bot.start()
        opened.workspace.wait_for(lambda: opened.workspace.delivery.connected, timeout=15)
        yield opened
        stop.set()
        bot.join(15)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


class Seat:
    """One person's browser."""

    def __init__(self, sandbox: open_sandbox.OpenSandbox, page: Page, user_id: str) -> None:
        self.sandbox, self.page, self.user_id = sandbox, page, user_id
        page.set_default_timeout(PATIENCE_MS)
        self.goes_to("C0AUTHS")

    def goes_to(self, place: str) -> None:
        self.page.goto(f"{self.sandbox.server.url}/?as={self.user_id}&in={place}")

    def says(self, text: str) -> None:
        box = self.page.get_by_role("textbox", name=re.compile("^Message"))
        box.fill(text)
        box.press("Enter")

    def shows(self, number: int) -> Locator:
        """`/pa show` and the card that answers."""
        mine = self.page.get_by_role("article").filter(has_text="Only visible to you")
        of_it = mine.filter(has_text=f"PA-{number}")
        before = of_it.count()
        self.says(f"/pa show {number}")
        expect(of_it).to_have_count(before + 1)
        return of_it.last

    def steps(self, number: int, label: str) -> Locator:
        """The form of a step, from the card."""
        self.shows(number).get_by_role("button", name=label, exact=True).click()
        return self.page.get_by_role("dialog")

    def saves(self, form: Locator) -> Locator:
        """Save, and wait for the answer: whoever closes the form first may be faster than the bot."""
        with self.page.expect_response("**/submit"):
            form.locator("button[data-submit]").click()
        return self.page.get_by_role("dialog")

    def closes(self) -> None:
        with self.page.expect_response("**/close"):
            self.page.keyboard.press("Escape")
        expect(self.page.get_by_role("dialog")).to_have_count(0)


@pytest.fixture
def seats(sandbox: open_sandbox.OpenSandbox, chromium: Browser) -> Iterator[dict[str, Seat]]:
    """Casey the coordinator and Dr. Ada, each in a browser."""
    with chromium.new_context() as one, chromium.new_context() as two:
        yield {
            "casey": Seat(sandbox, one.new_page(), "U0CASEY"),
            "ada": Seat(sandbox, two.new_page(), "U0ADA"),
        }


def test_the_loop_by_hand(seats: dict[str, Seat]) -> None:
    casey, ada = seats["casey"], seats["ada"]
    number = opens_a_request(casey)

    casey.saves(casey.steps(number, "Ready to submit"))
    casey.closes()
    form = casey.steps(number, "Submitted")
    form.get_by_label("Tracking number").fill("TRK-EXAMPLE")
    expect(casey.saves(form)).to_contain_text("Pending payer response")
    casey.closes()
    form = casey.steps(number, "Denied")
    form.get_by_label("Reason").select_option("Not medically necessary")
    expect(casey.saves(form)).to_contain_text("Escalated for clinical review")
    casey.closes()

    ada.goes_to("D0ADA")
    message = ada.page.get_by_role("article").filter(has_text=f"PA-{number}")
    message.get_by_role("button", name="Appeal", exact=True).click()
    form = ada.page.get_by_role("dialog")
    form.get_by_label(re.compile("reason|why", re.IGNORECASE)).first.fill("The record answers the letter.")
    ada.saves(form)
    ada.closes()
    expect(message.get_by_role("button", name="Appeal", exact=True)).to_have_count(0)

    ada.goes_to("C0AUTHS")
    form = ada.steps(number, "Write the reasons")
    form.get_by_role("textbox").first.fill("Walking ends after twenty steps, as the gait study of June shows.")
    ada.saves(form)
    ada.closes()

    form = casey.steps(number, "Appeal filed")
    for packed in ("The payer's denial letter", "Clinical notes that the letter refers to"):
        form.get_by_label(packed).check()
    chooses(form, "Who signed the letter", "Ada", "Dr. Ada Example")
    expect(casey.saves(form)).to_contain_text("Pending payer response")
    casey.closes()
    form = casey.steps(number, "Approved")
    form.get_by_label("Authorization number").fill("AUTH-EXAMPLE")
    form.get_by_role("checkbox").first.check()
    expect(casey.saves(form)).to_contain_text("AUTH-EXAMPLE")
    casey.closes()
    form = casey.steps(number, "Patient told")
    expect(casey.saves(form)).to_contain_text("Closed")
    casey.closes()


def test_the_submission_sheet_is_opened_from_one_s_own_messages(seats: dict[str, Seat]) -> None:
    casey = seats["casey"]
    number = opens_a_request(casey)
    casey.says(f"/pa sheet {number}")
    sheet = casey.page.get_by_role("dialog")
    expect(sheet).to_contain_text("not recorded")
    sheet.get_by_role("button", name="Send me the PDF").click()
    expect(sheet).to_contain_text("The PDF is on its way")
    casey.closes()

    casey.goes_to("D0CASEY")
    link = casey.page.get_by_role("link", name=f"PA-{number} submission sheet")
    expect(link).to_have_count(1)
    opened = casey.page.request.get(f"{casey.sandbox.server.url}{link.get_attribute('href')}")
    assert (opened.headers["content-type"], opened.body()[:5]) == ("application/pdf", b"%PDF-")


def test_the_payer_s_checklist_by_hand(seats: dict[str, Seat]) -> None:
    """Looked up, opened, sent too early, a document asked for and provided, sent; then the payer wants more."""
    casey, ada = seats["casey"], seats["ada"]
    casey.says("/pa check Original Medicare K0856")
    expect(casey.page.get_by_role("article").filter(has_text="Authorization is needed for K0856")).to_have_count(1)

    number = opens_a_request(casey, payer=("Original Medicare Part", "Part B"))
    card = casey.shows(number)
    expect(card).to_contain_text("0 of ")
    expect(card.get_by_role("button", name="Submitted", exact=True)).to_have_count(0)
    expect(card.get_by_role("button", name="Ready to submit", exact=True)).to_have_count(0)

    form = casey.steps(number, "Documents")
    boxes = form.get_by_role("group", name="In the packet").get_by_role("checkbox")
    expect(boxes).to_have_count(9)
    for box in boxes.all()[1:]:
        box.check()
    form.get_by_label("Where do the new ones lie?").fill("Chart, orders folder")
    form.get_by_label("Rendering provider").fill("Dr. Ada Example")
    form.get_by_label("Facility").fill("Example Practice")
    form.get_by_label("Place of service").select_option("11 Office")
    expect(casey.saves(form)).to_contain_text("Documentation needed")
    casey.closes()
    asked = casey.saves(casey.steps(number, "Ask for documents"))
    expect(asked).to_contain_text("asked Dr. Ada Example")
    casey.closes()

    ada.goes_to("D0ADA")
    message = ada.page.get_by_role("article").filter(has_text=f"PA-{number}")
    message.get_by_role("button", name="Provided", exact=True).click()
    form = ada.page.get_by_role("dialog")
    form.get_by_label("Where does it lie?").fill("Chart, note of this week")
    ada.saves(form)
    ada.closes()
    expect(message).to_contain_text("Done.")

    form = casey.steps(number, "Submitted")
    form.get_by_label("Tracking number").fill("TRK-MEDICARE")
    expect(casey.saves(form)).to_contain_text("Pending payer response")
    casey.closes()
    form = casey.steps(number, "Payer asks for more")
    form.get_by_label("What does the payer ask for?").fill("A video of the patient walking")
    form.get_by_role("radio", name="No: paperwork").check()
    form.get_by_label("Was this on our checklist?").select_option("No, that is new")
    form = casey.saves(form)
    form.get_by_label("What do they want?").fill("Video of the patient walking")
    form.get_by_label("What is that?").select_option("Other")
    form.get_by_label(re.compile("^Who told you")).fill("Letter of today")
    expect(casey.saves(form)).to_contain_text("waits to be approved")
    casey.closes()
    expect(casey.shows(number)).to_contain_text("not yet approved")

    ada.page.goto(f"{ada.sandbox.server.url}/?as=U0MAYA&in=D0MAYA")
    news = ada.page.get_by_role("article").filter(has_text="Video of the patient walking")
    news.get_by_role("button", name="Approve", exact=True).click()
    expect(ada.page.get_by_role("dialog")).to_contain_text("Approved.")
    ada.closes()
    expect(casey.shows(number)).to_contain_text("Version 2 of the checklist is in force")


def test_the_clock_is_moved_from_a_second_terminal(sandbox: open_sandbox.OpenSandbox, seats: dict[str, Seat]) -> None:
    """`pabot tick --at`: the digest posts and what is late escalates."""
    given = dict(line.split("=", 1) for line in (sandbox.folder / "sandbox.env").read_text().splitlines())
    done = subprocess.run(
        [sys.executable, "-m", "pabot", "tick", "--at", "2027-01-05T09:00"],
        env={**os.environ, **given},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    page = seats["casey"].page
    expect(page.get_by_role("article").filter(has_text="Prior authorizations, Tue Jan 5")).to_have_count(1)
    expect(page.get_by_role("article").filter(has_text="Escalated today, Tue Jan 5")).to_have_count(1)


def opens_a_request(seat: Seat, payer: tuple[str, str] = ("Sunrise", "Advantage Plus")) -> int:
    seat.says("/pa new")
    form = seat.page.get_by_role("dialog")
    form.get_by_label("Chart number").fill("DEMO-9001")
    form.get_by_label("Patient's initials").fill("Z.Z.")
    chooses(form, "Payer", *payer)
    form.get_by_label("Category").select_option("Service or equipment")
    form.get_by_label("Service", exact=True).fill("Power wheelchair")
    form.get_by_label(re.compile("^Codes")).fill("K0856 NU")
    chooses(form, "Diagnoses", "M54.16", "M54.16")
    chooses(form, "clinician", "Ada", "Dr. Ada Example")
    card = seat.saves(form)
    expect(card).to_contain_text("PA-")
    number = re.search(r"PA-(\d+)", card.inner_text())
    assert number
    seat.closes()
    return int(number.group(1))


def chooses(form: Locator, label: str, typed: str, option: str) -> None:
    box = form.get_by_role("combobox", name=re.compile(label, re.IGNORECASE))
    box.fill(typed)
    form.page.get_by_role("option", name=re.compile(option)).first.click()
