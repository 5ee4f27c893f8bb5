"""Payers that ship with pabot: Medicare's list of equipment, and three invented payers to start from."""

from importlib.resources import files

from pabot.domain.errors import BadFile

_SUFFIX = ".yaml"


def names() -> tuple[str, ...]:
    """The packs by name, in order."""
    found = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX)))


def text(name: str) -> str:
    """A pack as it is written, for `yaml_files.read`. Raises BadFile when there is none of that name."""
    if name not in names():
        raise BadFile(f"There is no pack “{name[:40]}”. There are: {', '.join(names())}.")
    return files(__name__).joinpath(name + _SUFFIX).read_text(encoding="utf-8")
