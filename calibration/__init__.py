"""Targets, fit and validation: what an area's model is held against."""
