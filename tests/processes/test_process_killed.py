"""The web process is killed while people save: what was acknowledged is there, and the next start goes on."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

from office import Office, listening, until
from sqlalchemy import create_engine, text

from pabot.sandbox.inputs import NotOnScreen
from tests.e2e.practice import ORDER, TEAM_CHANNEL, words

PEOPLE = ("cora", "carl", "max")
SAVED_FIRST = 8


def test_acknowledged_means_committed(office: Office) -> None:
    saved: list[int] = []
    enough, over = threading.Event(), threading.Event()
    address = office.environment["PABOT_BIND"]
    office.workspace.request_url = f"http://{address}/slack/events"
    with office.running("web") as web, ThreadPoolExecutor(len(PEOPLE)) as desks:
        until(office.answers)
        work = [desks.submit(_save_until, office, name, saved, enough, over) for name in PEOPLE]
        assert enough.wait(30), office.log("web")
        web.kill()
        over.set()
        for one in work:
            one.result()
    rows = _numbers(office)
    assert len(saved) == len(set(saved)) >= SAVED_FIRST
    assert set(saved) <= rows
    assert len(rows) - len(saved) <= len(PEOPLE), "at most one answer each was lost on the way"

    until(lambda: not listening(address))  # the killed one's child notices within a second or so
    with office.running("web"):
        until(office.answers)
        number = office.colleague("cora").opens_request(chart_number="C-after")
    assert number not in rows
    assert _numbers(office) == rows | {number}


def _save_until(office: Office, name: str, saved: list[int], enough: threading.Event, over: threading.Event) -> None:
    """Open one request after the other, and note each that was answered."""
    person = office.colleague(name).person
    turn = 0
    while not over.is_set():
        turn += 1
        if not person.command("/pa", "new", channel=TEAM_CHANNEL).ok or person.modal is None:
            continue
        try:
            answer = person.submit(None, {**ORDER, "chart_number": f"C-{name}-{turn}"})
        except NotOnScreen:  # the payers on offer come from the bot, too
            continue
        if answer.ok and answer.view is not None:
            found = re.search(r"PA-(\d+)", words(answer.view) + str(answer.view.title))
            assert found
            saved.append(int(found.group(1)))
        if len(saved) >= SAVED_FIRST:
            enough.set()


def _numbers(office: Office) -> set[int]:
    engine = create_engine(office.environment["PABOT_DATABASE_URL"])
    try:
        with engine.connect() as connection:
            return {row.number for row in connection.execute(text('SELECT number FROM "authorization"'))}
    finally:
        engine.dispose()
