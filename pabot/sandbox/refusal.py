"""How the Web API says no."""

from pabot.sandbox.model import Json
from pabot.sandbox.shapes import Problem


class Refusal(Exception):
    """Slack's `{"ok": false, "error": …}`, with what is wrong in detail. `retry_after` makes it a 429."""

    def __init__(self, error: str, problems: list[Problem] | None = None, retry_after: int | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.messages = [str(problem) for problem in problems or ()]
        self.retry_after = retry_after

    def body(self) -> Json:
        body: Json = {"ok": False, "error": self.error}
        if self.messages:
            body["errors"] = self.messages
            body["response_metadata"] = {"messages": self.messages}
        return body
