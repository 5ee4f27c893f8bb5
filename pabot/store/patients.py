"""Patients: sealed columns, found again by keyed hash. Whole words only; a hash knows no beginnings."""

from sqlalchemy import Connection, or_, select, update

from pabot.domain.commands import Patient
from pabot.store.schema import authorization, patient
from pabot.store.vault import Vault


def remember(connection: Connection, vault: Vault, who: Patient) -> int:
    """The patient's id; a known chart number keeps its row, and what is newly told is added."""
    values = _row(vault, who)
    known = connection.execute(
        select(patient.c.id).where(patient.c.chart_lookup == values["chart_lookup"])
    ).scalar_one_or_none()
    if known is None:
        key = connection.execute(patient.insert().values(values)).inserted_primary_key
        return int(key[0])  # type: ignore[index]
    told = {name: value for name, value in values.items() if value}
    connection.execute(update(patient).where(patient.c.id == known).values(told))
    return int(known)


def initials_of(connection: Connection, vault: Vault, chart_number: str) -> str | None:
    """The initials on file for a chart number, to notice a slip of the pen."""
    sealed = connection.execute(
        select(patient.c.initials).where(patient.c.chart_lookup == vault.lookup("chart", chart_number))
    ).scalar_one_or_none()
    return vault.open(sealed) if sealed else None


def found_by(connection: Connection, vault: Vault, text: str) -> list[int]:
    """Patients whose chart number, initials, member id or surname this is."""
    hashes = _lookups(vault, text)
    query = select(patient.c.id).where(or_(*(patient.c[name] == value for name, value in hashes.items())))
    return list(connection.execute(query).scalars())


def has_namesake(connection: Connection, number: int) -> bool:
    """Whether another patient with the same initials has an open request of the same clinician."""
    own, other, theirs = authorization.alias("own"), authorization.alias("other"), patient.alias("theirs")
    query = (
        select(other.c.number)
        .select_from(other)
        .join(own, own.c.number == number)
        .join(patient, patient.c.id == own.c.patient_id)
        .join(theirs, theirs.c.id == other.c.patient_id)
        .where(
            other.c.is_open,
            other.c.clinician_id == own.c.clinician_id,
            other.c.patient_id != own.c.patient_id,
            theirs.c.initials_lookup == patient.c.initials_lookup,
        )
        .limit(1)
    )
    return connection.execute(query).first() is not None


def is_theirs(connection: Connection, vault: Vault, number: int, chart_number: str) -> bool:
    """Whether a chart number is that of the request's patient."""
    query = (
        select(patient.c.chart_lookup)
        .join(authorization, authorization.c.patient_id == patient.c.id)
        .where(authorization.c.number == number)
    )
    return bool(connection.execute(query).scalar_one() == vault.lookup("chart", chart_number))


def _lookups(vault: Vault, text: str) -> dict[str, str]:
    """What a typed text may be: column -> hash."""
    return {
        "chart_lookup": vault.lookup("chart", text),
        "initials_lookup": vault.lookup("initials", text.replace(".", "")),
        "member_lookup": vault.lookup("member", text),
        "name_lookup": vault.lookup("name", text),
    }


def _row(vault: Vault, who: Patient) -> dict[str, str | None]:
    born = who.born_on.isoformat() if who.born_on else ""
    return {
        "chart_lookup": vault.lookup("chart", who.chart_number),
        "initials_lookup": vault.lookup("initials", who.initials.replace(".", "")),
        "member_lookup": vault.lookup("member", who.member_id) if who.member_id else None,
        "name_lookup": vault.lookup("name", who.last_name) if who.last_name else None,
        "chart_number": vault.seal(who.chart_number),
        "initials": vault.seal(who.initials),
        "first_name": vault.seal(who.first_name),
        "last_name": vault.seal(who.last_name),
        "born_on": vault.seal(born),
        "member_id": vault.seal(who.member_id),
    }
