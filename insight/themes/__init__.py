"""Recurring issues: what customers come back with, found in their own words and in those of the service desk."""
