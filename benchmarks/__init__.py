"""How fast a verdict comes, beside the ways in which people ask for one today."""
