"""The work: scan, decode, score, store, with progress, pause, cancel and resume; knows no window."""
