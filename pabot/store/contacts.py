"""Contacts with payers: calls, portal checks, faxes, letters."""

from datetime import datetime

from sqlalchemy import Connection

from pabot.domain.commands import LogContact
from pabot.domain.contacts import in_words
from pabot.store.prepared import Prepared
from pabot.store.schema import contact
from pabot.store.vault import Vault

_ADD = Prepared(contact.insert().inline())


def void(connection: Connection, number: int, save: str) -> None:
    """A contact recorded in error stays on file, marked."""
    wrong = (contact.c.authorization == number, contact.c.save == save)
    connection.execute(contact.update().where(*wrong).values(voided=True))


def add(
    connection: Connection, vault: Vault, command: LogContact, minutes: int | None, by: str, save: str, now: datetime
) -> None:
    """One contact, tied to the save that recorded it. `minutes` of staff time: typed, or the practice's usual."""
    row = {
        "authorization": command.number,
        "at": now,
        "by": by,
        "channel": command.channel.value,
        "spoke_with": vault.seal(command.spoke_with),
        "reference": command.reference,
        "result": vault.seal(in_words(command.found, command.result)),
        "told_next": vault.seal(command.told_next),
        "minutes": minutes,
        "minutes_typed": command.minutes is not None,
        "next_check_on": command.next_check_on,
        "save": save,
        "voided": False,
    }
    _ADD.run(connection, row)
