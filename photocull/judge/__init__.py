"""Pixels to numbers and words; knows no files, no database and no window."""
