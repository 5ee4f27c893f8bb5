"""Finding the interactive elements inside blocks, wherever a block keeps them."""

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy

from pabot.sandbox.model import Json

# Where a block keeps its elements (one or a list), and its child blocks.
ELEMENTS_IN: dict[str, str] = {
    "section": "accessory",
    "input": "element",
    "actions": "elements",
    "context_actions": "elements",
    "card": "actions",
}
BLOCKS_IN: dict[str, str] = {"container": "child_blocks", "carousel": "elements"}


def every_block(blocks: Iterable[Json]) -> Iterator[Json]:
    """The blocks and the blocks inside them."""
    for block in blocks:
        yield block
        yield from every_block(block.get(BLOCKS_IN.get(block.get("type", ""), ""), ()))


def elements_of(block: Json) -> list[Json]:
    """The elements that a person can use in this block itself."""
    kept = block.get(ELEMENTS_IN.get(block.get("type", ""), ""))
    found = kept if isinstance(kept, list) else [kept]
    return [each for each in found if each and each.get("type") != "image"]


def every_element(blocks: Iterable[Json]) -> Iterator[tuple[Json, Json]]:
    """(block, element) for everything a person can use."""
    for block in every_block(blocks):
        for element in elements_of(block):
            yield block, element


def name_parts(blocks: list[Json], new_name: Callable[[], str]) -> list[Json]:
    """A copy in which every block has a block_id and every element an action_id."""
    named = deepcopy(blocks)
    for block in every_block(named):
        block.setdefault("block_id", new_name())
        for element in elements_of(block):
            element.setdefault("action_id", new_name())
    return named
