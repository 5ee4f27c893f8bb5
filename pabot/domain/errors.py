"""What can go wrong for a person, each with a sentence fit to be read by them."""

from collections.abc import Mapping


class PabotError(Exception):
    """Something a person can understand and act on. `sentence` is what they read."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(PabotError):
    """The number, person or thing named does not exist."""


class NotOnStaff(PabotError):
    """Whoever speaks is not on this practice's staff list, or may not be."""


class NotAllowed(PabotError):
    """The role may not do this. The sentence names who may."""


class NotNow(PabotError):
    """The request is not in a state in which this can be done."""


class Stale(PabotError):
    """Somebody else changed the request after the form was opened."""


class AlreadyDone(PabotError):
    """The thing was decided or done before; nothing changed now."""


class Unavailable(PabotError):
    """A part pabot needs (the database, usually) did not answer; nothing was saved."""


class Invalid(PabotError):
    """What was typed cannot be. `fields` maps a form's field to its sentence."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class Judges(Invalid):
    """What was typed judges care, and whoever typed it is not licensed. `may_keep`: it stays in the practice."""

    def __init__(self, fields: Mapping[str, str], *, may_keep: bool) -> None:
        super().__init__(fields)
        self.may_keep = may_keep


class BadFile(PabotError):
    """A file that cannot be taken in. The sentences name file and line; nothing was saved."""


class PossibleDuplicate(PabotError):
    """The same patient, payer and code or medication is already open. Saving again goes ahead."""

    def __init__(self, sentence: str, number: int) -> None:
        super().__init__(sentence)
        self.number = number
