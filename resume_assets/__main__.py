"""`python -m resume_assets`: the command line."""

from resume_assets.cli import main

main()
