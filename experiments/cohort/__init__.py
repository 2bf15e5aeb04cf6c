"""Whole lives of people born in one year, the rest of the area living beside them."""
