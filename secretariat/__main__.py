"""`python -m secretariat` is the `secretariat` command."""

from secretariat.cli import main

raise SystemExit(main())
