"""Measures matching on labelled records beside Splink as its tutorials use it."""
