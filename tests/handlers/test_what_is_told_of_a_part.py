"""What a patient is told where the payer said no to all, to a part, or to nothing: `/pa patient`, lists and forms."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from practice_bot import MONDAY, Bot, running

from pabot.domain import commands as c
from pabot.domain.model import Channel, Decision, ServiceLine, ToldBy
from pabot.views.ids import Hint, step_open

CORA, DOC = "U0CORA", "U0DOC"
TODAY = MONDAY.date()


@pytest.fixture
def bot(tmp_path: Any) -> Iterator[Bot]:
    with running(tmp_path) as one:
        yield one


def sent(bot: Bot) -> int:
    """Two lines that the payer has."""
    order = {"lines": (ServiceLine(1, "K0856", "NU", 1), ServiceLine(2, "E2361", "", 2))}
    made = bot.request(**order).state.number
    bot.step(CORA, c.MarkReady(number=made))
    bot.step(CORA, c.Submit(number=made, channel=Channel.FAX, submitted_at=MONDAY, tracking_number="TRK-1"))
    return made


def deny(bot: Bot, number: int, *lines: int) -> None:
    letter = {"reason": "not_medically_necessary", "notice_on": TODAY, "received_at": bot.clock.now()}
    bot.step(CORA, c.RecordDenial(number=number, lines=lines, **letter))  # type: ignore[arg-type]


def approve(bot: Bot, number: int, **which: Any) -> None:
    given = {"decided_at": bot.clock.now(), "authorization_number": "A-1", "dates_not_stated": True}
    bot.step(CORA, c.RecordApproval(number=number, **given, **which))


def decide(bot: Bot, number: int, decision: Decision) -> None:
    denial = bot.desk.card(number, actor=bot.member(DOC)).state.denial
    assert denial
    assert denial.id
    bot.step(DOC, c.DecideDenial(number=number, denial_id=denial.id, decision=decision, reason="as I see it"))


def then(*steps: Callable[[Bot, int], None]) -> Callable[[Bot, int], None]:
    def told(bot: Bot, number: int) -> None:
        for step in steps:
            bot.clock.forward(minutes=5)
            step(bot, number)

    return told


class Case(NamedTuple):
    """What the payer and the clinician said, and what the patient hears of it."""

    happens: Callable[[Bot, int], None]
    english: str
    spanish: str
    told: str  # of the form *Patient told*


def denied(*lines: int) -> Callable[[Bot, int], None]:
    return lambda bot, number: deny(bot, number, *lines)


def decided(decision: Decision) -> Callable[[Bot, int], None]:
    return lambda bot, number: decide(bot, number, decision)


def the_rest(bot: Bot, number: int) -> None:
    approve(bot, number, rest=True)


DENIED, SOME_DENIED, PARTIAL = "Denied", "Denied in part, the rest is not decided", "Approved in part"
CASES: dict[str, Case] = {
    "all denied": Case(
        denied(),
        "Northwind Health did not approve the request for your power wheelchair. "
        "The plan's letter says what your rights are. Our team is looking at what can be done next.",
        "Northwind Health no aprobó la solicitud de «Power wheelchair» (en inglés). "
        "La carta del plan dice cuáles son sus derechos. Nuestro equipo está viendo qué se puede hacer.",
        DENIED,
    ),
    "some denied, the rest awaited": Case(
        denied(2),
        "Northwind Health said no to part of the request for your power wheelchair, and has not decided the rest yet. "
        "The plan's letter says what your rights are. Our team is looking at what can be done next.",
        "Northwind Health dijo que no a una parte de la solicitud de «Power wheelchair» (en inglés) y todavía no ha "
        "decidido lo demás. La carta del plan dice cuáles son sus derechos. "
        "Nuestro equipo está viendo qué se puede hacer.",
        SOME_DENIED,
    ),
    "some denied and contested, the rest awaited": Case(
        then(denied(2), decided(Decision.APPEAL)),
        "Northwind Health said no to part of the request for your power wheelchair, and has not decided the rest yet. "
        "The plan's letter says what your rights are. The next step is to ask the plan to look at that part again.",
        "Northwind Health dijo que no a una parte de la solicitud de «Power wheelchair» (en inglés) y todavía no ha "
        "decidido lo demás. La carta del plan dice cuáles son sus derechos. "
        "El siguiente paso es pedirle al plan que vea esa parte otra vez.",
        SOME_DENIED,
    ),
    "some denied and accepted, the rest awaited": Case(
        then(denied(2), decided(Decision.ACCEPT)),
        "Northwind Health said no to part of the request for your power wheelchair. "
        "The plan's letter says what your rights are. Please call us to talk about that part. "
        "They still have to decide the rest. We expect their answer by Monday, November 30.",
        "Northwind Health dijo que no a una parte de la solicitud de «Power wheelchair» (en inglés). "
        "La carta del plan dice cuáles son sus derechos. Llámenos para hablar de esa parte. "
        "Les falta decidir lo demás. Esperamos la respuesta a más tardar el lunes 30 de noviembre.",
        SOME_DENIED,
    ),
    "some denied, the rest approved": Case(
        then(denied(2), the_rest),
        "Northwind Health approved part of the request for your power wheelchair, but not the rest. "
        "Our team is looking at the part that was not approved.",
        "Northwind Health aprobó una parte de la solicitud de «Power wheelchair» (en inglés), pero no lo demás. "
        "Nuestro equipo está viendo la parte que no se aprobó.",
        PARTIAL,
    ),
    "some denied and contested, the rest approved": Case(
        then(denied(2), decided(Decision.APPEAL), the_rest),
        "Northwind Health approved part of the request for your power wheelchair, but not the rest. "
        "The next step is to ask the plan to look at the rest again.",
        "Northwind Health aprobó una parte de la solicitud de «Power wheelchair» (en inglés), pero no lo demás. "
        "El siguiente paso es pedirle al plan que vea lo demás otra vez.",
        PARTIAL,
    ),
    "some denied and accepted, the rest approved": Case(
        then(denied(2), decided(Decision.ACCEPT), the_rest),
        "Northwind Health approved part of the request for your power wheelchair, but not the rest. "
        "Please call us to talk about the rest. Please call us to plan when you get it.",
        "Northwind Health aprobó una parte de la solicitud de «Power wheelchair» (en inglés), pero no lo demás. "
        "Llámenos para hablar de lo demás. Llámenos para ver la fecha.",
        PARTIAL,
    ),
    "all approved": Case(
        approve,
        "Northwind Health approved the request for your power wheelchair. "
        "Please ask the plan what it pays for and what you pay. Please call us to plan when you get it.",
        "Northwind Health aprobó la solicitud de «Power wheelchair» (en inglés). "
        "Pregunte a su plan qué paga el plan y qué paga usted. Llámenos para ver la fecha.",
        "Approved",
    ),
}


def heard(bot: Bot, number: int) -> list[str]:
    """The sentences of `/pa patient`, in each language."""
    blocks = {one["block_id"]: one for one in bot.command(CORA, f"patient {number}")["blocks"]}
    return [blocks[f"words_{language}"]["elements"][0]["elements"][1]["text"] for language in ("en", "es")]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_the_patient_hears_is_true_of_every_part(bot: Bot, case: Case) -> None:
    number = sent(bot)
    case.happens(bot, number)
    assert heard(bot, number) == [case.english, case.spanish]
    listed = json.dumps(bot.command(CORA, "mine"), ensure_ascii=False)
    assert case.english in listed, "lists say the same"
    bot.press(CORA, step_open("tell_patient"), Hint(number=number).packed())
    form = {block["block_id"]: block for block in bot.opened()["blocks"]}
    assert form["update"]["element"]["initial_option"]["text"]["text"] == case.told
    assert [form[f"words_{one}"]["elements"][0]["elements"][1]["text"] for one in ("en", "es")] == heard(bot, number)


@pytest.mark.parametrize(("lines", "entry"), [((), "denied · by phone"), ((2,), "denied · in part · by phone")])
def test_the_record_says_whether_it_was_a_part_that_they_were_told_of(
    bot: Bot, lines: tuple[int, ...], entry: str
) -> None:
    number = sent(bot)
    deny(bot, number, *lines)
    bot.step(CORA, c.TellPatient(number=number, how=ToldBy.PHONE, told_at=bot.clock.now()))
    assert entry in json.dumps(bot.command(CORA, f"show {number}"), ensure_ascii=False)
