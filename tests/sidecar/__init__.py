"""Sidecars: read, edited, named, merged, written."""
