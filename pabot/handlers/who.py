"""Who speaks: the payload's user, in their own workspace, on the staff list."""

from pabot.domain.errors import NotOnStaff
from pabot.domain.model import Member
from pabot.handlers import payload
from pabot.services.desk import Desk

STRANGER = "You are not on this practice's staff list. A manager can add you with /pa staff."


def speaker(desk: Desk, body: payload.Body) -> Member:
    """The member of staff who acts. Roles are read again inside each use case.

    Raises NotOnStaff: for people of another workspace (a shared channel brings them), guests and strangers.
    """
    user = payload.user_id(body)
    if not user:
        raise NotOnStaff(STRANGER)
    return desk.identify(user, payload.team_id(body))
