"""The checkpoints: which model is which, verified, and opened as a scorer."""
