"""`python -m pabot`: the command line."""

from pabot.cli import main

main()
