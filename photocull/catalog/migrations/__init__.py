"""Alembic's steps from any older catalogue to today's tables; shipped inside the package and run from code."""
