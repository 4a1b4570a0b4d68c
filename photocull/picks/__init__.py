"""Judgement to choice and marks: the best photos of a folder, rating policies, and exports."""
