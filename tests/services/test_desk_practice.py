"""Staff and settings: what a manager may change, and what would lock the practice out."""

from dataclasses import replace
from datetime import date, time

import pytest
from record_practice import CARL, CORA, IDA, MAX, NED, SETTINGS, STAFF, Bench, once
from sqlalchemy import text

from pabot.domain import commands as c
from pabot.domain.access import Access
from pabot.domain.errors import Invalid, NotAllowed, NotOnStaff
from pabot.domain.model import Channel, Decision, Role
from pabot.domain.practice import Closure, PracticeSettings, SaveMember

TEAM = "T0PRACTICE"


def save(practice: Bench, by: str | None = MAX, **changed: object) -> PracticeSettings:
    settings = replace(SETTINGS, **changed)  # type: ignore[arg-type]
    return practice.desk.save_settings(settings, actor=practice.member(by) if by else None, key=once("settings"))


def staff(practice: Bench, user: str, by: str | None = MAX, **changed: object) -> None:
    command = replace(next(member for member in STAFF if member.user_id == user), **changed)  # type: ignore[arg-type]
    practice.desk.save_member(command, actor=practice.member(by) if by else None, key=once("staff"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("office_hours", "always"),
        ("office_hours", "17:00-08:00 mon-fri"),
        ("timezone", "Mars/Olympus"),
        ("holidays", "Atlantis"),
        ("digest_at", "at eight"),
        ("update_times", ("ten",)),
        ("quiet_hours", "by night"),
        ("update_times", ("08:00", "10:00", "12:00", "14:00", "16:00")),
    ],
)
@pytest.mark.parametrize("by", [MAX, None])
def test_settings_that_make_no_calendar_are_refused(practice: Bench, field: str, value: object, by: str | None) -> None:
    """Saved, they would stop every use case from then on."""
    with pytest.raises(Invalid) as wrong:
        save(practice, by, **{field: value})
    assert set(wrong.value.fields) == {field}
    with practice.another() as restarted:
        assert restarted.desk.settings() == SETTINGS
        restarted.open()


def test_which_portal_who_uses_is_kept(practice: Bench) -> None:
    access = (Access("Northwind portal", "coordinators", "Max Tiller"),)
    save(practice, access=access)
    with practice.another() as elsewhere:
        assert elsewhere.desk.settings().access == access


def test_settings_rule_from_the_next_use_case_on_everywhere(practice: Bench) -> None:
    with practice.another() as elsewhere:
        assert elsewhere.desk.calendar().is_open_day(date(2026, 11, 17))
        closures = (Closure(date(2026, 11, 17)), Closure(date(2026, 11, 18), time(12)))
        changed = save(practice, closures=closures, coordinators_submit=False)
        assert elsewhere.desk.settings() == changed
        assert not elsewhere.desk.calendar().is_open_day(date(2026, 11, 17))
        assert elsewhere.desk.calendar().local(elsewhere.desk.calendar().closes(date(2026, 11, 18))).time() == time(12)
        number = elsewhere.open().state.number
        elsewhere.step(CORA, c.MarkReady(number=number))
        card = elsewhere.desk.card(number, actor=elsewhere.member(CORA))
        assert "submit" not in card.steps


def test_only_a_manager_changes_settings_and_staff(practice: Bench) -> None:
    with pytest.raises(NotAllowed):
        save(practice, CORA)
    with pytest.raises(NotAllowed):
        staff(practice, CARL, CORA, active=False)


def test_each_change_is_kept_in_the_record(practice: Bench) -> None:
    save(practice, digest_at="07:30")
    staff(practice, CARL, roles=frozenset({Role.COORDINATOR, Role.BILLER}))
    rows = practice.rows("SELECT subject, actor FROM event WHERE actor = :max ORDER BY id", max=MAX)
    assert rows == [{"subject": "practice", "actor": MAX}, {"subject": f"staff:{CARL}", "actor": MAX}]


@pytest.mark.parametrize("changed", [{"active": False}, {"roles": frozenset({Role.COORDINATOR})}])
@pytest.mark.parametrize("by", [MAX, None])
def test_the_last_manager_stays(practice: Bench, changed: dict[str, object], by: str | None) -> None:
    with pytest.raises(Invalid, match="needs a manager"):
        staff(practice, MAX, by, **changed)
    assert practice.member(MAX).is_(Role.MANAGER)
    practice.desk.save_member(
        SaveMember("U0EVE", "Eve Castellan", frozenset({Role.MANAGER})),
        actor=practice.member(MAX),
        key=once("staff"),
    )
    staff(practice, MAX, by, **changed)


def test_a_manager_who_left_does_not_count_as_one(practice: Bench) -> None:
    eve = SaveMember("U0EVE", "Eve Castellan", frozenset({Role.MANAGER}), active=False)
    practice.desk.save_member(eve, actor=practice.member(MAX), key=once("staff"))
    with pytest.raises(Invalid, match="needs a manager"):
        staff(practice, MAX, active=False)


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"away": True}, "cover", "Somebody away needs a cover."),
        ({"away": True, "cover_id": CARL}, "cover", "Nobody covers for themselves. Choose another person."),
        ({"cover_id": "U0NOBODY"}, "cover", "The cover must be on the staff list."),
        ({"roles": frozenset()}, "roles", "Choose at least one role."),
        ({"name": "  "}, "name", "A name is needed."),
    ],
)
def test_what_cannot_be_said_of_a_person(
    practice: Bench, changed: dict[str, object], field: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        staff(practice, CARL, **changed)
    assert wrong.value.fields == {field: sentence}
    assert not practice.member(CARL).away


def test_somebody_away_is_covered(practice: Bench) -> None:
    staff(practice, CARL, away=True, cover_id=CORA)
    acting = practice.desk.directory().acting_for(CARL)
    assert acting
    assert acting.user_id == CORA


def test_a_form_for_a_person_sent_twice_is_saved_once(practice: Bench) -> None:
    command = SaveMember("U0NEW", "Nella Newcome", frozenset({Role.COORDINATOR}))
    manager = practice.member(MAX)
    for _ in range(2):
        assert practice.desk.save_member(command, actor=manager, key="form-1").name == "Nella Newcome"
    assert len(practice.rows("SELECT seq FROM event WHERE subject = 'staff:U0NEW'")) == 1


def test_who_is_not_of_this_practice_is_not_known(practice: Bench) -> None:
    practice.desk.know_identity(TEAM, "B0BOT", "U0BOT")
    assert practice.desk.identify(CORA, TEAM).name == "Cora Lindqvist"
    for user, team in ((CORA, "T0ELSEWHERE"), ("U0NOBODY", TEAM)):
        with pytest.raises(NotOnStaff):
            practice.desk.identify(user, team)
    staff(practice, CARL, active=False)
    with pytest.raises(NotOnStaff):
        practice.desk.identify(CARL, TEAM)


def test_a_database_belongs_to_one_workspace(practice: Bench) -> None:
    practice.desk.know_identity(TEAM, "B0BOT", "U0BOT")
    practice.desk.know_identity(TEAM, "B0OTHER", "U0OTHER")  # the app was installed anew
    with pytest.raises(Invalid, match=TEAM):
        practice.desk.know_identity("T0ELSEWHERE", "B0BOT", "U0BOT")
    pinned = practice.desk.pinned()
    assert (pinned.team_id, pinned.bot_id, pinned.bot_user_id) == (TEAM, "B0OTHER", "U0OTHER")


def test_the_people_of_the_environment_are_managers_until_the_staff_list_says_otherwise(practice: Bench) -> None:
    for _ in range(2):
        practice.desk.ensure_managers(("U0EVE", CORA))
    assert practice.member("U0EVE").roles == {Role.MANAGER}
    assert practice.member(CORA).roles == {Role.COORDINATOR}
    assert len(practice.rows("SELECT seq FROM event WHERE subject = 'staff:U0EVE'")) == 1


def test_a_payer_s_plan_is_known_once(practice: Bench) -> None:
    (gold,) = practice.desk.plans("northwind gold")
    assert practice.desk.add_plan("Northwind Health", "Gold", gold.line_of_business) == gold.plan_id
    silver = practice.desk.add_plan("Northwind Health", "Silver", gold.line_of_business)
    assert {facts.payer_id for facts in practice.desk.plans("Northwind")} == {gold.payer_id}
    assert silver != gold.plan_id


def test_a_clock_may_be_moved_only_before_a_worker_was_here(practice: Bench) -> None:
    assert not practice.desk.pinned().worker_seen
    practice.desk.worker_was_here()
    practice.desk.worker_was_here()
    assert practice.desk.pinned().worker_seen
    assert practice.member(IDA).is_(Role.CLINICIAN)


def test_who_loses_a_licence_does_not_open_what_they_judged_to_others(practice: Bench) -> None:
    number = practice.pending().state.number
    asked = practice.step(CORA, c.AskClinician(number=number, question="Which chair?", to=IDA)).state.question
    assert asked is not None
    assert asked.id is not None
    practice.step(IDA, c.AnswerQuestion(number=number, question_id=asked.id, answer="The one ordered."))
    other = SaveMember(IDA, "Ida Voss", frozenset({Role.COORDINATOR}))
    practice.desk.save_member(other, actor=practice.member(MAX), key=once("staff"))
    for user in (IDA, CORA, MAX):
        assert practice.desk.card(number, actor=practice.member(user)).correctable is None
    assert practice.desk.card(number, actor=practice.member(NED)).correctable


def test_what_a_clinician_chose_about_a_denial_is_no_managers_to_take_back(practice: Bench) -> None:
    number, now = practice.pending().state.number, practice.clock.now()
    today = practice.desk.calendar().day(now)
    denied = c.RecordDenial(number=number, reason="not_medically_necessary", notice_on=today, received_at=now)
    denial = practice.step(CORA, denied).state.denial
    assert denial is not None
    assert denial.id is not None
    accept = c.DecideDenial(number=number, denial_id=denial.id, decision=Decision.ACCEPT, reason="Another device fits.")
    for command in (accept, c.ChangeDecision(number=number)):
        practice.step(IDA, command)
        assert practice.desk.card(number, actor=practice.member(MAX)).correctable is None
        assert practice.desk.card(number, actor=practice.member(IDA)).correctable


def test_a_contact_recorded_in_error_stays_on_file_marked(practice: Bench) -> None:
    number = practice.pending().state.number
    practice.step(CORA, c.LogContact(number=number, channel=Channel.PHONE, result="In review"))
    practice.take_back(CORA, number)
    assert [bool(row["voided"]) for row in practice.rows("SELECT voided FROM contact")] == [True]


def test_an_npi_is_checked_wherever_it_is_typed(practice: Bench) -> None:
    command = SaveMember(IDA, "Dr. Ida Voss", frozenset({Role.CLINICIAN}), npi="1234567890")
    with pytest.raises(Invalid) as refused:
        practice.desk.save_member(command, actor=practice.member(MAX), key=once("staff"))
    assert list(refused.value.fields) == ["npi"]


def test_a_message_about_an_open_request_is_never_forgotten(practice: Bench) -> None:
    number = practice.denied().state.number
    with practice.store.write() as session:
        session.connection.execute(text("UPDATE message SET sent = wanted"))
    practice.clock.forward(days=120)
    practice.desk.housekeeping()
    assert {row["kind"] for row in practice.rows("SELECT kind FROM message")} == {"decision"}
    assert practice.desk.card(number, actor=practice.member(CORA)).state.is_open
