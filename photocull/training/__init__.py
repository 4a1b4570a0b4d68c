"""Making the built-in model: data, objectives, training, and the card that says how good it is."""
