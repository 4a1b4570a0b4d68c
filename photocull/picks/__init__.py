"""Judgement to choice: the best photos of a folder."""
