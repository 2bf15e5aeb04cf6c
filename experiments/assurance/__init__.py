"""An assurance pack's folder: gathered from a run and from what this Upstream is made of."""
