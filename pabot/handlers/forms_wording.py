"""What is typed into the forms about words for patients."""

from pabot.handlers.parse import FormModel, Text, Words


class OtherWords(FormModel):
    """A text, and why so."""

    words: Text
    why: Text


class Back(FormModel):
    why: Text


class OwnWords(FormModel):
    """One patient's update. Whoever needs nobody's approval is not asked why."""

    words: Text
    why: Words = ""


class Approve(FormModel):
    note: Words = ""


class Decline(FormModel):
    why: Text
