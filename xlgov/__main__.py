"""``python -m xlgov``, for PCs where scripts are not on the path."""

import sys

from xlgov.cli import main

sys.exit(main())
