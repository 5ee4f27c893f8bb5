"""Changing what patients hear: who proposes, who co-signs, who approves, what is refused, and from when it holds."""

from dataclasses import replace
from typing import Any

import pytest
from record_practice import BILL, CARL, CORA, FAY, IDA, MAX, NED, STAFF, Bench, once, tamper, together

from pabot.domain import commands as c
from pabot.domain.errors import AlreadyDone, Invalid, NotAllowed, NotFound, Stale
from pabot.domain.model import Role, ServiceLine, ToldBy
from pabot.domain.patient_words import TextName
from pabot.domain.proposals import ProposalState
from pabot.domain.wording_changes import SHIPPED, ProposeWords, WordsProposal
from pabot.store.events import verify

PENDING, DENIED = TextName("pending", "en"), TextName("denied", "en")
WORDS = "{{ payer }} has your request for the {{ service }}. We ask them every week."


def propose(bench: Bench, text: TextName = PENDING, words: str = WORDS, by: str = CORA, **more: Any) -> WordsProposal:
    base_n = more.pop("base_n", bench.desk.patient_text(text, actor=bench.member(MAX)).n)
    command = ProposeWords(text, words, more.pop("why", "Patients ask how often we call."), base_n, **more)
    return bench.desk.propose_words(command, actor=bench.member(by), key=once("words"))


def approve(bench: Bench, made: WordsProposal, by: str = MAX) -> WordsProposal:
    return bench.desk.approve_words(made.id, actor=bench.member(by), key=once("approve"))


def decline(bench: Bench, made: WordsProposal, by: str = MAX) -> WordsProposal:
    return bench.desk.decline_words(made.id, "Too long", actor=bench.member(by), key=once("decline"))


def cosign(bench: Bench, made: WordsProposal, by: str = IDA) -> WordsProposal:
    return bench.desk.cosign_words(made.id, actor=bench.member(by), key=once("cosign"))


def told(bench: Bench, kind: str) -> set[str]:
    return {row["recipient"] for row in bench.rows("select recipient from message where kind = :kind", kind=kind)}


def said(bench: Bench, text: TextName = PENDING) -> str | None:
    bench.desk.directory()  # whatever anybody does next sees them
    return bench.desk.worded.get(text)


def second_manager(bench: Bench) -> None:
    carl = replace(next(member for member in STAFF if member.user_id == CARL), roles=frozenset({Role.MANAGER}))
    bench.desk.save_member(carl, actor=bench.member(MAX), key=once("staff"))


def test_from_the_proposal_to_the_words_that_are_said(practice: Bench) -> None:
    made = propose(practice)
    assert (told(practice, "words"), said(practice)) == ({MAX}, None)
    assert approve(practice, made).state is ProposalState.APPROVED
    assert told(practice, "words_decided") == {CORA}
    page = practice.desk.patient_text(PENDING, actor=practice.member(FAY))
    (version,) = page.history
    assert (version.n, version.words, version.proposed_by, version.approved_by) == (1, WORDS, CORA, MAX)
    assert (said(practice), page.waiting) == (WORDS, ())
    with practice.another() as elsewhere:  # another process reads it with the next thing it does
        elsewhere.desk.directory()
        assert said(elsewhere) == WORDS


def test_every_step_is_on_the_text_s_own_chain(practice: Bench) -> None:
    approve(practice, propose(practice))
    decline(practice, propose(practice, words=f"{WORDS} Soon."))
    rows = practice.rows("select kind, actor from event where subject = 'wording:pending:en' order by seq")
    assert [(row["kind"], row["actor"]) for row in rows] == [
        ("asked", CORA),
        ("approved", MAX),
        ("asked", CORA),
        ("declined", MAX),
    ]
    with practice.store.read() as session:
        assert list(verify(session.connection, session.vault)) == []


def test_back_to_the_words_of_the_files(bench: Bench) -> None:
    approve(bench, propose(bench))
    approve(bench, propose(bench, words=SHIPPED, by=BILL))
    assert said(bench) is None
    page = bench.desk.patient_text(PENDING, actor=bench.member(MAX))
    assert [(version.n, version.words) for version in page.history] == [(2, SHIPPED), (1, WORDS)]


def test_the_author_never_approves(bench: Bench) -> None:
    with pytest.raises(NotAllowed, match=r"Nobody approves what they proposed themselves\. Ask Bill Aster"):
        approve(bench, propose(bench, by=MAX))


@pytest.mark.parametrize("by", [CORA, CARL, FAY, IDA])
def test_only_a_manager_approves(bench: Bench, by: str) -> None:
    with pytest.raises(NotAllowed, match="Max Tiller"):
        approve(bench, propose(bench, by=BILL), by=by)
    with pytest.raises(NotAllowed):
        decline(bench, propose(bench, by=BILL), by=by)


def test_with_no_other_manager_a_biller_or_a_clinician_approves(bench: Bench) -> None:
    made = propose(bench, by=MAX)
    assert told(bench, "words") == {BILL, IDA, NED}
    assert approve(bench, made, by=BILL).state is ProposalState.APPROVED
    second_manager(bench)
    with pytest.raises(NotAllowed, match="Only a manager"):
        approve(bench, propose(bench, words=f"{WORDS} Soon.", by=MAX), by=BILL)


@pytest.mark.parametrize("kind", ["approved", "denied", "clinical_review"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_clinical_words_want_a_clinician_s_signature(bench: Bench, kind: str, language: str) -> None:
    text = TextName(kind, language)
    made = propose(bench, text)
    assert len(told(bench, "words") & {IDA, NED}) == 1  # one of them is asked
    with pytest.raises(NotAllowed, match="a clinician must co-sign it first"):
        approve(bench, made)
    with pytest.raises(NotAllowed, match="Only a clinician"):
        cosign(bench, made, by=MAX)
    cosign(bench, made, by=NED)
    with pytest.raises(AlreadyDone, match="Ned Farrow has co-signed this already"):
        cosign(bench, made, by=IDA)
    assert approve(bench, made).cosigned_by == NED
    (version,) = bench.desk.patient_text(text, actor=bench.member(MAX)).history
    assert version.cosigned_by == NED


def test_a_clinician_who_wrote_it_has_signed_it(bench: Bench) -> None:
    assert approve(bench, propose(bench, DENIED, by=IDA)).state is ProposalState.APPROVED


def test_a_clinician_s_approval_is_both(bench: Bench) -> None:
    made = propose(bench, DENIED, by=MAX)
    assert approve(bench, made, by=IDA).cosigned_by == IDA


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
def test_words_that_overstep_or_cannot_be_said_are_refused_for_everybody(bench: Bench, words: str, named: str) -> None:
    for by in (CORA, IDA, MAX):
        with pytest.raises(Invalid, match=named) as refused:
            propose(bench, words=words, by=by)
        assert set(refused.value.fields) == {"words"}
    assert bench.rows("select id from wording_proposal") == []


def test_nothing_else_is_proposed_without_a_reason_or_a_difference(bench: Bench) -> None:
    with pytest.raises(Invalid, match="Say what is better so"):
        propose(bench, why=" ")
    with pytest.raises(Invalid, match="Nothing differs"):
        propose(bench, words=SHIPPED)
    approve(bench, propose(bench))
    with pytest.raises(Invalid, match="Nothing differs"):
        propose(bench)
    with pytest.raises(Stale, match="Version 1 of this text came into force after you opened the form"):
        propose(bench, words=f"{WORDS} Soon.", base_n=0)


def test_the_front_desk_proposes_nothing_and_reads_everything(bench: Bench) -> None:
    with pytest.raises(NotAllowed, match="may propose other words for patients"):
        propose(bench, by=FAY)
    assert bench.desk.patient_texts(actor=bench.member(FAY)).in_force == {}


def test_one_written_against_an_older_version_is_not_approved(bench: Bench) -> None:
    first, second = propose(bench), propose(bench, words=f"{WORDS} Soon.")
    assert [one.id for one in bench.desk.patient_texts(actor=bench.member(CORA)).waiting] == [first.id, second.id]
    approve(bench, first)
    with pytest.raises(Stale, match="written against version 0; version 1 is in force since"):
        approve(bench, second)
    assert decline(bench, second).state is ProposalState.REFUSED


def test_it_is_decided_once(bench: Bench) -> None:
    made, key = propose(bench), once("approve")
    for _ in range(2):  # the same press, sent twice
        bench.desk.approve_words(made.id, actor=bench.member(MAX), key=key)
    with pytest.raises(AlreadyDone, match="Max Tiller has approved this already"):
        approve(bench, made)
    with pytest.raises(AlreadyDone, match="Max Tiller has approved this already"):
        decline(bench, made)
    assert len(bench.rows("select id from wording_version")) == 1


def test_a_form_sent_twice_proposes_once(bench: Bench) -> None:
    key = once("words")
    command = ProposeWords(PENDING, WORDS, "why")
    made = {bench.desk.propose_words(command, actor=bench.member(CORA), key=key).id for _ in range(2)}
    assert len(made) == len(bench.rows("select id from wording_proposal")) == 1


def test_two_managers_at_once(practice: Bench) -> None:
    """Of one proposal, or of two about the same text: one version comes of it, and the other hears why not."""
    second_manager(practice)
    with practice.another() as other:
        made = propose(practice)
        both = together(lambda: approve(practice, made), lambda: approve(other, made, by=CARL))
        assert sorted(type(one).__name__ for one in both) == ["AlreadyDone", "WordsProposal"]
        one, two = propose(practice, words=f"{WORDS} Soon."), propose(practice, words=f"{WORDS} Often.")
        both = together(lambda: approve(practice, one), lambda: approve(other, two, by=CARL))
        assert sorted(type(each).__name__ for each in both) == ["Stale", "WordsProposal"]
    assert [row["n"] for row in practice.rows("select n from wording_version order by n")] == [1, 2]


def test_authors_take_their_own_back(bench: Bench) -> None:
    assert decline(bench, propose(bench), by=CORA).state is ProposalState.REFUSED
    assert told(bench, "words_decided") == set()


def test_words_that_are_not_there(bench: Bench) -> None:
    with pytest.raises(NotFound):
        bench.desk.words_proposal(999, actor=bench.member(MAX))


def test_words_that_broke_are_told_to_managers_until_they_are_mended(bench: Bench) -> None:
    approve(bench, propose(bench))
    assert bench.desk.audit() == 0
    tamper(bench.url, "UPDATE wording_version SET words = ? WHERE n = 1", "Dear {{ surname }}.")
    tamper(bench.url, "UPDATE practice SET revision = revision + ?", 1)
    assert bench.desk.audit() == 1
    (line,) = bench.desk.faults(bench.desk.calendar().day(bench.clock.now())).lines
    assert (line.fault.kind, line.fault.about) == ("wording", "“Pending payer response, English”")
    assert told(bench, "faults") == {MAX}
    assert PENDING in bench.desk.patient_texts(actor=bench.member(MAX)).broken
    approve(bench, propose(bench, words=SHIPPED))
    assert bench.desk.audit() == 0


def own(bench: Bench, number: int, words: str = "Northwind asked for one more page.", by: str = CORA) -> WordsProposal:
    state = bench.desk.card(number, actor=bench.member(by)).state
    command = ProposeWords(TextName(state.status, "en"), words, "She asked what page.", number=number)
    return bench.desk.propose_words(command, actor=bench.member(by), key=once("own"))


def heard(bench: Bench, number: int) -> list[str]:
    found = bench.desk.own_words(number, actor=bench.member(FAY))
    return [one.words for one in found.approved.values()]


@pytest.mark.parametrize("by", [CORA, BILL])
def test_other_words_for_one_patient_want_a_manager(bench: Bench, by: str) -> None:
    number = bench.pending().state.number
    made = own(bench, number, by=by)
    assert (told(bench, "words"), heard(bench, number)) == ({MAX}, [])
    assert bench.desk.own_words(number, actor=bench.member(CORA)).asked == (made,)
    approve(bench, made)
    assert heard(bench, number) == ["Northwind asked for one more page."]
    assert (said(bench), told(bench, "words_decided")) == (None, {by})
    kinds = [entry.kind for entry in bench.desk.card(number, actor=bench.member(MAX)).timeline[:2]]
    assert kinds == ["words_approved", "words_asked"]


@pytest.mark.parametrize("by", [IDA, MAX])
def test_a_clinician_or_a_manager_needs_nobody(bench: Bench, by: str) -> None:
    number = bench.denied().state.number
    assert own(bench, number, by=by).state is ProposalState.APPROVED
    assert (heard(bench, number), told(bench, "words")) == (["Northwind asked for one more page."], set())


def test_they_lapse_when_the_status_changes(practice: Bench) -> None:
    number = practice.pending().state.number
    approve(practice, own(practice, number))
    waits = own(practice, number, "They have all pages now.")
    now = practice.clock.forward(hours=1) or practice.clock.now()
    given = c.RecordApproval(number=number, decided_at=now, authorization_number="A-1", dates_not_stated=True)
    practice.step(CORA, given)
    assert heard(practice, number) == []
    with pytest.raises(Stale, match=f"PA-{number} has moved on since"):
        approve(practice, waits)
    (row,) = practice.rows("select wanted from message where kind = 'words' and subject = :of", of=str(waits.id))
    assert row["wanted"] > 1  # the manager's message is made current
    practice.take_back(CORA, number)
    assert heard(practice, number) == ["Northwind asked for one more page."]


def test_they_lapse_when_the_payer_decides_the_rest_while_the_status_stays(practice: Bench) -> None:
    number = practice.pending(lines=(ServiceLine(1, "K0856", "NU", 1), ServiceLine(2, "E2311", "NU", 2))).state.number
    practice.clock.forward(minutes=5)
    now = practice.clock.now()
    some = c.RecordDenial(
        number=number, lines=(2,), reason="not_medically_necessary", notice_on=now.date(), received_at=now
    )
    practice.step(CORA, some)
    own(practice, number, "They said no to part of it.", by=MAX)
    assert heard(practice, number) == ["They said no to part of it."]
    practice.clock.forward(minutes=5)
    given = {"decided_at": practice.clock.now(), "authorization_number": "A-1", "dates_not_stated": True}
    practice.step(CORA, c.RecordApproval(number=number, rest=True, **given))
    assert heard(practice, number) == []
    own(practice, number, "They took part of it.", by=MAX)
    practice.take_back(CORA, number)
    assert heard(practice, number) == []


def test_own_words_do_not_stand_in_the_way_of_a_correction(bench: Bench) -> None:
    number = bench.denied().state.number
    tell = c.TellPatient(number=number, how=ToldBy.PHONE, told_at=bench.clock.now())
    bench.step(CORA, tell)
    own(bench, number, by=MAX)
    assert bench.desk.card(number, actor=bench.member(CORA)).correctable


@pytest.mark.parametrize(
    "words", ["You should stop the pills.", "Su plan cubre todo.", "{{ payer }} has it.", " ", "a" * 601]
)
def test_own_words_are_looked_over_like_any(bench: Bench, words: str) -> None:
    number = bench.pending().state.number
    for by in (CORA, IDA, MAX):
        with pytest.raises(Invalid) as refused:
            own(bench, number, words, by=by)
        assert set(refused.value.fields) == {"words"}


def test_the_front_desk_words_nothing(bench: Bench) -> None:
    number = bench.pending().state.number
    with pytest.raises(NotAllowed, match="may reword a patient update"):
        own(bench, number, by=FAY)


def test_own_words_of_another_status_come_too_late(bench: Bench) -> None:
    number = bench.pending().state.number
    command = ProposeWords(DENIED, "They said no.", "", number=number)
    with pytest.raises(Stale, match="has moved on since you opened this form"):
        bench.desk.propose_words(command, actor=bench.member(CORA), key=once("own"))


def test_only_a_manager_approves_own_words(bench: Bench) -> None:
    number = bench.pending().state.number
    made = own(bench, number)
    for by in (CORA, BILL, IDA, FAY):
        with pytest.raises(NotAllowed):
            approve(bench, made, by=by)


def test_what_is_typed_about_a_patient_is_sealed(bench: Bench) -> None:
    number = bench.pending().state.number
    decline(bench, own(bench, number))
    (row,) = bench.rows("select * from wording_proposal")
    assert not any("page" in str(value) or "long" in str(value) for value in row.values())
