"""`pabot payers`: the payer library on the command line."""

from pathlib import Path
from typing import Annotated

import typer

from pabot import packs
from pabot.domain.errors import BadFile
from pabot.domain.library import PayerEntry
from pabot.domain.model import LineOfBusiness
from pabot.domain.requirements import LINE_OF_BUSINESS_LABELS
from pabot.services.library import Imported
from pabot.terminal import err, opened, out, word
from pabot.views.words import counted

payers = typer.Typer(no_args_is_help=True, help="The payer library: what each payer wants.")
SHOWN = 40  # changes of one payer that are told line by line


@payers.command("add")
def payers_add(
    payer: Annotated[str, typer.Argument(callback=word)],
    plan: Annotated[str, typer.Argument(callback=word)],
    line_of_business: LineOfBusiness,
) -> None:
    """Add a payer's plan, so that requests can name it."""
    with opened() as pabot:
        pabot.desk.add_plan(payer, plan, line_of_business)
    out().print(f"{payer}, {plan} ({LINE_OF_BUSINESS_LABELS[line_of_business]})")


@payers.command("list")
def payers_list() -> None:
    """Every payer with its plans, and how many checklists it has."""
    from rich.table import Table

    table = Table("Payer", "Checklists", "Plan", "Line of business")
    with opened() as pabot:
        entries = pabot.desk.export_payers()
    for entry in entries:
        plans = [(plan.name, LINE_OF_BUSINESS_LABELS[plan.line_of_business]) for plan in entry.plans] or [("", "")]
        for place, plan in enumerate(plans):
            table.add_row(*((entry.name, str(len(entry.checklists))) if place == 0 else ("", "")), *plan)
    out().print(table)


@payers.command("import")
def payers_import(
    files: Annotated[list[Path], typer.Argument(help="YAML (one payer a file), CSV, or the name of a pack.")],
    dry_run: Annotated[bool, typer.Option(help="Say what would change, and change nothing.")] = False,
) -> None:
    """Take payers and checklists in, all or nothing. Importing the same again changes nothing."""
    from rich.progress import Progress

    entries = [entry for path in files for entry in _read(path)]
    source = ", ".join(path.name for path in files)
    with opened() as pabot, Progress(console=err(), transient=True, disable=not err().is_terminal) as progress:
        task = progress.add_task("Importing", total=len(entries))
        found = pabot.desk.import_payers(
            entries,
            source=source,
            dry_run=dry_run,
            tell=lambda done, of: progress.update(task, completed=done, total=of),
        )
    for imported in found:
        _print(imported)
    changed = sum(len(each.changes) for each in found)
    done = "would be changed" if dry_run else "changed"
    told = f"{counted(changed, 'line')} {done} in {counted(sum(bool(each.changes) for each in found), 'payer')}."
    out().print(told if changed else "Nothing to change.")


@payers.command("export")
def payers_export(
    folder: Annotated[Path | None, typer.Option("--to", help="A folder: one file a payer.")] = None,
) -> None:
    """Write the library as YAML: to the screen, or one file a payer into a folder."""
    from pabot.exchange import payer_files, yaml_files

    with opened() as pabot:
        entries = pabot.desk.export_payers()
    if folder is None:
        print(yaml_files.write(entries), end="")
        return
    try:
        for path in payer_files.write(folder, entries):
            out().print(str(path))
    except OSError as wrong:
        raise BadFile(f"Nothing can be written to {folder}: {wrong.strerror}.") from None


@payers.command("packs")
def payers_packs() -> None:
    """What pabot brings along, ready to be imported by name."""
    from pabot.exchange import yaml_files

    for name in packs.names():
        (entry,) = yaml_files.read(name, packs.text(name))
        out().print(f"{name}: {entry.name}, {len(entry.checklists)} checklists", soft_wrap=True)


def _read(path: Path) -> list[PayerEntry]:
    """A file, or a pack by its name."""
    from pabot.exchange import payer_files, yaml_files

    if not path.exists() and str(path) in packs.names():
        return list(yaml_files.read(str(path), packs.text(str(path))))
    return payer_files.read([path])


def _print(imported: Imported) -> None:
    if not imported.changes:
        return
    out().print(imported.payer)
    for change in imported.changes[:SHOWN]:
        out().print(f"  {change}", soft_wrap=True)
    if len(imported.changes) > SHOWN:
        out().print(f"  and {len(imported.changes) - SHOWN} more")
