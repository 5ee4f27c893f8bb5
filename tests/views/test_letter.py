"""The letter of an appeal: read back from its pages and from the Word file."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pypdfium2
import pytest
from appeal_samples import EXTERNAL, SECOND, contested
from message_samples import HOSTILE, IDA, LOOK, PATIENT
from screen_samples import MINIMUM, STAFF

from pabot.domain.cards import AuthorizationCard, Privacy
from pabot.domain.errors import NotNow
from pabot.domain.letters import WORDS, Kind
from pabot.domain.model import Denial
from pabot.domain.requirements import UNSTATED
from pabot.domain.statuses import Outcome
from pabot.views import letters
from pabot.views.card import card_modal
from pabot.views.letter import BLANK, letter, letter_file
from pabot.views.letter_docx import NO_LETTERHEAD, SMALL, TO_BE_WRITTEN
from pabot.views.letter_pdf import letter_pdf
from pabot.views.patients import Surface, identity
from pabot.views.pdf_pages import UNKNOWN
from pabot.views.template_faults import faults
from pabot.views.text import Look, Texts

HEAD = "Mill Street Clinic\n12 Mill Street, Albany\nPhone 555-0142"
WHO = identity(PATIENT, Surface.LETTER, IDA, Privacy.FULL)
PARAGRAPH = "She fell on three days in October, as the gait study of that month shows. " * 14


def made(denial: Denial = SECOND, *, named: bool = True, head: str = HEAD, kind: Kind = Kind.PDF) -> bytes:
    return letter_file(LOOK, contested(denial), STAFF, head, WHO if named else None, kind).content


def pages(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    finally:
        document.close()


def written(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def as_pdf(denial: Denial = SECOND, **changed: bool) -> str:
    return " ".join(pages(made(denial, **changed)))


def as_docx(denial: Denial = SECOND, **changed: bool) -> str:
    return written(made(denial, kind=Kind.DOCX, **changed))


BOTH = pytest.mark.parametrize("read", [as_pdf, as_docx])


@BOTH
def test_the_recorded_facts_stand_in_it(read: Callable[..., str]) -> None:
    said = read()
    for part in (
        "Mill Street Clinic",
        "November 23, 2026",
        "Northwind Health",
        "Juno Dammers",
        "April 2, 1961",
        "M-123",
        "D-77",
        "G35",
        "K0856 NU × 1",
        "I ask for an external review of your decision of November 20, 2026 to deny",
        "“The face-to-face note is older than six months.”",
        "Level 2: external review",
        SECOND.necessity,
        "NPI 1234567893",
        "3. Gait study",
    ):
        assert part in said


@BOTH
def test_without_identity_its_lines_are_left_to_be_filled_in(read: Callable[..., str]) -> None:
    said = read(named=False)
    assert not [part for part in ("Juno", "Dammers", "1961", "M-123", "C-88", "G35") if part in said]
    assert said.count(BLANK) >= 4


SAYS: list[tuple[Denial, str]] = [
    (replace(SECOND, expedited=True), "I ask for an expedited external review"),
    (replace(SECOND, expedited=True), "a decision within 72 hours"),
    (replace(SECOND, reason_text=""), "Your letter gives this reason: not medically necessary."),
    (replace(SECOND, reason_text="", reason=UNSTATED), "Your letter gives no specific reason."),
    (
        replace(SECOND, consent_by="the patient", consent_on=date(2026, 11, 21)),
        "signed on November 21, 2026, is enclosed",
    ),
    (replace(SECOND, necessity="", necessity_where="chart, letter of Nov 21"), "in the enclosed statement"),
    (replace(SECOND, packet="notes form", attachments=""), "2. Your appeal form"),
]


@pytest.mark.parametrize(("denial", "says"), SAYS)
def test_it_says_what_was_recorded(denial: Denial, says: str) -> None:
    assert says in as_pdf(denial)


def test_where_the_clinician_s_text_lies_is_not_the_payer_s_to_know() -> None:
    elsewhere = replace(SECOND, necessity="", necessity_where="S:/letters/dammers")
    assert "S:/letters" not in as_pdf(elsewhere) + as_docx(elsewhere)


def test_a_part_that_was_denied_is_named_as_such() -> None:
    partial = contested(outcome=Outcome.PARTIAL)
    opening = " ".join(letter(LOOK, partial, STAFF, HEAD, None).opening)
    assert "to approve only a part of the following service" in opening


def test_a_long_text_flows_over_pages_which_are_counted() -> None:
    found = pages(made(replace(SECOND, necessity="\n".join([PARAGRAPH] * 6))))
    assert len(found) == 3
    for at, page in enumerate(found, 1):
        assert f"Page {at} of 3" in page
        assert "PA-1042 · appeal, level 2" in page
    assert "Sincerely" in found[-1]
    assert "Dr. Ida Voss" in found[-1]


def test_nothing_is_filed_without_reasons_and_the_word_file_asks_for_them() -> None:
    empty = replace(SECOND, necessity="")
    with pytest.raises(ValueError, match="without its reasons"):
        letter_pdf(letter(LOOK, contested(empty), STAFF, HEAD, None))
    said = written(made(empty, head="", kind=Kind.DOCX))
    assert TO_BE_WRITTEN in said
    assert NO_LETTERHEAD in said


TYPED = (HOSTILE, "שלום עולם", "مرحبا بالعالم", "{{ 7 * 7 }} {% raw %}", "x" * 2900, "\x00\x0b\ud7ff")


@pytest.mark.parametrize("words", TYPED)
def test_whatever_was_typed_is_shown_as_it_is_or_as_a_box(words: str) -> None:
    odd = replace(SECOND, necessity=f"before {words} after", reason_text=words, attachments=words)
    assert "before" in as_pdf(odd)
    assert "after" in as_pdf(odd)
    assert "49" not in as_pdf(replace(odd, attachments=""), named=False).replace("1234567893", "")


def test_what_runs_from_right_to_left_is_kept_in_the_word_file() -> None:
    made_of = replace(SECOND, necessity="שלום עולם")
    content = made(made_of, kind=Kind.DOCX)
    assert "שלום עולם" in written(content)
    (line,) = [one for one in docx.Document(io.BytesIO(content)).paragraphs if "שלום" in one.text]
    assert line.runs[0].font.rtl
    assert UNKNOWN in as_pdf(made_of)
    assert "stand as ☐" in letter_file(LOOK, contested(made_of), STAFF, HEAD, None, Kind.PDF).text
    assert "☐" not in letter_file(LOOK, contested(), STAFF, HEAD, None, Kind.PDF).text


def test_the_same_facts_give_the_same_pages() -> None:
    assert made() == made()


def test_what_is_seen_without_opening_it_names_nobody() -> None:
    for kind in Kind:
        file = letter_file(LOOK, contested(), STAFF, HEAD, WHO, kind)
        assert file.name == f"PA-1042-level-2-appeal.{kind}"
        assert not [part for part in ("Juno", "Dammers", "J.D.", "G35") if part in file.title + file.text + file.name]


@pytest.mark.parametrize(
    ("privacy", "folder", "named", "goes"),
    [
        (Privacy.FULL, None, True, "your messages"),
        (Privacy.FULL, Path("/letters"), True, "your messages"),
        (Privacy.MINIMUM, None, False, "your messages"),
        (Privacy.MINIMUM, Path("/letters"), True, "the practice's folder"),
    ],
)
def test_where_a_letter_goes_and_whether_it_names_the_patient(
    privacy: Privacy, folder: Path | None, named: bool, goes: str
) -> None:
    look = replace(LOOK, privacy=privacy, letters=folder)
    said = json.dumps(letters.asked(look, contested(), Kind.DOCX), ensure_ascii=False)
    assert goes in said
    assert ("fill them in by hand" in said) is not named
    surface = Surface.FOLDER if look.letter_folder else Surface.LETTER
    assert (identity(PATIENT, surface, IDA, privacy) is not None) is named


OWN: list[tuple[str, str]] = [
    ("Dear {{ reviewer }}", "“reviewer” is nothing that it is given"),
    ("Dear {% if payer %}", "Unexpected end of template"),
    ("{{ payer | shout }}", "No filter named 'shout'"),
]


@pytest.mark.parametrize(("text", "says"), OWN)
def test_a_broken_template_of_the_practice_is_named_and_answers_in_a_sentence(
    tmp_path: Path, text: str, says: str
) -> None:
    (tmp_path / "payer").mkdir()
    (tmp_path / "payer/appeal_letter.j2").write_text(text, encoding="utf-8")
    texts = Texts.found(tmp_path)
    assert any("payer/appeal_letter.j2" in fault and says in fault for fault in faults(texts))
    look = Look(texts, LOOK.zone, LOOK.privacy)
    with pytest.raises(NotNow, match=r"payer/appeal_letter\.j2 cannot be used .*pabot check names it"):
        letter(look, contested(), STAFF, HEAD, None)


def test_a_practice_s_own_words_take_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "payer").mkdir()
    words = " ".join(f"{{{{ {name} }}}}" for name in sorted(WORDS))
    (tmp_path / "payer/appeal_letter.j2").write_text(f"Dear reviewer,\n\n{words}", encoding="utf-8")
    texts = Texts.found(tmp_path)
    assert faults(texts) == []
    opening = letter(Look(texts, LOOK.zone, LOOK.privacy), contested(), STAFF, HEAD, None).opening
    assert opening[0] == "Dear reviewer,"


def test_there_is_no_letter_where_there_is_no_appeal() -> None:
    with pytest.raises(NotNow, match="no appeal"):
        letter(LOOK, contested(level=None), STAFF, HEAD, None)


def test_the_buttons_follow_the_reasons() -> None:
    def labels(card: AuthorizationCard) -> str:
        return json.dumps(card_modal(MINIMUM, replace(card, letter=True), IDA))

    assert "Letter as filed" in labels(contested())
    assert "Letter to edit" in labels(contested(replace(SECOND, necessity="")))
    assert "Letter as filed" not in labels(contested(replace(SECOND, necessity=""), EXTERNAL))


def test_all_of_the_foot_of_the_word_file_is_of_one_small_size() -> None:
    foot = docx.Document(io.BytesIO(made(kind=Kind.DOCX))).sections[0].footer.paragraphs[0]
    assert foot.text.endswith(" · Page 1 of 1")
    assert {run.font.size for run in foot.runs} == {SMALL}
    assert all(len(run._r.xpath("w:fldChar | w:instrText")) <= 1 for run in foot.runs)
