"""What is written where there is no figure, and how changes are named that nobody can see."""

NOT_AVAILABLE = "n/a"
ROUNDED = "rounded figure"  # right as it is shown; written with all its decimals
