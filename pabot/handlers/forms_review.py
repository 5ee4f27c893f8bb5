"""What is typed into the forms of a clinician's review."""

from typing import Any, Literal

from pabot.domain import commands as c
from pabot.domain.commands_review import ReturnReview as Returned
from pabot.domain.review import RETURNS
from pabot.domain.triggers import TRIGGERS
from pabot.handlers.parse import Person, Text, Tick, Words
from pabot.handlers.step_form import About, StepForm


class AskClinician(StepForm):
    makes = c.AskClinician
    trigger: Literal[tuple(TRIGGERS)]  # type: ignore[valid-type]
    background: Text
    question: Text
    to: Person
    payers_question: Tick = False


class Route(StepForm):
    """What is handed over, the pressed button said."""

    makes = c.Route
    to: Person
    note: Words = ""

    def facts(self, about: About) -> dict[str, Any]:
        return {"to": self.to, "note": self.note, "what": about.what}


class AnswerQuestion(StepForm):
    makes = c.AnswerQuestion
    answer: Text

    def facts(self, about: About) -> dict[str, Any]:
        return {"question_id": about.thing, "answer": self.answer}


class ReturnReview(StepForm):
    """The same of what is given back, and under which question or denial the button stood."""

    makes = Returned
    reason: Literal[tuple(RETURNS)]  # type: ignore[valid-type]
    words: Text

    def facts(self, about: About) -> dict[str, Any]:
        return {"reason": self.reason, "words": self.words, "what": about.what, "child": about.child}


REVIEW_FORMS: dict[str, type[StepForm]] = {
    "ask_clinician": AskClinician,
    "route": Route,
    "answer_question": AnswerQuestion,
    "return_review": ReturnReview,
}
