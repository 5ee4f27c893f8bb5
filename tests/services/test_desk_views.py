"""Who sees a patient's identity, and that it is remembered who did."""

from collections.abc import Iterator
from functools import partial

import pytest
from record_practice import CARL, CORA, FAY, IDA, MAX, NED, PATIENT, Bench, a_practice, together

from pabot.domain.cards import Privacy
from pabot.domain.commands import Withdraw
from pabot.domain.diagnoses import Diagnosis, Standing
from pabot.domain.errors import NotAllowed, NotFound
from pabot.domain.model import Role
from pabot.domain.practice import SaveMember
from pabot.domain.roles import COLUMNS, MATRIX, Action
from pabot.store.events import verify


def views(practice: Bench) -> list[str]:
    return [row["actor"] for row in practice.rows("SELECT actor FROM event WHERE kind = 'view' ORDER BY id")]


def test_under_full_privacy_each_view_of_identity_is_kept(open_practice: Bench) -> None:
    number = open_practice.open().state.number
    for user in (CORA, IDA):
        card = open_practice.desk.card(number, actor=open_practice.member(user), seen_full=True)
        assert (card.patient.last_name, card.patient.chart_number) == (PATIENT.last_name, PATIENT.chart_number)
        assert card.patient.born_on == PATIENT.born_on
    assert views(open_practice) == [CORA, IDA]


def test_views_of_many_people_at_once_are_all_kept(open_practice: Bench) -> None:
    numbers = [open_practice.open().state.number for _ in range(2)]
    actor = open_practice.member(IDA)
    look = [partial(open_practice.desk.card, number, actor=actor, seen_full=True) for number in numbers * 8]
    said = together(*look)
    assert {type(card).__name__ for card in said} == {"AuthorizationCard"}, said
    assert views(open_practice) == [IDA] * 16
    with open_practice.store.read() as session:
        assert list(verify(session.connection, session.vault)) == []


def test_who_may_not_see_identity_sees_initials_and_leaves_no_view(open_practice: Bench) -> None:
    number = open_practice.open().state.number
    for user, role in ((CORA, Role.COORDINATOR), (FAY, Role.VIEWER), (MAX, Role.MANAGER)):
        cell = MATRIX[Action.VIEW_PATIENT][COLUMNS.index(role)]
        card = open_practice.desk.card(number, actor=open_practice.member(user), seen_full=True)
        assert card.patient.initials == PATIENT.initials
        assert bool(card.patient.last_name) == (cell == "Y")
        assert (user in views(open_practice)) == (cell == "Y")


def test_a_screen_that_shows_no_identity_leaves_no_view(open_practice: Bench) -> None:
    number = open_practice.open().state.number
    card = open_practice.desk.card(number, actor=open_practice.member(CORA))
    assert (card.patient.last_name, card.patient.chart_number) == ("", "")
    open_practice.desk.queue("", actor=open_practice.member(CORA))
    open_practice.desk.home(actor=open_practice.member(CORA))
    assert views(open_practice) == []


def test_under_minimum_privacy_nobody_sees_identity(practice: Bench) -> None:
    number = practice.open().state.number
    for user in (CORA, IDA, MAX):
        card = practice.desk.card(number, actor=practice.member(user), seen_full=True)
        assert (card.patient.initials, card.patient.last_name, card.patient.chart_number) == ("J.D.", "", "")
    assert views(practice) == []


def test_a_view_is_no_part_of_the_story_and_nothing_to_take_back(open_practice: Bench) -> None:
    number = open_practice.pending().state.number
    before = open_practice.desk.card(number, actor=open_practice.member(CORA))
    open_practice.desk.card(number, actor=open_practice.member(CORA), seen_full=True)
    after = open_practice.desk.card(number, actor=open_practice.member(CORA))
    assert (after.timeline, after.correctable, after.state) == (before.timeline, before.correctable, before.state)


def test_a_search_meets_whole_words_of_what_is_on_file(open_practice: Bench) -> None:
    number = open_practice.pending().state.number
    actor = open_practice.member(CORA)
    for text in (str(number), f"PA-{number}", "chart-88417", "J.D.", "jd", "DOVERLY", "mem-551-q", f"trk-{number}"):
        assert [line.number for line in open_practice.desk.find(text, actor=actor).lines] == [number], text
    for text in ("chart", "Dover", "J", "9999", "%"):
        assert open_practice.desk.find(text, actor=actor).total == 0, text


def test_a_queue_by_status_payer_person_and_special_words(practice: Bench) -> None:
    pending, fresh = practice.pending().state.number, practice.open(by=IDA).state.number
    actor = practice.member(CORA)

    def found(query: str) -> list[int]:
        return sorted(line.number for line in practice.desk.queue(query, actor=actor).lines)

    assert found("") == sorted([pending, fresh])
    assert found("pending") == found("Pending payer response") == [pending]
    assert found("northwind") == sorted([pending, fresh])
    assert found(f"@{CORA}") == [pending]
    assert found("unassigned") == [fresh]
    assert found("overdue") == []
    for query in ("@U0NOBODY", "gibberish"):
        with pytest.raises(NotFound):
            practice.desk.queue(query, actor=actor)
    practice.clock.forward(days=30)
    assert found("overdue") == sorted([pending, fresh])
    assert [line.number for line in practice.desk.mine(actor=actor).lines] == [pending]
    assert practice.desk.mine(actor=practice.member(CARL)).total == 0


def test_pages_follow_one_another_without_gap_or_repeat(practice: Bench) -> None:
    numbers = [practice.open().state.number for _ in range(23)]
    actor = practice.member(CORA)
    pages = [practice.desk.queue("", actor=actor, page=page) for page in (1, 2, 3, 4)]
    assert [len(page.lines) for page in pages] == [10, 10, 3, 0]
    assert [(page.total, page.pages) for page in pages] == [(23, 3)] * 4
    assert sorted(line.number for page in pages for line in page.lines) == numbers


def test_a_number_that_nobody_gave_is_told(practice: Bench) -> None:
    with pytest.raises(NotFound, match="There is no PA-99"):
        practice.desk.card(99, actor=practice.member(CORA))


def test_the_managers_list_is_not_for_everybody(practice: Bench) -> None:
    with pytest.raises(NotAllowed):
        practice.desk.unassigned(actor=practice.member(FAY))


class Listed:
    """A classification in which G35 is too general, M54.1X unknown, and everything else in order."""

    release = "April 2026"

    def search(self, text: str, limit: int) -> tuple[Diagnosis, ...]:
        return ()

    def look_up(self, code: str) -> Diagnosis:
        standings = {"G35": Standing.GENERAL, "M54.1X": Standing.UNKNOWN}
        return Diagnosis(code, "", standings.get(code, Standing.BILLABLE))


@pytest.fixture(params=Privacy)
def doubting(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[Bench]:
    with a_practice(sqlite_url, request.param) as bench, bench.another(diagnoses=Listed()) as one:
        yield one


def test_a_doubtful_diagnosis_is_named_only_where_identity_stands(doubting: Bench) -> None:
    opened = doubting.open(diagnoses=("G35", "M54.1X", "M54.16"))
    number = opened.state.number
    for user in (CORA, IDA, MAX):
        for seen_full in (True, False):
            card = doubting.desk.card(number, actor=doubting.member(user), seen_full=seen_full)
            said = " ".join(card.warnings)
            assert len(card.warnings) == 2
            assert "Dr. Ida Voss can name the right one" in said
            assert ("G35" in said and "M54.1X" in said) == bool(card.diagnoses)
            assert bool(card.diagnoses) == (seen_full and doubting.privacy is Privacy.FULL)
    assert "One of the diagnoses is" in " ".join(opened.warnings)


def test_a_doubt_is_not_for_the_front_desk_and_ends_with_the_request(doubting: Bench) -> None:
    number = doubting.open(diagnoses=("G35",)).state.number
    assert doubting.desk.card(number, actor=doubting.member(FAY), seen_full=True).warnings == ()
    ended = doubting.step(MAX, Withdraw(number=number, reason="duplicate"))
    assert ended.warnings == ()


def test_whoever_answers_for_an_absent_clinician_is_named(doubting: Bench) -> None:
    gone = SaveMember(IDA, "Dr. Ida Voss", frozenset({Role.CLINICIAN}), cover_id=NED, away=True)
    number = doubting.open(diagnoses=("G35",)).state.number
    doubting.desk.save_member(gone, actor=None, key="away")
    (said,) = doubting.desk.card(number, actor=doubting.member(CORA)).warnings
    assert "Dr. Ned Farrow can name the right one" in said
