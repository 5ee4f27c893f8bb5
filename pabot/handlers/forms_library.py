"""What is typed into the forms of the payer library."""

from typing import Annotated

from pabot.handlers.forms_practice import plan_id
from pabot.handlers.parse import FormModel, Name, told


class Check(FormModel):
    """One code of one plan."""

    payer: Annotated[int, told(plan_id)]
    code: Name
