"""The networks: what each one wants as input, how it computes, and the two ways to run it."""
