"""The folder of words is found where it should be, holds what is needed, and gives way to a practice's own."""

import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jinja2 import UndefinedError, meta
from jinja2.exceptions import TemplateNotFound
from message_samples import LOOK

from pabot.domain.cards import Privacy
from pabot.domain.patient_words import TextName
from pabot.domain.reading_level import AIM, grade
from pabot.domain.statuses import Status
from pabot.views import text
from pabot.views.text import CHECKOUT, Look, Texts

TEMPLATES = sorted(str(path.relative_to(CHECKOUT)) for path in CHECKOUT.rglob("*.j2"))


def used(name: str) -> set[str]:
    environment = Texts.found().slack if name.startswith("slack") else Texts.found().patient
    return set(meta.find_undeclared_variables(environment.parse((CHECKOUT / name).read_text())))


@pytest.mark.parametrize("status", Status)
def test_every_status_has_words_for_the_patient(status: Status) -> None:
    assert {f"patient/{status}.txt.j2", f"patient_es/{status}.txt.j2"} <= set(TEMPLATES)


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name.startswith("patient/")])
def test_what_the_patient_hears_promises_and_advises_nothing(name: str) -> None:
    """Nobody is named either: the variables hold no patient."""
    said = (CHECKOUT / name).read_text().casefold()
    assert not re.search(r"\b(will be approved|guarantee|promise|you should|you must|covered|medically)\b", said)
    spoken = re.sub(r"{[{%#].*?[}%#]}", "", said)
    assert max(map(len, re.findall(r"[a-z]+", spoken))) <= 9, "short words are understood on the phone"
    given = "payer service submitted_on expected_on late outcome expires_on appointment_on next some_denied"
    assert used(name) <= set(given.split())


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name.startswith("patient_es/")])
def test_the_spanish_words_promise_and_advise_nothing_either(name: str) -> None:
    said = (CHECKOUT / name).read_text(encoding="utf-8").casefold()
    assert not re.search(
        r"\b(será aprobad|aprobarán|garantiz|prometemos|debe|tiene que|cubre|cubiert|médicamente)", said
    )
    assert "«{{ service }}» (en inglés)" in said
    english = used(name.replace("_es", ""))
    assert used(name) <= english | {"submitted_on", "expected_on", "late"}


STORIES: list[dict[str, Any]] = [
    {
        **{"outcome": outcome, "late": late, "submitted_on": sent, "expected_on": sent and date(2026, 11, 10)},
        **{"expires_on": granted, "appointment_on": granted, "next": chosen, "some_denied": some},
    }
    for sent in (date(2026, 11, 3), None)
    for outcome in ("", "approved", "partial", "denied", "not_required")
    for late in (False, True)
    for granted in (None, date(2027, 2, 26))
    for chosen in ("", "appeal", "p2p", "resubmit", "accept")
    for some in ((False, True) if outcome == "denied" else (False,))
]


@pytest.mark.parametrize("status", Status)
def test_what_the_patient_hears_reads_at_a_sixth_grade_level(status: Status) -> None:
    said = {LOOK.tell(status, payer="The plan", service="wheelchair", **story) for story in STORIES}
    grades = {text: grade(text) for text in said}
    print(status, *(f"{level:.1f} {text}" for text, level in grades.items()), sep="\n  ")
    assert max(grades.values()) <= AIM


@pytest.mark.parametrize(
    ("language", "ours_to_send", "sent"),
    [("en", "We will send the request", "We will send them"), ("es", "mandamos la solicitud", "los mandamos")],
)
def test_what_was_sent_is_not_said_to_be_still_ours_to_send(language: str, ours_to_send: str, sent: str) -> None:
    """Papers go missing before a request is sent, and after, when the payer asks for more."""
    for submitted_on, expected, other in ((None, ours_to_send, sent), (date(2026, 11, 3), sent, ours_to_send)):
        story = {**STORIES[0], "submitted_on": submitted_on}
        said = LOOK.tell(Status.DOCS_NEEDED, language=language, payer="The plan", service="wheelchair", **story)
        assert expected in said
        assert other not in said


def own(folder: Path, name: str, words: str) -> Look:
    (folder / "slack").mkdir(exist_ok=True)
    (folder / "slack" / f"{name}.mrkdwn.j2").write_text(words)
    return Look(Texts.found(folder), ZoneInfo("America/New_York"), Privacy.MINIMUM)


def test_a_practice_s_own_wording_comes_first_and_the_rest_stays(tmp_path: Path) -> None:
    look = own(tmp_path, "home", "Good day, {{ name }}.")
    assert look.say("home", name="Cora") == "Good day, Cora."
    assert look.say("help") == LOOK.say("help")


def test_the_packaged_copy_is_used_where_there_is_no_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(CHECKOUT, tmp_path / "packaged")
    monkeypatch.setattr(text, "PACKAGED", tmp_path / "packaged")
    monkeypatch.setattr(text, "CHECKOUT", tmp_path / "no checkout")
    look = Look(Texts.found(), LOOK.zone, LOOK.privacy)
    assert look.say("help") == LOOK.say("help")


FACTS = {"payer": "The plan", "service": "wheelchair", **STORIES[0]}


@pytest.mark.parametrize("broken", ["{{ surname }} called.", "{% if %}", "{{ payer | spoken_day }}", " "])
def test_broken_words_for_the_patient_give_way_to_those_that_ship(tmp_path: Path, broken: str) -> None:
    """Whether they lie in the practice's folder or were approved."""
    (tmp_path / "patient").mkdir()
    (tmp_path / "patient" / "denied.txt.j2").write_text(broken if broken.strip() else "{{ surname }}")
    shipped = LOOK.tell("denied", **FACTS)
    look = Look(Texts.found(tmp_path), LOOK.zone, LOOK.privacy, {TextName("denied", "en"): broken})
    assert look.tell("denied", **FACTS) == shipped
    assert look.tell("denied", language="es", **FACTS) == LOOK.tell("denied", language="es", **FACTS)


def test_what_was_approved_goes_before_the_practice_s_folder(tmp_path: Path) -> None:
    (tmp_path / "patient").mkdir()
    (tmp_path / "patient" / "denied.txt.j2").write_text("From the folder, {{ payer }}.")
    texts, worded = Texts.found(tmp_path), {TextName("denied", "en"): "Approved, {{ payer }}."}
    assert Look(texts, LOOK.zone, LOOK.privacy).tell("denied", **FACTS) == "From the folder, The plan."
    assert Look(texts, LOOK.zone, LOOK.privacy, worded).tell("denied", **FACTS) == "Approved, The plan."


def test_a_missing_value_or_template_is_an_error_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        LOOK.say("home", surname="Lindqvist")
    with pytest.raises(TemplateNotFound):
        LOOK.say("no such words")


def test_a_template_cannot_reach_behind_its_values(tmp_path: Path) -> None:
    look = own(tmp_path, "home", "{{ name.__class__.__mro__ }}")
    assert look.say("home", name="Cora") == LOOK.say("home", name="Cora")


def test_an_instant_names_the_practice_s_zone_where_slack_cannot_show_the_reader_s_own(tmp_path: Path) -> None:
    look = own(tmp_path, "home", "{{ at | date }} / {{ at | when }}")
    said = look.say("home", at=datetime(2026, 11, 3, 21, 40, tzinfo=UTC))
    assert said == ("<!date^1793742000^{date_short_pretty} at {time}|Tue Nov 3, 4:40 PM EST> / Tue Nov 3, 4:40 PM EST")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "Sun Nov 1, 1:30 AM EDT"),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "Sun Nov 1, 1:30 AM EST"),
        (datetime(2026, 3, 8, 7, 0, tzinfo=UTC), "Sun Mar 8, 3:00 AM EDT"),
    ],
)
def test_both_clock_changes_are_told_apart(at: datetime, said: str) -> None:
    assert LOOK.when(at) == said


def test_mentions_and_links_are_made_of_ids_and_addresses_only(tmp_path: Path) -> None:
    look = own(tmp_path, "home", "{{ who | user }} {{ where | channel }} {{ url | link(label) }}")
    said = look.say("home", who="U0CORA", where="C0TEAM", url="https://example.org/a?b=1&c=2", label="<a|b>")
    assert said == "<@U0CORA> <#C0TEAM> <https://example.org/a?b=1&amp;c=2|&lt;a/b&gt;>"
    with pytest.raises(ValueError, match="id of Slack"):
        look.say("home", who="!channel", where="C0TEAM", url="https://example.org", label="x")
    with pytest.raises(ValueError, match="web address"):
        look.say("home", who="U0CORA", where="C0TEAM", url="javascript:alert(1)", label="x")


PARTLY = [{"outcome": "denied", "some_denied": True}, {"outcome": "partial", "some_denied": False}]


@pytest.mark.parametrize("approved", [True, False], ids=["approved", "in a folder"])
@pytest.mark.parametrize(
    ("kind", "words", "speaks"),
    [  # whether they are said of a part denied and the rest awaited, and of a partial approval
        ("clinical_review", "{{ payer }} said no to the {{ service }}.", (False, False)),
        (
            "clinical_review",
            "{{ payer }} {% if outcome == 'partial' %}took part.{% else %}no.{% endif %}",
            (False, True),
        ),
        (
            "clinical_review",
            "{{ payer }}{% if some_denied %} no and yes{% elif outcome %} no{% endif %}.",
            (True, True),
        ),
        ("submitted", "We sent it to {{ payer }}.", (True, True)),  # it speaks of no decision
    ],
)
def test_words_that_know_no_part_are_said_of_the_whole_and_of_nothing_else(
    tmp_path: Path, kind: str, words: str, speaks: tuple[bool, bool], approved: bool
) -> None:
    """Whether they were approved or lie in the practice's folder."""
    look = Look(LOOK.texts, LOOK.zone, LOOK.privacy, {TextName(kind, "en"): words})
    if not approved:
        (tmp_path / "patient").mkdir()
        (tmp_path / "patient" / f"{kind}.txt.j2").write_text(words)
        look = Look(Texts.found(tmp_path), LOOK.zone, LOOK.privacy)
    for outcome in ("", "approved", "denied"):
        assert look.tell(kind, **FACTS | {"outcome": outcome}) != LOOK.tell(kind, **FACTS | {"outcome": outcome})
    for facts, own_words in zip(PARTLY, speaks, strict=True):
        assert (look.tell(kind, **FACTS | facts) != LOOK.tell(kind, **FACTS | facts)) == own_words
