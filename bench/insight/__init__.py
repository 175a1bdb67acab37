"""What the insights find in a folder of exports, beside simple ways of finding the same."""
