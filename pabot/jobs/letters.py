"""Letters that must not pass through Slack: written into a folder of the practice's own."""

import os
from pathlib import Path

from pabot.domain.errors import NotNow
from pabot.views.text import File


def keep(folder: Path, file: File, moment: str) -> str:
    """Write a file whole or not at all; answers its name. The same `moment` replaces what an earlier try left.

    Raises NotNow where the folder cannot be written.
    """
    stem, _, ending = file.name.rpartition(".")
    name = f"{stem}-{moment}.{ending}"
    begun = folder / f".{name}.part"
    try:
        begun.write_bytes(file.content)
        os.replace(begun, folder / name)
    except OSError as wrong:
        raise NotNow(f"The letter cannot be written into PABOT_LETTERS_DIR ({wrong.strerror}).") from wrong
    return name
