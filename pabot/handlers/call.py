"""What every handler is given: one request of one known person."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self

from slack_bolt import Ack, BoltResponse
from slack_sdk import WebClient

from pabot.domain.cards import AuthorizationCard
from pabot.domain.errors import NotFound
from pabot.domain.model import Member
from pabot.handlers import payload, who
from pabot.services.desk import Desk
from pabot.views.forms.sheet import Sheet
from pabot.views.ids import Hint, form_key
from pabot.views.text import Look, Rendered

OLD_FORM = "This form is not complete. Close it and open it again."


@dataclass(frozen=True, slots=True)
class Call:
    """`hint` says what the button or form is about: its facts are loaded and authorized again."""

    body: payload.Body
    ack: Ack
    client: WebClient
    actor: Member
    desk: Desk
    drawn_with: Look  # as the bot started
    hint: Hint
    text: str = ""  # what follows the subcommand

    @classmethod
    def of(cls, body: payload.Body, ack: Ack, client: WebClient, desk: Desk, look: Look) -> Self:
        """Raises NotOnStaff, and NotFound for a button or form that carries something else than ours."""
        actor = who.speaker(desk, body)
        return cls(body, ack, client, actor, desk, look, payload.hint(body))

    @property
    def look(self) -> Look:
        """With the practice's zone and words as the latest use case saw them: managers may have changed both."""
        return replace(self.drawn_with, zone=self.desk.zone, worded=self.desk.worded)

    @property
    def number(self) -> int:
        if self.hint.number is None:
            raise NotFound(payload.UNKNOWN)
        return self.hint.number

    @property
    def key(self) -> str:
        """The request key of a form: the same however often it is sent."""
        if not self.hint.key:
            raise NotFound(OLD_FORM)
        return f"{payload.team_id(self.body)}:{self.actor.user_id}:{self.hint.key}"

    @property
    def typed(self) -> str:
        """What was typed into a menu that suggests."""
        return str(self.body.get("value") or "")

    @property
    def press_key(self) -> str:
        """The request key of a step without a form: one press of one button."""
        pressed = payload.action(self.body).get("action_ts") or self.body.get("trigger_id")
        if not pressed:
            raise NotFound(payload.UNKNOWN)
        return f"{payload.team_id(self.body)}:{self.actor.user_id}:{pressed}"

    def about(self, **changes: Any) -> "Call":
        """The same request with another hint."""
        return replace(self, hint=replace(self.hint, **changes))

    def card(self) -> AuthorizationCard:
        return self.desk.card(self.number, actor=self.actor)

    def sheet(
        self, card: AuthorizationCard | None = None, expected: tuple[date, str] | None = None, **hints: Any
    ) -> Sheet:
        """What a form is drawn from; it gets a key of its own."""
        fresh = replace(Hint(key=form_key()), **hints)
        return Sheet(self.look, self.local_now(), self.actor, self.desk.directory(), fresh, card, expected)

    def local_now(self) -> datetime:
        return self.desk.calendar().local(self.desk.clock.now())

    def show(self, view: dict[str, Any]) -> BoltResponse:
        """In place of the modal in which a button was pressed; else as a new one."""
        if payload.in_modal(self.body):
            shown = payload.view(self.body)
            self.client.views_update(view_id=str(shown["id"]), hash=str(shown["hash"]), view=view)
        else:
            self.client.views_open(trigger_id=str(self.body.get("trigger_id")), view=view)
        return self.ack()

    def redraw(self, view: dict[str, Any]) -> BoltResponse:
        """The form in which something was chosen, drawn anew. A choice that Slack sends twice is drawn twice."""
        self.client.views_update(view_id=str(payload.view(self.body)["id"]), view=view)
        return self.ack()

    def whisper(self, said: Rendered) -> BoltResponse:
        """The answer to a command, for this person's eyes only."""
        return self.ack(text=said.text, blocks=said.blocks, response_type="ephemeral")

    def become(self, view: dict[str, Any]) -> BoltResponse:
        """The answer to a saved form: it turns into `view`."""
        return self.ack(response_action="update", view=view)
