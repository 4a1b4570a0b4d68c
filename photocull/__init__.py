"""Photocull: finds the photos that matter in a folder, offline, and says why. The map of the house is README.md."""

__version__ = "0.1.0"
