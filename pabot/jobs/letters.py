"""Letters that must not pass through Slack: written into a folder of the practice's own."""

import os
from pathlib import Path

from pabot.domain.errors import NotNow
from pabot.views.text import File

OWNER_ONLY = 0o600  # who else may read it is for the folder's owner to say


def keep(folder: Path, file: File, moment: str) -> str:
    """Write a file whole or not at all; answers its name. The same `moment` replaces what an earlier try left.

    Raises NotNow where the folder cannot be written.
    """
    stem, _, ending = file.name.rpartition(".")
    name = f"{stem}-{moment}.{ending}"
    begun = folder / f".{name}.part"
    try:
        with open(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "wb") as to:
            to.write(file.content)
        os.replace(begun, folder / name)
    except OSError as wrong:
        raise NotNow(f"The letter cannot be written into PABOT_LETTERS_DIR ({wrong.strerror}).") from wrong
    return name
