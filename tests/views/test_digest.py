"""The morning digest: figures for the team channel, never more than minimum, and a plain form for any workspace."""

import json
from dataclasses import replace

import message_samples as samples
import pytest
from message_samples import LOOK, figures, item, line
from reading import fits, pressed, same_as_golden, words

from pabot.domain.cards import SHOWN, AskedLine, Bottleneck, Digest, OverdueItem, OwnerShare, OwnersMorning
from pabot.domain.deadlines import Clock
from pabot.domain.metrics import CAUSES
from pabot.domain.statuses import MEANINGS, Status
from pabot.views.digest import OWNERS, digest, owners_morning

QUIET = figures(
    breaches=(),
    due_today=(),
    waiting_for_clinician=(),
    patients_to_tell=(),
    expiring=(),
    unassigned=0,
    bottleneck=Bottleneck(None, 12, 0, ""),
)
EMPTY = figures(
    breaches=(),
    due_today=(),
    waiting_for_clinician=(),
    patients_to_tell=(),
    expiring=(),
    unassigned=0,
    counts=dict.fromkeys(MEANINGS, 0),
    bottleneck=Bottleneck(None, 0, 0, ""),
)


MISSED = replace(QUIET, missed=True)
PILE = figures(bottleneck=Bottleneck(Status.DOCS_NEEDED, 14, 3, CAUSES[Status.DOCS_NEEDED], 21, 6))
CALM = figures(bottleneck=Bottleneck(None, 12, 1, "", 21))
LONG = figures(
    breaches=tuple(item(number) for number in range(1, SHOWN + 1)),
    totals={"breaches": 5000, "due_today": 1, "waiting": 1, "to_tell": 1},
)
OF_CLOSED = (replace(item(), clock=Clock.PATIENT_WORRY),)
CALLED = replace(QUIET, breaches=OF_CLOSED, closed_late=1)
CASES = {
    "full": figures(),
    "quiet": QUIET,
    "called": CALLED,
    "empty": EMPTY,
    "missed": MISSED,
    "pile": PILE,
    "calm": CALM,
    "long": LONG,
}


@pytest.mark.parametrize(("name", "day"), CASES.items())
@pytest.mark.parametrize("plain", [False, True])
def test_a_digest_is_as_it_was_looked_at(request: pytest.FixtureRequest, name: str, day: Digest, plain: bool) -> None:
    drawn = digest(LOOK, day, plain=plain)
    fits(drawn)
    same_as_golden(request, f"digest_{name}{'_plain' if plain else ''}", drawn)


def test_a_digest_that_comes_too_late_says_so_first() -> None:
    sentence = words(digest(LOOK, MISSED)).splitlines()[1]
    assert sentence.startswith("*This morning's digest was missed:*")


def test_it_begins_with_where_to_look_first_and_why() -> None:
    sentence = words(digest(LOOK, figures())).splitlines()[1]
    assert sentence == (
        "*Look first at “Escalated for clinical review”:* 1 of 9 is late. "
        "Likely cause: questions and denials wait for a clinician."
    )


def test_a_morning_without_anything_late_is_said_kindly() -> None:
    assert "*Nothing is late.* 12 requests are open, and every one is in its time. Well done." in words(
        digest(LOOK, QUIET)
    )
    assert "*Nothing is open.* A quiet morning." in words(digest(LOOK, EMPTY))
    assert pressed(digest(LOOK, EMPTY)) == []


@pytest.mark.parametrize(
    ("quiet", "sentence"),
    [
        (QUIET, "*Nothing open is late.* 12 requests are open, and every one is in its time.\n"),
        (EMPTY, "*Nothing is open.*\n"),
        (CALM, "*Nothing piles up:* no status holds much more than is usual (21 business days). "),
    ],
)
def test_a_patient_who_waits_about_a_closed_request_spoils_a_quiet_morning(quiet: Digest, sentence: str) -> None:
    """The request stands among what is late, with no more of the patient than any other."""
    drawn = digest(LOOK, replace(quiet, breaches=OF_CLOSED, closed_late=1))
    shown = words(drawn)
    assert shown.splitlines(keepends=True)[1].startswith(sentence)
    assert "\n1 closed request is late: a patient waits for a call back, or to hear an answer.\n" in shown
    assert "Call the patient back: urgent worry, due " in shown
    assert "Doverly" not in shown


def test_it_lists_what_is_late_due_waiting_to_be_told_and_without_an_owner() -> None:
    shown = words(digest(LOOK, figures()))
    for heading in (
        "*Late* (1)",
        "*Due today* (1)",
        "*Waiting for a clinician* (1)",
        "*Patients to tell* (1)",
        "*Approvals that run out* (1)",
    ):
        assert heading in shown
    assert "approval ends Mon Nov 30, 2026, 7 days left" in shown
    assert "2 requests have no owner" in shown


def test_the_chart_and_the_table_hold_counts_and_nothing_of_any_patient() -> None:
    drawn = digest(LOOK, figures())
    figures_only = [block for block in drawn.blocks if block["type"] in ("data_visualization", "data_table")]
    assert [block["block_id"] for block in figures_only] == ["chart", "counts"]
    assert "J.D." not in str(figures_only)
    bars = figures_only[0]["chart"]["series"][0]["data"]
    assert {"label": "Clinical review", "value": figures().counts[Status.CLINICAL_REVIEW]} in bars


def test_the_plain_form_says_the_same_with_the_plainest_blocks() -> None:
    drawn = digest(LOOK, figures(), plain=True)
    assert {block["type"] for block in drawn.blocks} <= {"header", "section", "context", "actions"}
    assert f"Escalated for clinical review: {figures().counts[Status.CLINICAL_REVIEW]}" in words(drawn)
    assert pressed(drawn) == ["pa.card.choose"]


def test_the_menu_names_requests_by_number_and_status_alone() -> None:
    menu = next(block for block in digest(LOOK, figures()).blocks if block["block_id"] == "choose")
    options = [option["text"]["text"] for option in menu["elements"][0]["options"]]
    assert options[0] == "PA-1042 · Escalated for clinical review"
    assert len(options) == len(set(options)) == 4


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("typed", [samples.HOSTILE, "&" * 2000, "Power wheelchair"])
def test_a_terrible_morning_still_fits_and_counts_what_is_left_out(typed: str, plain: bool) -> None:
    many = tuple(item(number, service=typed, payer=typed, waits_for=typed) for number in range(1, 501))
    told = tuple(line(number, service=typed) for number in range(1, 501))
    drawn = digest(LOOK, figures(breaches=many, due_today=many, patients_to_tell=told), plain=plain)
    fits(drawn)
    assert " more" in words(drawn)
    assert "<!channel>" not in words(drawn)


def test_it_says_what_is_usual_and_how_it_knows() -> None:
    assert words(digest(LOOK, PILE)).splitlines()[1] == (
        "*Look first at “Documentation needed”:* 14 requests, where 6 are usual (median of 21 business days); "
        "3 are late. Likely cause: orders arrive without the documents that payers want: look at intake."
    )
    assert words(digest(LOOK, CALM)).splitlines()[1] == (
        "*Nothing piles up:* no status holds much more than is usual (21 business days). "
        "12 requests are open; 1 is late."
    )
    assert "_Too little history to say what is usual: 0 business days._" in words(digest(LOOK, figures()))


def test_a_long_morning_names_the_oldest_counts_all_and_searches_the_rest() -> None:
    drawn = digest(LOOK, LONG)
    assert drawn.text == "Prior authorizations, Mon Nov 23: 5000 requests late, 1 due today"
    assert "*Late* (5000)" in words(drawn)
    rows = [row for row in words(drawn).splitlines() if row.startswith("• PA-")]
    assert 3 + 1 <= len(rows) <= SHOWN + 4
    assert " more" in words(drawn)
    menu = next(block for block in drawn.blocks if block["block_id"] == "choose")
    assert menu["elements"][0]["type"] == "external_select"


def share(owner: str, *items: OverdueItem, late: int = 0, due: int = 0, away: bool = False) -> OwnerShare:
    return OwnerShare(owner, away, 12, late, due, items)


def test_by_owner_there_is_a_block_for_each_with_something_late_or_due(request: pytest.FixtureRequest) -> None:
    shares = (
        share("Casey Madeup", item(), item(1043), late=134, due=2),
        share("Robin Sample", item(1044), due=1, away=True),
        share("Kim Invented"),
    )
    drawn = owners_morning(LOOK, OwnersMorning(samples.NOW.date(), shares, samples.NOW))
    fits(drawn)
    same_as_golden(request, "digest_owners", drawn)
    assert "*Casey Madeup* · 12 open · 134 late · 2 due today" in words(drawn)
    assert "and 134 more" in words(drawn)
    assert "*Robin Sample* (away)" in words(drawn)
    assert "*Nothing late or due:* Kim Invented (12)" in words(drawn)
    all_busy = owners_morning(LOOK, OwnersMorning(samples.NOW.date(), shares[:2], samples.NOW))
    assert [block["block_id"] for block in all_busy.blocks] == ["owner_0", "owner_1"]


@pytest.mark.parametrize("typed", [samples.HOSTILE, "&" * 2000])
def test_a_large_practice_still_fits(typed: str) -> None:
    items = tuple(item(number, service=typed, payer=typed, waits_for=typed) for number in range(1, 6))
    shares = tuple(share(f"{typed} {number}", *items, late=500) for number in range(OWNERS + 20))
    drawn = owners_morning(LOOK, OwnersMorning(samples.NOW.date(), shares, samples.NOW))
    fits(drawn)
    assert "<!channel>" not in words(drawn)
    nobody = owners_morning(LOOK, OwnersMorning(samples.NOW.date(), (), samples.NOW))
    assert "Nobody has an open request." in words(nobody)


def test_nobody_is_named_in_it() -> None:
    drawn = digest(LOOK, figures())
    for word in samples.IDENTITY:
        assert word not in words(drawn) + drawn.text


def test_a_lock_screen_shows_figures_only() -> None:
    assert digest(LOOK, figures()).text == "Prior authorizations, Mon Nov 23: 1 request late, 1 due today"


def test_what_waits_for_approval_is_named_without_what_was_typed() -> None:
    asked = AskedLine(samples.approval(why=samples.HOSTILE), line(1060))
    drawn = digest(LOOK, figures(approvals=(asked,), names=samples.NAMES))
    fits(drawn)
    said = json.dumps(drawn.blocks, ensure_ascii=False)
    assert "Waiting for approval" in said
    assert "PA-1060" in said
    assert "Cora Lindqvist asks to withdraw it" in said
    assert "Called on Friday" not in said
    assert "evil.example" not in said
