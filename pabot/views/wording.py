"""What patients hear, on screen: the practice's texts, one text with its history, words that wait to be approved."""

from collections.abc import Iterable, Mapping
from typing import Any

from slackblocks import (
    Block,
    Element,
    Option,
    RichText,
    RichTextBlock,
    RichTextCodeBlock,
    RichTextElement,
    RichTextSection,
    StaticSelectMenu,
)

from pabot import spoken
from pabot.domain.cards import AuthorizationCard
from pabot.domain.errors import Invalid
from pabot.domain.model import Member
from pabot.domain.patient_words import EVERY_TEXT, LANGUAGES, PARTED, TextName
from pabot.domain.proposals import ProposalState, cosigners
from pabot.domain.reading_level import AIM, grade
from pabot.domain.roles import Action, may
from pabot.domain.rules import Directory
from pabot.domain.wording_changes import (
    SHIPPED,
    TextPage,
    TextsPage,
    WordsProposal,
    WordsVersion,
    approvers,
    may_decline,
)
from pabot.views import lines, parts
from pabot.views.ids import Hint, Id
from pabot.views.text import Look, Rendered, day
from pabot.views.words import for_the_patient

SAMPLES = 5  # sentences that show how a text can read
VERSIONS = 10  # of the history
WAITING = 10  # proposals that a list names
TITLE = "Words for patients"


def texts_message(look: Look, page: TextsPage, staff: Directory) -> Rendered:
    """`/pa wording`."""
    return parts.message(TITLE, _texts(look, page, staff))


def texts_modal(look: Look, page: TextsPage, staff: Directory) -> dict[str, Any]:
    """The same on a screen of its own."""
    return parts.modal(TITLE, _texts(look, page, staff))


def text_modal(look: Look, page: TextPage, viewer: Member, staff: Directory) -> dict[str, Any]:
    """One text: its words, how they read, what waits, and its history."""
    words = in_force(look, page)
    newest = page.history[0] if page.history else None
    broken = spoken.fault_of(page.words) if page.words else ""
    head = lines.section(
        look,
        "words_text",
        "about",
        label=page.text.label,
        n=page.n,
        back=bool(newest) and page.words == SHIPPED,
        since=_since(look, newest),
        approved_by=staff.name(newest.approved_by) if newest else "",
        cosigned_by=staff.name(newest.cosigned_by) if newest and newest.cosigned_by else "",
        clinical=page.text.is_clinical,
        broken=broken,
        unasked="" if broken or not page.words else ", ".join(sorted(PARTED - look.texts.told_apart(page.text, words))),
    )
    return parts.modal(
        TITLE,
        [
            head,
            _written("words", "Words", words),
            *_samples(words),
            *_waiting(page.waiting, staff),
            *parts.actions("change", _changes(page, viewer)),
            *(_version(look, version, staff) for version in page.history[:VERSIONS]),
        ],
    )


def message(
    look: Look, proposal: WordsProposal, about: AuthorizationCard | None, viewer: Member, staff: Directory
) -> Rendered:
    """To whoever may approve or co-sign it, and to its author when it is decided."""
    text: str = parts.joined((TITLE, proposal.text.label))
    if about is not None:
        text = lines.notification(about.state.number, about.patient, about.payer.payer, about.state.status)
    return parts.message(text, _proposal(look, proposal, about, viewer, staff))


def modal(
    look: Look, proposal: WordsProposal, about: AuthorizationCard | None, viewer: Member, staff: Directory
) -> dict[str, Any]:
    """The same on a screen of its own."""
    return parts.modal("Other words", _proposal(look, proposal, about, viewer, staff))


def in_force(look: Look, page: TextPage) -> str:
    """The words of a text as they are written: the practice's own, or the files'."""
    return page.words or look.texts.words(page.text)


def _texts(look: Look, page: TextsPage, staff: Directory) -> list[Block]:
    listed = [_list(look, page, language, name, staff) for language, name in LANGUAGES.items()]
    options = [
        Option(parts.plain(text.label, lines.OPTION), value=Hint(what=str(text)).packed()) for text in EVERY_TEXT
    ]
    menu = StaticSelectMenu(Id.WORDING_TEXT, options=options, placeholder=parts.plain("Open a text…"))
    about = lines.section(look, "words_texts", "about")
    return [about, *_waiting(page.waiting, staff), *listed, *parts.actions("choose", [menu])]


def _list(look: Look, page: TextsPage, language: str, name: str, staff: Directory) -> Block:
    rows = [_row(look, text, page, staff) for text in EVERY_TEXT if text.language == language]
    return lines.section(look, "words_list", f"texts_{language}", language=name, texts=rows)


def _row(look: Look, text: TextName, page: TextsPage, staff: Directory) -> Mapping[str, object]:
    version = page.in_force.get(text)
    return {
        "label": text.label.partition(",")[0],
        "n": version.n if version else 0,
        "back": version is not None and version.words == SHIPPED,
        "approved_by": staff.name(version.approved_by) if version else "",
        "since": _since(look, version),
        "broken": text in page.broken,
    }


def _waiting(proposals: Iterable[WordsProposal], staff: Directory) -> list[Block]:
    """What waits to be approved, each with its button."""
    return [
        parts.section(
            f"waits_{one.id}",
            parts.joined((f"⏳ {one.text.label}", f"other words wait, proposed by {staff.name(one.by)}")),
            _see(one.id),
        )
        for one in list(proposals)[:WAITING]
    ]


def _see(proposal_id: int) -> Element:
    return parts.button("Look at it", Id.WORDS_OPEN, Hint(child=proposal_id))


def _changes(page: TextPage, viewer: Member) -> list[Element]:
    if may(viewer, Action.PROPOSE_WORDING) is not None:
        return []
    hint = Hint(what=str(page.text))
    back = [parts.button("Back to the old words", Id.WORDING_BACK, hint)] if page.words != SHIPPED else []
    return [parts.button("Propose other words", Id.WORDING_PROPOSE, hint), *back]


def _version(look: Look, version: WordsVersion, staff: Directory) -> Block:
    return lines.section(
        look,
        "words_version",
        f"version_{version.n}",
        n=version.n,
        since=_since(look, version),
        why=version.why,
        proposed_by=staff.name(version.proposed_by),
        approved_by=staff.name(version.approved_by),
        cosigned_by=staff.name(version.cosigned_by) if version.cosigned_by else "",
        back=version.words == SHIPPED,
        words=version.words,
    )


def _proposal(
    look: Look, proposal: WordsProposal, about: AuthorizationCard | None, viewer: Member, staff: Directory
) -> list[Block]:
    standing = _standing(proposal)
    said = lines.section(
        look,
        "words",
        "proposal",
        standing=standing,
        label=proposal.text.label,
        about=lines.about(about) if about else "",
        who=staff.name(proposal.by),
        when=look.when(proposal.at),
        decided_by=staff.name(proposal.decided_by),
        decided=look.when(proposal.decided_at) if proposal.decided_at else "",
        current_n=proposal.current_n,
        why=lines.quoted(proposal.why),
        back=proposal.number is None and proposal.words == SHIPPED,
        grade=_grade(proposal),
        wants_cosign=bool(cosigners(proposal, staff)),
        cosigned_by=staff.name(proposal.cosigned_by) if proposal.cosigned_by else "",
        answer=proposal.decided_why,
    )
    compared = _compared(look, proposal) if about is None else _own(look, proposal, about, standing)
    return [said, *compared, *parts.actions("decide", _buttons(proposal, viewer, staff, standing))]


def _compared(look: Look, proposal: WordsProposal) -> list[Block]:
    """The words before and after, as they are written, and how the new ones read."""
    filed = look.texts.words(proposal.text)
    words = proposal.words or filed
    before = _written("before", "Before", proposal.before or filed)
    return [before, _written("new", "New", words), *_samples(words)]


def _own(look: Look, proposal: WordsProposal, about: AuthorizationCard, standing: str) -> list[Block]:
    """The words for one patient; while they wait, what would be said without them."""
    words = [_spoken("new", "Words", [proposal.words])]
    if standing != "open":
        return words
    usual = for_the_patient(look, about, language=proposal.text.language)
    return [_spoken("before", "Instead of", [usual]), *words]


def _grade(proposal: WordsProposal) -> str:
    """How hard English words read, where that is above the aim; empty otherwise."""
    if proposal.text.language != "en" or not proposal.words:
        return ""
    highest = max(map(grade, _said(proposal.words) if proposal.number is None else (proposal.words,)), default=0.0)
    return f"{highest:.1f}" if highest > AIM else ""


def _said(words: str) -> tuple[str, ...]:
    """What a text can say; nothing where it is broken."""
    try:
        return spoken.read(words)
    except Invalid:
        return ()


def _samples(words: str) -> list[Block]:
    said = _said(words)
    more = f" ({len(said) - SAMPLES} more)" if len(said) > SAMPLES else ""
    return [_spoken("reads", f"So it can read, with invented facts{more}", said[:SAMPLES])] if said else []


def _spoken(name: str, title: str, said: Iterable[str]) -> Block:
    words: list[RichTextElement] = [RichText(f"{title}\n", bold=True), *(RichText(f"{one}\n") for one in said)]
    return RichTextBlock(RichTextSection(words), block_id=name)


def _written(name: str, title: str, words: str) -> Block:
    """Words with their placeholders, mark for mark."""
    return RichTextBlock(
        [RichTextSection([RichText(title, bold=True)]), RichTextCodeBlock([RichText(words)])], block_id=name
    )


def _since(look: Look, version: WordsVersion | None) -> str:
    return day(look.date(version.approved_at)) if version else ""


def _standing(proposal: WordsProposal) -> str:
    if proposal.state is not ProposalState.OPEN:
        return proposal.state.value
    return "outdated" if proposal.is_outdated else "open"


def _buttons(proposal: WordsProposal, viewer: Member, staff: Directory, standing: str) -> list[Element]:
    """Only what this person may press: approving waits for the co-signature."""
    hint = Hint(child=proposal.id, number=proposal.number)
    able, licensed = viewer in approvers(proposal, staff), cosigners(proposal, staff)
    pressed: Mapping[Id, bool] = {
        Id.WORDS_APPROVE: standing == "open" and able and (not licensed or viewer in licensed),
        Id.WORDS_COSIGN: standing == "open" and viewer in licensed and not able,
        Id.WORDS_DECLINE: standing in ("open", "outdated") and may_decline(proposal, viewer, staff),
    }
    labels = {Id.WORDS_APPROVE: "Approve", Id.WORDS_COSIGN: "Co-sign", Id.WORDS_DECLINE: "Decline"}
    if viewer.user_id == proposal.by:
        labels[Id.WORDS_DECLINE] = "Take it back"
    return [parts.button(labels[id_], id_, hint) for id_, allowed in pressed.items() if allowed]
