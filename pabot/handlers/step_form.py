"""What every form of a step shares: what it was drawn for, its command, and fields that come numbered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import Field, model_validator

from pabot.domain import commands as c
from pabot.domain.errors import Invalid
from pabot.handlers.parse import FormModel

# Groups of boxes by the group's number; each box says a number of its own, or the words that it stands for.
Boxes = Annotated[dict[int, list[Annotated[int, Field(ge=1, le=999)]]], Field(default_factory=dict)]
WordedBoxes = Annotated[dict[int, list[str]], Field(default_factory=dict)]


Box = TypeVar("Box", int, str)


@dataclass(frozen=True, slots=True)
class About:
    """What a form was drawn for, as its metadata says; the desk checks all of it again."""

    number: int
    version: int | None = None
    child: int | None = None  # the denial or question
    what: str = ""  # a decision, or the date that was computed for the form
    save: str = ""  # the save to take back

    @property
    def thing(self) -> int:
        """The denial or question, where a form cannot be saved without. Raises Invalid."""
        if self.child is None:
            raise Invalid({"decision": "It is not clear what this answers: open the request again."})
        return self.child


class StepForm(FormModel):
    """A form whose fields are those of a command."""

    makes: ClassVar[type[c.Command]]
    gathers: ClassVar[tuple[str, ...]] = ()  # fields whose inputs are numbered: `units_1`, `units_2` …

    @model_validator(mode="before")
    @classmethod
    def gather(cls, typed: Any) -> Any:
        """Numbered inputs become one mapping from their number."""
        gathered: dict[str, Any] = {name: {} for name in cls.gathers}
        rest = {}
        for name, value in typed.items():
            field, _, number = name.rpartition("_")
            if field in gathered and number.isdecimal():
                gathered[field][number] = value
            else:
                rest[name] = value
        return rest | gathered

    def command(self, about: About) -> c.Command:
        """The command; raises Invalid when fields do not go together."""
        return self.makes(number=about.number, version=about.version, **self.facts(about))

    def facts(self, about: About) -> dict[str, Any]:
        return dict(self)


def ticked(groups: Mapping[int, list[Box]]) -> frozenset[Box]:
    """What is ticked, whichever group it stood in."""
    return frozenset(box for group in groups.values() for box in group)
