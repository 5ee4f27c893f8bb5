"""`pabot`: the command line.

What is imported stays: looking through it for garbage on the way takes a tenth of the time to start.
"""

import gc

gc.disable()

from pabot.cli import main as run  # noqa: E402


def main() -> None:
    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
