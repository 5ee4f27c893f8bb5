"""Spanish words for patients, tried on forty sentences: half overstep, half tell what happened."""

from sentences_es import OVERSTEPPING, TELLING

from pabot.domain.wording import Oversteps
from pabot.domain.wording_es import oversteps

MISSED, STOPPED = 1, 1  # of twenty each; what is missed is read by whoever approves it


def test_sentences_that_overstep_are_found() -> None:
    missed = [said for said in OVERSTEPPING if not oversteps(said)]
    print(f"{len(missed)} of {len(OVERSTEPPING)} missed:", *missed, sep="\n  ")
    assert len(missed) <= MISSED


def test_sentences_that_tell_what_happened_are_left_alone() -> None:
    stopped = {said: [mark.words for mark in oversteps(said)] for said in TELLING if oversteps(said)}
    print(f"{len(stopped)} of {len(TELLING)} stopped without need:", *stopped.items(), sep="\n  ")
    assert len(stopped) <= STOPPED


def test_there_are_twenty_of_each() -> None:
    assert (len(set(OVERSTEPPING)), len(set(TELLING))) == (20, 20)


def test_accents_do_not_count_and_are_shown_as_typed() -> None:
    assert [mark.words for mark in oversteps("La cirugía será aprobada.")] == ["será aprobada"]
    assert [mark.does for mark in oversteps("La cirugia sera aprobada.")] == [Oversteps.PROMISE]
