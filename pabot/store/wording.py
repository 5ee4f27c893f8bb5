"""What patients hear, in the database: versions of the texts, which never change, and proposals."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, select, update

from pabot.domain.errors import NotFound
from pabot.domain.patient_words import EVERY_TEXT, TextName
from pabot.domain.proposals import ProposalState
from pabot.domain.wording_changes import SHIPPED, ProposeWords, WordsProposal, WordsVersion
from pabot.store.engine import insert_once
from pabot.store.schema import authorization
from pabot.store.vault import Vault
from pabot.store.wording_schema import wording_proposal, wording_version

_P, _V, _A = wording_proposal, wording_version, authorization

_NEWER = _V.alias("newer")
_N = (
    select(func.coalesce(func.max(_NEWER.c.n), 0))
    .where(_NEWER.c.kind == _P.c.kind, _NEWER.c.language == _P.c.language)
    .scalar_subquery()
)
_WHOLE: Select[Any] = (
    select(
        _P,
        _N.label("current_n"),
        _V.c.words.label("before"),
        and_(_A.c.status == _P.c.kind, _A.c.status_since == _P.c.status_since).label("stands"),
    )
    .outerjoin(_V, and_(_V.c.kind == _P.c.kind, _V.c.language == _P.c.language, _V.c.n == _P.c.base_n))
    .outerjoin(_A, _A.c.number == _P.c.authorization)
)
_WAITING = _WHOLE.where(_P.c.authorization.is_(None), _P.c.state == ProposalState.OPEN.value).order_by(_P.c.at, _P.c.id)
_OWN = _WHOLE.where(
    _P.c.authorization == bindparam("number"),
    _P.c.state.in_([ProposalState.OPEN.value, ProposalState.APPROVED.value]),
    _P.c.kind == _A.c.status,
    _P.c.status_since == _A.c.status_since,
).order_by(_P.c.decided_at, _P.c.id)
_VERSIONS = select(_V).order_by(_V.c.kind, _V.c.language, _V.c.n)


def worded(connection: Connection) -> dict[TextName, str]:
    """The practice's own words by text, as far as they hold; what the files say is not among them."""
    return {text: version.words for text, version in in_force(connection).items() if version.words != SHIPPED}


def in_force(connection: Connection) -> dict[TextName, WordsVersion]:
    """The newest version of each text that has one."""
    newest = (_version(row) for row in connection.execute(_VERSIONS))
    return {version.text: version for version in newest if version.text in EVERY_TEXT}


def history(connection: Connection, text: TextName) -> tuple[WordsVersion, ...]:
    """Every version of a text, newest first."""
    query = select(_V).where(_V.c.kind == text.kind, _V.c.language == text.language).order_by(_V.c.n.desc())
    return tuple(map(_version, connection.execute(query)))


def save_version(connection: Connection, proposal: WordsProposal, by: str, at: datetime) -> bool:
    """The next version of a text, in force from now on. False when somebody else's came first."""
    values = {
        "kind": proposal.text.kind,
        "language": proposal.text.language,
        "n": proposal.base_n + 1,
        "words": proposal.words,
        "why": proposal.why,
        "proposed_by": proposal.by,
        "proposed_at": proposal.at,
        "approved_by": by,
        "approved_at": at,
        "cosigned_by": proposal.cosigned_by,
    }
    return insert_once(connection, _V, values)


def add(
    connection: Connection, vault: Vault, command: ProposeWords, by: str, at: datetime, status_since: datetime | None
) -> int:
    """Answers the proposal's id."""
    values = {
        "kind": command.text.kind,
        "language": command.text.language,
        "base_n": command.base_n,
        "authorization": command.number,
        "status_since": status_since,
        "words": vault.seal(command.words),
        "why": vault.seal(command.why),
        "by": by,
        "at": at,
        "state": ProposalState.OPEN.value,
    }
    return int(connection.execute(_P.insert().values(values)).inserted_primary_key[0])  # type: ignore[index]


def load(connection: Connection, vault: Vault, proposal_id: int, *, lock: bool = False) -> WordsProposal:
    """Raises NotFound."""
    query = _WHOLE.where(_P.c.id == proposal_id)
    row = connection.execute(query.with_for_update(of=_P) if lock else query).one_or_none()
    if row is None:
        raise NotFound("Those words are not there any more. See what waits with /pa wording.")
    return _proposal(vault, row)


def waiting(connection: Connection, vault: Vault, text: TextName | None = None) -> tuple[WordsProposal, ...]:
    """What waits to be approved, of one text or of all; oldest first."""
    of = and_(_P.c.kind == text.kind, _P.c.language == text.language) if text else None
    query = _WAITING if of is None else _WAITING.where(of)
    return tuple(_proposal(vault, row) for row in connection.execute(query))


def of_request(connection: Connection, vault: Vault, number: int) -> tuple[WordsProposal, ...]:
    """Words for one request as it stands, asked for or approved; the latest approved last."""
    return tuple(_proposal(vault, row) for row in connection.execute(_OWN, {"number": number}))


def lapse(connection: Connection, number: int) -> None:
    """The words of one request's own are about what was: the payer decided besides, and the status stayed."""
    connection.execute(update(_P).where(_P.c.authorization == number).values(status_since=None))


def decide(
    connection: Connection,
    vault: Vault,
    proposal_id: int,
    state: ProposalState,
    *,
    by: str,
    at: datetime,
    why: str = "",
) -> None:
    values = {"state": state.value, "decided_by": by, "decided_at": at, "decided_why": vault.seal(why)}
    connection.execute(update(_P).where(_P.c.id == proposal_id).values(values))


def cosign(connection: Connection, proposal_id: int, *, by: str, at: datetime) -> None:
    connection.execute(update(_P).where(_P.c.id == proposal_id).values(cosigned_by=by, cosigned_at=at))


def _version(row: Any) -> WordsVersion:
    return WordsVersion(
        text=TextName(row.kind, row.language),
        n=row.n,
        words=row.words,
        why=row.why,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        cosigned_by=row.cosigned_by,
    )


def _proposal(vault: Vault, row: Any) -> WordsProposal:
    return WordsProposal(
        id=row.id,
        text=TextName(row.kind, row.language),
        words=vault.open(row.words),
        before=row.before or SHIPPED,
        why=vault.open(row.why),
        by=row.by,
        at=row.at,
        base_n=row.base_n,
        current_n=row.current_n,
        number=row.authorization,
        has_lapsed=row.authorization is not None and not row.stands,
        state=ProposalState(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decided_why=vault.open(row.decided_why),
        cosigned_by=row.cosigned_by,
    )
