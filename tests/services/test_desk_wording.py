"""Changing what patients hear: who proposes, who co-signs, who approves, what is refused, and from when it holds."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from record_practice import BILL, CARL, CORA, FAY, IDA, MAX, NED, STAFF, Bench, a_practice, once, tamper, together

from pabot.domain import commands as c
from pabot.domain.errors import AlreadyDone, Invalid, NotAllowed, NotFound, Stale
from pabot.domain.model import Role, ServiceLine, ToldBy
from pabot.domain.patient_words import TextName
from pabot.domain.proposals import ProposalState
from pabot.domain.wording_changes import SHIPPED, ProposeWords, WordsProposal
from pabot.store.events import verify

PENDING, DENIED = TextName("pending", "en"), TextName("denied", "en")
WORDS = "{{ payer }} has your request for the {{ service }}. We ask them every week."


@pytest.fixture
def practice(sqlite_url: str) -> Iterator[Bench]:
    """The rules are the same on every database."""
    with a_practice(sqlite_url) as bench:
        yield bench


@pytest.fixture
def anywhere(database_url: str) -> Iterator[Bench]:
    with a_practice(database_url) as bench:
        yield bench


def propose(
    practice: Bench, text: TextName = PENDING, words: str = WORDS, by: str = CORA, **more: Any
) -> WordsProposal:
    base_n = more.pop("base_n", practice.desk.patient_text(text, actor=practice.member(MAX)).n)
    command = ProposeWords(text, words, more.pop("why", "Patients ask how often we call."), base_n, **more)
    return practice.desk.propose_words(command, actor=practice.member(by), key=once("words"))


def approve(practice: Bench, made: WordsProposal, by: str = MAX) -> WordsProposal:
    return practice.desk.approve_words(made.id, actor=practice.member(by), key=once("approve"))


def decline(practice: Bench, made: WordsProposal, by: str = MAX) -> WordsProposal:
    return practice.desk.decline_words(made.id, "Too long", actor=practice.member(by), key=once("decline"))


def cosign(practice: Bench, made: WordsProposal, by: str = IDA) -> WordsProposal:
    return practice.desk.cosign_words(made.id, actor=practice.member(by), key=once("cosign"))


def told(practice: Bench, kind: str) -> set[str]:
    return {row["recipient"] for row in practice.rows("select recipient from message where kind = :kind", kind=kind)}


def said(practice: Bench, text: TextName = PENDING) -> str | None:
    practice.desk.directory()  # whatever anybody does next sees them
    return practice.desk.worded.get(text)


def second_manager(practice: Bench) -> None:
    carl = replace(next(member for member in STAFF if member.user_id == CARL), roles=frozenset({Role.MANAGER}))
    practice.desk.save_member(carl, actor=practice.member(MAX), key=once("staff"))


def test_from_the_proposal_to_the_words_that_are_said(anywhere: Bench) -> None:
    made = propose(anywhere)
    assert (told(anywhere, "words"), said(anywhere)) == ({MAX}, None)
    assert approve(anywhere, made).state is ProposalState.APPROVED
    assert told(anywhere, "words_decided") == {CORA}
    page = anywhere.desk.patient_text(PENDING, actor=anywhere.member(FAY))
    (version,) = page.history
    assert (version.n, version.words, version.proposed_by, version.approved_by) == (1, WORDS, CORA, MAX)
    assert (said(anywhere), page.waiting) == (WORDS, ())
    with anywhere.another() as elsewhere:  # another process reads it with the next thing it does
        elsewhere.desk.directory()
        assert said(elsewhere) == WORDS


def test_every_step_is_on_the_text_s_own_chain(anywhere: Bench) -> None:
    approve(anywhere, propose(anywhere))
    decline(anywhere, propose(anywhere, words=f"{WORDS} Soon."))
    rows = anywhere.rows("select kind, actor from event where subject = 'wording:pending:en' order by seq")
    assert [(row["kind"], row["actor"]) for row in rows] == [
        ("asked", CORA),
        ("approved", MAX),
        ("asked", CORA),
        ("declined", MAX),
    ]
    with anywhere.store.read() as session:
        assert list(verify(session.connection, session.vault)) == []


def test_back_to_the_words_of_the_files(practice: Bench) -> None:
    approve(practice, propose(practice))
    approve(practice, propose(practice, words=SHIPPED, by=BILL))
    assert said(practice) is None
    page = practice.desk.patient_text(PENDING, actor=practice.member(MAX))
    assert [(version.n, version.words) for version in page.history] == [(2, SHIPPED), (1, WORDS)]


def test_the_author_never_approves(practice: Bench) -> None:
    with pytest.raises(NotAllowed, match=r"Nobody approves what they proposed themselves\. Ask Bill Aster"):
        approve(practice, propose(practice, by=MAX))


@pytest.mark.parametrize("by", [CORA, CARL, FAY, IDA])
def test_only_a_manager_approves(practice: Bench, by: str) -> None:
    with pytest.raises(NotAllowed, match="Max Tiller"):
        approve(practice, propose(practice, by=BILL), by=by)
    with pytest.raises(NotAllowed):
        decline(practice, propose(practice, by=BILL), by=by)


def test_with_no_other_manager_a_biller_or_a_clinician_approves(practice: Bench) -> None:
    made = propose(practice, by=MAX)
    assert told(practice, "words") == {BILL, IDA, NED}
    assert approve(practice, made, by=BILL).state is ProposalState.APPROVED
    second_manager(practice)
    with pytest.raises(NotAllowed, match="Only a manager"):
        approve(practice, propose(practice, words=f"{WORDS} Soon.", by=MAX), by=BILL)


@pytest.mark.parametrize("kind", ["approved", "denied", "clinical_review"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_clinical_words_want_a_clinician_s_signature(practice: Bench, kind: str, language: str) -> None:
    text = TextName(kind, language)
    made = propose(practice, text)
    assert len(told(practice, "words") & {IDA, NED}) == 1  # one of them is asked
    with pytest.raises(NotAllowed, match="a clinician must co-sign it first"):
        approve(practice, made)
    with pytest.raises(NotAllowed, match="Only a clinician"):
        cosign(practice, made, by=MAX)
    cosign(practice, made, by=NED)
    with pytest.raises(AlreadyDone, match="Ned Farrow has co-signed this already"):
        cosign(practice, made, by=IDA)
    assert approve(practice, made).cosigned_by == NED
    (version,) = practice.desk.patient_text(text, actor=practice.member(MAX)).history
    assert version.cosigned_by == NED


def test_a_clinician_who_wrote_it_has_signed_it(practice: Bench) -> None:
    assert approve(practice, propose(practice, DENIED, by=IDA)).state is ProposalState.APPROVED


def test_a_clinician_s_approval_is_both(practice: Bench) -> None:
    made = propose(practice, DENIED, by=MAX)
    assert approve(practice, made, by=IDA).cosigned_by == IDA


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("{{ payer }} will be approved soon.", "“will be approved” promises what the payer will do"),
        ("{% if late %}Your plan covers it.{% else %}We sent it.{% endif %}", "“plan covers”|says what a plan pays"),
        ("You should stop your {{ service }}.", "gives advice about care"),
        ("You need your {{ service }}.", "argues that care is necessary"),
        ("Hello {{ surname }}.", "“surname” is no placeholder"),
        ("{% if late %}", "Line 1 cannot be read"),
        ("{{ payer.__class__ }}", "cannot be used here"),
        ("word " * 1000, "at most 600"),
    ],
)
def test_words_that_overstep_or_cannot_be_said_are_refused_for_everybody(
    practice: Bench, words: str, named: str
) -> None:
    for by in (CORA, IDA, MAX):
        with pytest.raises(Invalid, match=named) as refused:
            propose(practice, words=words, by=by)
        assert set(refused.value.fields) == {"words"}
    assert practice.rows("select id from wording_proposal") == []


def test_nothing_else_is_proposed_without_a_reason_or_a_difference(practice: Bench) -> None:
    with pytest.raises(Invalid, match="Say what is better so"):
        propose(practice, why=" ")
    with pytest.raises(Invalid, match="Nothing differs"):
        propose(practice, words=SHIPPED)
    approve(practice, propose(practice))
    with pytest.raises(Invalid, match="Nothing differs"):
        propose(practice)
    with pytest.raises(Stale, match="Version 1 of this text came into force after you opened the form"):
        propose(practice, words=f"{WORDS} Soon.", base_n=0)


def test_the_front_desk_proposes_nothing_and_reads_everything(practice: Bench) -> None:
    with pytest.raises(NotAllowed, match="may propose other words for patients"):
        propose(practice, by=FAY)
    assert practice.desk.patient_texts(actor=practice.member(FAY)).in_force == {}


def test_one_written_against_an_older_version_is_not_approved(practice: Bench) -> None:
    first, second = propose(practice), propose(practice, words=f"{WORDS} Soon.")
    assert [one.id for one in practice.desk.patient_texts(actor=practice.member(CORA)).waiting] == [first.id, second.id]
    approve(practice, first)
    with pytest.raises(Stale, match="written against version 0; version 1 is in force since"):
        approve(practice, second)
    assert decline(practice, second).state is ProposalState.REFUSED


def test_it_is_decided_once(practice: Bench) -> None:
    made, key = propose(practice), once("approve")
    for _ in range(2):  # the same press, sent twice
        practice.desk.approve_words(made.id, actor=practice.member(MAX), key=key)
    with pytest.raises(AlreadyDone, match="Max Tiller has approved this already"):
        approve(practice, made)
    with pytest.raises(AlreadyDone, match="Max Tiller has approved this already"):
        decline(practice, made)
    assert len(practice.rows("select id from wording_version")) == 1


def test_a_form_sent_twice_proposes_once(practice: Bench) -> None:
    key = once("words")
    command = ProposeWords(PENDING, WORDS, "why")
    made = {practice.desk.propose_words(command, actor=practice.member(CORA), key=key).id for _ in range(2)}
    assert len(made) == len(practice.rows("select id from wording_proposal")) == 1


def test_two_managers_at_once(anywhere: Bench) -> None:
    """Of one proposal, or of two about the same text: one version comes of it, and the other hears why not."""
    second_manager(anywhere)
    with anywhere.another() as other:
        made = propose(anywhere)
        both = together(lambda: approve(anywhere, made), lambda: approve(other, made, by=CARL))
        assert sorted(type(one).__name__ for one in both) == ["AlreadyDone", "WordsProposal"]
        one, two = propose(anywhere, words=f"{WORDS} Soon."), propose(anywhere, words=f"{WORDS} Often.")
        both = together(lambda: approve(anywhere, one), lambda: approve(other, two, by=CARL))
        assert sorted(type(each).__name__ for each in both) == ["Stale", "WordsProposal"]
    assert [row["n"] for row in anywhere.rows("select n from wording_version order by n")] == [1, 2]


def test_authors_take_their_own_back(practice: Bench) -> None:
    assert decline(practice, propose(practice), by=CORA).state is ProposalState.REFUSED
    assert told(practice, "words_decided") == set()


def test_words_that_are_not_there(practice: Bench) -> None:
    with pytest.raises(NotFound):
        practice.desk.words_proposal(999, actor=practice.member(MAX))


def test_words_that_broke_are_told_to_managers_until_they_are_mended(practice: Bench) -> None:
    approve(practice, propose(practice))
    assert practice.desk.audit() == 0
    tamper(practice.url, "UPDATE wording_version SET words = ? WHERE n = 1", "Dear {{ surname }}.")
    tamper(practice.url, "UPDATE practice SET revision = revision + ?", 1)
    assert practice.desk.audit() == 1
    (line,) = practice.desk.faults(practice.desk.calendar().day(practice.clock.now())).lines
    assert (line.fault.kind, line.fault.about) == ("wording", "“Pending payer response, English”")
    assert told(practice, "faults") == {MAX}
    assert PENDING in practice.desk.patient_texts(actor=practice.member(MAX)).broken
    approve(practice, propose(practice, words=SHIPPED))
    assert practice.desk.audit() == 0


def own(
    practice: Bench, number: int, words: str = "Northwind asked for one more page.", by: str = CORA
) -> WordsProposal:
    state = practice.desk.card(number, actor=practice.member(by)).state
    command = ProposeWords(TextName(state.status, "en"), words, "She asked what page.", number=number)
    return practice.desk.propose_words(command, actor=practice.member(by), key=once("own"))


def heard(practice: Bench, number: int) -> list[str]:
    found = practice.desk.own_words(number, actor=practice.member(FAY))
    return [one.words for one in found.approved.values()]


@pytest.mark.parametrize("by", [CORA, BILL])
def test_other_words_for_one_patient_want_a_manager(practice: Bench, by: str) -> None:
    number = practice.pending().state.number
    made = own(practice, number, by=by)
    assert (told(practice, "words"), heard(practice, number)) == ({MAX}, [])
    assert practice.desk.own_words(number, actor=practice.member(CORA)).asked == (made,)
    approve(practice, made)
    assert heard(practice, number) == ["Northwind asked for one more page."]
    assert (said(practice), told(practice, "words_decided")) == (None, {by})
    kinds = [entry.kind for entry in practice.desk.card(number, actor=practice.member(MAX)).timeline[:2]]
    assert kinds == ["words_approved", "words_asked"]


@pytest.mark.parametrize("by", [IDA, MAX])
def test_a_clinician_or_a_manager_needs_nobody(practice: Bench, by: str) -> None:
    number = practice.denied().state.number
    assert own(practice, number, by=by).state is ProposalState.APPROVED
    assert (heard(practice, number), told(practice, "words")) == (["Northwind asked for one more page."], set())


def test_they_lapse_when_the_status_changes(anywhere: Bench) -> None:
    number = anywhere.pending().state.number
    approve(anywhere, own(anywhere, number))
    waits = own(anywhere, number, "They have all pages now.")
    now = anywhere.clock.forward(hours=1) or anywhere.clock.now()
    given = c.RecordApproval(number=number, decided_at=now, authorization_number="A-1", dates_not_stated=True)
    anywhere.step(CORA, given)
    assert heard(anywhere, number) == []
    with pytest.raises(Stale, match=f"PA-{number} has moved on since"):
        approve(anywhere, waits)
    (row,) = anywhere.rows("select wanted from message where kind = 'words' and subject = :of", of=str(waits.id))
    assert row["wanted"] > 1  # the manager's message is made current
    anywhere.take_back(CORA, number)
    assert heard(anywhere, number) == ["Northwind asked for one more page."]


def test_they_lapse_when_the_payer_decides_the_rest_while_the_status_stays(anywhere: Bench) -> None:
    number = anywhere.pending(lines=(ServiceLine(1, "K0856", "NU", 1), ServiceLine(2, "E2311", "NU", 2))).state.number
    anywhere.clock.forward(minutes=5)
    now = anywhere.clock.now()
    some = c.RecordDenial(
        number=number, lines=(2,), reason="not_medically_necessary", notice_on=now.date(), received_at=now
    )
    anywhere.step(CORA, some)
    own(anywhere, number, "They said no to part of it.", by=MAX)
    assert heard(anywhere, number) == ["They said no to part of it."]
    anywhere.clock.forward(minutes=5)
    given = {"decided_at": anywhere.clock.now(), "authorization_number": "A-1", "dates_not_stated": True}
    anywhere.step(CORA, c.RecordApproval(number=number, rest=True, **given))
    assert heard(anywhere, number) == []
    own(anywhere, number, "They took part of it.", by=MAX)
    anywhere.take_back(CORA, number)
    assert heard(anywhere, number) == []


def test_own_words_do_not_stand_in_the_way_of_a_correction(practice: Bench) -> None:
    number = practice.denied().state.number
    tell = c.TellPatient(number=number, how=ToldBy.PHONE, told_at=practice.clock.now())
    practice.step(CORA, tell)
    own(practice, number, by=MAX)
    assert practice.desk.card(number, actor=practice.member(CORA)).correctable


@pytest.mark.parametrize(
    "words", ["You should stop the pills.", "Su plan cubre todo.", "{{ payer }} has it.", " ", "a" * 601]
)
def test_own_words_are_looked_over_like_any(practice: Bench, words: str) -> None:
    number = practice.pending().state.number
    for by in (CORA, IDA, MAX):
        with pytest.raises(Invalid) as refused:
            own(practice, number, words, by=by)
        assert set(refused.value.fields) == {"words"}


def test_the_front_desk_words_nothing(practice: Bench) -> None:
    number = practice.pending().state.number
    with pytest.raises(NotAllowed, match="may reword a patient update"):
        own(practice, number, by=FAY)


def test_own_words_of_another_status_come_too_late(practice: Bench) -> None:
    number = practice.pending().state.number
    command = ProposeWords(DENIED, "They said no.", "", number=number)
    with pytest.raises(Stale, match="has moved on since you opened this form"):
        practice.desk.propose_words(command, actor=practice.member(CORA), key=once("own"))


def test_only_a_manager_approves_own_words(practice: Bench) -> None:
    number = practice.pending().state.number
    made = own(practice, number)
    for by in (CORA, BILL, IDA, FAY):
        with pytest.raises(NotAllowed):
            approve(practice, made, by=by)


def test_what_is_typed_about_a_patient_is_sealed(practice: Bench) -> None:
    number = practice.pending().state.number
    decline(practice, own(practice, number))
    (row,) = practice.rows("select * from wording_proposal")
    assert not any("page" in str(value) or "long" in str(value) for value in row.values())
