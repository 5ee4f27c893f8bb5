"""What this process remembers of the requests that it read lately, so that looking again costs one statement.

A request at one version is an immutable value, and so is an entry of its history: both are remembered as they were
read and opened. Each transaction asks once what is in the tables *now*: the request's version, its last event, and
everything read with it that a version does not fix. Where that is what was remembered, nothing else is read.
Who the patient is stays sealed in what is remembered. What other requests or the library say of a request is not
remembered at all.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam

from pabot.domain.model import AuthorizationState
from pabot.store import requests, schema, timeline
from pabot.store.bookkeeping import event_head
from pabot.store.events import NewEvent, append, of_authorization
from pabot.store.prepared import Prepared
from pabot.store.requests import Loaded
from pabot.store.timeline import Story
from pabot.store.vault import Vault

T = TypeVar("T")

REQUESTS = 500  # what a practice has in hand of a morning; some ten kilobytes each

_A = schema.authorization
# What may change while the version of the request stays: a column that is added or joined tomorrow is here as well.
_OF_A_VERSION = {_A.c[name] for name in (*AuthorizationState.__dataclass_fields__, *requests.DERIVED) if name in _A.c}
_BESIDE = [one for one in requests.WHOLE.selected_columns if one not in _OF_A_VERSION]
_NOW = (
    requests.WHOLE.with_only_columns(event_head.c.seq.label("seq"), _A.c.version, *_BESIDE, maintain_column_froms=True)
    .outerjoin(event_head, event_head.c.subject == bindparam("subject"))
    .where(_A.c.number == requests.NUMBER)
)
_LOOK, _LOOK_LOCKED = Prepared(_NOW), Prepared(_NOW.with_for_update(of=_A))


@dataclass(frozen=True, slots=True)
class Known:
    """A request as it was read, with what has to be so still; its history as far as it was read; what was made of both
    last, and of what else.
    """

    beside: tuple[Any, ...]  # its version, and what that does not fix: its plan, payer, patient …
    loaded: Loaded
    diagnoses: tuple[str, ...] | None = None  # None: nobody has asked for them
    story: Story | None = None
    made: tuple[object, Any] | None = None


class Remembered:
    """What is known of the requests that were read or written last."""

    def __init__(self, most: int = REQUESTS) -> None:
        self._most = most
        self._known: OrderedDict[int, Known] = OrderedDict()
        self._turn = Lock()

    def get(self, number: int) -> Known | None:
        with self._turn:
            if number in self._known:
                self._known.move_to_end(number)
            return self._known.get(number)

    def keep(self, known: Mapping[int, Known]) -> None:
        with self._turn:
            for number, each in known.items():
                self._known[number] = each
                self._known.move_to_end(number)
            while len(self._known) > self._most:
                self._known.popitem(last=False)


class Memory:
    """One transaction's way to what is remembered. What it learns is remembered once it has committed."""

    def __init__(self, shared: Remembered) -> None:
        self._shared = shared
        self._seen: dict[int, Known] = {}
        self._last: dict[int, int] = {}  # the number of the last event

    def load(self, connection: Connection, vault: Vault, number: int, *, lock: bool = False) -> Loaded:
        """A request and its row, as `requests.load`. Raises NotFound."""
        asked = {"number": number, "subject": of_authorization(number)}
        row = (_LOOK_LOCKED if lock else _LOOK).row(connection, asked)
        if row is None:
            return requests.load(connection, vault, number)  # which says so
        self._last[number], *now = row
        beside = tuple(now)
        known = self._known(number)
        if known is None or known.beside != beside:
            loaded = requests.load(connection, vault, number)
            known = Known(beside, loaded, story=known.story if known else None)
        self._seen[number] = known
        return known.loaded

    def written(self, after: AuthorizationState, diagnoses: tuple[str, ...] | None) -> None:
        """A request that this transaction loaded has a new version. `diagnoses`: its new ones; None: as they were."""
        known = self._seen.pop(after.number, None)
        if known is None:
            return
        state, row = known.loaded
        if after.plan_id == state.plan_id:
            beside = (after.version, *known.beside[1:])
            codes = known.diagnoses if diagnoses is None else diagnoses
            self._seen[after.number] = Known(beside, (after, row), codes, known.story)

    def append(self, connection: Connection, vault: Vault, number: int, new: Sequence[NewEvent]) -> None:
        """Events of a request, by which its story goes on."""
        last = self._last[number] = append(connection, vault, of_authorization(number), new)
        known = self._seen.get(number)
        if known and known.story:
            self._seen[number] = replace(known, story=timeline.continued(known.story, new, last))

    def story(self, connection: Connection, vault: Vault, number: int) -> Story:
        """What happened to a request; only entries that came since it was read last are read."""
        known, last = self._known(number), self._last.get(number)
        story = known.story if known else None
        if story is None or story.last != last:
            ahead = story is not None and last is not None and story.last > last  # this transaction began before
            story = timeline.read(connection, vault, number, None if ahead else story)
            if known:
                self._seen[number] = replace(known, story=story)
        return story

    def diagnoses(self, connection: Connection, number: int) -> tuple[str, ...]:
        """The codes of a request, which lie in clear in the tables as well."""
        known = self._known(number)
        if known and known.diagnoses is not None:
            return known.diagnoses
        found = requests.diagnoses(connection, number)
        if known:
            self._seen[number] = replace(known, diagnoses=found)
        return found

    def made(self, number: int, of: object, make: Callable[[], T]) -> T:
        """A value that is a pure function of `of`: the one that was made last, where that was of the same."""
        known = self._known(number)
        if known and known.made and known.made[0] == of:
            remembered: T = known.made[1]
            return remembered
        fresh = make()
        if known:
            self._seen[number] = replace(known, made=(of, fresh))
        return fresh

    def commit(self) -> None:
        """What was learned is so from now on, for every transaction."""
        self._shared.keep(self._seen)

    def _known(self, number: int) -> Known | None:
        return self._seen.get(number) or self._shared.get(number)
